"""Hard reports in a real browser: nothing runs, nothing sticks out, and the report is shown exactly."""

import pytest

from plainrad.render import render_html
from tests.browser.support import ADDRESS, IN_BROWSER, Open, Shown, open_all
from tests.browser.test_accessibility import violations
from tests.browser.test_layout import ARTEFACTS, sticks_out
from tests.support.bad_reports import BAD

pytestmark = IN_BROWSER


@pytest.mark.parametrize("name", BAD)
def test_the_page_stays_whole_and_safe(open_page: Open, name: str) -> None:
    patient = BAD[name]
    opened = open_page(Shown(patient, render_html(patient)), viewport={"width": 320, "height": 640})
    page = opened.page
    open_all(page)
    assert sticks_out(page) == []
    assert page.title() != "run"
    assert opened.requests == [ADDRESS]
    assert opened.complaints == []
    shown = page.evaluate("document.getElementById('original-text').textContent")
    assert shown == patient.report.text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert page.locator(".disclaimer").is_visible()
    ARTEFACTS.mkdir(exist_ok=True)
    for width in (320, 375, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert sticks_out(page) == []
        page.screenshot(path=ARTEFACTS / f"bad-{name.replace(' ', '-')}-{width}.png")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("400 findings", marks=pytest.mark.heavy),
        "one letter",
        "hostile markup",
        "turned from right to left",
    ],
)
def test_axe_finds_nothing(open_page: Open, name: str) -> None:
    page = open_page(Shown(BAD[name], render_html(BAD[name])), viewport={"width": 390, "height": 844}).page
    assert violations(page) == []
