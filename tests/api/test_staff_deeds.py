"""Before anything changes for a patient, staff see what would; then it is done with a reason, once, and can be undone.

It is one file because all of its tests look at one report and send the forms of its pages.
"""

import html
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Role
from plainrad.domain.records import Actor
from tests.api.test_staff_reports import Person, patient_reads
from tests.support.kept import Kept, kept_service

TEXT = (
    "Findings: There is a 9 mm nodule in the right upper lobe, suspicious for malignancy. No pneumothorax. Zorbic zoop of the zob.\n"
    "Conclusion: Small left pleural effusion."
)
NOTE = "We spoke on the phone today.\n\nPlease bring your questions on Monday."
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} \"'><img src=x onerror=alert(1)>"
READER = Actor("staff", "local:somebody", "RXX", frozenset({"radiologist"}))
FORMS = ("text/html", "text/plain", "application/vnd.plainrad.fragment+html", "application/json", "application/pdf")


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path_factory.mktemp("kept")) as found:
        yield found


@pytest.fixture
def report(kept: Kept) -> str:
    answer = kept.submit(text=TEXT, accession="ACC1", exam={"title": "CT chest"})
    found: str = answer.json()["id"]
    kept.records.release_early(found, actor=READER, reason="Seen in clinic.")
    return found


@pytest.fixture
def radiologist(kept: Kept) -> Person:
    return Person(kept, Role.RADIOLOGIST)


def item(person: Person, report: str, words: str) -> str:
    page = person.client.get(f"/staff/reports/{report}").text
    said = re.findall(r'<li id="([sw]\d+)" class="said[^>]*>\s*<p>(.*?)</p>', page, re.DOTALL)
    found: str = next(number for number, text in said if words in text)
    return found


