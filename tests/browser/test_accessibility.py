"""axe finds nothing to complain of: WCAG 2.2 A and AA, and its own best practice.

In dark colours only what axe says of colours can differ, and no colour of ours depends on the width: each page is looked at with every
rule in light colours on a phone, with every rule but those of colours on wider screens, and with those of colours once more in the dark.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from plainrad.render import render_fragment, render_html
from plainrad.render.view import Look
from tests.browser.support import EXAMPLES, IN_BROWSER, PORTAL, Open, Shown, axe, in_portal, open_all
from tests.support.reports import ROOT

pytestmark = IN_BROWSER

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOURS = ("color-contrast", "link-in-text-block")  # the rules of axe's cat.color that are of these standards
PHONE = {"width": 320, "height": 700}
WIDTHS = (320, 768, 1280)
Show = Callable[[str], Shown]


def violations(page: Page, *, colours: bool = True, more: bool = True) -> list[str]:
    """What axe finds: of `colours`, and `more` than that."""
    values = ["cat.color"] if not more else STANDARDS
    rules = {} if colours else {"rules": {one: {"enabled": False} for one in COLOURS}}
    found = axe(page, {"runOnly": {"type": "tag", "values": values}} | rules)
    looked_at = {one["id"] for one in found["passes"]}
    assert len(looked_at) > 20 or not more, "axe looked at next to nothing"
    assert "color-contrast" in looked_at or not colours or found["violations"], "axe looked at no colour"
    return [f"{one['id']}: {one['help']}: {node['html']}" for one in found["violations"] for node in one["nodes"][:3]]


def in_the_dark(page: Page) -> list[str]:
    """What axe finds in dark colours."""
    page.emulate_media(color_scheme="dark")
    found = violations(page, more=False)
    page.emulate_media(color_scheme="light")
    return found


def everywhere(page: Page) -> dict[str, list[str]]:
    """What axe finds on a phone, on a tablet, on a desk, and in the dark, where it finds something."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found[str(width)] = violations(page, colours=width == WIDTHS[0])
    found["dark"] = in_the_dark(page)
    return {where: what for where, what in found.items() if what}


@pytest.mark.parametrize("name", EXAMPLES)
def test_axe_finds_nothing_on_phone_tablet_and_desk_with_everything_opened(open_page: Open, name: str) -> None:
    page = open_page(name).page
    open_all(page)
    assert everywhere(page) == {}


@pytest.mark.parametrize("look", ["large", "easy"])
def test_axe_finds_nothing_in_large_print_and_in_the_easy_style(open_page: Open, shown: Show, look: Look) -> None:
    patient = shown("ct-head-fall").patient
    page = open_page(Shown(patient, render_html(patient, look=look))).page
    open_all(page)
    assert everywhere(page) == {}


def test_axe_finds_nothing_in_the_colours_of_the_nhs(open_page: Open, shown: Show) -> None:
    patient = shown("xr-chest-normal").patient
    page = open_page(Shown(patient, render_html(patient, theme="nhs"))).page
    open_all(page)
    assert everywhere(page) == {}


@pytest.mark.parametrize("name", ["ct-head-fall", "us-early-pregnancy"])
def test_axe_finds_nothing_in_a_portal_with_the_fragment(open_page: Open, shown: Show, name: str) -> None:
    patient = shown(name).patient
    page = open_page(Shown(patient, in_portal(render_fragment(patient)))).page
    open_all(page)
    assert everywhere(page) == {}
    link = page.locator(".word-link").first
    link.click()
    assert page.locator(".word:target").count() == 1
    assert violations(page) == []
    assert in_the_dark(page) == []


@pytest.mark.parametrize("name", ["ct-head-fall", "us-early-pregnancy"])
def test_axe_finds_nothing_as_it_stands_on_paper(open_page: Open, name: str) -> None:
    page = open_page(name).page
    page.emulate_media(media="print")
    assert everywhere(page) == {}


def test_axe_finds_nothing_while_an_explanation_is_open(open_page: Open) -> None:
    page = open_page("xr-chest-normal", viewport=PHONE).page
    page.locator(".word-link").first.click()
    assert page.locator(".word:target").count() == 1
    assert violations(page) == []
    assert in_the_dark(page) == []


def test_axe_finds_nothing_at_the_place_of_a_statement(open_page: Open) -> None:
    page = open_page("xr-chest-normal", viewport=PHONE).page
    page.locator(".statement summary").first.click()
    page.locator(".statement .jump a").first.click()
    assert page.locator(".spot:target").count() == 1
    assert violations(page) == []
    assert in_the_dark(page) == []


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
    assert "color-contrast" not in " ".join(violations(page, colours=False))
    assert in_the_dark(page) == []  # light letters are right there


def test_axe_would_find_faults_that_are_in_the_dark_only(open_page: Open) -> None:
    page = open_page("xr-chest-normal").page
    page.evaluate(
        """() => {
          const sheet = document.styleSheets[0]
          sheet.insertRule("@media (prefers-color-scheme: dark) { .plainrad .says.says { color: #333 } }", sheet.cssRules.length)
        }"""
    )
    found = everywhere(page)
    assert found.keys() == {"dark"}
    assert "color-contrast" in " ".join(found["dark"])


def test_the_rules_of_colours_are_those_of_axe(open_page: Open) -> None:
    page = open_page("xr-chest-normal").page
    axe(page, {"runOnly": {"type": "rule", "values": ["document-title"]}})
    known = page.evaluate("axe.getRules(['cat.color']).map(one => [one.ruleId, one.tags])")
    assert {name for name, tags in known if set(tags) & set(STANDARDS)} == set(COLOURS)


@pytest.mark.parametrize("file", [ROOT / "templates" / "patient.css", PORTAL], ids=lambda file: file.name)
def test_no_colour_depends_on_the_width(file: Path) -> None:
    """Else axe has to look at colours at every width."""
    inside = re.findall(r"@media[^{]*width[^{]*\{((?:[^{}]*\{[^{}]*\})*)", file.read_text(encoding="utf-8"))
    assert inside or file == PORTAL
    assert not re.search(r"color|background|--[a-z]|filter|opacity", " ".join(inside))
