"""ORU^R01 out: the original untouched, what is added beside it, and a delay that is never too short."""

import base64
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import hl7
import pytest
from hl7apy.parser import parse_message as hl7apy_parse  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from plainrad.domain.people import Identifier, NhsNumber, Patient, Sex
from plainrad.domain.report import Code, Exam, Report, ReportStatus
from plainrad.formats.hl7v2.message import Segment, parse_message
from plainrad.formats.hl7v2.read import ReportReceived, WithdrawalReceived, read_oru
from plainrad.formats.hl7v2.site import Hl7Site, Out
from plainrad.formats.hl7v2.write import Added, Envelope, build, delay_days, enrich, withdraw
from tests.support.hl7 import NHS_NUMBER, message, msh, obr, obx, orc, pid

LONDON = ZoneInfo("Europe/London")
EARLY, LATE = datetime(2020, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001 - hypothesis wants them bare
ENVELOPE = Envelope("PR0001", datetime(2026, 1, 2, 12, 0, tzinfo=UTC), LONDON, 31)
ADDED = (
    Added("disclaimer", text="Ask the person who sent you."),
    Added("text", text="Fluid | around the lung ^ & ~ \\ there\r\nis a small amount."),
    Added("html", data=b"<!doctype html><p>1 < 2"),
    Added("pdf", data=b"%PDF-1.7"),
)


def enriched(*segments: str, out: Out | None = None, envelope: Envelope = ENVELOPE) -> list[Segment]:
    sent = enrich(parse_message(message(*segments)), ADDED, out=out or Out(), envelope=envelope)
    return list(parse_message(sent).segments)


def test_the_original_stays_and_the_rest_comes_after_it() -> None:
    before = parse_message(
        message(msh(), pid(), obr(), obx("one  "), "NTE|1||note", obx("two\\.br\\", f1="2"), "ZRP|1|x")
    )
    after = parse_message(enrich(before, ADDED, out=Out(), envelope=ENVELOPE))
    names = [one.name for one in after.segments]
    assert names == ["MSH", "PID", "OBR", "OBX", "NTE", "OBX", "OBX", "OBX", "OBX", "OBX", "ZRP"]
    for old, new in zip(before.segments[3:6], after.segments[3:6], strict=True):
        assert new.fields[:6] == old.fields[:6]
    assert after.segments[1:3] == before.segments[1:3]
    assert after.segments[-1] == before.segments[-1]


def test_header_and_delay_are_what_the_portal_asks_for() -> None:
    segments = enriched(msh(f3="CRIS", f18="8859/1"), pid(), orc(f3="OTHER"), obr(), obx(), obx("two", f1="2"))
    header = segments[0]
    assert [header.get(n) for n in (3, 4, 5, 6, 7, 9, 10, 11, 12, 18)] == [
        "RADIOLOGY", "RXX", "HL7API", "PKB", "20260102120000", "ORU", "PR0001", "P", "2.4", "UNICODE UTF-8",
    ]  # fmt: skip
    assert (segments[2].get(3), segments[3].get(3)) == ("ACC123456", "ACC123456")
    assert [one.get(13) for one in segments if one.name == "OBX"] == ["31", "", "", "", "", ""]


def test_a_longer_delay_of_the_sender_stays() -> None:
    assert enriched(msh(), pid(), obr(), obx(f13="60"))[3].get(13) == "60"
    assert enriched(msh(), pid(), obr(), obx(f13="14"))[3].get(13) == "31"
    assert enriched(msh(), pid(), obr(), obx(f13="for ever"))[3].get(13) == "31"


def test_what_is_added_can_be_read_back() -> None:
    added = [one for one in enriched() if one.name == "OBX"][1:]
    assert [one.get(1) for one in added] == ["2", "3", "4", "5"]
    assert [one.get(3) for one in added] == [
        "PLAINRAD-DISCLAIMER", "PLAINRAD-PATIENT-TEXT", "PLAINRAD-PATIENT-HTML", "PLAINRAD-PATIENT-PDF",
    ]  # fmt: skip
    assert added[1].get(5) == "Fluid | around the lung ^ & ~ \\ there\nis a small amount."
    assert (added[2].get(2), added[2].get(5, 2), added[2].get(5, 3), added[2].get(5, 4)) == (
        "ED",
        "text",
        "html",
        "Base64",
    )
    assert base64.b64decode(added[2].get(5, 5)) == ADDED[2].data
    assert (added[3].get(5, 2), added[3].get(5, 3)) == ("application", "pdf")
    assert {one.get(11) for one in added} == {"F"}


def test_other_libraries_read_the_message() -> None:
    sent = enrich(parse_message(message()), ADDED, out=Out(), envelope=ENVELOPE).decode()
    theirs = hl7.parse(sent)
    assert [str(one(2)) for one in theirs.segments("OBX")] == ["FT", "FT", "FT", "ED", "ED"]
    group = hl7apy_parse(sent).oru_r01_patient_result.oru_r01_order_observation
    assert [one.obx.obx_3.obx_3_1.value for one in group.oru_r01_observation] == [
        "RPT", "PLAINRAD-DISCLAIMER", "PLAINRAD-PATIENT-TEXT", "PLAINRAD-PATIENT-HTML", "PLAINRAD-PATIENT-PDF",
    ]  # fmt: skip


def test_own_delimiters_of_a_sender_are_kept() -> None:
    data = message().decode().translate(str.maketrans("|^~\\&", "#@!?%")).encode()
    sent = enrich(parse_message(data), ADDED, out=Out(), envelope=ENVELOPE)
    found = parse_message(sent)
    assert found.segments[-3].get(5) == "Fluid | around the lung ^ & ~ \\ there\nis a small amount."


def test_letters_of_an_old_character_set_go_out_as_utf_8() -> None:
    data = message(msh(f18="8859/1"), pid(), obr(), obx("Ménière")).decode().encode("iso8859-1")
    sent = enrich(parse_message(data), ADDED, out=Out(), envelope=ENVELOPE)
    assert parse_message(sent).segments[3].raw(5) == "Ménière"


def test_a_report_without_obx_gets_its_delay_all_the_same() -> None:
    segments = enriched(msh(), pid(), obr(), "NTE|1||words")
    assert [one.name for one in segments][3:5] == ["NTE", "OBX"]
    assert segments[4].get(13) == "31"


def test_a_withdrawal_says_so_in_the_portals_own_way() -> None:
    sent = withdraw(parse_message(message(msh(), pid(), obr(f25="X"), obx(f11="X"))), out=Out(), envelope=ENVELOPE)
    (item,) = read_oru(sent, Hl7Site()).items
    assert isinstance(item, WithdrawalReceived)
    assert parse_message(sent).segments[2].get(25) == "R"
    assert parse_message(sent).control_id == "PR0001"


REPORT = Report(
    text="CT head.\n\nFindings: No bleed. 5 | 6 ^ & ~ \\ mm  ",
    status=ReportStatus.CORRECTED,
    exam=Exam("CT head", "CT", code=Code("CSKUH", "NICIP"), performed_at=datetime(2025, 12, 20, 9, 30, tzinfo=UTC)),
    verified_at=datetime(2025, 12, 22, 14, 15, tzinfo=UTC),
    requester="Dr Kim Foster",
    patient=Patient(
        NhsNumber(NHS_NUMBER), identifiers=(Identifier("H1", "RXX", "MR"),), family="Test", given=("Alex", "Jo"),
        birth_date=datetime(1970, 1, 31, tzinfo=UTC).date(), sex=Sex.FEMALE, traced=False,
    ),
    report_id="ACC1", accession="ACC1", reported_by=("Dr Robin Reader", "Dr Sam Second"), organisation="RXX",
)  # fmt: skip


def test_a_report_that_came_another_way_keeps_everything_that_is_known_of_it() -> None:
    sent = build(REPORT, ADDED[:2], out=Out(), envelope=ENVELOPE)
    (item,) = read_oru(sent, Hl7Site(comments="leave_out")).items
    assert isinstance(item, ReportReceived)
    back = item.report
    own = parse_message(sent).segments[5]
    assert own.get(3) == "REPORT"
    assert back.text.startswith(REPORT.text)
    assert (back.exam.title, back.exam.code, back.exam.performed_at) == (
        REPORT.exam.title,
        REPORT.exam.code,
        REPORT.exam.performed_at,
    )
    assert (back.verified_at, back.requester, back.reported_by) == (
        REPORT.verified_at,
        REPORT.requester,
        REPORT.reported_by,
    )
    assert (back.patient, back.report_id, back.accession, back.organisation) == (REPORT.patient, "ACC1", "ACC1", "RXX")
    assert back.status is ReportStatus.CORRECTED


# ---- the delay -----------------------------------------------------------------------------------------------------


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("performed", "release", "days"),
    [
        ("2025-12-20T09:30", "2026-01-19T09:00", 30),
        ("2025-12-20T09:30", "2026-01-19T09:30", 30),
        ("2025-12-20T09:30", "2026-01-19T14:15", 31),  # 30 days after the scan it would still be too early
        ("2026-03-01T12:00", "2026-03-30T09:00", 29),  # clocks go forward
        ("2026-10-24T09:00", "2026-10-26T09:00", 3),  # clocks go back: 48 hours later it is 8 in the morning
        ("2026-02-01T12:00", "2026-01-01T12:00", 0),
    ],
)
def test_the_delay_is_counted_from_the_examination(performed: str, release: str, days: int) -> None:
    assert delay_days(moment(release), moment(performed), zone=LONDON) == days


@given(st.datetimes(EARLY, LATE), st.integers(0, 400), st.integers(0, 86_399))
def test_no_way_of_counting_days_from_the_moment_shows_it_early(performed: datetime, days: int, seconds: int) -> None:
    start = performed.replace(tzinfo=LONDON)
    release = (performed + timedelta(days=days, seconds=seconds)).replace(tzinfo=LONDON)
    delay = delay_days(release, start, zone=LONDON)
    assert start.astimezone(UTC) + timedelta(days=delay) >= release.astimezone(UTC)
    assert (performed + timedelta(days=delay)).date() >= release.date()
    assert delay <= days + 2