def confirm(person: Person, report: str, page: str, **more: str) -> Any:
    """Send the form of the page that shows a difference."""
    form = page.partition('class="staff-confirm"')[2].partition("</form>")[0]
    sent = {
        name: unescaped(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="(.*?)"', form, re.DOTALL)
    }
    action = re.search(r'action="([^"]+)" class="staff-confirm"', page)
    assert action is not None
    return person.client.post(
        action[1], data=sent | {"reason": "Spoken with the patient."} | more, follow_redirects=False
    )


def unescaped(value: str) -> str:
    return html.unescape(value)


def audit(kept: Kept, report: str) -> list[str]:
    return [one.action for one in kept.records.audit(report_id=report)]


# ---- the difference --------------------------------------------------------------------------------------------------


def test_a_sentence_is_shown_as_it_goes_before_it_is_hidden(kept: Kept, radiologist: Person, report: str) -> None:
    number = item(radiologist, report, "(malignancy)")
    page = radiologist.act(report, "before", action="hide", item=number)
    assert page.status_code == 200
    assert "Nothing is done yet." in page.text
    assert "<strong>Goes</strong> from “What may be there" in page.text
    assert "<strong>Goes</strong> from “Lines at the top”: This report speaks of cancer" in page.text
    assert "still stands on the patient&#39;s page" in page.text, "the original is whole, and that is said"
    assert "“Zorbic" not in page.text, "what does not change is not shown"
    assert "hidden" not in audit(kept, report)
    assert "This report speaks of cancer" in patient_reads(kept, report)
    done = confirm(radiologist, report, page.text)
    assert (done.status_code, done.headers["location"]) == (303, f"/staff/reports/{report}?done=hidden")
    shown = radiologist.client.get(done.headers["location"]).text
    assert "You can undo that below." in shown
    assert "This report speaks of cancer" not in patient_reads(kept, report)
    line = next(one for one in kept.records.audit(report_id=report) if one.action == "hidden")
    assert (line.reason, line.details["item"], line.actor_id) == (
        "Spoken with the patient.",
        number,
        "local:radiologist",
    )


def test_a_hold_shows_who_can_read_it_now_and_then(kept: Kept, radiologist: Person, report: str) -> None:
    page = radiologist.act(report, "before", action="hold", kind="clinical")
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td><strong>(.*?)</strong>', page.text)
    assert [(who, before.split(".")[0], after.split(".")[0]) for who, before, after in rows] == [
        ("The patient", "Released", "Held")
    ]
    proxy = radiologist.act(report, "before", action="hold", kind="proxy_only")
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>', proxy.text)
    assert rows == ["Somebody who reads for the patient"], "nothing changes for the patient"
    confirm(radiologist, report, page.text)
    release = radiologist.act(report, "before", action="release")
    assert "Nothing changes for the patient." in release.text, (
        "a hold outweighs an early release, and that is seen before"
    )


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("nonsense", {}), ("hide", {"item": "s999"}), ("neutral", {"item": "w1"}), ("show", {"item": "s1"}), ("lift", {"kind": "clinical"}),
        ("hold", {"kind": "<script>"}), ("note", {"text": "  "}), ("note", {"text": "x" * 1_201}), ("note-back", {"note": "nonsense"}),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_before(
    radiologist: Person, report: str, action: str, fields: dict[str, str]
) -> None:
    answer = radiologist.act(report, "before", action=action, **fields)
    assert answer.status_code == 422
    assert "That was not done" in answer.text


QUOTED = "Findings: No pneumothorax.\nConclusion: Refer to the lung MDT for the 9 mm nodule suspicious for malignancy."
ANOTHER: dict[str, Any] = {"report_id": "R2", "accession": "ACC2", "exam": {"title": "CT chest"}}


def test_what_quotes_the_same_words_goes_along_and_that_is_said_before(kept: Kept, radiologist: Person) -> None:
    report = kept.submit("key-2", text=QUOTED, **ANOTHER).json()["id"]
    kept.records.release_early(report, actor=READER, reason="Seen in clinic.")
    before = patient_reads(kept, report)
    page = radiologist.act(report, "before", action="hide", item=item(radiologist, report, "small lump")).text
    along, _, shares = page.partition('id="along"')[2].partition('id="shares"')
    assert "About the next step, the report says: “Refer to the lung MDT for the 9 mm nodule" in along
    assert "suspicious of cancer" in shares, "another thing of the same sentence stays, and hiding it is offered"
    assert shares.count("See what hiding this changes") == 1
    confirm(radiologist, report, page)
    plain = patient_reads(kept, report).partition('id="plain"')[2].partition("</section>")[0]
    assert "About the next step" not in plain
    assert "suspicious of cancer" in plain
    shown = radiologist.client.get(f"/staff/reports/{report}").text
    assert shown.count('class="said hidden-from-patient"') >= 2, "both are marked on the page of the report"
    number = re.search(r'name="action" value="show"><input type="hidden" name="item" value="(s\d+)"', shown)
    assert number is not None
    back = radiologist.act(report, "before", action="show", item=number[1]).text
    assert back.count("<strong>Comes</strong>") >= 2
    confirm(radiologist, report, back)
    assert patient_reads(kept, report) == before


def test_neutral_words_that_would_quote_what_is_hidden_are_refused(kept: Kept, radiologist: Person) -> None:
    report = kept.submit("key-2", text=QUOTED, **ANOTHER).json()["id"]
    hidden, other = item(radiologist, report, "small lump"), item(radiologist, report, "suspicious of cancer")
    confirm(radiologist, report, radiologist.act(report, "before", action="hide", item=hidden).text)
    answer = radiologist.act(report, "before", action="neutral", item=other)
    assert answer.status_code == 422
    assert "it would quote what is hidden of the same sentence" in answer.text
    assert radiologist.act(report, "before", action="hide", item=other).status_code == 200


# ---- undo ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "undo", "words"),
    [("hide", "show", "(malignancy)"), ("neutral", "as-read", "(malignancy)"), ("hide", "show", "Zorbic")],
)
def test_what_was_chosen_is_undone_with_a_reason(
    kept: Kept, radiologist: Person, report: str, action: str, undo: str, words: str
) -> None:
    before = patient_reads(kept, report)
    number = item(radiologist, report, words)
    confirm(radiologist, report, radiologist.act(report, "before", action=action, item=number).text)
    assert patient_reads(kept, report) != before
    page = radiologist.client.get(f"/staff/reports/{report}").text
    assert 'id="chosen"' in page
    assert "by local:radiologist: Spoken with the patient." in page
    back = radiologist.act(report, "before", action=undo, item=number)
    assert "<strong>Comes</strong>" in back.text
    confirm(radiologist, report, back.text)
    assert patient_reads(kept, report) == before


