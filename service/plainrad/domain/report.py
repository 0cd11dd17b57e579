"""A radiology report as a caller sent it. A Report that exists is verified, has text, and is never changed."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from plainrad.domain.people import Patient
from plainrad.errors import (
    ReportEmptyError,
    ReportInvalidError,
    ReportNotVerifiedError,
    ReportStatusMissingError,
    ReportTooLargeError,
)

MAX_CHARACTERS = 200_000

Modality = Literal["XR", "CT", "MR", "US", "MG", "NM", "PT", "BMD", "RF", "IR"]


class ReportStatus(StrEnum):
    """The statuses of a verified report (FHIR R4 diagnostic-report-status). No other status can be explained."""

    FINAL = "final"
    AMENDED = "amended"
    CORRECTED = "corrected"
    APPENDED = "appended"

    @classmethod
    def parse(cls, value: str | None) -> "ReportStatus":
        """Return the status; raises ReportStatusMissingError or ReportNotVerifiedError."""
        if value is None or not value.strip():
            raise ReportStatusMissingError
        try:
            return cls(value.strip().lower())
        except ValueError:
            raise ReportNotVerifiedError from None


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the examination in its own system: NICIP, SNOMED CT or a local list."""

    value: str
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Exam:
    """What was done: title as the sender gives it, modality code, regions of the body, code, and when it was done."""

    title: str | None = None
    modality: Modality | None = None
    body_regions: tuple[str, ...] = ()
    code: Code | None = None
    performed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A span of the text that the caller wants read although the glossary may not know it; half-open offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """A verified report. `text` is what was sent, character for character."""

    text: str
    status: ReportStatus
    exam: Exam = field(default_factory=Exam)
    verified_at: datetime | None = None
    requester: str | None = None
    targets: tuple[Target, ...] = ()
    patient: Patient | None = None
    report_id: str | None = None  # the filler order number: the same one with other text is a new version
    accession: str | None = None
    reported_by: tuple[str, ...] = ()
    organisation: str | None = None  # ODS code of who reported

    def __post_init__(self) -> None:
        if len(self.text) > MAX_CHARACTERS:
            raise ReportTooLargeError(limit=MAX_CHARACTERS)
        if not self.text.strip("\x00 \t\r\n\f\v\u00a0\ufeff\u200b"):
            raise ReportEmptyError
        for number, target in enumerate(self.targets):
            if not 0 <= target.start < target.end <= len(self.text):
                raise ReportInvalidError(
                    f"targets[{number}]: start and end must satisfy 0 <= start < end <= {len(self.text)} (the length of the text)."
                )
        for name, moment in (("verified_at", self.verified_at), ("exam.performed_at", self.exam.performed_at)):
            if moment is not None and moment.tzinfo is None:
                raise ReportInvalidError(f"{name}: give the time zone, for example 2026-10-05T14:20:00+01:00.")

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the text as UTF-8, in hex."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
