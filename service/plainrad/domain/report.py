"""A radiology report as a caller sent it. A Report that exists is verified, has text, and is never changed."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

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
class Exam:
    """What was done: title as the sender gives it, modality code, regions of the body."""

    title: str | None = None
    modality: Modality | None = None
    body_regions: tuple[str, ...] = ()


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
        if self.verified_at is not None and self.verified_at.tzinfo is None:
            raise ReportInvalidError("verified_at: give the time zone, for example 2026-10-05T14:20:00+01:00.")

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the text as UTF-8, in hex."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
