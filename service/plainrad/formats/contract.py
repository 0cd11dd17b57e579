"""PatientReport -> the JSON of version 1. Domain values and wire schemas are apart; this is the one place where they meet."""

import json
from collections.abc import Iterable
from typing import Any, cast

from plainrad.domain.patient import Explanation, PatientReport
from plainrad.domain.reading import Extent, Mention, Recommendation
from plainrad.domain.term import Link
from plainrad.explain.words import public_kind
from plainrad.formats import schemas


def to_schema(patient: PatientReport) -> schemas.PatientReportSchema:
    """Return the wire form of a patient report."""
    report, reading = patient.report, patient.reading
    return schemas.PatientReportSchema(
        schema_version="1",
        original=schemas.OriginalSchema(text=report.text, sha256=report.sha256),
        exam=schemas.ExamSchema(
            title=reading.exam.title, modality=reading.exam.modality, body_regions=list(reading.exam.body_regions)
        ),
        sections=[
            schemas.SectionSchema(kind=one.kind, title=one.title, start=one.start, end=one.end)
            for one in reading.sections
        ],
        mentions=[_mention(one) for one in reading.mentions],
        recommendations=[_recommendation(one) for one in reading.recommendations],
        statements=[
            schemas.StatementSchema(
                id=one.id,
                group=one.group,
                text=one.text,
                certainty=one.certainty,
                conclusion=one.conclusion,
                quote=one.quote,
                source=_spans(one.source),
                mentions=list(one.mentions),
            )
            for one in patient.statements
        ],
        own_words=[
            schemas.OwnWordsSchema(start=one.start, end=one.end, text=one.text, section=one.section)
            for one in patient.own_words
        ],
        explanations=[_explanation(one) for one in patient.explanations],
        anatomy=[
            schemas.AnatomySchema(
                id=one.id, label=one.label, laterality=one.laterality, region=one.region, uberon=one.uberon
            )
            for one in patient.anatomy
        ],
        links=_links(patient.links),
        questions=list(patient.questions),
        lead=[schemas.LeadSchema(about=one.about, text=one.text) for one in patient.lead],
        notes=[
            schemas.NoteSchema(text=one.text, written_at=one.written_at, signed=one.signed) for one in patient.notes
        ],
        requested_by=report.requester,
        disclaimer=patient.disclaimer,
        disclaimer_plain=patient.disclaimer_plain,
        flags=[
            schemas.FlagSchema(code=one.code, message=one.message, spans=_spans(one.spans)) for one in patient.flags
        ],
        release=schemas.ReleaseSchema(
            state=patient.release.state,
            available_from=patient.release.available_from,
            reason=patient.release.reason,
        ),
        provenance=schemas.ProvenanceSchema(
            plainrad=patient.provenance.plainrad,
            glossary=patient.provenance.glossary,
            pipeline=patient.provenance.pipeline,
        ),
    )


def to_json(patient: PatientReport) -> dict[str, Any]:
    """Return the wire form as plain JSON values."""
    return to_schema(patient).model_dump(mode="json")


def json_schema() -> str:
    """Return the JSON Schema of version 1, as it is published in docs/schema/."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:plainrad:schema:report:1",
        **schemas.PatientReportSchema.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _mention(one: Mention) -> schemas.MentionSchema:
    return schemas.MentionSchema(
        id=one.id,
        start=one.start,
        end=one.end,
        text=one.text,
        term_id=one.term_id,
        concept=one.concept,
        kind=cast(schemas.PublicKind, public_kind(one.kind)),
        assertion=one.assertion,
        certainty=one.certainty,
        change=one.change,
        laterality=one.laterality,
        section=one.section,
        reportable=one.reportable,
        anatomy=list(one.anatomy),
        location=one.location,
        also_in=list(one.also_in),
        measurements=[
            schemas.MeasurementSchema(
                text=item.text,
                start=item.start,
                end=item.end,
                value=item.value,
                values=list(item.values),
                unit=item.unit,
                when=item.when,
            )
            for item in one.measurements
        ],
        modifiers=[
            schemas.ModifierSchema(id=item.id, text=item.text, start=item.start, end=item.end) for item in one.modifiers
        ],
        phrase=one.reading_id,
        evidence=[schemas.EvidenceSchema(rule=item.rule, start=item.start, end=item.end) for item in one.evidence],
        suggests=list(one.suggests),
        same_as=one.same_as,
    )


def _recommendation(one: Recommendation) -> schemas.RecommendationSchema:
    when = one.interval
    return schemas.RecommendationSchema(
        start=one.start,
        end=one.end,
        text=one.text,
        actions=list(one.actions),
        procedures=list(one.procedures),
        reasons=list(one.reasons),
        interval=schemas.IntervalSchema(
            text=when.text, start=when.start, end=when.end, value=when.value, most=when.most, unit=when.unit
        )
        if when is not None
        else None,
        urgent=one.urgent,
        needed=one.needed,
        evidence=[schemas.EvidenceSchema(rule=item.rule, start=item.start, end=item.end) for item in one.evidence],
    )


def _explanation(one: Explanation) -> schemas.ExplanationSchema:
    return schemas.ExplanationSchema(
        term_id=one.term_id,
        term=one.term,
        plain=one.plain,
        definition=one.definition,
        kind=cast(schemas.PublicKind, one.kind),
        links=_links(one.links),
        review=schemas.ReviewSchema(status=one.review.status, by=one.review.by, on=one.review.on),
    )


def _links(links: Iterable[Link]) -> list[schemas.LinkSchema]:
    return [schemas.LinkSchema(url=one.url, title=one.title, publisher=one.publisher) for one in links]


def _spans(spans: Iterable[Extent]) -> list[schemas.SpanSchema]:
    return [schemas.SpanSchema(start=one.start, end=one.end) for one in spans]
