"""Whom a report is about, as its sender says. None of it is ever printed, logged or shown by accident: `repr` hides it."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from plainrad.errors import NhsNumberError, ReportInvalidError

_SPACES = re.compile(r"[\s\-\u00a0]+")
_TEN_DIGITS = re.compile(r"\d{10}", re.ASCII)
_EARLIEST_BIRTH = date(1880, 1, 1)


class Sex(StrEnum):
    """FHIR R4 administrative-gender; HL7 v2 table 0001 is mapped to it by `formats`."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, repr=False, order=True)
class NhsNumber:
    """An NHS number of England, Wales or the Isle of Man: ten digits whose last is the modulus 11 check digit.

    Numbers from 400 000 000 to 499 999 999 and 600 000 000 to 799 999 999 (first nine digits) are given out; those from 900 000 000
    are kept for tests. Scotland (CHI, 010 101 to 311 299) and Northern Ireland (320 000 001 to 399 999 999) use the same check.
    """

    value: str

    def __post_init__(self) -> None:
        if not _TEN_DIGITS.fullmatch(self.value) or not _in_range(self.value) or not _checks(self.value):
            raise NhsNumberError

    @classmethod
    def parse(cls, value: str) -> "NhsNumber":
        """Return the number of what a sender wrote, with or without spaces or hyphens; raises NhsNumberError."""
        return cls(_SPACES.sub("", value))

    @property
    def displayed(self) -> str:
        """Return it as the NHS shows it: 3, 3 and 4 digits."""
        return f"{self.value[:3]} {self.value[3:6]} {self.value[6:]}"

    @property
    def for_tests(self) -> bool:
        """Return True for a number of the 9 range, which belongs to no person."""
        return self.value[0] == "9"

    def __repr__(self) -> str:
        return "NhsNumber(hidden)"

    __str__ = __repr__


def _in_range(value: str) -> bool:
    first = int(value[:9])
    return 10_101_000 <= first <= 311_299_999 or 320_000_001 <= first <= 499_999_999 or first >= 600_000_000


def _checks(value: str) -> bool:
    """Modulus 11: weights 10 to 2 on the first nine digits; a remainder that would need the digit 10 is not given out."""
    total = sum(int(digit) * weight for digit, weight in zip(value[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(value[9])


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that an organisation gave: hospital number, accession number. `system` is an OID, URI or assigning authority."""

    value: str = field(repr=False)
    system: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Whom a report is about. `traced` is False where the sender says that the NHS number has not been traced."""

    nhs_number: NhsNumber | None = field(default=None, repr=False)
    traced: bool = True
    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)
    family: str | None = field(default=None, repr=False)
    given: tuple[str, ...] = field(default=(), repr=False)
    birth_date: date | None = field(default=None, repr=False)
    sex: Sex | None = None

    def __post_init__(self) -> None:
        if self.birth_date is not None and self.birth_date < _EARLIEST_BIRTH:
            raise ReportInvalidError("patient.birth_date: give a year from 1880 on.")

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on `day`, or None where the date of birth is not known or is later."""
        if self.birth_date is None or day < self.birth_date:
            return None
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not had_birthday)
