"""The page fits: small screens, large text. Screenshots for a person to look at are left in tests/artefacts/."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, cast

import pytest
from playwright.sync_api import Page

from plainrad.render import render_fragment, render_html
from plainrad.render.view import Look
from tests.browser.support import EXAMPLES, IN_BROWSER, LONGEST, Open, Shown, in_portal, open_all

pytestmark = IN_BROWSER

ARTEFACTS = Path(__file__).parents[1] / "artefacts"


def sticks_out(page: Page) -> list[str]:
    """Return what makes a reader scroll sideways: the page itself, or anything that is wider than it."""
    found: list[str] = page.evaluate(
        """() => {
          const root = document.documentElement, width = root.clientWidth
          const wide = [...document.body.querySelectorAll("*:not(svg *)")].filter(one => {
            const box = one.getBoundingClientRect()
            return box.width && (box.right > width + 1 || box.left < -1 || one.scrollWidth > one.clientWidth + 1 && one.clientWidth && getComputedStyle(one).overflowX !== "visible")
          })
          return [...(root.scrollWidth > width ? [`page: ${root.scrollWidth} > ${width}`] : []), ...wide.map(one => one.outerHTML.slice(0, 120))]
        }"""
    )
    return found


@pytest.mark.parametrize("name", [*EXAMPLES, LONGEST])
def test_nothing_sticks_out_of_a_screen_of_320_pixels(open_page: Open, name: str) -> None:
    page = open_page(name, viewport={"width": 320, "height": 640}).page
    open_all(page)
    assert sticks_out(page) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_sticks_out_at_a_zoom_of_200_per_cent(open_page: Open, name: str) -> None:
    page = open_page(name, viewport={"width": 640, "height": 512}, device_scale_factor=2).page
    open_all(page)
    assert sticks_out(page) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_sticks_out_when_only_the_text_is_doubled_on_a_phone(open_page: Open, name: str) -> None:
    page = open_page(name, viewport={"width": 390, "height": 844}).page
    open_all(page)
    size = "parseFloat(getComputedStyle(document.querySelector('.says')).fontSize)"
    before = page.evaluate(size)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(size) == pytest.approx(2 * before)
    assert sticks_out(page) == []


def test_an_open_explanation_fits_a_small_screen(open_page: Open) -> None:
    page = open_page(LONGEST, viewport={"width": 320, "height": 480}).page
    for link in page.locator(".word-link").all()[:5]:
        link.click()
        box = page.locator(".word:target").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["y"] + box["height"] <= 481
        assert sticks_out(page) == []
        page.go_back()


def test_what_can_be_pressed_is_as_tall_as_a_finger(open_page: Open) -> None:
    page = open_page(LONGEST, viewport={"width": 320, "height": 640}).page
    open_all(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, summary")]
          .filter(one => one.offsetParent && !one.closest(".original, .urgent"))
          .filter(one => one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"""
    )
    assert small == []


@pytest.mark.heavy
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_screenshots_for_a_person_to_look_at(open_page: Open, name: str, scheme: Literal["light", "dark"]) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page = open_page(name, color_scheme=scheme).page
    for width in (320, 375, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert sticks_out(page) == []
        picture = page.screenshot(path=ARTEFACTS / f"{name}-{width}-{scheme}.png", full_page=True)
        assert int.from_bytes(picture[16:20]) == width


@pytest.mark.heavy
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["large", "easy", "portal"])
def test_screenshots_of_every_style_and_of_the_fragment_for_a_person_to_look_at(
    open_page: Open, shown: Callable[[str], Shown], kind: str, scheme: Literal["light", "dark"]
) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    patient = shown("ct-head-fall").patient
    html = in_portal(render_fragment(patient)) if kind == "portal" else render_html(patient, look=cast(Look, kind))
    page = open_page(Shown(patient, html), color_scheme=scheme).page
    for width in (320, 375, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert sticks_out(page) == []
        assert page.screenshot(path=ARTEFACTS / f"{kind}-{width}-{scheme}.png", full_page=True)


def test_a_screenshot_of_the_sheet_for_a_person_to_look_at(open_page: Open) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page = open_page(LONGEST, viewport={"width": 794, "height": 1123}).page
    page.emulate_media(media="print")
    assert page.screenshot(path=ARTEFACTS / f"{LONGEST}-print.png", full_page=True)
