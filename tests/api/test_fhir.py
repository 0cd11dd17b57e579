"""The FHIR routes: a resource in, the same with its patient version out; every error an OperationOutcome, and nothing of a report in it."""

import base64
import json
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from tests.support.fhir import HEADERS, TEXT, Resource, bundle, check, form, observation, patient, uk_report
from tests.support.fhir_calls import ANNOTATE, post, refused
from tests.support.reports import MARKER
from tests.support.service import Service, failing, make_service


@pytest.mark.parametrize("path", [ANNOTATE, "/fhir/DiagnosticReport"])
def test_a_report_comes_back_with_its_patient_version(service: Service, path: str) -> None:
    answer = post(service, path, uk_report())
    assert answer.status_code == 200
    made = answer.json()
    check(made)
    forms = [base64.b64decode(one["data"]).decode() for one in made["presentedForm"]]
    assert forms[0] == TEXT
    assert "<!doctype html>" in forms[1].lower()
    assert "fluid" in forms[1]
    assert "fluid" in forms[2]
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", [ANNOTATE, "/fhir", "/fhir/"])
@pytest.mark.parametrize("kind", ["collection", "message", "transaction", "batch"])
def test_every_report_of_a_bundle_gets_one(service: Service, path: str, kind: str) -> None:
    answer = post(service, path, bundle(patient(), uk_report(), uk_report(id="b"), kind=kind))
    made = answer.json()
    check(made)
    assert [len(entry["resource"].get("presentedForm", [])) for entry in made["entry"]] == [0, 3, 3]


def test_parameters_may_carry_the_resource(service: Service) -> None:
    answer = post(
        service, ANNOTATE, {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": uk_report()}]}
    )
    assert answer.json()["resourceType"] == "DiagnosticReport"


def test_metadata_says_what_there_is(service: Service) -> None:
    answer = service.client.get("/fhir/metadata")
    check(answer.json())
    assert answer.json()["fhirVersion"] == "4.0.1"
    assert "interaction" not in answer.json()["rest"][0]["resource"][0], "nothing is kept, so nothing can be read"


def test_request_ids_are_mirrored(service: Service) -> None:
    answer = post(service, ANNOTATE, {}, **{"x-request-id": "abc-1", "x-correlation-id": "c"})
    assert (answer.json()["id"], answer.headers["x-request-id"], answer.headers["x-correlation-id"]) == (
        "abc-1",
        "abc-1",
        "c",
    )


def marked(**others: Any) -> Resource:
    """A report in which the word that must not leak stands in every place."""
    made = uk_report(presentedForm=[form(f"{MARKER}. No fracture.")], subject={"display": MARKER}, basedOn=None)
    return made | others


NHS = "https://fhir.nhs.uk/Id/nhs-number"
SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074"
BAD: list[tuple[str, object, int, str]] = [
    ("a list", [MARKER], 422, "fhir_invalid"),
    ("another resource", {"resourceType": "Patient", "name": [{"text": MARKER}]}, 422, "fhir_invalid"),
    ("a type that is none", {"resourceType": MARKER}, 422, "fhir_invalid"),
    ("preliminary", marked(status="preliminary"), 422, "report_not_verified"),
    ("entered in error", marked(status="entered-in-error"), 422, "report_not_verified"),
    ("no status", {k: v for k, v in marked().items() if k != "status"}, 422, "report_status_missing"),
    ("a status that is none", marked(status=MARKER), 422, "fhir_invalid"),
    ("bad base64", marked(presentedForm=[{"contentType": "text/plain", "data": f"{MARKER}!"}]), 422, "attachment_unreadable"),
    ("a PDF without text", marked(presentedForm=[form(b"%PDF-1.4\n%%EOF " + MARKER.encode(), "application/pdf")]), 422, "attachment_unreadable"),
    ("words that are struck out", marked(presentedForm=[form(f"<del>{MARKER}</del>", "text/html")]), 422, "attachment_unreadable"),
    ("another encoding", marked(presentedForm=[form(MARKER.encode() + b"\xff")]), 422, "attachment_unreadable"),
    ("no text", marked(presentedForm=[]), 422, "report_empty"),
    ("too long", marked(presentedForm=[form(MARKER + "x" * 200_001)]), 413, "report_too_large"),
    ("R5", marked(supportingInfo=[]), 415, "fhir_version"),
    ("a laboratory report", marked(category=[{"coding": [{"system": SECTION, "code": "LAB", "display": MARKER}]}]), 422, "not_radiology"),
    ("a reference to nothing", marked(subject={"reference": f"#{MARKER}"}), 422, "fhir_reference"),
    ("not an NHS number", marked(subject={"identifier": {"system": NHS, "value": MARKER}}), 422, "nhs_number_invalid"),
    ("two patients", marked(subject={"reference": "#p", "identifier": {"system": NHS, "value": "9999999999"}}), 422, "patient_mismatch"),
    ("an unclear answer", marked(presentedForm=[], contained=[observation(1, MARKER, valueCodeableConcept={"text": "Unknown"})],
     result=[{"reference": "#o1"}], resultsInterpreter=[]), 422, "words_unclear"),
    ("the end of time", marked(issued="9999-12-31T00:00:00Z"), 422, "report_invalid"),
    ("a long title", marked(code={"text": MARKER * 100}), 422, "report_invalid"),
    ("a bundle of another type", {"resourceType": "Bundle", "type": "searchset"}, 422, "fhir_invalid"),
    ("a bundle without a report", {"resourceType": "Bundle", "type": "collection"}, 422, "fhir_invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "status", "code"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_bad_input_is_refused_in_the_words_of_fhir(service: Service, sent: object, status: int, code: str) -> None:
    issue = refused(post(service, ANNOTATE, sent), status, code)
    assert issue["diagnostics"].endswith((".", ")"))
    assert MARKER not in service.written
    assert MARKER not in service.client.get("/metrics").text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "json_invalid"), (b"{", 400, "json_invalid"), (b"[" * 100_000, 400, "json_invalid"), (b"[" * 70 + b"]" * 70, 400, "json_invalid"),
        (b"[{}," * 60_000 + b"1]", 400, "json_invalid"), (b'{"resourceType":"DiagnosticReport","resourceType":"Bundle"}', 400, "json_invalid"),
        (b"\xff", 400, "report_encoding"), (rb'"\ud800"', 400, "report_encoding"), (b"<Bundle/>", 400, "json_invalid"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(service: Service, body: bytes, status: int, code: str) -> None:
    refused(service.client.post(ANNOTATE, content=body, headers=HEADERS), status, code)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"content-type": "application/json"}, 415, "content_type_unsupported"),
        ({"content-type": "application/fhir+xml"}, 415, "content_type_unsupported"),
        ({"content-type": "application/fhir+json; fhirVersion=5.0"}, 415, "fhir_version"),
        ({"content-type": "application/fhir+json", "accept": "application/fhir+xml"}, 406, "not_acceptable"),
        ({"content-type": "application/fhir+json", "content-encoding": "gzip"}, 415, "content_type_unsupported"),
    ],
)
def test_other_types_are_refused(service: Service, headers: dict[str, str], status: int, code: str) -> None:
    refused(service.client.post(ANNOTATE, content=json.dumps(uk_report()), headers=headers), status, code)