def test_own_words_go_from_the_plain_version_and_stay_in_the_report(
    kept: Kept, radiologist: Person, report: str
) -> None:
    number = item(radiologist, report, "Zorbic")
    page = radiologist.act(report, "before", action="hide", item=number)
    assert "<strong>Goes</strong> from “Also in the report, in its own words”: “Zorbic zoop of the zob.”" in page.text
    assert 'value="third_party"' in page.text, "what speaks of somebody else is held instead"
    confirm(radiologist, report, page.text)
    answer = kept.http.get(
        f"/v1/reports/{report}/patient-version", headers=kept.bearer() | {"accept": "application/json"}
    ).json()
    assert answer["own_words"] == []
    assert answer["original"]["text"] == TEXT


def test_one_explanation_is_hidden_and_one_word_told_neutrally(kept: Kept, radiologist: Person, report: str) -> None:
    confirm(radiologist, report, radiologist.act(report, "before", action="hide", item="pneumothorax").text)
    confirm(radiologist, report, radiologist.act(report, "before", action="neutral", item="pleural-effusion").text)
    answer = kept.http.get(
        f"/v1/reports/{report}/patient-version", headers=kept.bearer() | {"accept": "application/json"}
    ).json()
    assert {one["term_id"] for one in answer["explanations"]}.isdisjoint({"pneumothorax", "pleural-effusion"})
    told = [one["text"] for one in answer["statements"]]
    assert "The report says: “Small left pleural effusion.”" in told
    assert not any("fluid" in one for one in told)
    neutral = [one for one in answer["mentions"] if one["text"] == "pleural effusion"]
    assert [(one["assertion"], one["term_id"]) for one in neutral] == [("neutral", None)]
    assert "choice.neutral" in [cue["rule"] for cue in neutral[0]["evidence"]]


# ---- notes to the patient --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_note_is_in_every_form_of_the_patient_version(
    kept: Kept, radiologist: Person, report: str, form: str
) -> None:
    page = radiologist.act(report, "before", action="note", text=NOTE, signed="Dr Example")
    assert "<strong>Comes</strong> into “A note from your radiology team”" in page.text
    confirm(radiologist, report, page.text)
    answer = kept.http.get(f"/v1/reports/{report}/patient-version", headers=kept.bearer() | {"accept": form})
    assert answer.status_code == 200
    if form == "application/json":
        (note,) = answer.json()["notes"]
        assert (note["text"], note["signed"]) == (NOTE, "Dr Example")
    elif form == "application/pdf":
        said = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
        assert "A note from your radiology team We spoke on the phone today." in said
    else:
        said = " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("</style>")[2] or answer.text).split())
        assert "radiology team we spoke on the phone today. please bring" in said.lower()
        assert "Written by Dr Example on 20 November 2026" in said
        assert (
            said.index("It is not part of the report.") < said.index("What this page is")
            if form == "text/html"
            else True
        )


def test_fhir_carries_the_note_as_one_of_a_person(kept: Kept, radiologist: Person, report: str) -> None:
    confirm(radiologist, report, radiologist.act(report, "before", action="note", text=NOTE).text)
    body = kept.http.get(
        f"/fhir/DiagnosticReport/{report}", headers=kept.bearer() | {"accept": "application/fhir+json"}
    ).json()
    notes = [one["valueAnnotation"] for one in body["extension"] if "valueAnnotation" in one]
    assert [one["authorString"] for one in notes][1:] == ["Radiology team"]
    assert notes[1]["text"] == NOTE
    assert notes[1]["extension"], "it is marked as ours: it never comes back as words of a report"


