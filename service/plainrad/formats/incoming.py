"""What callers send -> a Report, or a ReportError that says what to do. Nothing of the report stands in an error."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from plainrad.domain.report import MAX_CHARACTERS, Exam, Modality, Report, ReportStatus, Target
from plainrad.errors import ReportEncodingError, ReportInvalidError, ReportTooLargeError

_MODALITIES: dict[str, Modality] = {
    "XR": "XR", "CR": "XR", "DX": "XR", "DR": "XR", "X-RAY": "XR", "XRAY": "XR", "RADIOGRAPH": "XR", "CT": "CT", "MR": "MR", "MRI": "MR", "US": "US", "USS": "US",
    "ULTRASOUND": "US", "MG": "MG", "MAMMOGRAPHY": "MG", "NM": "NM", "PT": "PT", "PET": "PT", "PET-CT": "PT", "PET/CT": "PT", "BMD": "BMD", "DEXA": "BMD", "DXA": "BMD",
    "RF": "RF", "FLUOROSCOPY": "RF", "IR": "IR", "XA": "IR", "INTERVENTION": "IR",
}  # fmt: skip
Short = Annotated[str, StringConstraints(max_length=300)]


class Incoming(BaseModel):
    """Base of what callers send: unknown fields are refused, so that a typing error is not silent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ExamIn(Incoming):
    """What was done, as the caller knows it."""

    title: Short | None = None
    modality: Short | None = None
    body_regions: list[Short] = Field(default_factory=list, max_length=20)


class TargetIn(Incoming):
    """A span to be read although the glossary may not know it."""

    start: Annotated[int, Field(strict=True)]
    end: Annotated[int, Field(strict=True)]


class ReportIn(Incoming):
    """A report to be explained."""

    text: str
    status: Short | None = None
    exam: ExamIn | Short | None = None
    modality: Short | None = None
    verified_at: datetime | None = None
    requester: Short | None = None
    targets: list[TargetIn] = Field(default_factory=list, max_length=1_000)


def decode(data: bytes) -> str:
    """Return UTF-8 bytes as text, without a leading byte order mark; raises ReportEncodingError or ReportTooLargeError."""
    if len(data) > 4 * MAX_CHARACTERS:
        raise ReportTooLargeError(limit=MAX_CHARACTERS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReportEncodingError from None


def parse_report(fields: Mapping[str, Any]) -> Report:
    """Return the Report of JSON fields; raises a ReportError that names the field and never its content."""
    try:
        sent = ReportIn.model_validate(fields)
    except ValidationError as error:
        raise ReportInvalidError(_summary(error)) from None
    return to_report(sent)


def parse_json(data: bytes | str) -> Any:
    """Return the values of JSON text; raises ReportInvalidError."""
    text = decode(data) if isinstance(data, bytes) else data
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise ReportInvalidError("The body is not valid JSON.") from None


def to_report(sent: ReportIn) -> Report:
    """Return the verified Report of what was sent. The status is looked at first: nothing else matters without it."""
    status = ReportStatus.parse(sent.status)
    exam = sent.exam if isinstance(sent.exam, ExamIn) else ExamIn(title=sent.exam)
    try:
        sent.text.encode("utf-8")
    except UnicodeEncodeError:
        raise ReportEncodingError from None
    return Report(
        text=sent.text,
        status=status,
        exam=Exam(exam.title, parse_modality(exam.modality or sent.modality), tuple(exam.body_regions)),
        verified_at=sent.verified_at,
        requester=sent.requester,
        targets=tuple(Target(one.start, one.end) for one in sent.targets),
    )


def parse_modality(value: str | None) -> Modality | None:
    """Return the modality code of a DICOM, NICIP or everyday name; an unknown one is left for the text to tell (None)."""
    return _MODALITIES.get(value.strip().upper()) if value else None


def _summary(error: ValidationError) -> str:
    """Return what is wrong by field names only: pydantic's own text would repeat what was sent."""
    found = []
    for item in error.errors(include_input=False, include_url=False)[:5]:
        where = ".".join(str(part) for part in item["loc"] if not str(part).startswith(("function-", "ExamIn", "constrained")))
        kind = item["type"]
        what = {"missing": "is required", "extra_forbidden": "is not a field of a report"}.get(kind, f"is not valid ({kind})")
        known = kind != "extra_forbidden"
        found.append(f"{where if known else 'A field that was sent'} {what}.")
    return " ".join(found)
