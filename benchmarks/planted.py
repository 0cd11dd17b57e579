"""Statements made wrong on purpose, one fault each, to see which of them the faithfulness check refuses."""

import re
from collections.abc import Iterator
from dataclasses import replace

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport, Statement
from plainrad.domain.reading import Mention
from plainrad.explain.phrase import name_of

_NUMBER = re.compile(r"\d+")
_SIDE = re.compile(r"\b(left|right)\b")
_QUOTE = re.compile(r"“([^”]+)”")
_NO = re.compile(r"\b(?:no|not|without)\b ?", re.IGNORECASE)
OTHER = {"left": "right", "right": "left"}


def planted(patient: PatientReport, explainer: Plainrad) -> Iterator[tuple[str, Statement]]:
    """Yield (kind of fault, statement with that fault) for every statement in which one can be planted."""
    for one in patient.statements:
        yield from _in_words(one)
        finding = _finding(one, patient)
        if finding is not None:
            yield from _in_status(one, finding, patient, explainer)


def _in_words(one: Statement) -> Iterator[tuple[str, Statement]]:
    """A number, a side, or a word of the quote that the report does not have there."""
    ours = _QUOTE.sub(lambda match: " " * len(match[0]), one.text)
    if number := _NUMBER.search(re.sub(r"\([^)]*\)", lambda match: " " * len(match[0]), ours)):
        wrong = str(int(number[0]) + 7)
        yield "number", replace(one, text=one.text[: number.start()] + wrong + one.text[number.end() :])
    bare = re.sub(r"\([^)]*\)", lambda match: " " * len(match[0]), ours)
    if side := _SIDE.search(bare):
        yield "side", replace(one, text=one.text[: side.start()] + OTHER[side[0]] + one.text[side.end() :])
    if (quote := _QUOTE.search(one.text)) and _NO.search(quote[1]):
        yield "quote", replace(one, text=one.text.replace(quote[1], _NO.sub("", quote[1], count=1), 1))


def _finding(one: Statement, patient: PatientReport) -> Mention | None:
    """Return the one finding that a statement without a quote tells of."""
    things = [patient.reading.by_id[name] for name in one.mentions if name in patient.reading.by_id]
    things = [mention for mention in things if mention.kind == "finding" and mention.term_id]
    return things[0] if len(things) == 1 and "“" not in one.text else None


def _in_status(
    one: Statement, finding: Mention, patient: PatientReport, explainer: Plainrad
) -> Iterator[tuple[str, Statement]]:
    """What is absent told as there, possible as there, there as absent or possible, and changes that nobody saw."""
    book, text = explainer.book, patient.report.text
    thing = name_of(finding, patient.reading, explainer.glossary, book, text=text, place=False, describe=False)
    slots = thing.slots(book.grammar) | {"said": ""}

    def told(name: str, group: str) -> Statement:
        return replace(one, group=group, text=book.wording[name].format(**slots))  # type: ignore[arg-type]

    if finding.assertion == "absent" and one.group == "looked_for_not_found":
        yield "a no told as there", told("present", "found")
        yield "a no told as possible", told("possible_possible", "possible")
    if finding.assertion == "possible" and one.group == "possible":
        yield "a doubt told as certain", told("present", "found")
        yield "a doubt told as a no", told("absent", "looked_for_not_found")
    if finding.assertion == "present" and one.group == "found":
        yield "a finding told as a no", told("absent", "looked_for_not_found")
        yield "a finding told as possible", told("possible_possible", "possible")
    if finding.assertion == "present" and finding.change is None:
        yield "a change that nobody saw", told("larger", "unchanged_or_known")
        yield "a change that nobody saw", told("present_new", "found")
