"""HL7 v2 time stamps. A time without an offset is local time of the site; where it is ambiguous the later moment counts."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from plainrad.formats.hl7v2.refusals import refused

_STAMP = re.compile(
    r"(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,6}))?)?)?)?)?)?([+-]\d{4})?", re.ASCII
)


def parse_time(value: str, *, zone: ZoneInfo, place: str, end_of_day: bool = False) -> datetime | None:
    """Return the moment, or None for an empty value; raises MessageError `time_invalid` naming `place`.

    A day without a time is its first moment, or its last with `end_of_day`: a release that is counted from it must not come early.
    """
    value = value.strip()
    if not value:
        return None
    found = _STAMP.fullmatch(value)
    if not found or found.group(3) is None:
        raise refused("time_invalid", place)
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        clock = (
            time(int(hour), int(minute or 0), int(second or 0), int((fraction or "0").ljust(6, "0")))
            if hour is not None
            else time(23, 59, 59)
            if end_of_day
            else time(0, 0)
        )
        if offset is not None:
            ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))
            if int(offset[3:]) > 59:
                raise refused("time_invalid", place)
            own = timezone(-ahead if offset[0] == "-" else ahead)
            moment = datetime.combine(date(int(year), int(month), int(day)), clock, own)
            moment.astimezone(UTC)  # the first and the last days of the calendar have no UTC
            return moment
        local = datetime.combine(date(int(year), int(month), int(day)), clock, zone)
        both = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        return max(both).astimezone(zone)  # the later of an hour that comes twice; a skipped hour becomes the next
    except (ValueError, OverflowError):
        raise refused("time_invalid", place) from None


def parse_day(value: str) -> date | None:
    """Return the day at the beginning of a time stamp, or None where there is none."""
    found = _STAMP.fullmatch(value.strip())
    if not found or found.group(3) is None:
        return None
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    except ValueError:
        return None


def stamp(moment: datetime, *, zone: ZoneInfo) -> str:
    """Return the moment as local time of the site to the second, without an offset (Patients Know Best discourages one)."""
    return moment.astimezone(zone).strftime("%Y%m%d%H%M%S")
