"""A patient version without what a professional hides: not its sentences only, but everything that still tells of them.

What is left out takes along whatever rests on it alone: mentions, explained words, parts of the body, links, next steps, the lead and
questions; and every statement that quotes its words (`along`). Nothing is ever added: that a finding is hidden must not read as if nothing had been found. The original is whole; what
must not be read there, such as words about somebody else, needs a hold.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from plainrad.domain.patient import Explanation, Lead, OwnWords, PatientReport, Statement
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Extent, Flag, Mention, Reading, Recommendation
from plainrad.domain.term import Sensitivity
from plainrad.explain.along import goes_along
from plainrad.explain.framing import lead_lines, questions, speaks_of
from plainrad.explain.words import all_links, has_links


def items(patient: PatientReport) -> frozenset[str]:
    """Return the ids of all that can be hidden: statements (`s1`), explained terms, own words of the report (`w1`)."""
    return frozenset(
        (
            *(one.id for one in patient.statements),
            *(one.term_id for one in patient.explanations),
            *(own_words_id(number) for number, _ in enumerate(patient.own_words, start=1)),
        )
    )


def said_by(patient: PatientReport, item: str) -> str:
    """Return what an item says, or nothing for one that is not there."""
    said = {one.id: one.text for one in patient.statements}
    said |= {one.term_id: one.term for one in patient.explanations}
    said |= {own_words_id(number): one.text for number, one in enumerate(patient.own_words, start=1)}
    return said.get(item, "")


def own_words_id(number: int) -> str:
    """Return the id of the own words that stand at a place of their list, counted from 1."""
    return f"w{number}"


def other_half(patient: PatientReport, item: str, *, hidden: Collection[str]) -> str | None:
    """Return what keeps an item from being hidden, or shown again, alone; None where nothing does.

    Own words may be the half of a sentence that narrows what a statement says of the other half ("..., although this may be
    artefact"): they are not hidden while that statement is told, and it is not told while they are hidden.
    """
    numbers = {own_words_id(number): one for number, one in enumerate(patient.own_words, start=1)}
    if item in numbers:
        halves = [
            one for one in patient.statements if one.id not in hidden and _one_sentence(patient, one, numbers[item])
        ]
        return halves[0].id if halves else None
    told = next((one for one in patient.statements if one.id == item), None)
    if told is None:
        return None
    return next((name for name, own in numbers.items() if name in hidden and _one_sentence(patient, told, own)), None)


def _one_sentence(patient: PatientReport, statement: Statement, own: OwnWords) -> bool:
    here = [one for one in patient.reading.sentences if one.start < own.end and own.start < one.end]
    return any(_inside(one.start, one.end, statement.source) for one in here)


def without(patient: PatientReport, hidden: Collection[str], *, book: PhraseBook) -> PatientReport:
    """Return the patient version without the items of these ids, and what quotes them. `patient` must be whole, with its flags."""
    if not hidden:
        return patient
    hidden = {*hidden, *goes_along(patient, hidden)}
    shown = tuple(one for one in patient.statements if one.id not in hidden)
    gone = [one for one in patient.statements if one.id in hidden]
    mentions = _mentions_left(patient.reading.mentions, shown=shown, gone=gone, hidden=hidden)
    lost = [Extent(one.start, one.end) for one in patient.reading.mentions if one.id not in mentions]
    spoken = _spoken(patient.reading.recommendations, shown)
    lost += [span for one in gone for span in one.source]
    reading = _reading(patient.reading, mentions, lost=lost, spoken=spoken)
    words = words_left(patient.explanations, reading, hidden)
    lead = leads_left(patient, shown, gone, reading, book)
    made = retold(
        patient, reading=reading, statements=shown, explanations=words, lead=lead, places=reading.by_id, book=book
    )
    return replace(
        made,
        flags=tuple(one for one in patient.flags if not _touches(one, lost)),
        own_words=_own_words(patient.own_words, hidden, reading=patient.reading, kept=mentions),
    )


def retold(
    patient: PatientReport,
    *,
    reading: Reading,
    statements: tuple[Statement, ...],
    explanations: tuple[Explanation, ...],
    lead: tuple[Lead, ...],
    places: Collection[str],
    book: PhraseBook,
) -> PatientReport:
    """Return the patient version with these statements, and only such parts of the body, links and questions as they still call for.

    `places` are the ids of the mentions that a part of the body may be named for. Nothing is added that `patient` has not.
    """
    asked, links = questions(statements, reading, lead, book), all_links(explanations)
    return replace(
        patient,
        reading=reading,
        statements=statements,
        explanations=explanations,
        lead=lead,
        anatomy=tuple(
            replace(one, mentions=left)
            for one in patient.anatomy
            if (left := tuple(number for number in one.mentions if number in places))
        ),
        links=tuple(one for one in patient.links if one in links),
        questions=tuple(one for one in patient.questions if one in asked),
    )


def _mentions_left(
    mentions: Sequence[Mention], *, shown: Sequence[Statement], gone: Sequence[Statement], hidden: Collection[str]
) -> frozenset[str]:
    """Return the ids of the mentions that stay: those of a sentence that is shown, and those that tell of nothing hidden.

    A thing that only hidden sentences tell of is not told of by another mention of it either.
    """
    told = {number for one in shown for number in one.mentions}
    untold = {number for one in gone for number in one.mentions} - told
    open_terms = {one.term_id for one in mentions if one.id in told}
    secret = {one.term_id for one in mentions if one.id in untold and one.term_id} - open_terms
    secret |= {one.term_id for one in mentions if one.term_id and one.term_id in hidden}
    sources = [span for one in gone for span in one.source]
    return frozenset(
        one.id
        for one in mentions
        if one.id in told or not (one.id in untold or one.term_id in secret or _inside(one.start, one.end, sources))
    )


def _reading(
    reading: Reading, kept: Collection[str], *, lost: Sequence[Extent], spoken: Collection[Recommendation]
) -> Reading:
    gone_terms = {one.term_id for one in reading.mentions} - {one.term_id for one in reading.mentions if one.id in kept}
    return replace(
        reading,
        mentions=tuple(
            replace(
                one,
                suggests=tuple(number for number in one.suggests if number in kept),
                same_as=one.same_as if one.same_as in kept else None,
                anatomy=tuple(part for part in one.anatomy if part not in gone_terms),
            )
            for one in reading.mentions
            if one.id in kept
        ),
        flags=tuple(one for one in reading.flags if not _touches(one, lost)),
        recommendations=tuple(
            replace(
                one,
                procedures=tuple(number for number in one.procedures if number in kept),
                reasons=tuple(number for number in one.reasons if number in kept),
            )
            for one in reading.recommendations
            if one in spoken or not _inside(one.start, one.end, lost)
        ),
    )


def _spoken(found: Sequence[Recommendation], shown: Sequence[Statement]) -> list[Recommendation]:
    """Return the next steps that a sentence which is shown speaks of."""
    sources = [span for one in shown if one.group == "next_step" for span in one.source]
    return [one for one in found if _inside(one.start, one.end, sources)]


def words_left(found: Sequence[Explanation], reading: Reading, hidden: Collection[str]) -> tuple[Explanation, ...]:
    """Return the words that are still explained, with links only where what is left gives reason to."""
    left = []
    for one in found:
        mentions = [reading.by_id[number] for number in one.shown_for if number in reading.by_id]
        if mentions and one.term_id not in hidden:
            numbers = tuple(mention.id for mention in mentions)
            left.append(replace(one, shown_for=numbers, links=one.links if has_links(mentions) else ()))
    return tuple(left)


def _own_words(
    found: Sequence[OwnWords], hidden: Collection[str], *, reading: Reading, kept: Collection[str]
) -> tuple[OwnWords, ...]:
    """Return the own words that are neither hidden themselves nor hold a mention that is."""
    lost = [Extent(one.start, one.end) for one in reading.mentions if one.id not in kept]
    return tuple(
        one
        for number, one in enumerate(found, start=1)
        if own_words_id(number) not in hidden and not _inside(one.start, one.end, lost)
    )


def leads_left(
    patient: PatientReport, shown: Sequence[Statement], gone: Sequence[Statement], reading: Reading, book: PhraseBook
) -> tuple[Lead, ...]:
    """Return the lead that what is left calls for. The flags of the reading say which mentions are sensitive."""
    spans = {one.code.removeprefix("sensitive_").replace("_", "-"): one.spans for one in patient.flags}
    led = {one.about for one in patient.lead}

    def marked(mention: Mention, kind: Sensitivity) -> bool:
        if kind not in led:
            return False
        if kind in spans:
            return _inside(mention.start, mention.end, spans[kind])
        # A kind that is led by and not flagged: nobody can tell which sentence calls for it, so it stays only if none is hidden.
        return not any(one.group in speaks_of(kind) for one in gone)

    return lead_lines(shown, reading, marked, book)


def _touches(flag: Flag, lost: Sequence[Extent]) -> bool:
    return any(_inside(one.start, one.end, lost) for one in flag.spans)


def _inside(start: int, end: int, spans: Sequence[Extent]) -> bool:
    return any(start < one.end and one.start < end for one in spans)