def test_hostile_words_in_a_note_stay_words(kept: Kept, radiologist: Person, report: str) -> None:
    page = radiologist.act(report, "before", action="note", text=HOSTILE, signed=HOSTILE[:60])
    for text in (
        page.text,
        confirm(radiologist, report, page.text).text,
        patient_reads(kept, report),
        radiologist.client.get(f"/staff/reports/{report}").text,
    ):
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "{{ 7*7 }}" in patient_reads(kept, report)


def test_a_note_says_how_hard_it_is_to_read(radiologist: Person, report: str) -> None:
    easy = radiologist.client.post(
        f"/staff/reports/{report}/note-check", data={"csrf": radiologist.csrf, "text": "Your scan is fine. Ring us."}
    )
    assert "easy enough for most people" in easy.text
    hard = radiologist.client.post(
        f"/staff/reports/{report}/note-check",
        data={"csrf": radiologist.csrf, "text": f"Multidisciplinary {'deliberation ' * 25}<b>"},
    )
    assert "aim for" in hard.text
    assert "Longer than 20 words" in hard.text
    assert "<b>" not in hard.text
    empty = radiologist.client.post(f"/staff/reports/{report}/note-check", data={"csrf": radiologist.csrf, "text": ""})
    assert "write something" in empty.text


def test_a_note_of_an_earlier_version_is_shown_to_staff_and_to_no_patient(
    kept: Kept, radiologist: Person, report: str
) -> None:
    confirm(radiologist, report, radiologist.act(report, "before", action="note", text=NOTE).text)
    kept.submit("key-2", text=TEXT + " ", accession="ACC1", exam={"title": "CT chest"}, status="corrected")
    kept.records.release_early(report, actor=READER, reason="Seen in clinic.")
    assert "We spoke on the phone" not in patient_reads(kept, report)
    page = radiologist.client.get(f"/staff/reports/{report}").text
    assert "It is not shown with this version. If it still holds, write it again." in page
    assert "We spoke on the phone today." in page


# ---- two people, two presses, no session ----------------------------------------------------------------------------


def test_who_comes_second_overwrites_nothing_and_loses_no_word(kept: Kept, radiologist: Person, report: str) -> None:
    second = Person(kept, Role.APPROVER)
    page = radiologist.act(report, "before", action="note", text=NOTE)
    second.act(report, "hold", kind="clinical", reason="Ring first")
    answer = confirm(radiologist, report, page.text)
    assert answer.status_code == 409
    assert "Somebody else has changed this report since you opened it" in answer.text
    assert "Nothing of yours was done" in answer.text
    assert "Ring first" in answer.text, "the page shows how it stands now"
    assert "Please bring your questions on Monday." in answer.text, "what was typed is still there"
    assert "comment_written" not in audit(kept, report)
    assert (
        radiologist.client.post(
            f"/staff/reports/{report}/before", data={"csrf": radiologist.csrf, "revision": "1", "action": "withdraw"}
        ).status_code
        == 409
    )


def test_a_correction_that_comes_in_meanwhile_makes_the_form_stale(
    kept: Kept, radiologist: Person, report: str
) -> None:
    page = radiologist.act(report, "before", action="hide", item="s1")
    kept.submit(
        "key-2", text="Findings: Normal heart.", accession="ACC1", exam={"title": "CT chest"}, status="corrected"
    )
    assert confirm(radiologist, report, page.text).status_code == 409, "s1 is another sentence now"
    assert "hidden" not in audit(kept, report)


