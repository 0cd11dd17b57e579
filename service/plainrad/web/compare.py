"""PatientReport -> ComparedView: the original and what the patient is told, sentence by sentence, with the evidence for each reading."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from plainrad.domain.patient import STATEMENT_GROUPS, PatientReport, Statement
from plainrad.domain.reading import Extent, Flag, Mention, Sentence
from plainrad.explain.hidden import own_words_id
from plainrad.render.strings import load_strings
from plainrad.web.views import (
    ComparedView,
    CountsView,
    EvidenceView,
    FlagView,
    OwnView,
    PieceView,
    RuleView,
    SaidGroupView,
    SaidView,
    WordView,
)
from plainrad.web.words import StaffWords

_TOLD_FROM = frozenset({"findings", "conclusion", "addendum", "recommendation", "other"})
_LONG = 60


def compare(
    patient: PatientReport,
    *,
    words: StaffWords,
    as_patient: PatientReport | None = None,
    neutral: Collection[str] = (),
) -> ComparedView:
    """Return the view of `patient`, which is whole. `as_patient` is what the patient reads of it, where that is another.

    `neutral` holds the ids of all that can be told in neutral words.
    """
    reads, say = as_patient or patient, load_strings(patient.language)
    sentences = patient.reading.sentences
    ids = tuple(f"t{number}" for number in range(1, len(sentences) + 1))
    carried = {number: _resting_on(sentence, patient.statements) for number, sentence in enumerate(sentences)}
    kinds = [_kind(number, sentence, patient, told=bool(carried[number])) for number, sentence in enumerate(sentences)]
    return ComparedView(
        exam=" ".join((patient.report.exam.title or "").split()) or words.no_title,
        pieces=tuple(_pieces(patient, ids, carried, kinds)),
        groups=tuple(_groups(patient, ids, words, reads, neutral)),
        flags=tuple(_flag(flag, patient, ids, words) for flag in patient.flags),
        counts=CountsView(*(kinds.count(kind) for kind in ("told", "untold", "unread"))),
        words=len(patient.explanations),
        versions=(
            (words.code_version, patient.provenance.plainrad),
            (words.glossary_version, patient.provenance.glossary),
            (words.pipeline_version, patient.provenance.pipeline),
        ),
        own=tuple(_own(patient, ids, reads)),
        explained=tuple(_explained(patient, ids, words, reads)),
        own_heading=say.own_words,
        words_heading=say.words,
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
        own = tuple(
            own_words_id(at)
            for at, one in enumerate(patient.own_words, start=1)
            if one.start < sentence.end and sentence.start < one.end
        )
        yield PieceView(text[sentence.start : sentence.end], ids[number], kinds[number], carried[number], flagged, own)
        position = sentence.end
    if position < len(text):
        yield PieceView(text[position:])


def _groups(
    patient: PatientReport,
    ids: tuple[str, ...],
    words: StaffWords,
    reads: PatientReport,
    neutral: Collection[str],
) -> Iterator[SaidGroupView]:
    """Yield the groups in the order of the patient page, under its headings."""
    headings = load_strings(reads.language).groups
    read = {one.id: one.text for one in reads.statements}
    for group in STATEMENT_GROUPS:
        members = sorted((one for one in patient.statements if one.group == group), key=lambda one: not one.conclusion)
        if members:
            said = (_said(one, patient, ids, words, read.get(one.id)) for one in members)
            yield SaidGroupView(group, headings[group], tuple(replace(one, neutral=one.id in neutral) for one in said))


def _own(patient: PatientReport, ids: tuple[str, ...], reads: PatientReport) -> Iterator[OwnView]:
    shown = {(one.start, one.end) for one in reads.own_words}
    for number, one in enumerate(patient.own_words, start=1):
        place = Extent(one.start, one.end)
        yield OwnView(
            own_words_id(number), one.text, (one.start, one.end) not in shown, _sentences(patient, ids, [place])
        )


def _explained(
    patient: PatientReport, ids: tuple[str, ...], words: StaffWords, reads: PatientReport
) -> Iterator[WordView]:
    """Yield the explained words from A to Z, as the patient page has them."""
    shown = {one.term_id for one in reads.explanations}
    named = {one.term_id for one in reads.reading.mentions}
    for one in sorted(patient.explanations, key=lambda one: (one.term.casefold(), one.term_id)):
        places = [
            Extent(mention.start, mention.end) for mention in patient.reading.mentions if mention.term_id == one.term_id
        ]
        gone = one.term_id not in shown
        yield WordView(
            one.term_id, one.term, one.plain, one.definition, words.review[one.review.status], gone,
            gone and one.term_id not in named, _sentences(patient, ids, places),
        )  # fmt: skip


def _sentences(patient: PatientReport, ids: tuple[str, ...], places: Sequence[Extent]) -> tuple[str, ...]:
    return tuple(
        ids[number]
        for number, sentence in enumerate(patient.reading.sentences)
        if any(place.start < sentence.end and sentence.start < place.end for place in places)
    )


def _said(
    statement: Statement, patient: PatientReport, ids: tuple[str, ...], words: StaffWords, read: str | None
) -> SaidView:
    sentences = _sentences(patient, ids, statement.source)
    reviews = {one.term_id: words.review[one.review.status] for one in patient.explanations}
    evidence = tuple(
        _evidence(patient.reading.by_id[one], patient.report.text, words, reviews)
        for one in statement.mentions
        if one in patient.reading.by_id
    )
    certainty = words.certainty.get(statement.certainty, statement.certainty)
    return SaidView(
        statement.id, statement.text, read is None, statement.conclusion, certainty, sentences, evidence,
        read if read != statement.text else None,
    )  # fmt: skip


def _evidence(mention: Mention, text: str, words: StaffWords, reviews: Mapping[str, str]) -> EvidenceView:
    facts = [words.assertion[mention.assertion], words.certainty[mention.certainty]]
    if mention.change is not None:
        facts.append(words.change[mention.change])
    if mention.laterality is not None:
        facts.append(words.side[mention.laterality])
    facts.extend(measurement.text for measurement in mention.measurements)
    facts.append(words.section[mention.section])
    rules = dict.fromkeys(RuleView(one.rule, _short(text[one.start : one.end])) for one in mention.evidence)
    return EvidenceView(
        mention.id, _short(mention.text), mention.term_id, mention.concept, reviews.get(mention.term_id or ""),
        tuple(dict.fromkeys(facts)), tuple(rules),
    )  # fmt: skip


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
