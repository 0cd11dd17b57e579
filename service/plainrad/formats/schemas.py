"""The JSON that portals and tools rely on, version 1, as pydantic schemas. Fields may be added; none is renamed or removed."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from plainrad.domain.reading import Assertion, Certainty, Change, IntervalUnit, SectionKind, Side
from plainrad.domain.report import Modality
from plainrad.domain.term import ReviewStatus, Sensitivity

Offset = Annotated[int, Field(ge=0, description="Half-open character offset into original.text.")]
PublicKind = Literal["finding", "anatomy", "procedure", "device", "measurement", "score", "descriptor", "other"]
Group = Literal[
    "found", "looked_for_not_found", "possible", "unchanged_or_known", "normal", "next_step", "limitation", "background"
]


def _open(schema: dict[str, Any]) -> None:
    """Let a reader of version 1 accept fields that a later release adds."""
    schema.pop("additionalProperties", None)


class Schema(BaseModel):
    """What goes over the wire."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=_open)


class SpanSchema(Schema):
    """A stretch of the original text."""

    start: Offset
    end: Offset


class OriginalSchema(Schema):
    """The report as it was sent."""

    text: str
    sha256: str


class ExamSchema(Schema):
    """What was done."""

    title: str | None
    modality: Modality | None
    body_regions: list[str]


class SectionSchema(SpanSchema):
    """A part of the report."""

    kind: SectionKind
    title: str | None


class MeasurementSchema(SpanSchema):
    """A size or other figure; `value` is the largest dimension."""

    text: str
    value: float
    values: list[float]
    unit: str | None
    when: Literal["current", "prior"]


class EvidenceSchema(SpanSchema):
    """The rule that decided, and the words that made it fire."""

    rule: str


class ModifierSchema(SpanSchema):
    """A describing word that belongs to a mention."""

    id: str
    text: str


class MentionSchema(SpanSchema):
    """Something that the report speaks of, and what it says about it."""

    id: str
    text: str
    term_id: str | None
    concept: str
    kind: PublicKind
    assertion: Assertion
    certainty: Certainty
    change: Change | None
    laterality: Side | None
    section: SectionKind
    reportable: bool
    anatomy: list[str]
    location: str | None
    also_in: list[str]
    measurements: list[MeasurementSchema]
    modifiers: list[ModifierSchema]
    phrase: str | None
    evidence: list[EvidenceSchema]
    suggests: list[str]
    same_as: str | None


class IntervalSchema(SpanSchema):
    """When a next step is to be taken: `value`, or from `value` to `most`, in `unit`."""

    text: str
    value: int
    most: int | None
    unit: IntervalUnit


class RecommendationSchema(SpanSchema):
    """A next step that the report speaks of: what (kinds of action, procedure mentions), why (mentions), when, and whether it is needed."""

    text: str
    actions: list[str]
    procedures: list[str]
    reasons: list[str]
    interval: IntervalSchema | None
    urgent: bool
    needed: bool
    evidence: list[EvidenceSchema]


class StatementSchema(Schema):
    """One plain sentence, and where in the original it comes from."""

    id: str
    group: Group
    text: str
    certainty: Certainty
    conclusion: bool
    quote: str
    source: Annotated[list[SpanSchema], Field(min_length=1)]
    mentions: Annotated[list[str], Field(min_length=1)]


class OwnWordsSchema(SpanSchema):
    """Words of the report that no statement rests on; shown as they stand, so that nothing is lost."""

    text: str
    section: SectionKind


class LeadSchema(Schema):
    """A line that stands first where a report holds sensitive things."""

    about: Sensitivity
    text: str


class NoteSchema(Schema):
    """What a professional wrote to the patient, in their own words: no part of the report."""

    text: str
    written_at: datetime
    signed: str | None


class LinkSchema(Schema):
    """A trusted page."""

    url: str
    title: str
    publisher: str


class ReviewSchema(Schema):
    """Who has reviewed the words."""

    status: ReviewStatus
    by: str | None
    on: str | None


class ExplanationSchema(Schema):
    """A word of the report in plain words."""

    term_id: str
    term: str
    plain: str
    definition: str
    kind: PublicKind
    links: list[LinkSchema]
    review: ReviewSchema


class AnatomySchema(Schema):
    """A part of the body that the report speaks of."""

    id: str
    label: str
    laterality: Side | None
    region: str
    uberon: str | None


class FlagSchema(Schema):
    """Something for the reviewing radiologist; patients do not see it."""

    code: str
    message: str
    spans: list[SpanSchema]


class ReleaseSchema(Schema):
    """When the patient version may be seen."""

    state: Literal["embargoed", "released", "held", "retracted", "not_applicable"]
    available_from: datetime | None
    reason: str


class ProvenanceSchema(Schema):
    """Which code and content made this."""

    plainrad: str
    glossary: str
    pipeline: str


class PatientReportSchema(Schema):
    """The annotated report."""

    schema_version: Literal["1"]
    original: OriginalSchema
    exam: ExamSchema
    sections: list[SectionSchema]
    mentions: list[MentionSchema]
    recommendations: list[RecommendationSchema]
    statements: list[StatementSchema]
    own_words: list[OwnWordsSchema]
    explanations: list[ExplanationSchema]
    anatomy: list[AnatomySchema]
    links: list[LinkSchema]
    questions: list[str]
    lead: list[LeadSchema]
    notes: list[NoteSchema]
    requested_by: str | None
    disclaimer: str
    disclaimer_plain: str
    flags: list[FlagSchema]
    release: ReleaseSchema
    provenance: ProvenanceSchema