def test_fhir_version_4_is_taken(service: Service) -> None:
    assert (
        post(
            service, ANNOTATE, uk_report(), **{"content-type": "application/fhir+json; fhirVersion=4.0; charset=utf-8"}
        ).status_code
        == 200
    )


def test_a_body_that_is_too_large_is_refused(plainrad: Plainrad) -> None:
    small = make_service(plainrad, max_document_bytes=1_000)
    refused(post(small, ANNOTATE, uk_report()), 413, "body_too_large")


def test_addresses_and_methods_that_are_not_there_are_told_in_fhir(service: Service) -> None:
    refused(service.client.get(f"/fhir/{MARKER}"), 404, "not_found")
    refused(service.client.get("/fhir/metadata?_format=xml"), 406, "not_acceptable")
    wrong = service.client.delete("/fhir/DiagnosticReport")
    refused(wrong, 405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, POST"


def test_without_a_store_nothing_can_be_read(service: Service) -> None:
    for path in ("/fhir/DiagnosticReport/1", "/fhir/DiagnosticReport?identifier=1"):
        refused(service.client.get(path), 501, "not_kept")


def test_before_it_is_ready_it_says_so() -> None:
    answer = post(make_service(None), ANNOTATE, uk_report())
    refused(answer, 503, "not_ready")
    assert answer.headers["retry-after"] == "5"


def test_what_nobody_foresaw_is_answered_and_its_place_is_logged(plainrad: Plainrad) -> None:
    service = make_service(failing(plainrad))
    refused(post(service, ANNOTATE, marked()), 500, "internal_error")
    assert MARKER not in service.written
    assert (service.log[-1]["event"], service.log[-1]["exception"]) == ("request_failed", "ValueError")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(9))
    + b']><DiagnosticReport xmlns="http://hl7.org/fhir"><status value="&j;"/></DiagnosticReport>'
)


@pytest.mark.parametrize("path", [ANNOTATE, "/fhir", "/fhir/DiagnosticReport"])
@pytest.mark.parametrize(
    "kind",
    ["application/fhir+xml", "application/xml; charset=utf-8", "text/xml", "application/fhir+xml; fhirVersion=4.0"],
)
def test_xml_is_refused_before_a_byte_of_it_is_read_and_told_what_to_send(
    service: Service, path: str, kind: str
) -> None:
    answer = service.client.post(path, content=BOMB, headers={"content-type": kind})
    issue = refused(answer, 415, "content_type_unsupported")
    assert "application/fhir+json" in issue["diagnostics"]
    assert "XML" in issue["diagnostics"]


def test_xml_that_is_called_json_is_no_json(service: Service) -> None:
    answer = service.client.post(ANNOTATE, content=BOMB, headers={"content-type": "application/fhir+json"})
    refused(answer, 400, "json_invalid")


@pytest.mark.parametrize("headers", [{"accept": "application/fhir+xml"}, {}])
def test_nothing_is_answered_in_xml(service: Service, headers: dict[str, str]) -> None:
    path = "/fhir/metadata" if headers else "/fhir/metadata?_format=xml"
    refused(service.client.get(path, headers=headers), 406, "not_acceptable")
