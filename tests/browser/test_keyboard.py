"""Everything can be reached and used with the keys alone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.support import EXAMPLES, IN_BROWSER, Open, in_sight

pytestmark = IN_BROWSER

PHONE = {"width": 390, "height": 844}
FOCUSED = """() => {
  const one = document.activeElement
  return one === document.body ? null : [one.tagName, one.getAttribute("href") || "", one.closest(".statement")?.id || ""]
}"""


def has_focus(locator: Locator) -> bool:
    focused: bool = locator.evaluate("one => one === document.activeElement")
    return focused


def walk(page: Page) -> list[tuple[str, str, str]]:
    """Press Tab from the top of the page to its end, opening each statement on the way; return what had the focus."""
    met: list[tuple[str, str, str]] = []
    for _ in range(2000):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            return met
        met.append((focused[0], focused[1], focused[2]))
        if focused[0] == "SUMMARY":
            page.keyboard.press("Enter")
    raise AssertionError("Tab never came to the end of the page")


@pytest.mark.parametrize("name", EXAMPLES)
def test_tab_comes_by_every_explained_word_and_every_statement_in_reading_order(open_page: Open, name: str) -> None:
    opened = open_page(name, viewport=PHONE)
    met = walk(opened.page)
    words = [href for _, href, _ in met if href.startswith("#word-")]
    marked = opened.page.locator(".word-link").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert words == marked
    assert set(words) == {f"#word-{one.term_id}" for one in opened.patient.explanations}
    summaries = [where for tag, _, where in met if tag == "SUMMARY" and where]
    assert sorted(summaries) == sorted(one.id for one in opened.patient.statements)
    for one in opened.patient.statements:
        assert ("A", f"#original-{one.id}", one.id) in met


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_word_opens_its_explanation_and_closing_it_leads_back(open_page: Open, name: str) -> None:
    opened = open_page(name, viewport=PHONE)
    page = opened.page
    links = {one.term_id: len(one.links) for one in opened.patient.explanations}
    definitions = {one.term_id: one.definition for one in opened.patient.explanations}
    term_ids = page.locator(".word-link").evaluate_all("all => all.map(one => one.id.slice(5))")
    assert term_ids
    for term_id in term_ids:
        link, word = page.locator(f"#mark-{term_id}"), page.locator(f"#word-{term_id}")
        link.focus()
        page.keyboard.press("Enter")
        expect(word).to_be_focused()
        assert in_sight(word)
        assert definitions[term_id] in word.inner_text()
        close = word.locator(".close")
        for _ in range(1 + links[term_id]):
            page.keyboard.press("Tab")
        assert has_focus(close)
        page.keyboard.press("Enter")
        expect(link).to_be_focused()
        assert in_sight(link)
        assert page.locator(".word:target").count() == 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_statement_leads_to_its_place_in_the_report_and_back(open_page: Open, name: str) -> None:
    opened = open_page(name, viewport=PHONE)
    page = opened.page
    for one in opened.patient.statements:
        box = page.locator(f"#{one.id}")
        box.locator("summary").focus()
        page.keyboard.press("Enter")
        assert box.locator("blockquote").is_visible()
        page.keyboard.press("Tab")
        assert has_focus(box.locator(".jump a").first)
        page.keyboard.press("Enter")
        expect(page.locator(f"#original-{one.id}")).to_be_focused()
        page.keyboard.press("Tab")
        back = page.locator(f"#original-{one.id} > a")
        assert has_focus(back)
        assert in_sight(back)
        page.keyboard.press("Enter")
        expect(box).to_be_focused()
        assert in_sight(box)


def test_the_back_button_of_the_browser_closes_an_explanation(open_page: Open) -> None:
    page = open_page("xr-chest-normal", viewport=PHONE).page
    link = page.locator(".word-link").last
    link.focus()
    at = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    expect(page.locator(".word:target")).to_be_visible()
    assert page.evaluate("scrollY") == at
    page.go_back()
    expect(page.locator(".word:target")).to_have_count(0)
    expect(link).to_be_in_viewport()


def test_what_has_the_focus_can_be_seen_to_have_it(open_page: Open) -> None:
    page = open_page("xr-chest-normal", viewport=PHONE).page
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
        )
        assert style == ["solid", "3px"]
