"""What callers send -> a Report, or a ReportError that says what to do. Nothing of the report stands in an error."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from plainrad.domain.people import Identifier, NhsNumber, Patient, Sex
from plainrad.domain.report import MAX_CHARACTERS, Code, Exam, Modality, Report, ReportStatus, Target
from plainrad.errors import JsonInvalidError, ReportEncodingError, ReportInvalidError, ReportTooLargeError

_MODALITIES: dict[str, Modality] = {
    "XR": "XR", "CR": "XR", "DX": "XR", "DR": "XR", "X-RAY": "XR", "XRAY": "XR", "RADIOGRAPH": "XR", "CT": "CT", "MR": "MR", "MRI": "MR", "US": "US", "USS": "US",
    "ULTRASOUND": "US", "MG": "MG", "MAMMOGRAPHY": "MG", "NM": "NM", "PT": "PT", "PET": "PT", "PET-CT": "PT", "PET/CT": "PT", "BMD": "BMD", "DEXA": "BMD", "DXA": "BMD",
    "RF": "RF", "FLUOROSCOPY": "RF", "IR": "IR", "XA": "IR", "INTERVENTION": "IR",
}  # fmt: skip
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEARS = range(1970, 2101)
Short = Annotated[str, StringConstraints(max_length=300)]


def _time(value: object) -> object:
    """Let through only a written-out time: pydantic would also read numbers, and bare days, as moments."""
    if isinstance(value, datetime) or (isinstance(value, str) and _TIME.fullmatch(value) and int(value[:4]) in _YEARS):
        return value
    raise ValueError("not a time")


Moment = Annotated[AwareDatetime, BeforeValidator(_time, json_schema_input_type=AwareDatetime)]


def _day(value: object) -> object:
    """Let through only a written-out date, for the same reason."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        return value
    raise ValueError("not a date")


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]


class Incoming(BaseModel):
    """Base of what callers send: unknown fields are refused, so that a typing error is not silent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class CodeIn(Incoming):
    """A code in its own system."""

    value: Short
    system: Short | None = None


class ExamIn(Incoming):
    """What was done, as the caller knows it."""

    title: Short | None = None
    modality: Short | None = None
    body_regions: list[Short] = Field(default_factory=list, max_length=20)
    code: CodeIn | None = Field(default=None, description="NICIP, SNOMED CT or local code of the examination.")
    performed_at: Moment | None = Field(default=None, description="When it was done, with the time zone.")


class IdentifierIn(Incoming):
    """A number that an organisation gave the patient."""

    value: Short
    system: Short | None = None
    kind: Short | None = None


class PatientIn(Incoming):
    """Whom the report is about. Nothing of it comes back in an answer of the stateless calls."""

    nhs_number: Short | None = Field(default=None, description="Ten digits, with or without spaces.")
    traced: bool = Field(default=True, description="False where the NHS number has not been traced.")
    identifiers: list[IdentifierIn] = Field(default_factory=list, max_length=20)
    family: Short | None = None
    given: list[Short] = Field(default_factory=list, max_length=10)
    birth_date: Day | None = None
    sex: Literal["female", "male", "other", "unknown"] | None = None


class TargetIn(Incoming):
    """A span to be read although the glossary may not know it."""

    start: Annotated[int, Field(strict=True)]
    end: Annotated[int, Field(strict=True)]


def _titled(value: object) -> object:
    return {"title": value} if isinstance(value, str) else value


ExamField = Annotated[ExamIn | None, BeforeValidator(_titled, json_schema_input_type=ExamIn | Short | None)]


class ReportIn(Incoming):
    """A report to be explained."""

    text: str = Field(description="The report, exactly as it was verified: 1 to 200,000 characters.")
    status: Short | None = Field(
        default=None, description="final, amended, corrected or appended (FHIR). Any other is refused, and so is none."
    )
    exam: ExamField = Field(default=None, description="What was done: its title, or an object.")
    modality: Short | None = Field(default=None, description="A DICOM or everyday name, if `exam` does not say it.")
    verified_at: Moment | None = Field(default=None, description="When it was verified, with the time zone (RFC 3339).")
    requester: Short | None = Field(default=None, description="Who asked for the examination.")
    targets: list[TargetIn] = Field(
        default_factory=list,
        max_length=1_000,
        description="Spans of the text to be read although no entry covers them.",
    )
    patient: PatientIn | None = Field(default=None, description="Whom it is about, where the caller may say so.")
    report_id: Short | None = Field(default=None, description="The report's own number (filler order number).")
    accession: Short | None = Field(default=None, description="The accession number of the examination.")
    reported_by: list[Short] = Field(default_factory=list, max_length=10, description="Who reported it.")
    organisation: Short | None = Field(default=None, description="ODS code of the organisation that reported it.")


def decode(data: bytes) -> str:
    """Return UTF-8 bytes as text, every byte of them; raises ReportEncodingError or ReportTooLargeError."""
    if len(data) > 4 * MAX_CHARACTERS:
        raise ReportTooLargeError(limit=MAX_CHARACTERS)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise ReportEncodingError from None


def parse_report(fields: object) -> Report:
    """Return the Report of JSON fields; raises a ReportError that names the field and never its content."""
    if isinstance(fields, Mapping) and isinstance(fields.get("text"), str):
        _whole_characters(fields["text"])
    try:
        sent = ReportIn.model_validate(fields)
    except ValidationError as error:
        raise ReportInvalidError(_summary(error)) from None
    return to_report(sent)


def parse_json(data: bytes | str) -> Any:
    """Return the values of JSON text; raises JsonInvalidError or ReportEncodingError.

    A name that stands twice in one object is refused: the two could state two statuses, and only one would be looked at.
    """
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
    except UnicodeDecodeError:
        raise ReportEncodingError from None
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise JsonInvalidError from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _whole_characters(text: str) -> None:
    """Refuse half of a surrogate pair, which JSON can write as an escape and UTF-8 cannot hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ReportEncodingError from None


