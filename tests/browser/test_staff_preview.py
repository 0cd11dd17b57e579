"""The radiologist's preview in Chromium: in step by mouse and by keyboard, without faults, at every width."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from plainrad.bootstrap import Plainrad
from tests.browser.support import IN_BROWSER, axe, sign_in
from tests.support.reports import EXAMPLES, ROOT
from tests.support.running import running
from tests.support.service import make_service

pytestmark = IN_BROWSER
ARTEFACTS = ROOT / "tests" / "artefacts"
WIDTHS = (320, 375, 768, 1280)


@pytest.fixture(scope="module")
def address(plainrad: Plainrad) -> Iterator[str]:
    with running(make_service(plainrad, demo=True).app) as at:
        yield at


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    made = context.new_page()
    made.on(
        "console", lambda message: complaints.append(message.text) if "favicon" not in message.location["url"] else None
    )
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    context.close()


def preview(page: Page, address: str, name: str = "us-leg-dvt-amended") -> None:
    sign_in(page, address, "radiologist")
    page.goto(f"{address}/staff/preview")
    page.get_by_label("Examination").fill(EXAMPLES[name].title)
    page.get_by_label("Report").fill(EXAMPLES[name].text)
    page.get_by_role("button", name="Show what the patient would read").click()
    expect(page.locator("#original-text")).to_be_visible()


def violations(page: Page) -> list[Any]:
    found: list[Any] = axe(page)["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]][:5]) for one in found]


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_inaccessible_or_wider_than_the_screen(
    page: Page, address: str, complaints: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    preview(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert violations(page) == []
    assert complaints == []


def test_choosing_a_sentence_shows_its_statement_and_the_other_way_round(page: Page, address: str) -> None:
    preview(page, address)
    sentence = page.locator("#original-text .piece.told").first
    sentence.click()
    expect(sentence).to_have_attribute("aria-pressed", "true")
    marked = page.locator(".said.on")
    expect(marked).not_to_have_count(0)
    assert sentence.get_attribute("id") in (marked.first.get_attribute("data-of") or "").split()
    page.keyboard.press("Escape")
    expect(marked).to_have_count(0)
    page.locator(".staff-group .said > p").last.click()
    expect(page.locator(".piece.on")).not_to_have_count(0)


def test_it_works_by_keyboard(page: Page, address: str) -> None:
    preview(page, address)
    page.locator("#original-text .piece.told").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".said.on")).not_to_have_count(0)


def test_the_patient_page_inside_is_the_real_one_with_its_own_style(page: Page, address: str) -> None:
    preview(page, address)
    inside = page.frame_locator("iframe")
    expect(inside.locator("h1")).to_have_count(1)
    colour = inside.locator("body").evaluate("one => getComputedStyle(one).fontSize")
    assert float(colour.removesuffix("px")) >= 16


def test_it_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    preview(page, address)
    page.locator("main summary").first.click()
    page.get_by_role("link", name="Sentence").first.click()
    assert "#t" in page.url
    context.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_pictures_for_people_to_look_at(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    preview(page, address)
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"staff-preview-{width}.png")
    assert (ARTEFACTS / f"staff-preview-{width}.png").stat().st_size > 10_000
