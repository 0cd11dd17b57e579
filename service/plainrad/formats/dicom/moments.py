"""Dates and times of DICOM <-> moments with a zone."""

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

# Where nobody says a zone, the clock on the wall of a British hospital is meant (PS3.3, C.12.1.1.8: the local time).
LOCAL: Final[tzinfo] = ZoneInfo("Europe/London")
_WRITTEN: Final = timezone(timedelta(hours=1))
_DT: Final = re.compile(r"(\d{8})(\d{4})(\d\d)?(?:\.(\d{1,6}))?([+-]\d{4})?", re.ASCII)
_OFFSET: Final = re.compile(r"([+-])(\d\d)(\d\d)", re.ASCII)


def zone_of(offset: object, *, otherwise: tzinfo = LOCAL) -> tzinfo:
    """Return the zone of a Timezone Offset From UTC such as +0100."""
    match = _OFFSET.fullmatch(str(offset or "").strip())
    if match is None:
        return otherwise
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone((-1 if match[1] == "-" else 1) * timedelta(minutes=minutes)) if minutes < 24 * 60 else otherwise


def parse_moment(value: object, *, zone: tzinfo) -> datetime | None:
    """Return the moment of a DT value, or None where it does not say at least the minute."""
    match = _DT.fullmatch(str(value or "").strip())
    if match is None:
        return None
    day, minute, second, part, offset = match.groups()
    try:
        found = datetime.strptime(f"{day}{minute}{second or '00'}", "%Y%m%d%H%M%S")  # noqa: DTZ007
    except ValueError:
        return None
    micro = int((part or "0").ljust(6, "0"))
    return found.replace(microsecond=micro, tzinfo=zone_of(offset, otherwise=zone) if offset else zone)


def parse_day_and_time(day: object, time: object, *, zone: tzinfo) -> datetime | None:
    """Return the moment of a date and a time, or None where either is missing."""
    return parse_moment(f"{day or ''}{time or ''}".replace(":", ""), zone=zone) if day and time else None


def parse_day(value: object) -> date | None:
    """Return a date, or None where there is none."""
    text = str(value or "").strip()
    try:
        return datetime.strptime(text, "%Y%m%d").date() if len(text) == 8 else None  # noqa: DTZ007
    except ValueError:
        return None


def format_moment(moment: datetime) -> str:
    """Return a DT value with its offset. Always +0100: dcmtk up to 3.6.7 takes +0000 for a mistake, and refuses the whole document."""
    found = moment.astimezone(_WRITTEN)
    return f"{found:%Y%m%d%H%M%S}" + (f".{found.microsecond:06d}" if found.microsecond else "") + "+0100"
