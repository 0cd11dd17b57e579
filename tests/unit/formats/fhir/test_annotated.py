"""The answer holds the original byte for byte, the patient version beside it, and everything else as it was sent."""

import base64
import hashlib
import json
from copy import deepcopy
from typing import Any

import pytest

from plainrad.formats.fhir.annotated import annotated
from plainrad.formats.fhir.bundle import answered
from plainrad.formats.fhir.entries import read_bundle
from plainrad.formats.fhir.incoming import read_resource
from plainrad.formats.fhir.names import ANNOTATED_TERM, MADE_BY, NOTE, PATIENT_VERSION, PLAIN_STATEMENT
from plainrad.formats.fhir.wire import dumps, parse
from tests.support.fhir import NOW, TEXT, Resource, bundle, check, form, uk_report
from tests.support.patient import DISCLAIMER, patient_report


def answer(sent: Resource) -> Resource:
    return annotated(read_resource(sent), patient_report(), html="<p>Plain</p>", text="Plain", recorded=NOW)


def data(part: Resource) -> bytes:
    return base64.b64decode(part["data"])


SENT: list[tuple[str, Resource]] = [
    ("text", uk_report()),
    ("latin-1", uk_report(presentedForm=[form("12 µm".encode("latin-1"), "text/plain; charset=iso-8859-1", title="Own title", language="cy")])),
    ("html", uk_report(presentedForm=[form("<p>Small  effusion.</p>", "text/html")])),
    ("several", uk_report(presentedForm=[{"contentType": "image/png", "url": "https://x.example/1"}, form("<p>a b</p>", "text/html"), form("a b")])),
    ("conclusion", uk_report(presentedForm=None, conclusion="Small effusion.")),
    ("Base64 in lines", uk_report(presentedForm=[{"contentType": "text/plain", "data": "YWJj\nZGVm\n"}])),
]  # fmt: skip


@pytest.mark.parametrize("sent", [one[1] for one in SENT], ids=[one[0] for one in SENT])
def test_the_original_stays_and_two_libraries_take_the_answer(sent: Resource) -> None:
    before = deepcopy(sent)
    made = answer(sent)
    check(made)
    assert sent == before, "what was sent is not changed"
    first, second, third = made["presentedForm"][:3]
    found = read_resource(sent)
    if found.form is None:
        assert data(first).decode() == found.report.text
    else:
        assert first == sent["presentedForm"][found.form.index], "not a character of the attachment is changed"
    assert (second["contentType"], second["title"], second["language"]) == (
        "text/html; charset=utf-8",
        "Patient version",
        "en-GB",
    )
    assert (data(second), data(third)) == (b"<p>Plain</p>", b"Plain")
    ours = {"presentedForm", "extension", "contained"}
    assert {name: one for name, one in made.items() if name not in ours} == {
        name: one for name, one in sent.items() if name not in ours
    }
    for name in ours:
        assert [one for one in sent.get(name, []) if one not in made[name]] == []


def test_the_words_that_were_read_stand_beside_a_form_that_is_not_text() -> None:
    made = answer(uk_report(presentedForm=[form("<p>Small  effusion.</p>", "text/html")]))
    assert data(made["presentedForm"][-1]) == b"Small effusion.\n"
    assert len(answer(uk_report())["presentedForm"]) == 3


def test_the_disclaimer_is_a_note_and_annotations_point_into_the_text() -> None:
    patient = patient_report()
    made = answer(uk_report(presentedForm=[form(patient.report.text)]))
    by_url: dict[str, list[Resource]] = {}
    for one in made["extension"]:
        by_url.setdefault(one["url"], []).append(one)
    assert by_url[NOTE][0]["valueAnnotation"]["text"] == DISCLAIMER
    assert len(by_url[PLAIN_STATEMENT]) == len(patient.statements)
    for one in by_url[ANNOTATED_TERM]:
        part = {
            inner["url"]: next(value for name, value in inner.items() if name != "url") for inner in one["extension"]
        }
        assert patient.report.text[part["start"] : part["end"]] == part["quoted"]
    version = {one["url"]: one for one in by_url[PATIENT_VERSION][0]["extension"]}
    assert version["releaseState"]["valueCode"] == "not_applicable"
    assert version["textSha256"]["valueString"] == patient.report.sha256


def test_the_provenance_names_the_software_and_the_original() -> None:
    made = answer(uk_report())
    device, provenance = made["contained"][-2:]
    assert provenance["target"] == [{"reference": "#"}]
    assert provenance["agent"][0]["who"] == {"reference": f"#{device['id']}"}
    assert [one["value"] for one in device["version"]] == [
        "0.1.0",
        "2026.11.0+sha256:0123456789abcdef",
        "en_plainrad 0.1.0",
    ]
    digest = base64.urlsafe_b64encode(hashlib.sha256(TEXT.encode()).digest()).decode().rstrip("=")
    assert provenance["entity"][0]["what"]["identifier"]["value"] == f"ni:///sha-256;{digest}"


@pytest.mark.parametrize("sent", [one[1] for one in SENT], ids=[one[0] for one in SENT])
def test_what_we_made_is_never_read_as_a_report(sent: Resource) -> None:
    once = answer(sent)
    assert read_resource(once).report.text == read_resource(sent).report.text
    assert answer(once) == once


def test_all_that_we_add_says_so() -> None:
    sent = uk_report()
    made = answer(sent)
    for name in ("presentedForm", "contained"):
        for one in made[name]:
            assert (one in sent[name]) != any(inner["url"] == MADE_BY for inner in one.get("extension", []))


def test_what_nobody_knows_survives() -> None:
    others: dict[str, Any] = {
        "extension": [{"url": "urn:theirs", "valueDecimal": 0}], "zyxwq": {"deep": [1, None, {"er": "\u2028"}]},
        "_status": {"extension": [{"url": "urn:theirs", "valueString": "x"}]}, "conclusionCode": [{"text": "x"}],
    }  # fmt: skip
    sent = dumps(uk_report(**others)).replace(b'"valueDecimal":0', b'"valueDecimal":1.10')
    made = dumps(answer(parse(sent)))
    assert b'"valueDecimal":1.10' in made
    again = json.loads(made)
    assert all(again[name] == value for name, value in others.items() if name != "extension")


def test_the_same_input_gives_the_same_answer() -> None:
    assert dumps(answer(uk_report())) == dumps(answer(uk_report()))


@pytest.mark.parametrize("kind", ["collection", "message", "transaction", "batch"])
def test_a_bundle_is_answered_by_a_collection_of_its_entries(kind: str) -> None:
    other = {"resourceType": "Practitioner", "id": "x"}
    sent = bundle(other, uk_report(), kind=kind, identifier={"value": "b1"}, zyxwq=1)
    (one,) = read_bundle(sent)
    report = annotated(one, patient_report(), html="x", text="x", recorded=NOW)
    made = answered(sent, {1: report})
    check({name: value for name, value in made.items() if name != "zyxwq"})
    assert (made["type"], made["identifier"], made["zyxwq"]) == ("collection", {"value": "b1"}, 1)
    assert [entry["fullUrl"] for entry in made["entry"]] == [entry["fullUrl"] for entry in sent["entry"]]
    assert [entry["resource"] for entry in made["entry"]] == [other, report]
    assert not any("request" in entry for entry in made["entry"])


def test_a_signature_of_what_was_changed_is_not_passed_on() -> None:
    signature = {"type": [{"code": "x"}], "when": "2026-10-05T14:20:00Z", "who": {"display": "x"}, "data": "YQ=="}
    sent = bundle(uk_report(), signature=signature)
    assert "signature" not in answered(sent, {})
