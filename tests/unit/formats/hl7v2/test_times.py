"""Time stamps: local times of the site, and never earlier than was meant."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.errors import MessageError
from plainrad.formats.hl7v2.times import parse_day, parse_time, stamp

LONDON = ZoneInfo("Europe/London")
EARLY, LATE = datetime(1980, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - hypothesis wants them bare


def utc(value: str, *, end_of_day: bool = False) -> str:
    found = parse_time(value, zone=LONDON, place="OBR-22", end_of_day=end_of_day)
    assert found is not None
    return found.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("20260102101112", "2026-01-02 10:11:12"),
        ("20260702101112", "2026-07-02 09:11:12"),
        ("202607021011", "2026-07-02 09:11:00"),
        ("2026070210", "2026-07-02 09:00:00"),
        ("20260702", "2026-07-01 23:00:00"),
        ("20260102101112.123456", "2026-01-02 10:11:12"),
        ("20260102101112+0000", "2026-01-02 10:11:12"),
        ("20260702101112-0500", "2026-07-02 15:11:12"),
        ("20260702101112.5+0530", "2026-07-02 04:41:12"),
        ("20261025013000", "2026-10-25 01:30:00"),  # comes twice: the later one
        ("20260329013000", "2026-03-29 01:30:00"),  # does not exist: an hour later
    ],
)
def test_a_time_is_london_time_unless_it_says_otherwise(sent: str, meant: str) -> None:
    assert utc(sent) == meant


def test_a_day_of_verification_ends_with_the_day() -> None:
    assert utc("20260102", end_of_day=True) == "2026-01-02 23:59:59"


@pytest.mark.parametrize(
    "sent",
    ["2026", "202613", "20261301", "20260230101112", "2026010225", "20260102101160", "yesterday", "20260102101112+9999", "２０２６0102",
     "00010101000000+1200", "2026-01-02", "20260102 1011", "0000000000", "99991231235959-1200"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_its_place(sent: str) -> None:
    with pytest.raises(MessageError) as caught:
        parse_time(sent, zone=LONDON, place="OBR-22")
    assert (caught.value.code, caught.value.place) == ("time_invalid", "OBR-22")
    assert sent not in str(caught.value)


def test_an_empty_field_is_no_time() -> None:
    assert parse_time("  ", zone=LONDON, place="OBR-7") is None


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("19700131", date(1970, 1, 31)),
        ("19700131000000", date(1970, 1, 31)),
        ("1970", None),
        ("SMITH^JO", None),
        ("19701399", None),
    ],
)
def test_a_birthday_is_a_day_or_nothing(sent: str, day: date | None) -> None:
    assert parse_day(sent) == day


@given(st.datetimes(EARLY, LATE))
def test_a_moment_comes_back_or_an_hour_later(moment: datetime) -> None:
    there = moment.replace(microsecond=0, tzinfo=UTC)
    back = parse_time(stamp(there, zone=LONDON), zone=LONDON, place="OBR-7")
    assert back in (there, there + timedelta(hours=1))


@given(st.text(max_size=30))
def test_no_text_makes_reading_fail_in_another_way(text: str) -> None:
    with suppress(MessageError):
        parse_time(text, zone=LONDON, place="OBR-7")
