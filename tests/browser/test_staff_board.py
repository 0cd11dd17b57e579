"""Work list, queues and dashboard in Chromium: the whole path from a missing word to patients and back, by mouse and by keyboard."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from plainrad.api.examples import keep_examples
from plainrad.api.staged import stage
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import DEMO_ORGANISATION
from plainrad.domain.records import Actor
from plainrad.domain.report import Exam, Report, ReportStatus
from tests.browser.conftest import PATIENCE
from tests.browser.support import IN_BROWSER
from tests.browser.test_staff_pages import faults, picture, signed_in
from tests.support.kept import Kept, kept_service
from tests.support.running import running

pytestmark = [*IN_BROWSER, pytest.mark.heavy]
PORTAL = Actor("portal", "demonstration", DEMO_ORGANISATION, frozenset({"portal"}))
WORD = "zorblatic"
TEXT = "Findings: There is a zorblatic area in the left lung. No pneumothorax."


@dataclass(frozen=True)
class Site:
    """A demonstration that is running, with its address."""

    kept: Kept
    address: str

    def report(self, name: str) -> str:
        """Hand in a report with the missing word, and return its id."""
        made = Report(
            TEXT,
            ReportStatus.FINAL,
            Exam("XR Chest", "XR", ("chest",)),
            self.kept.clock(),
            report_id=name,
            accession=name,
        )
        return self.kept.records.submit(made, actor=PORTAL).id


@pytest.fixture(scope="module")
def site(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("board")
    with kept_service(plainrad, folder, demo=True, clients=False) as kept:
        app = kept.service.app
        keep_examples(app.state.examples, kept.records)
        link = app.state.content.desk.current().raw.links[0]
        stage(kept.records, link=(link.id, link.url), now=kept.clock())
        with running(app) as at:
            yield Site(kept, at)


@pytest.fixture
def people(browser: Browser, site: Site) -> Iterator[dict[str, Page]]:
    pages = {role: signed_in(browser, site.address, role) for role in ("radiologist", "editor", "approver", "auditor")}
    for page in pages.values():  # a version that is published builds a whole service: long, on a busy machine
        page.context.set_default_timeout(4 * PATIENCE)
    yield pages
    for page in pages.values():
        page.context.close()


def wide(page: Page) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


def test_every_page_of_the_board_is_accessible_and_fits_every_screen(people: dict[str, Page], site: Site) -> None:
    complaints: list[str] = []
    for role, paths in {
        "radiologist": ("reports?state=look", "reports?state=soon", "reports?state=flagged", "reports?accession=nothing"),
        "editor": ("queues", "queues/words", "queues/words?state=aside", "queues/wrong", "queues/feedback", "queues/links", "queues/entries"),
        "auditor": ("dashboard",),
    }.items():  # fmt: skip
        page = people[role]
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        for path in paths:
            wide(page).goto(f"{site.address}/staff/{path}")
            assert page.title(), path
            assert faults(page) == [], path
            if "?" not in path:
                picture(page, path.replace("/", "-"))
    assert [one for one in complaints if "favicon" not in one and "404" not in one] == []


def test_an_editor_brings_a_missing_word_to_the_next_patient_and_an_approver_takes_it_back(
    people: dict[str, Page], site: Site
) -> None:
    editor, approver, radiologist = people["editor"], people["approver"], people["radiologist"]
    before = site.report("BEFORE")
    radiologist.goto(f"{site.address}/staff/reports/{before}")
    expect(radiologist.locator(".staff-phone, main").first).not_to_contain_text("round grey patch")
    editor.goto(f"{site.address}/staff/queues")
    editor.get_by_role("link", name=re.compile("Words that nobody explains")).first.click()
    while not editor.get_by_role("link", name=f"Write an entry for {WORD}").count():
        editor.get_by_role("link", name=re.compile("^Later")).click()
    editor.get_by_role("link", name=f"Write an entry for {WORD}").click()
    expect(editor.locator("#f-term")).to_have_value(WORD)
    expect(editor.locator("#f-id")).to_have_value(WORD)
    editor.locator("#f-plain").fill("round grey patch on the {side }lung")
    editor.locator("#f-definition").fill("A round grey patch that is seen on a picture of the lung.")
    editor.locator("#f-region").select_option("chest")
    editor.locator("#f-topic").fill("lungs")
    editor.locator("#f-anatomy").fill("lung")
    editor.locator("#f-term").fill(f"{WORD} area")
    editor.locator("#f-id").fill(f"{WORD}-area")
    expect(editor.locator("#checked")).to_contain_text("There is a round grey patch on the left lung (zorblatic area).")
    editor.get_by_role("button", name="Save as a draft").click()
    editor.get_by_role("link", name="What would this change for patients?").click()
    expect(editor.locator("h1")).to_contain_text("would do")
    editor.go_back()
    editor.get_by_role("button", name="Hand in what is saved").click()
    expect(editor.locator(".staff-state")).to_contain_text("in review")
    approver.goto(editor.url)
    approver.get_by_role("button", name="Approve").click()
    approver.goto(f"{site.address}/staff/glossary/changes")
    approver.get_by_label("What changes for patients, in a sentence").fill("A word that reports use")
    approver.get_by_role("button", name="Publish as a new version").click()
    expect(approver.locator("tbody")).to_contain_text("A word that reports use", timeout=4 * PATIENCE)
    after = site.report("AFTER")
    radiologist.goto(f"{site.address}/staff/reports/{after}")
    expect(radiologist.locator(".said").first).to_contain_text("round grey patch on the left lung")
    radiologist.goto(f"{site.address}/staff/reports/{before}")
    expect(radiologist.locator("main").first).not_to_contain_text("round grey patch")
    approver.goto(f"{site.address}/staff/glossary/versions")
    approver.get_by_role("button", name="Bring back the shipped glossary").click()
    expect(approver.locator("tbody")).to_contain_text("as version 0 was", timeout=4 * PATIENCE)
    again = site.report("AGAIN")
    radiologist.goto(f"{site.address}/staff/reports/{again}")
    expect(radiologist.locator("main").first).not_to_contain_text("round grey patch")


def test_a_reading_marked_wrong_is_made_into_a_case_by_keyboard_alone(people: dict[str, Page], site: Site) -> None:
    page = people["editor"]
    page.goto(f"{site.address}/staff/queues/wrong")
    page.locator("body").press("j")
    link = page.locator("a:focus")
    expect(link).to_contain_text("Make a case of it")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("A case for the golden tests")
    assert faults(page) == []
    wide(page)
    picture(page, "queue-case")
    page.locator("#sentence").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Stable left pleural effusion.")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("pleural effusion")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#assertion")).to_have_value("present")
    page.locator("#quoted").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The case is kept")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the file of 1 case").click()
    assert '"assertion": "present"' in found.value.path().read_text(encoding="utf-8")


def test_the_work_list_is_walked_by_keyboard(people: dict[str, Page], site: Site) -> None:
    page = people["radiologist"]
    page.goto(f"{site.address}/staff/reports")
    page.keyboard.press("Tab")
    expect(page.locator("a:focus")).to_contain_text("Skip to main content")
    page.keyboard.press("Enter")
    held = page.get_by_role("link", name=re.compile("^Held"))
    held.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**state=held")
    expect(page.locator('[aria-current="page"]').last).to_contain_text("Held")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#original-text")).to_be_visible()
