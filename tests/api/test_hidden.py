"""What a professional hides is told nowhere but in the original: not by a page, the JSON or FHIR, and not after a correction."""

import base64
import html
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Actor, Visible
from tests.support.kept import Kept, kept_service

LEFT = "There is a small left pleural effusion."
SECRET = (
    "There is a 9 mm nodule in the right upper lobe, suspicious for malignancy.",
    "Right upper lobe nodule suspicious for lung cancer. Refer to the lung MDT.",
)
TEXT = f"Findings: {LEFT} {SECRET[0]} No pneumothorax.\nConclusion: {SECRET[1]}"
TELLING = ("cancer", "malignan", "nodule", "lump", "mdt", "specialist nurse", "multidisciplinary", "upper lobe")
RADIOLOGIST = Actor("staff", "demo:radiologist", "RXX", frozenset({"radiologist"}))
FORMS = ("application/json", "text/html", "text/plain", "application/vnd.plainrad.fragment+html")


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


def whole(kept: Kept, report: str) -> Visible:
    found = kept.records.patient_version(report, actor=RADIOLOGIST, audience="professional")
    assert isinstance(found, Visible)
    return found


def hide(kept: Kept, report: str, *items: str) -> None:
    for item in items:
        kept.records.hide(report, actor=RADIOLOGIST, item=item, reason="To be told in person.")


def secret_items(patient: PatientReport) -> list[str]:
    statements = [one.id for one in patient.statements if any(one.quote.rstrip(".") in part for part in SECRET)]
    terms = [one.term_id for one in patient.explanations if one.term_id not in ("pleural-effusion", "pneumothorax")]
    return [*statements, *terms]


def get(kept: Kept, path: str, form: str) -> Any:
    return kept.http.get(path, headers=kept.bearer() | {"accept": form})


def told(text: str) -> list[str]:
    """Which of the telling words stand outside of the original."""
    plain = " ".join(html.unescape(text).split())
    for part in (TEXT, *SECRET, *SECRET[1].split(". ")):
        plain = plain.replace(" ".join(part.split()), "")
    return [word for word in TELLING if word in plain.lower()]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_hidden_is_told_nowhere_but_in_the_original(kept: Kept, form: str) -> None:
    report = kept.submit(text=TEXT, exam="CT chest").json()["id"]
    before = whole(kept, report).patient_report
    assert before.lead, "the report leads with what is hidden below"
    kept.records.release_early(report, actor=RADIOLOGIST, reason="Seen together.")
    path = f"/v1/reports/{report}/patient-version"
    assert "cancer" in told(get(kept, path, form).text)
    hide(kept, report, *secret_items(before))
    shown = get(kept, path, form)
    assert shown.status_code == 200
    assert "fluid around the left lung" in " ".join(shown.text.split()), "what is not hidden is still told"
    if form == "application/json":
        body = shown.json()
        assert body.pop("original")["text"] == TEXT
        assert told(json.dumps(body)) == []
    else:
        assert told(shown.text) == []


def test_fhir_does_not_tell_it_either(kept: Kept) -> None:
    report = kept.submit(text=TEXT, exam="CT chest").json()["id"]
    hide(kept, report, *secret_items(whole(kept, report).patient_report))
    kept.records.release_early(report, actor=RADIOLOGIST, reason="Seen together.")
    body = get(kept, f"/fhir/DiagnosticReport/{report}", "application/fhir+json").json()
    forms = [base64.b64decode(one.pop("data")).decode() for one in body["presentedForm"]]
    assert forms[0] == TEXT
    assert [told(one) for one in forms[1:]] == [[]] * len(forms[1:])
    body.pop("conclusion", None)
    assert told(json.dumps(body)) == []


def test_the_page_that_staff_compare_with_is_the_page_of_the_patient(kept: Kept) -> None:
    report = kept.submit(text=TEXT, exam="CT chest").json()["id"]
    hide(kept, report, *secret_items(whole(kept, report).patient_report))
    found = whole(kept, report)
    assert found.as_patient is not None
    assert (found.as_patient.lead, bool(found.patient_report.lead)) == ((), True)


@pytest.mark.parametrize("counted", ["correction", "first"])
def test_a_correction_does_not_bring_back_what_was_hidden(kept: Kept, counted: Literal["correction", "first"]) -> None:
    room = kept.records.room
    kept.records.room = replace(room, policy=replace(room.policy, corrections=counted))
    report = kept.submit(text=TEXT, exam="CT chest").json()["id"]
    before = whole(kept, report).patient_report
    hide(kept, report, *secret_items(before))
    kept.clock.on(days=31)
    path = f"/v1/reports/{report}/patient-version"
    assert told(get(kept, path, "text/plain").text) == []
    assert kept.submit("key-2", text=TEXT + " ", exam="CT chest", status="corrected").json()["version"] == 2
    kept.clock.on(days=60)
    assert get(kept, path, "text/plain").status_code in (403, 404)
    view = kept.records.get(report, actor=RADIOLOGIST)
    assert (view.decision.state, view.decision.code) == ("held", "hidden_before")
    assert [one.item for one in view.hidden_before] == secret_items(before)
    assert {one.version for one in view.hidden_before} == {1}
    assert all(one.text for one in view.hidden_before)
    assert kept.records.get(report, actor=RADIOLOGIST, audience="patient").hidden_before == ()
    kept.records.approve(report, actor=RADIOLOGIST)
    kept.clock.on(days=4)
    assert get(kept, path, "text/plain").status_code == 200


def test_a_correction_of_a_correction_is_held_until_somebody_has_looked(kept: Kept) -> None:
    report = kept.submit(text=TEXT).json()["id"]
    hide(kept, report, "s1")
    for number in (2, 3):
        kept.submit(f"key-{number}", text=TEXT + " " * number, status="corrected")
    kept.clock.on(days=60)
    assert kept.records.get(report, actor=RADIOLOGIST).decision.code == "hidden_before"