def test_a_button_pressed_twice_does_it_once_and_says_that_it_is_done(
    kept: Kept, radiologist: Person, report: str
) -> None:
    page = radiologist.act(report, "before", action="note", text=NOTE)
    answers = [confirm(radiologist, report, page.text) for _ in range(2)]
    assert [one.headers.get("location", "").partition("?")[2] for one in answers] == ["done=noted"] * 2
    assert audit(kept, report).count("comment_written") == 1
    assert len(kept.records.notes(report, actor=READER)) == 1


def test_without_a_session_nothing_is_done_and_it_is_said(kept: Kept, radiologist: Person, report: str) -> None:
    page = radiologist.act(report, "before", action="withdraw")
    kept.clock.on(days=2)
    answer = confirm(radiologist, report, page.text)
    assert answer.status_code == 401
    assert "You are not signed in any more" in answer.text
    assert "Nothing was done" in answer.text
    assert f'href="/staff/sign-in?next=/staff/reports/{report}"' in answer.text
    assert "withdrawn" not in audit(kept, report)


SENT_FROM_HERE = {"sec-fetch-site": "same-origin"}


def test_what_was_written_when_the_session_was_lost_is_shown_to_be_copied(
    kept: Kept, radiologist: Person, report: str
) -> None:
    kept.clock.on(days=2)
    sent = {"csrf": radiologist.csrf, "revision": "2", "action": "note", "text": f"{NOTE} {HOSTILE}", "signed": ""}
    path = f"/staff/reports/{report}/before"
    answer = radiologist.client.post(path, data=sent, headers=SENT_FROM_HERE)
    assert answer.status_code == 401
    assert "Please bring your questions on Monday." in answer.text
    assert "It is kept nowhere but on this page." in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text
    assert radiologist.csrf not in answer.text
    foreign = radiologist.client.post(path, data=sent, headers={"sec-fetch-site": "cross-site"})
    assert (foreign.status_code, "Please bring your questions" in foreign.text) == (401, False), (
        "another site puts no words on our pages"
    )


def test_an_old_form_under_a_new_session_does_nothing_and_shows_what_was_written(
    kept: Kept, radiologist: Person, report: str
) -> None:
    again = Person(kept, Role.RADIOLOGIST)
    sent = {"csrf": radiologist.csrf, "revision": "2", "text": NOTE, "signed": "", "reason": "x"}
    page = f"https://127.0.0.1/staff/reports/{report}"
    answer = again.client.post(f"/staff/reports/{report}/note", data=sent, headers=SENT_FROM_HERE | {"referer": page})
    assert answer.status_code == 403
    assert "This page is too old" in answer.text
    assert "Please bring your questions on Monday." in answer.text
    assert f'href="/staff/reports/{report}" target="_blank"' in answer.text
    assert "comment_written" not in audit(kept, report)


def test_what_is_checked_while_one_writes_says_that_nobody_is_signed_in(
    kept: Kept, radiologist: Person, report: str
) -> None:
    kept.clock.on(days=2)
    answer = radiologist.client.post(
        f"/staff/reports/{report}/note-check", data={"csrf": radiologist.csrf, "text": NOTE},
        headers={"hx-request": "true", "accept": "*/*", "referer": f"https://127.0.0.1/staff/reports/{report}"},
    )  # fmt: skip
    assert answer.status_code == 401
    assert "<html" not in answer.text
    assert "What you write is still here" in answer.text
    assert f"/staff/sign-in?next=/staff/reports/{report}" in answer.text
    program = radiologist.client.post(f"/staff/reports/{report}/note-check", data={}, headers={"accept": "*/*"})
    assert program.json()["code"] == "credentials_missing"


def test_a_form_of_another_site_is_refused(kept: Kept, radiologist: Person, report: str) -> None:
    for action in ("before", "hide", "show", "neutral", "as-read", "note", "note-back", "note-check", "wrong"):
        answer = radiologist.client.post(f"/staff/reports/{report}/{action}", data={"csrf": "x", "revision": "1"})
        assert answer.status_code == 403, action
    assert {"hidden", "comment_written", "told_neutrally"}.isdisjoint(audit(kept, report))
