"""The page needs nothing but itself, and shows the report exactly."""

import pytest
from playwright.sync_api import expect

from plainrad.domain.reading import Extent
from plainrad.render.html import render_html
from tests.browser.support import ADDRESS, EXAMPLES, IN_BROWSER, Open, Shown, open_all
from tests.support.patient import plain_report, statement

pytestmark = IN_BROWSER

ORIGINAL = "document.getElementById('original-text').textContent"
AWKWARD = (
    "\n\nFINDINGS:\r\n  Heart\tnormal.\rLungs\vclear\fno \x85effusion\u2028.\u2029 Size <5 mm & >3 mm; &amp; &lt;b&gt; "
    "<b>x</b> </div></style><script>document.title = 'run'</script><img src=http://elsewhere.test/x> {{ 7*7 }} ]]> <!-- "
    "\u202e rtl \u202c \ufeff \x01 \x1b[31m é × “½” 😀 \\.br\\ \n\n "
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_original_in_the_page_is_the_report_character_for_character(open_page: Open, name: str) -> None:
    opened = open_page(name)
    assert opened.page.evaluate(ORIGINAL) == opened.patient.report.text


def test_an_awkward_report_is_shown_character_for_character_and_runs_nothing(open_page: Open) -> None:
    patient = plain_report(AWKWARD, statements=(statement(1, source=(Extent(2, 30), Extent(60, 90))),))
    opened = open_page(Shown(patient, render_html(patient)))
    assert opened.page.evaluate(ORIGINAL) == AWKWARD
    assert opened.page.title() != "run"
    assert opened.requests == [ADDRESS]
    assert opened.complaints == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_asked_of_the_network_and_nothing_goes_wrong(open_page: Open, name: str) -> None:
    opened = open_page(name, viewport={"width": 390, "height": 844})
    page = opened.page
    open_all(page)
    page.locator(".word-link").first.click()
    page.locator(".word:target .close").click()
    page.locator(".statement .jump a").first.click()
    page.locator(".spot:target > a").click()
    page.emulate_media(color_scheme="dark")
    page.emulate_media(media="print")
    page.wait_for_load_state("networkidle")
    assert opened.requests == [ADDRESS]
    assert opened.complaints == []


def test_the_policy_of_the_page_would_stop_a_script_and_a_picture(open_page: Open) -> None:
    opened = open_page("xr-chest-normal")
    opened.page.evaluate(
        """() => {
          const script = document.createElement("script"), picture = document.createElement("img")
          script.textContent = "document.title = 'run'"
          picture.src = "http://elsewhere.test/x"
          document.body.append(script, picture)
        }"""
    )
    opened.page.wait_for_load_state("networkidle")
    assert opened.page.title() != "run"
    assert opened.page.evaluate("document.querySelector('img').naturalWidth") == 0
    assert sum("Content Security Policy" in one for one in opened.complaints) == 2


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_works_without_javascript(open_page: Open, name: str) -> None:
    page = open_page(name, java_script_enabled=False, viewport={"width": 390, "height": 844}).page
    statement_box = page.locator(".statement").first
    quote = statement_box.locator("blockquote")
    expect(quote).to_be_hidden()
    statement_box.locator("summary").click()
    expect(quote).to_be_visible()
    statement_box.locator(".jump a").first.click()
    back = page.locator(".spot:target > a")
    expect(back).to_be_in_viewport()
    back.click()
    expect(statement_box).to_be_in_viewport()

    link = page.locator(".word-link").first
    link.click()
    word = page.locator(".word:target")
    expect(word).to_be_in_viewport(ratio=0.99)
    word.locator(".close").click()
    expect(page.locator(".word:target")).to_have_count(0)
    expect(link).to_be_in_viewport()
