"""The whole path of a radiologist in Chromium: reports come in over HL7 and REST, one is looked at, changed, held and released.

At the end the patient's page is looked at, as a portal gets it. The pictures are those of the guide.
"""

import json
import time
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from plainrad.bootstrap import Plainrad
from plainrad.domain.records import Actor
from plainrad.wire.service import hl7_into_records
from tests.browser.support import IN_BROWSER
from tests.browser.test_staff_pages import faults, picture, signed_in
from tests.support.hl7 import message, msh, obr, obx, pid
from tests.support.kept import Kept, kept_service
from tests.support.reports import fields
from tests.support.running import running

pytestmark = [*IN_BROWSER, pytest.mark.heavy]
WORDS = (
    "Findings: There is a 9 mm nodule in the right upper lobe, suspicious for malignancy. Small left pleural effusion. No pneumothorax. "
    "Discussed with the ward at 14:20 by telephone. Her sister had the same operation here.\n"
    "Conclusion: Right upper lobe nodule. Small right pleural effusion."
)
NOTE = "I spoke with you on the phone today. The nurse will ring you on Monday to answer your questions."
PROGRAM = Actor("portal", "portal-one", "DEMO", frozenset({"portal"}))
TOLD = "suspicious of cancer"


@pytest.fixture(scope="module")
def kept(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("path")
    with kept_service(
        plainrad, folder, demo=True, clients=False, hl7_spool=folder / "spool", organisation="DEMO"
    ) as found:
        app = found.service.app
        app.state.hl7 = hl7_into_records(app.state.settings, found.records, log=None)
        yield found


@pytest.fixture(scope="module")
def address(kept: Kept) -> Iterator[str]:
    with running(kept.service.app) as at:
        yield at


@pytest.fixture
def radiologist(browser: Browser, address: str) -> Iterator[Page]:
    page = signed_in(browser, address, "radiologist")
    yield page
    page.context.close()


def over_hl7(kept: Kept, address: str, number: str) -> None:
    """Send the report as a message, and wait until it is worked on."""
    verified = f"{kept.clock():%Y%m%d%H%M}"
    sent = message(
        msh(f10=number), pid(f3="9990000018^^^NHS^NH"), obr(f3=number, f7=verified, f22=verified), obx(WORDS.replace("\n", "\\.br\\"))
    )  # fmt: skip
    answer = httpx2.post(f"{address}/hl7-v2", content=sent, headers={"Content-Type": "application/hl7-v2+er7"})
    assert b"|AA|" in answer.content, answer.content
    for _ in range(1_200):
        if kept.records.list(actor=PROGRAM, accession=number).reports:
            return
        time.sleep(0.05)
    pytest.fail("the message was acknowledged and not worked on")


def over_rest(kept: Kept, address: str, number: str) -> None:
    """Submit the report as a program does."""
    body = fields(
        text=WORDS, report_id=number, accession=number, verified_at=kept.clock().isoformat(), exam={"title": "CT chest"},
        patient={"nhs_number": "9990000018"},
    )  # fmt: skip
    answer = httpx2.post(
        f"{address}/v1/reports", content=json.dumps(body),
        headers={"Content-Type": "application/json", "Idempotency-Key": number},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text


def patient_page(address: str, report: str) -> tuple[int, str]:
    answer = httpx2.get(f"{address}/v1/reports/{report}/patient-version", headers={"Accept": "text/html"})
    return answer.status_code, answer.text


def confirm(page: Page, button: str, reason: str) -> None:
    """On the page that shows the difference: give the reason and do it."""
    page.locator("#reason").fill(reason)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_be_visible()


@pytest.mark.parametrize("way", ["hl7", "rest"])
def test_a_report_is_flagged_previewed_changed_held_released_and_read(
    browser: Browser, radiologist: Page, kept: Kept, address: str, way: str
) -> None:
    page, number = radiologist, f"PATH-{way}"
    {"hl7": over_hl7, "rest": over_rest}[way](kept, address, number)

    # Found by its accession number, opened by keyboard, flagged at the top.
    page.goto(f"{address}/staff/reports")
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**accession=**")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    flags = page.locator("#flags").locator("..")
    expect(flags).to_contain_text("Left and right do not agree")
    expect(flags).to_contain_text("What you can do: If the report is wrong, correct it in the RIS")
    report = page.url.rpartition("/")[2]
    assert patient_page(address, report)[0] in (403, 404)
    picture(page, "report")
    page.locator("#result").scroll_into_view_if_needed()
    page.locator("#original-text .piece.told").first.click()
    page.evaluate("document.querySelector('#result').scrollIntoView()")
    picture(page, "step")
    if way == "hl7":
        assert faults(page) == []
        page.set_viewport_size({"width": 1280, "height": 900})
        page.reload()

    # One statement: its evidence, then hidden. Nothing is done before it is confirmed.
    said = page.locator(".said", has_text=TOLD).first
    said.get_by_text("Why it says so").click()
    for words in (
        "Rule prob.before on suspicious for",
        "likely",
        "in: findings",
        "Entry:",
        "not reviewed yet",
        "Reading rules",
    ):
        expect(said).to_contain_text(words)
    said.get_by_text("Change this, or mark it as wrong").click()
    said.get_by_role("button", name="Hide from this patient").click()
    expect(page.locator("main")).to_contain_text("Nothing is done yet")
    expect(page.locator(".staff-summary")).to_contain_text("This report speaks of cancer")
    expect(page.locator(".staff-side").first).to_contain_text(TOLD)
    picture(page, "difference")
    assert faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="No, go back").click()
    page.wait_for_url(f"**/{report}")
    expect(page.locator(".hidden-from-patient")).to_have_count(0)
    said = page.locator(".said", has_text=TOLD).first
    said.get_by_text("Change this, or mark it as wrong").click()
    said.get_by_role("button", name="Hide from this patient").click()
    confirm(page, "Yes, hide it", "To be told in person")
    expect(page.locator(".said.hidden-from-patient")).not_to_have_count(0)

    # One statement in neutral words, one explanation hidden, one sentence of the report's own words gone.
    said = page.locator(".said", has_text="fluid around").first
    said.get_by_text("Change this, or mark it as wrong").click()
    said.get_by_role("button", name="Say it neutrally").click()
    confirm(page, "Yes, say it neutrally", "The side is being checked")
    expect(page.locator(".told-neutrally")).to_contain_text("The report mentions this: fluid around the lung")
    page.locator(".staff-words > summary").click()
    word = page.locator("#word-pneumothorax")
    word.get_by_text("Change this, or mark it as wrong").click()
    word.get_by_role("button", name="Hide this explanation").click()
    confirm(page, "Yes, hide it", "Told on the phone")
    own = page.locator(".staff-group--own .said", has_text="Her sister")
    own.get_by_role("button", name="Hide from this patient").click()
    expect(page.locator(".staff-confirm")).to_contain_text("needs a hold, and a correction in the RIS")
    confirm(page, "Yes, hide it", "About somebody else")

    # A note to the patient, with its reading grade as one types.
    page.get_by_text("Write to the patient", exact=True).click()
    page.locator("#t-note").fill("Multidisciplinary deliberation notwithstanding.")
    expect(page.locator("#note-checked")).to_contain_text("Words that not everybody knows")
    page.locator("#t-note").fill(NOTE)
    expect(page.locator("#note-checked")).to_contain_text("easy enough")
    picture(page, "note")
    page.get_by_role("button", name="Show what changes (Write to the patient)").click()
    confirm(page, "Yes, show my note", "Spoken today")

    # What was chosen stands together and can be undone: the neutral wording is.
    expect(page.locator(".staff-chosen li")).to_have_count(5)
    picture(page, "chosen")
    assert faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Say it in plain words again").click()
    confirm(page, "Yes, in plain words", "The side is right")
    expect(page.locator(".told-neutrally")).to_have_count(0)

    # Held, so that an early release lets nothing out, and that is seen before; lifted, and released.
    page.get_by_text("Hold it", exact=True).click()
    page.get_by_role("button", name="Show what changes (Hold it)").click()
    confirm(page, "Yes, hold it", "Ring first")
    expect(page.locator(".staff-state")).to_contain_text("Held")
    page.get_by_text("Release it early", exact=True).click()
    page.get_by_role("button", name="Show what changes (Release it early)").click()
    expect(page.locator("main")).to_contain_text("Nothing changes for the patient")
    confirm(page, "Yes, release it now", "Clinic today")
    assert patient_page(address, report)[0] in (403, 404)
    page.get_by_role("button", name="Lift this hold").click()
    expect(page.locator(".staff-before")).to_contain_text("Released")
    picture(page, "lift")
    confirm(page, "Yes, lift it", "Rung")
    expect(page.locator(".staff-state")).to_contain_text("Released")

    # The patient's page.
    status, html = patient_page(address, report)
    assert status == 200
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 375, "height": 800})
    seen = context.new_page()
    seen.set_content(html)
    expect(seen.locator(".team-note")).to_contain_text(NOTE)
    plain = seen.locator("section:has(> #plain)")
    expect(plain).to_contain_text("fluid around the")
    for words in (TOLD, "Her sister"):
        expect(plain).not_to_contain_text(words)
    expect(seen.locator("#original-text")).to_contain_text("Her sister", use_inner_text=False)
    expect(seen.locator("#word-pneumothorax")).to_have_count(0)
    picture(seen, "patient-note")
    assert faults(seen) == []
    context.close()
    actions = [one.action for one in kept.records.audit(report_id=report) if one.actor_id == "demo:radiologist"]
    for action in ("hidden", "told_neutrally", "told_as_read", "comment_written", "held", "released_early", "lifted"):
        assert action in actions


