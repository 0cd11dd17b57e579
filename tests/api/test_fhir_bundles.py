"""Bundles: a transaction is kept whole or not at all, a batch entry by entry, and what brought a report is kept."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from weasyprint import HTML  # type: ignore[import-untyped]

from plainrad.api.kept_fhir import KeptRecords
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Principal, Role, Scope
from plainrad.domain.records import SYSTEM, Original, Sent
from plainrad.errors import FhirInvalidError
from plainrad.formats.fhir.entries import MAX_REPORTS, read_bundle
from tests.support.fhir import HEADERS, Resource, bundle, check, form, patient, uk_report
from tests.support.fhir_calls import ANNOTATE, refused
from tests.support.kept import Kept, kept_service
from tests.support.service import Service


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


def report(kept: Kept, number: str, **others: Any) -> Resource:
    made = uk_report(issued=kept.clock().isoformat(), **others)
    made["contained"][1]["identifier"][0]["value"] = f"A-{number}"
    return made | {"identifier": [{"system": "https://trust.example/reports", "value": number}]}


def post(kept: Kept, sent: object, path: str = "/fhir") -> Any:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return kept.http.post(path, content=body, headers=HEADERS | kept.bearer())


def in_store(kept: Kept) -> list[str]:
    return sorted(str(one.report_id) for one in kept.records.list(actor=SYSTEM).reports)


def statuses(answer: Any) -> list[str]:
    check(answer.json())
    return [entry["response"]["status"][:3] for entry in answer.json()["entry"]]


BROKEN: list[dict[str, Any]] = [
    {"status": "preliminary"},
    {"presentedForm": [{"contentType": "text/plain", "data": "%%%"}]},
    {"subject": {"reference": "#nobody"}},
    {"presentedForm": None},
    {"code": None},
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_transaction_with_one_that_is_wrong_keeps_none(kept: Kept, broken: dict[str, Any], place: int) -> None:
    sent = [report(kept, f"R{n}") for n in range(3)]
    sent[place] = report(kept, f"R{place}", **broken)
    answer = post(kept, bundle(*sent, kind="transaction"))
    assert answer.status_code == 422
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert in_store(kept) == []


def test_a_store_that_fails_in_the_middle_of_a_transaction_keeps_none(kept: Kept, plainrad: Plainrad) -> None:
    sent = [report(kept, f"R{n}") for n in range(3)]
    bundled = bundle(*sent, kind="transaction")
    bundled["entry"][2]["resource"]["identifier"] = [{"value": "R" * 301}]  # longer than the store takes
    assert post(kept, bundled).status_code == 422
    assert in_store(kept) == []


def test_a_transaction_is_answered_entry_by_entry_in_its_order(kept: Kept) -> None:
    sent = bundle(patient(), report(kept, "R1"), report(kept, "R2"), kind="transaction")
    answer = post(kept, sent)
    assert (answer.json()["type"], statuses(answer)) == ("transaction-response", ["202", "201", "201"])
    assert in_store(kept) == ["R1", "R2"]
    assert statuses(post(kept, sent)) == ["202", "200", "200"]


@pytest.mark.parametrize(
    "request_",
    [
        None, {"method": "PUT", "url": "DiagnosticReport/1"}, {"method": "DELETE", "url": "DiagnosticReport/1"},
        {"method": "POST", "url": "DiagnosticReport", "ifNoneExist": "identifier=R1"}, {"method": "GET", "url": "Patient"},
    ],
)  # fmt: skip
def test_what_a_transaction_asks_for_and_is_not_done_refuses_it(kept: Kept, request_: Resource | None) -> None:
    sent = bundle(report(kept, "R1"), report(kept, "R2"), kind="transaction")
    sent["entry"][1]["request"] = request_
    if request_ is None:
        del sent["entry"][1]["request"]
    elif request_["method"] in ("DELETE", "GET"):
        sent["entry"][1] = {"request": request_}
    refused(post(kept, sent), 422, "fhir_invalid")
    assert in_store(kept) == []


def test_a_batch_keeps_what_is_right_and_says_of_each_what_is_wrong(kept: Kept) -> None:
    broken = [report(kept, f"B{n}", **one) for n, one in enumerate(BROKEN)]
    sent = bundle(report(kept, "R1"), *broken, patient(), report(kept, "R2"), kind="batch")
    sent["entry"].append({"request": {"method": "DELETE", "url": "DiagnosticReport/1"}})
    answer = post(kept, sent)
    assert (answer.status_code, answer.json()["type"]) == (200, "batch-response")
    assert statuses(answer) == ["201", *["422"] * len(BROKEN), "202", "201", "422"]
    assert in_store(kept) == ["R1", "R2"]
    outcomes = [one["response"]["outcome"]["issue"][0] for one in answer.json()["entry"]]
    assert [one["details"]["coding"][0]["code"] for one in outcomes[1:6]] == [
        "report_not_verified", "attachment_unreadable", "fhir_reference", "report_empty", "fhir_invalid",
    ]  # fmt: skip


def test_a_report_of_a_batch_that_rests_on_an_entry_that_is_wrong_is_wrong_too(kept: Kept) -> None:
    address = "urn:uuid:00000000-0000-4000-8000-000000000000"
    person = patient(gender="nonsense")
    sent = bundle(person, report(kept, "R1", subject={"reference": address}), report(kept, "R2"), kind="batch")
    assert statuses(post(kept, sent)) == ["422", "422", "201"]
    relative = bundle(person, report(kept, "R3", subject={"reference": "Patient/p"}), kind="batch")
    assert statuses(post(kept, relative)) == ["422", "422"]


@pytest.mark.parametrize("entry", [[], [{}], ["x"], [[]], None, [{"request": {"method": "POST", "url": "x"}}]])
def test_a_batch_without_reports_is_refused(kept: Kept, entry: object) -> None:
    sent = {"resourceType": "Bundle", "type": "batch", "entry": entry}
    refused(post(kept, {key: one for key, one in sent.items() if one is not None}), 422, "fhir_invalid")


def test_a_batch_is_explained_one_by_one_where_nothing_is_kept(service: Service) -> None:
    sent = bundle(uk_report(), uk_report(status="preliminary"), patient(), kind="batch")
    for path in (ANNOTATE, "/fhir"):
        answer = service.client.post(path, content=json.dumps(sent), headers=HEADERS)
        assert statuses(answer) == ["200", "422", "200"]
        assert len(answer.json()["entry"][0]["resource"]["presentedForm"]) == 3


# ---- what brought a report -----------------------------------------------------------------------------------------


def source_of(kept: Kept) -> Sent | None:
    (one,) = kept.records.list(actor=SYSTEM).reports
    found = kept.records.original(one.id, actor=SYSTEM, audience="professional", with_sent=True)
    assert isinstance(found, Original)
    return found.sent


def shown(kept: Kept) -> Resource:
    kept.clock.on(days=60)
    (one,) = kept.records.list(actor=SYSTEM).reports
    answer = kept.http.get(f"/fhir/DiagnosticReport/{one.id}", headers=kept.bearer())
    assert answer.status_code == 200, answer.text
    check(answer.json())
    assert "9912003888" not in answer.text, "whom it is about is not in the answer"
    found: Resource = answer.json()
    return found


def test_the_resource_that_brought_a_report_is_kept_byte_for_byte(kept: Kept) -> None:
    body = b"  " + json.dumps(report(kept, "R1"), indent=3).encode() + b"\n\n"
    assert post(kept, body, "/fhir/DiagnosticReport").status_code == 201
    assert source_of(kept) == Sent("application/fhir+json", body)


def test_of_a_bundle_each_report_is_kept_with_what_it_refers_to(kept: Kept) -> None:
    address = "urn:uuid:00000000-0000-4000-8000-000000000000"
    other = patient(id="other", identifier=[{"value": "H-OTHER"}])
    sent = bundle(patient(), report(kept, "R1", subject={"reference": address}), other, kind="transaction")
    assert statuses(post(kept, sent)) == ["202", "201", "202"]
    found = source_of(kept)
    assert found is not None
    assert [one["resource"] for one in json.loads(found.data)["entry"]] == [
        sent["entry"][n]["resource"] for n in (1, 0)
    ]
    assert b"H-OTHER" not in found.data, "nothing of another patient"


@pytest.mark.parametrize("kind", ["application/pdf", "text/html", "text/plain; charset=iso-8859-1"])
@pytest.mark.parametrize("bundled", [False, True])
def test_the_form_that_a_report_came_in_is_given_back_byte_for_byte(kept: Kept, kind: str, bundled: bool) -> None:
    page = "<html><body><p>Small left pleural effusion.</p><p>No pneumothorax.</p></body></html>"
    data = {
        "application/pdf": HTML(string=page).write_pdf,
        "text/html": page.encode,
        "text/plain; charset=iso-8859-1": lambda: "Débris: small left pleural effusion.\r\n".encode("latin-1"),
    }[kind]()
    sent_form = form(data, kind, title="The report", language="en")
    sent = report(
        kept, "R1", presentedForm=[form("", "image/png", url="https://x.example/1") | {"data": "QQ=="}, sent_form]
    )
    answer = post(kept, bundle(sent, kind="collection")) if bundled else post(kept, sent, "/fhir/DiagnosticReport")
    assert answer.status_code in (200, 201), answer.text
    found = shown(kept)
    assert found["presentedForm"][0] == sent_form
    assert base64.b64decode(found["presentedForm"][0]["data"]) == data
    assert found["presentedForm"][1]["title"] == "Patient version"
    for name in ("identifier", "category", "code", "effectiveDateTime", "issued"):
        assert found[name] == sent[name], "as it was sent"


def test_reports_that_share_a_large_part_do_not_make_it_grow(kept: Kept) -> None:
    address = "urn:uuid:00000000-0000-4000-8000-000000000000"
    large = patient(name=[{"family": "Testpatient", "text": "x" * 10_000}])
    many = [report(kept, f"R{n}", subject={"reference": address}) for n in range(9)]
    found = read_bundle(bundle(large, *many))
    caller = Principal("c", "client", "RXX", frozenset({Role.PORTAL}), frozenset(Scope))
    with pytest.raises(FhirInvalidError, match="fewer"):
        KeptRecords(kept.records, caller, most_sent=60_000).keep(found)
    assert in_store(kept) == []
    assert len(KeptRecords(kept.records, caller).keep(found)) == 9


@pytest.mark.parametrize("kind", ["collection", "transaction", "batch"])
def test_more_reports_than_are_taken_at_once_are_refused(kept: Kept, kind: str) -> None:
    one = {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "x"}}
    refused(post(kept, bundle(*[one] * (MAX_REPORTS + 1), kind=kind)), 422, "fhir_invalid")


def test_a_report_that_came_another_way_is_made_into_a_resource(kept: Kept) -> None:
    assert kept.submit().status_code == 201
    assert shown(kept)["presentedForm"][0]["contentType"].startswith("text/plain")
