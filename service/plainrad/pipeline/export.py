"""Doc -> Reading: drafts become frozen mentions whose offsets and words are those of the untouched original."""

from dataclasses import replace

from spacy.tokens import Doc

from plainrad.domain.reading import Measurement, Mention, Reading, Recommendation, Section, SectionKind, Sentence
from plainrad.pipeline.drafts import Draft, Line, RecommendationDraft, work
from plainrad.pipeline.text import Tokens


def export(doc: Doc, *, original: str, version: str) -> Reading:
    """Return the Reading of a Doc that went through the pipeline; `original` is the text as it was sent."""
    tokens = work(doc).tokens
    lines = work(doc).lines
    sentences = tuple(Sentence(tokens.starts[line.start], tokens.ends[line.end - 1], line.section) for line in lines)
    sections = tuple(Section(one.kind, one.title, one.start, one.body, one.end) for one in work(doc).sections)
    drafts = work(doc).drafts
    ids = {id(draft): f"m{number}" for number, draft in enumerate(drafts, start=1)}
    mentions = tuple(_mention(tokens, lines, original, ids, draft) for draft in drafts)
    steps = tuple(_recommendation(doc, original, ids, one) for one in work(doc).recommendations)
    return Reading(work(doc).exam, sections, sentences, mentions, tuple(work(doc).flags), version, steps)


def _recommendation(doc: Doc, original: str, ids: dict[int, str], one: RecommendationDraft) -> Recommendation:
    start, end = work(doc).tokens.starts[one.step.start], work(doc).tokens.ends[one.step.end - 1]
    when = one.interval
    return Recommendation(
        start=start,
        end=end,
        text=original[start:end],
        actions=one.actions,
        procedures=tuple(ids[id(draft)] for draft in one.procedures),
        reasons=tuple(ids[id(draft)] for draft in one.reasons),
        interval=replace(when, text=original[when.start : when.end]) if when is not None else None,
        urgent=one.urgent,
        needed=one.needed,
        evidence=tuple(one.step.evidence),
    )


def _mention(tokens: Tokens, lines: list[Line], original: str, ids: dict[int, str], draft: Draft) -> Mention:
    start, end = draft.exact or (tokens.starts[draft.start], tokens.ends[draft.end - 1])
    section: SectionKind = lines[draft.line].section if 0 <= draft.line < len(lines) else "other"
    return Mention(
        id=ids[id(draft)],
        start=start,
        end=end,
        text=original[start:end],
        term_id=draft.term_id,
        concept=original[start:end] if draft.target else draft.concept,
        kind=draft.kind,
        assertion=draft.assertion,
        certainty=draft.certainty,
        section=section,
        reportable=draft.reportable,
        sentence=draft.line,
        change=draft.change,
        laterality=draft.laterality,
        anatomy=draft.anatomy,
        location=ids[id(draft.location)] if draft.location is not None else None,
        also_in=tuple(ids[id(one)] for one in draft.also_in),
        plural=draft.plural,
        reading_id=draft.reading_id,
        normal=draft.normal,
        described=ids[id(draft.described)] if draft.described is not None else None,
        suggests=tuple(ids[id(one)] for one in draft.suggests),
        same_as=ids[id(draft.same_as)] if draft.same_as is not None else None,
        modifiers=tuple(draft.modifiers),
        measurements=tuple(_quoted(one, original) for one in draft.measurements),
        evidence=tuple(dict.fromkeys(draft.evidence)),
    )


def _quoted(measurement: Measurement, original: str) -> Measurement:
    return replace(measurement, text=original[measurement.start : measurement.end])
