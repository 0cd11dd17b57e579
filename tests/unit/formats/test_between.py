"""From one format through the report into another and back: who, what, when, by whom and for whom stay the same."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import settings as examples

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Report
from plainrad.errors import FhirInvalidError, MessageError, ReportError
from plainrad.formats.dicom.read import read_file
from plainrad.formats.fhir.build import to_resource
from plainrad.formats.fhir.incoming import read_resource
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.site import Fields, Hl7Site, Radiology
from plainrad.formats.hl7v2.write import Envelope, build
from plainrad.wire.anyway import read_report
from plainrad.wire.stateless import make_message
from tests.support.dicom import report as dicom_report
from tests.support.dicom import sr, text
from tests.support.fhir import bundle, uk_report
from tests.support.people import reports

SITE = Hl7Site(radiology=Radiology(everything=True), fields=Fields(accession=("OBR-18", "ORC-3", "OBR-3")))
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def through_hl7(report: Report) -> Report:
    (item,) = read_oru(build(report, (), out=SITE.out, envelope=Envelope("ID", NOW, LONDON)), SITE).items
    assert isinstance(item, ReportReceived)
    return item.report


@examples(max_examples=60, deadline=None)
@given(reports())
def test_fhir_to_hl7_to_fhir(report: Report) -> None:
    report = read_resource(to_resource(report)).report
    assume(report.report_id or report.accession)
    back = read_resource(to_resource(through_hl7(report))).report
    assert (back.report_id, back.accession) == (
        report.report_id or report.accession,
        report.accession or report.report_id,
    )
    assert (back.verified_at, back.exam.performed_at) == (report.verified_at, report.exam.performed_at)
    assert (back.requester, back.reported_by, back.organisation) == (
        report.requester,
        report.reported_by,
        report.organisation,
    )
    assert (back.exam.code, back.exam.title or "Imaging report") == (
        report.exam.code,
        report.exam.title or "Imaging report",
    )
    if report.patient is not None:
        assert back.patient is not None
        assert (back.patient.nhs_number, back.patient.identifiers) == (
            report.patient.nhs_number,
            tuple(dict.fromkeys(report.patient.identifiers)),
        )
        assert (back.patient.family, back.patient.birth_date, back.patient.sex) == (report.patient.family, report.patient.birth_date, report.patient.sex)  # fmt: skip
    assert back.text.split("\n") == report.text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), (
        "HL7 has one line end"
    )


def test_a_file_says_itself_which_format_it_is() -> None:
    resource = uk_report()
    assert read_report(json.dumps(resource).encode()) == read_resource(resource).report
    assert read_report(json.dumps(bundle(resource)).encode()).report_id == "REP1"
    raw = sr([text("No fracture.")])
    assert read_report(raw) == read_file(raw).report
    assert read_report(b'{"text": "No fracture.", "status": "final"}').text == "No fracture."
    with pytest.raises(FhirInvalidError, match="One report"):
        read_report(json.dumps(bundle(resource, uk_report())).encode())
    with pytest.raises(ReportError):
        read_report(b"MSH|^~\\&|")


@pytest.mark.parametrize("kind", ["fhir", "dicom"])
def test_a_message_is_made_of_a_report_that_came_another_way(plainrad: Plainrad, kind: str) -> None:
    done, verified = datetime.now(UTC) - timedelta(days=3), datetime.now(UTC) - timedelta(days=1)
    if kind == "fhir":
        report = read_resource(uk_report(effectiveDateTime=done.isoformat(), issued=verified.isoformat())).report
    else:
        about = dicom_report(verified_at=verified, report_id="R1")
        report = replace(read_file(sr([text("Small left pleural effusion.")], about=about)).report, report_id="R1")
        report = replace(report, exam=replace(report.exam, performed_at=done))
    made = make_message(report, plainrad, site=SITE, days_only=True).decode()
    fields = next(line for line in made.split("\r") if line.startswith("OBX|")).split("|")
    assert int(fields[13]) >= 30, "28 days from the verification, counted from the examination"
    assert "PLAINRAD-PATIENT-TEXT" in made
    assert "fluid" in made


def test_what_the_portal_could_not_hold_back_is_not_written(plainrad: Plainrad) -> None:
    report = replace(read_resource(uk_report(issued=datetime.now(UTC).isoformat())).report)
    with pytest.raises(MessageError) as raised:
        make_message(replace(report, exam=replace(report.exam, performed_at=None)), plainrad, site=SITE, days_only=True)
    assert raised.value.code == "held"
    with pytest.raises(MessageError) as raised:
        make_message(replace(report, report_id=None, accession=None), plainrad, site=SITE, days_only=True)
    assert raised.value.code == "report_id_missing"