def to_report(sent: ReportIn) -> Report:
    """Return the verified Report of what was sent. The status is looked at first: nothing else matters without it."""
    status = ReportStatus.parse(sent.status)
    exam = sent.exam or ExamIn()
    return Report(
        text=sent.text,
        status=status,
        exam=Exam(
            exam.title,
            parse_modality(exam.modality or sent.modality),
            tuple(exam.body_regions),
            Code(exam.code.value, exam.code.system) if exam.code else None,
            exam.performed_at,
        ),
        verified_at=sent.verified_at,
        requester=sent.requester,
        targets=tuple(Target(one.start, one.end) for one in sent.targets),
        patient=_patient(sent.patient) if sent.patient else None,
        report_id=sent.report_id,
        accession=sent.accession,
        reported_by=tuple(sent.reported_by),
        organisation=sent.organisation,
    )


def _patient(sent: PatientIn) -> Patient:
    return Patient(
        nhs_number=NhsNumber.parse(sent.nhs_number) if sent.nhs_number and sent.nhs_number.strip() else None,
        traced=sent.traced,
        identifiers=tuple(Identifier(one.value, one.system, one.kind) for one in sent.identifiers),
        family=sent.family,
        given=tuple(sent.given),
        birth_date=sent.birth_date,
        sex=Sex(sent.sex) if sent.sex else None,
    )


def parse_modality(value: str | None) -> Modality | None:
    """Return the modality code of a DICOM, NICIP or everyday name; an unknown one is left for the text to tell (None)."""
    return _MODALITIES.get(value.strip().upper()) if value else None


def _summary(error: ValidationError) -> str:
    """Return what is wrong by field names only: pydantic's own text would repeat what was sent."""
    found: dict[str, None] = {}
    for item in error.errors(include_input=False, include_url=False, include_context=False):
        known = item["type"] != "extra_forbidden"
        where = _where(item["loc"] if known else item["loc"][:-1])
        if not known:
            found[
                f"{where} holds a field that is not known."
                if where
                else "A field that was sent is not a field of a report."
            ] = None
        elif item["type"] == "model_type" and not where:
            found["A report is a JSON object with at least `text` and `status`."] = None
        else:
            found[f"{where} {_WHAT.get(item['type'], 'is not valid')}."] = None
    return " ".join(list(found)[:5])


_WHAT = {
    "missing": "is required",
    "string_type": "must be a string",
    "string_too_long": "is too long",
    "too_long": "has too many items",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "timezone_aware": "needs a time zone, for example 2026-10-05T14:20:00+01:00",
    "value_error": "must be a time such as 2026-10-05T14:20:00+01:00, or a date such as 1961-04-30",
    "date_from_datetime_parsing": "must be a date such as 1961-04-30",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "literal_error": "must be one of the values that docs/api.md lists",
}


def _where(location: tuple[int | str, ...]) -> str:
    """Return the place in our own names: pydantic adds names for the members of a union."""
    return ".".join(str(part) for part in location if isinstance(part, int) or part in _NAMES)


_NAMES = {
    name for schema in (ReportIn, ExamIn, TargetIn, CodeIn, PatientIn, IdentifierIn) for name in schema.model_fields
}