def test_two_people_on_one_report_see_that_they_were_two(
    browser: Browser, radiologist: Page, kept: Kept, address: str
) -> None:
    over_rest(kept, address, "PATH-two")
    report = kept.records.list(actor=PROGRAM, accession="PATH-two").reports[0].id
    second = signed_in(browser, address, "approver")
    for page in (radiologist, second):
        page.goto(f"{address}/staff/reports/{report}")
    radiologist.get_by_text("Write to the patient", exact=True).click()
    radiologist.locator("#t-note").fill(NOTE)
    radiologist.get_by_role("button", name="Show what changes (Write to the patient)").click()
    second.get_by_text("Hold it", exact=True).click()
    second.get_by_role("button", name="Show what changes (Hold it)").click()
    confirm(second, "Yes, hold it", "Ring first")
    radiologist.locator("#reason").fill("Spoken today")
    radiologist.get_by_role("button", name="Yes, show my note").click()
    alert = radiologist.get_by_role("alert")
    expect(alert).to_contain_text("Somebody else has changed this report since you opened it")
    expect(radiologist.locator(".staff-chosen")).to_contain_text("Ring first")
    expect(radiologist.locator("#t-note")).to_have_value(NOTE)
    picture(radiologist, "stale")
    assert faults(radiologist) == []
    second.context.close()


def test_a_button_pressed_twice_and_a_session_that_is_gone(radiologist: Page, kept: Kept, address: str) -> None:
    over_rest(kept, address, "PATH-press")
    report = kept.records.list(actor=PROGRAM, accession="PATH-press").reports[0].id
    page = radiologist
    page.goto(f"{address}/staff/reports/{report}")
    page.get_by_text("Hold it", exact=True).click()
    page.get_by_role("button", name="Show what changes (Hold it)").click()
    page.locator("#reason").fill("Ring first")
    page.get_by_role("button", name="Yes, hold it").dblclick()
    expect(page.get_by_role("status")).to_contain_text("It is held")
    lines = [one.action for one in kept.records.audit(report_id=report)]
    assert lines.count("held") == 1
    page.get_by_role("button", name="Lift this hold").click()
    page.locator("#reason").fill("Rung")
    page.context.clear_cookies()
    page.get_by_role("button", name="Yes, lift it").click()
    expect(page.locator("h1")).to_have_text("You are not signed in any more")
    expect(page.locator("main")).to_contain_text("Nothing was done.")
    assert faults(page) == []
    assert "lifted" not in [one.action for one in kept.records.audit(report_id=report)]
