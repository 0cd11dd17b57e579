"""A report that came in another format becomes a DiagnosticReport from which the very same report is read."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given

from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.formats.fhir.build import to_resource
from plainrad.formats.fhir.incoming import read_resource
from plainrad.formats.fhir.wire import dumps, parse
from tests.support.fhir import check
from tests.support.people import reports


@given(reports())
def test_nothing_is_lost_on_the_way_through_fhir(report: Report) -> None:
    resource = to_resource(report)
    check(resource)
    assert read_resource(parse(dumps(resource))).report == report


def test_the_least_report_is_a_valid_resource() -> None:
    report = Report("No fracture.", ReportStatus.FINAL)
    resource = to_resource(report)
    check(resource)
    assert read_resource(resource).report == report


def test_a_moment_stays_the_same_moment() -> None:
    moment = datetime(2026, 10, 25, 1, 30, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    report = Report("a", ReportStatus.FINAL, Exam(performed_at=moment), verified_at=moment)
    again = read_resource(to_resource(report)).report
    assert again.verified_at == moment == again.exam.performed_at
    assert date(2026, 10, 25) == moment.astimezone(UTC).date()
