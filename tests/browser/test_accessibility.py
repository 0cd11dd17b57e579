"""axe finds nothing to complain of: WCAG 2.2 A and AA, and its own best practice."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.support import EXAMPLES, IN_BROWSER, Open, open_all

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


def violations(page: Page) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)  # half a second, so only once a page
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    assert len(found["passes"]) > 20, "axe looked at next to nothing"
    return [f"{one['id']}: {one['help']}: {node['html']}" for one in found["violations"] for node in one["nodes"][:3]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_axe_finds_nothing_on_phone_tablet_and_desk_with_everything_opened(
    open_page: Open, name: str, scheme: Scheme
) -> None:
    page = open_page(name, color_scheme=scheme).page
    open_all(page)
    found = {}
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = violations(page)
    assert found == {320: [], 768: [], 1280: []}


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
