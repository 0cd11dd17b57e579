"""What stands around the statements: their order, the lines that lead, and the questions to ask."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from plainrad.domain.patient import STATEMENT_GROUPS, Lead, Statement, StatementGroup
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Mention, Reading
from plainrad.domain.term import Sensitivity
from plainrad.glossary.lookup import Glossary

_THERE: frozenset[StatementGroup] = frozenset({"found", "possible", "unchanged_or_known"})
_CHANGED = frozenset({"new", "larger", "smaller"})
_LEADS: tuple[Sensitivity, ...] = ("cancer", "pregnancy", "safeguarding", "urgent")
_NO_TOPIC = frozenset({"urgent", "safeguarding"})  # these lines say whom to speak to, and do not name the thing
_CANCER, _IN_DOUBT = re.compile(r"(?<!non-)\bcancer", re.I), re.compile(r"\b(?:could|may|might) be (?:a )?cancer", re.I)
_LONG_AGO, _NOW = frozenset({"old", "healed"}), frozenset({"new-or-sudden", "age-unknown", "healing"})
_BACKGROUND = ("addendum", "other", "technique", "history", "comparison", "findings", "conclusion", "recommendation")


def in_order(statements: Sequence[Statement], reading: Reading, book: PhraseBook) -> list[Statement]:
    """Return the statements group by group; in each what a later addition says comes first, then the conclusion in its own order."""
    exam = book.wording["exam"].partition("{")[0]

    def section(one: Statement) -> str:
        number = bisect_right(reading.sentences, one.source[0].start, key=lambda at: at.start) - 1
        return reading.sentences[number].section if number >= 0 else "findings"

    def key(one: Statement) -> tuple[int, int, bool, int]:
        where = int(section(one) != "addendum")
        if one.group == "background":
            where += 0 if one.text.startswith(exam) else 2 * _BACKGROUND.index(section(one)) + ("“" in one.text)
        late = place_in_conclusion(one, reading) if one.conclusion else None
        return (
            STATEMENT_GROUPS.index(one.group),
            where,
            not one.conclusion,
            one.source[0].start if late is None else late,
        )

    return sorted(statements, key=key)


def place_in_conclusion(statement: Statement, reading: Reading) -> int | None:
    """Return where in the conclusion (or what was added to the report later) a statement begins, or None where it rests on neither."""
    late = [one for one in reading.sections if one.kind in ("conclusion", "addendum", "recommendation")]
    return min(
        (at.start for at in statement.source if any(one.start <= at.start < one.end for one in late)), default=None
    )


def leads(statements: Sequence[Statement], reading: Reading, glossary: Glossary, book: PhraseBook) -> tuple[Lead, ...]:
    """Return what stands first: that the report speaks of something sensitive as there or possible, and who to speak to."""

    def marked(mention: Mention, kind: Sensitivity) -> bool:
        return mention.term_id is not None and glossary.term(mention.term_id).sensitivity == kind

    return lead_lines(statements, reading, marked, book)


def lead_lines(
    statements: Sequence[Statement],
    reading: Reading,
    marked: Callable[[Mention, Sensitivity], bool],
    book: PhraseBook,
) -> tuple[Lead, ...]:
    """Return what stands first, where `marked` tells whether a mention is of something sensitive of a kind.

    That a report speaks of cancer is said only where a statement says so: a tumour or something that came back need not be one.
    """
    lines = dict(book.leads)
    found: list[Lead] = []
    topics: list[Sensitivity] = []
    for kind in _LEADS:
        told = [one for one in statements if _speaks(one, kind, reading, marked)]
        if not told:
            continue
        if kind not in _NO_TOPIC:
            topics.append(kind)
        when = _named(told) if kind == "cancer" else kind
        if when is not None:
            found.append(Lead(kind, lines[when]))
    if not topics:
        return tuple(found)
    place = sum(one.about not in _NO_TOPIC for one in found)
    return (
        *found[:place],
        Lead(topics[-1], lines["sensitive"]),
        *(one for one in found[place:] if one.about == "urgent"),
    )


def _named(told: Sequence[Statement]) -> str | None:
    """Return whether statements name cancer as there, or as a possibility, or not at all (None)."""
    named = [one for one in told if _CANCER.search(one.text)]
    if any(one.group != "possible" and _CANCER.search(_IN_DOUBT.sub("", one.text)) for one in named):
        return "cancer"
    return "cancer-possible" if named else None


def speaks_of(kind: Sensitivity) -> frozenset[StatementGroup]:
    """Return the groups of statements that call for a lead of a kind: what is there or possible; a pregnancy also when it is not seen."""
    return _THERE | {"looked_for_not_found"} if kind == "pregnancy" else _THERE


def _speaks(
    statement: Statement, kind: Sensitivity, reading: Reading, marked: Callable[[Mention, Sensitivity], bool]
) -> bool:
    if statement.group not in speaks_of(kind):
        return False
    mentions = (reading.by_id[one] for one in statement.mentions if one in reading.by_id)
    return any(_counts(one, kind) and marked(one, kind) for one in mentions)


def _counts(mention: Mention, kind: Sensitivity) -> bool:
    if mention.term_id is None or mention.kind not in ("finding", "descriptor"):
        return False
    if kind == "urgent" and _is_old(mention):
        return False
    return kind == "pregnancy" or (mention.assertion in ("present", "possible") and mention.certainty != "unlikely")


def _is_old(mention: Mention) -> bool:
    """Return True for what happened long ago ("old infarct", "healed fracture"), and not again since ("acute on chronic")."""
    called = {one.id for one in mention.modifiers}
    return bool(called & _LONG_AGO) and not called & _NOW and mention.change not in ("new", "larger")


def questions(
    statements: Sequence[Statement], reading: Reading, told_first: Sequence[Lead], book: PhraseBook
) -> tuple[str, ...]:
    """Return the questions that this report gives reason to ask, in the order of the list."""
    groups = {one.group for one in statements}
    mentions = [
        reading.by_id[one] for statement in statements for one in statement.mentions if statement.group in _THERE
    ]
    there = bool(groups & {"found", "possible"})
    holds = {
        "always": True,
        "asked": any(one.section == "history" and one.assertion == "hypothetical" for one in reading.mentions),
        "nothing_found": not there and bool(groups & {"normal", "looked_for_not_found"}),
        "changed": any(one.change in _CHANGED for one in mentions),
        "measured": any(one.measurements and one.kind == "finding" for one in mentions),
        "no_next_step": there and "next_step" not in groups,
        "cancer": any(one.about == "cancer" for one in told_first),
        "pregnancy": any(one.about == "pregnancy" for one in told_first),
    }
    return tuple(text for when, text in book.questions if holds.get(when, when in groups))
