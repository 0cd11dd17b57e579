"""PatientReport -> ComparedView: the original and what the patient is told, sentence by sentence, with the evidence for each reading."""

from collections.abc import Collection, Iterator
from typing import Literal

from plainrad.domain.patient import STATEMENT_GROUPS, PatientReport, Statement
from plainrad.domain.reading import Flag, Mention, Sentence
from plainrad.render.strings import DEFAULT_LANGUAGE, load_strings
from plainrad.web.views import (
    ComparedView,
    CountsView,
    EvidenceView,
    FlagView,
    PieceView,
    RuleView,
    SaidGroupView,
    SaidView,
)
from plainrad.web.words import StaffWords

_TOLD_FROM = frozenset({"findings", "conclusion", "addendum", "recommendation", "other"})
_LONG = 60


def compare(patient: PatientReport, *, words: StaffWords, hidden: Collection[str] = ()) -> ComparedView:
    """Return the view of `patient`. `hidden` holds the ids of statements that the patient will not be shown."""
    sentences = patient.reading.sentences
    ids = tuple(f"t{number}" for number in range(1, len(sentences) + 1))
    carried = {number: _resting_on(sentence, patient.statements) for number, sentence in enumerate(sentences)}
    kinds = [_kind(number, sentence, patient, told=bool(carried[number])) for number, sentence in enumerate(sentences)]
    return ComparedView(
        exam=" ".join((patient.report.exam.title or "").split()) or words.no_title,
        pieces=tuple(_pieces(patient, ids, carried, kinds)),
        groups=tuple(_groups(patient, ids, words, hidden)),
        flags=tuple(_flag(flag, patient, ids, words) for flag in patient.flags),
        counts=CountsView(*(kinds.count(kind) for kind in ("told", "untold", "unread"))),
        words=len(patient.explanations),
        versions=(
            (words.code_version, patient.provenance.plainrad),
            (words.glossary_version, patient.provenance.glossary),
            (words.pipeline_version, patient.provenance.pipeline),
        ),
    )


def _resting_on(sentence: Sentence, statements: tuple[Statement, ...]) -> tuple[str, ...]:
    return tuple(
        one.id
        for one in statements
        if any(source.start < sentence.end and sentence.start < source.end for source in one.source)
    )


def _kind(
    number: int, sentence: Sentence, patient: PatientReport, *, told: bool
) -> Literal["told", "untold", "unread", "aside"]:
    if told:
        return "told"
    if sentence.section not in _TOLD_FROM:
        return "aside"
    return "untold" if patient.reading.by_sentence.get(number) else "unread"


def _pieces(
    patient: PatientReport,
    ids: tuple[str, ...],
    carried: dict[int, tuple[str, ...]],
    kinds: list[Literal["told", "untold", "unread", "aside"]],
) -> Iterator[PieceView]:
    """Yield the original: put together again, the pieces are the text itself."""
    text, position = patient.report.text, 0
    spans = [span for flag in patient.flags for span in flag.spans]
    for number, sentence in enumerate(patient.reading.sentences):
        if position < sentence.start:
            yield PieceView(text[position : sentence.start])
        flagged = any(span.start < sentence.end and sentence.start < span.end for span in spans)
        yield PieceView(text[sentence.start : sentence.end], ids[number], kinds[number], carried[number], flagged)
        position = sentence.end
    if position < len(text):
        yield PieceView(text[position:])


def _groups(
    patient: PatientReport, ids: tuple[str, ...], words: StaffWords, hidden: Collection[str]
) -> Iterator[SaidGroupView]:
    """Yield the groups in the order of the patient page, under its headings."""
    headings = load_strings(DEFAULT_LANGUAGE).groups
    for group in STATEMENT_GROUPS:
        members = sorted((one for one in patient.statements if one.group == group), key=lambda one: not one.conclusion)
        if members:
            yield SaidGroupView(
                group, headings[group], tuple(_said(one, patient, ids, words, hidden) for one in members)
            )


def _said(
    statement: Statement, patient: PatientReport, ids: tuple[str, ...], words: StaffWords, hidden: Collection[str]
) -> SaidView:
    sentences = tuple(
        ids[number]
        for number, sentence in enumerate(patient.reading.sentences)
        if any(source.start < sentence.end and sentence.start < source.end for source in statement.source)
    )
    evidence = tuple(
        _evidence(patient.reading.by_id[one], patient.report.text, words)
        for one in statement.mentions
        if one in patient.reading.by_id
    )
    certainty = words.certainty.get(statement.certainty, statement.certainty)
    return SaidView(
        statement.id, statement.text, statement.id in hidden, statement.conclusion, certainty, sentences, evidence
    )


def _evidence(mention: Mention, text: str, words: StaffWords) -> EvidenceView:
    facts = [words.assertion[mention.assertion], words.certainty[mention.certainty]]
    if mention.change is not None:
        facts.append(words.change[mention.change])
    if mention.laterality is not None:
        facts.append(words.side[mention.laterality])
    facts.extend(measurement.text for measurement in mention.measurements)
    facts.append(words.section[mention.section])
    rules = dict.fromkeys(RuleView(one.rule, _short(text[one.start : one.end])) for one in mention.evidence)
    return EvidenceView(
        mention.id, _short(mention.text), mention.term_id, mention.concept, tuple(dict.fromkeys(facts)), tuple(rules)
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONG else f"{line[: _LONG - 1]}…"


def _flag(flag: Flag, patient: PatientReport, ids: tuple[str, ...], words: StaffWords) -> FlagView:
    """Return the flag with the sentences that it points at; one of a code without words of its own is shown with its message."""
    advice = words.flag(flag.code)
    places = dict.fromkeys(
        (ids[number], _short(patient.report.text[span.start : span.end]))
        for span in flag.spans
        for number, sentence in enumerate(patient.reading.sentences)
        if span.start < sentence.end and sentence.start < span.end
    )
    return FlagView(flag.code, advice.heading, flag.message, advice.remedy, tuple(places))
