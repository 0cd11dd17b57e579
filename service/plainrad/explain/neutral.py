"""A patient version in which a professional lets the report speak for itself: one statement, or one word, in neutral words only.

Neutral is what the page says where nobody knows (promise 3): that the report mentions a thing, and its own words. A statement keeps
the name of the thing; a word whose meaning is in doubt keeps no plain name at all. Nothing is added, and what is said goes through the
same check as every statement: what that refuses is told in the report's own words alone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from plainrad.domain.patient import Explanation, Lead, PatientReport, Statement, StatementGroup
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Evidence, Extent, Mention, Reading
from plainrad.explain.faithfulness import refusal
from plainrad.explain.framing import in_order
from plainrad.explain.hidden import leads_left, retold, without, words_left

RULE = "choice.neutral"
# What a reading stands behind. The other groups tell of no finding, and mostly in the report's own words already.
_READ: frozenset[StatementGroup] = frozenset(
    {"found", "possible", "unchanged_or_known", "looked_for_not_found", "normal"}
)
_THINGS = frozenset({"finding", "device"})
_NAMES_NOTHING = frozenset(
    {"urgent", "safeguarding"}
)  # and the last line of each other kind: it comes after the one that names it


def as_chosen(
    patient: PatientReport, *, hidden: Collection[str], neutral: Collection[str], book: PhraseBook
) -> PatientReport:
    """Return the patient version as professionals chose it. `patient` must be whole, with its flags."""
    return without(in_neutral_words(patient, neutral, book=book), hidden, book=book)


def neutral_items(patient: PatientReport, *, book: PhraseBook) -> frozenset[str]:
    """Return the ids of all that can be told in neutral words: statements that a reading stands behind, and explained terms."""
    explained = {one.term_id: one for one in patient.explanations}
    statements = (
        one.id
        for one in patient.statements
        if one.group in _READ and (made := _told(one, patient, explained, book, named=True)) and made.text != one.text
    )
    return frozenset((*statements, *explained))


def in_neutral_words(patient: PatientReport, items: Collection[str], *, book: PhraseBook) -> PatientReport:
    """Return the patient version with the items of these ids (statements, terms) in neutral words."""
    if not items:
        return patient
    explained = {one.term_id: one for one in patient.explanations}
    words = {one.id for one in patient.reading.mentions if one.term_id in explained and one.term_id in items}
    told: list[Statement] = []
    settled: set[str] = set()
    undecided = set(words)
    for one in patient.statements:
        by_word = not words.isdisjoint(one.mentions)
        if not by_word and one.id not in items:
            told.append(one)
            settled.update(one.mentions)
            continue
        made = _told(one, patient, explained, book, named=not by_word)
        if made is not None:  # else the check refused every form: then it is not shown
            told.append(made)
        undecided.update(one.mentions)
    reading = _undecided(patient.reading, undecided - (settled - words), words)
    statements = tuple(in_order(told, reading, book))
    left = words_left(patient.explanations, reading, items)
    lead = leads_left(patient, statements, (), reading, book)
    lead = (*lead, *(one for one in _who_can_explain(patient.lead) if one not in lead))
    return retold(
        patient, reading=reading, statements=statements, explanations=left, lead=lead, places=reading.by_id.keys() - words, book=book
    )  # fmt: skip


def _who_can_explain(lines: Sequence[Lead]) -> Iterator[Lead]:
    """Yield the lines that say who to speak to and name nothing: the words that call for them are still read, in the report's own form."""
    named: set[str] = set()
    for one in lines:
        if one.about in _NAMES_NOTHING or one.about in named:
            yield one
        named.add(one.about)


def _told(
    statement: Statement,
    patient: PatientReport,
    explained: Mapping[str, Explanation],
    book: PhraseBook,
    *,
    named: bool,
) -> Statement | None:
    """Return the statement in neutral words, with the name of the thing if that is wanted and borne out, or None."""
    group: StatementGroup = "found" if statement.group in _READ else statement.group
    quote = "” “".join(_quotes(statement, patient.reading, patient.report.text))
    if not quote:
        return None
    texts = [book.wording["own_words"].format(quote=quote)]
    thing = _thing(statement, patient.reading, explained, book) if named else None
    if thing is not None:
        texts.insert(0, book.wording["neutral_chosen"].format(thing=thing, quote=quote))
    for text in texts:
        made = replace(statement, group=group, text=text, certainty="possible")
        if refusal(made, patient.report.text, claims=book.claims) is None:
            return made
    return None


def _thing(
    statement: Statement, reading: Reading, explained: Mapping[str, Explanation], book: PhraseBook
) -> str | None:
    """Return the one finding that a statement tells of, in plain words with the medical word in brackets."""
    things = {
        one.term_id: one
        for number in statement.mentions
        if (one := reading.by_id.get(number)) is not None and one.kind in _THINGS and one.term_id in explained
    }
    if len(things) != 1:
        return None
    known = explained[next(iter(things)) or ""]
    if known.term.casefold() in known.plain.casefold():
        return known.plain
    return known.plain + book.wording["brackets"].format(words=known.term)


def _quotes(statement: Statement, reading: Reading, text: str) -> Sequence[str]:
    """Return the report's own words of each place that the statement rests on; the name of a row alone says nothing."""
    mentions = [reading.by_id[one] for one in statement.mentions if one in reading.by_id]
    holding = [one for one in statement.source if any(_overlap(one, mention) for mention in mentions)]
    spoken = sorted(holding or statement.source, key=lambda one: one.start)
    return tuple(dict.fromkeys(said for one in spoken if (said := " ".join(text[one.start : one.end].split()))))


def _undecided(reading: Reading, numbers: Collection[str], words: Collection[str]) -> Reading:
    """Return the reading in which these mentions are only mentioned; those of `words` have no meaning of ours either."""

    def one(mention: Mention) -> Mention:
        if mention.id not in numbers:
            return mention
        why = (*mention.evidence, Evidence(RULE, mention.start, mention.end))
        made = replace(mention, assertion="neutral", certainty="possible", change=None, normal=None, evidence=why)
        if mention.id not in words:
            return made
        return replace(made, term_id=None, concept=" ".join(mention.text.lower().split()), anatomy=())

    return replace(reading, mentions=tuple(one(mention) for mention in reading.mentions))


def _overlap(place: Extent, mention: Mention) -> bool:
    return place.start < mention.end and mention.start < place.end
