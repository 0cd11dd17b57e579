"""axe finds nothing to complain of: WCAG 2.2 A and AA, and its own best practice."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from plainrad.render import render_fragment, render_html
from plainrad.render.view import Look
from tests.browser.support import EXAMPLES, IN_BROWSER, Open, Shown, in_portal, open_all

pytestmark = IN_BROWSER

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
PHONE = {"width": 320, "height": 700}
Scheme = Literal["light", "dark"]
Show = Callable[[str], Shown]
NOTHING: dict[int, list[str]] = {320: [], 768: [], 1280: []}


def violations(page: Page) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)  # half a second, so only once a page
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    assert len(found["passes"]) > 20, "axe looked at next to nothing"
    return [f"{one['id']}: {one['help']}: {node['html']}" for one in found["violations"] for node in one["nodes"][:3]]


def at_every_width(page: Page) -> dict[int, list[str]]:
    found = {}
    for width in NOTHING:
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = violations(page)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_axe_finds_nothing_on_phone_tablet_and_desk_with_everything_opened(
    open_page: Open, name: str, scheme: Scheme
) -> None:
    page = open_page(name, color_scheme=scheme).page
    open_all(page)
    assert at_every_width(page) == NOTHING


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("look", ["large", "easy"])
def test_axe_finds_nothing_in_large_print_and_in_the_easy_style(
    open_page: Open, shown: Show, look: Look, scheme: Scheme
) -> None:
    patient = shown("ct-head-fall").patient
    page = open_page(Shown(patient, render_html(patient, look=look)), color_scheme=scheme).page
    open_all(page)
    assert at_every_width(page) == NOTHING


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_colours_of_the_nhs(open_page: Open, shown: Show, scheme: Scheme) -> None:
    patient = shown("xr-chest-normal").patient
    page = open_page(Shown(patient, render_html(patient, theme="nhs")), color_scheme=scheme).page
    open_all(page)
    assert at_every_width(page) == NOTHING


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ct-head-fall", "us-early-pregnancy"])
def test_axe_finds_nothing_in_a_portal_with_the_fragment(
    open_page: Open, shown: Show, name: str, scheme: Scheme
) -> None:
    patient = shown(name).patient
    page = open_page(Shown(patient, in_portal(render_fragment(patient))), color_scheme=scheme).page
    open_all(page)
    assert at_every_width(page) == NOTHING
    link = page.locator(".word-link").first
    link.click()
    assert page.locator(".word:target").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ct-head-fall", "us-early-pregnancy"])
def test_axe_finds_nothing_as_it_stands_on_paper(open_page: Open, name: str, scheme: Scheme) -> None:
    page = open_page(name, color_scheme=scheme).page
    page.emulate_media(media="print")
    assert at_every_width(page) == NOTHING


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_an_explanation_is_open(open_page: Open, scheme: Scheme) -> None:
    page = open_page("xr-chest-normal", viewport=PHONE, color_scheme=scheme).page
    page.locator(".word-link").first.click()
    assert page.locator(".word:target").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_place_of_a_statement(open_page: Open, scheme: Scheme) -> None:
    page = open_page("xr-chest-normal", viewport=PHONE, color_scheme=scheme).page
    page.locator(".statement summary").first.click()
    page.locator(".statement .jump a").first.click()
    assert page.locator(".spot:target").count() == 1
    assert violations(page) == []


def test_axe_would_find_faults(open_page: Open) -> None:
    page = open_page("xr-chest-normal").page
    page.evaluate(
        """() => {
          document.querySelector("h1").remove()
          for (const one of document.querySelectorAll(".says")) one.style.color = "#ccc"
        }"""
    )
    found = " ".join(violations(page))
    assert "page-has-heading-one" in found
    assert "color-contrast" in found
