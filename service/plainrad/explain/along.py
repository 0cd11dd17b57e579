"""What goes along with a statement that is hidden: every other one that repeats, as a quotation, the words that it hides.

One sentence of a report may be told by several statements, and some of them quote it. Who hides "There is a lump" does not expect to find “9 mm
nodule, CT in 3 months” under the next steps. A statement in plain words about another thing of the same sentence stays.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from plainrad.domain.patient import PatientReport, Statement
from plainrad.domain.reading import Extent

_QUOTED: Final = re.compile(r"“([^”]*)”")
_FEWEST: Final = 3  # words of a quotation; what is shorter names a cue (“may”) or a grade, and is judged by the things that it names alone


def goes_along(patient: PatientReport, hidden: Collection[str]) -> frozenset[str]:
    """Return the ids of the further statements that quote what the hidden ones tell.

    That is: the name of a thing that nothing else tells in plain words, or three words or more of what a hidden one quotes.
    """
    gone = [one for one in patient.statements if one.id in hidden]
    shown = [one for one in patient.statements if one.id not in hidden]
    if not gone:
        return frozenset()
    text = patient.report.text
    places = {one.id: tuple(_quoted(one, text)) for one in patient.statements}
    told = {number for one in shown if not _at_length(places[one.id], text) for number in one.mentions}
    known = patient.reading.by_id
    lost = [known[number] for one in gone for number in one.mentions if number in known and number not in told]
    things = [
        one for one in lost if one.kind != "qualifier"
    ]  # “suspicious for” names nothing, and stands for many things
    quotes = [place for one in gone for place in places[one.id]]
    return frozenset(
        one.id
        for one in shown
        for place in places[one.id]
        if any(place.start < thing.end and thing.start < place.end for thing in things)
        or any(_words_of_both(place, quote, text) >= _FEWEST for quote in quotes)
    )


def same_sentence(patient: PatientReport, hidden: Collection[str]) -> frozenset[str]:
    """Return the ids of the statements that rest on words of the hidden ones and stay: their words of the report can still be opened."""
    sources = [place for one in patient.statements if one.id in hidden for place in one.source]
    return frozenset(
        one.id
        for one in patient.statements
        if one.id not in hidden
        and any(place.start < other.end and other.start < place.end for place in one.source for other in sources)
    ) - goes_along(patient, hidden)


def _quoted(statement: Statement, text: str) -> Iterator[Extent]:
    """Yield where the quotations of a statement stand in the report; its sources where one was put together from several places."""
    for words in _QUOTED.findall(statement.text):
        pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
        found = [match for place in statement.source for match in pattern.finditer(text, place.start, place.end)]
        found = found or list(pattern.finditer(text))
        yield from (Extent(*match.span()) for match in found if match.end() > match.start())
        if not found:
            yield from statement.source


def _at_length(places: Collection[Extent], text: str) -> bool:
    return any(len(text[one.start : one.end].split()) >= _FEWEST for one in places)


def _words_of_both(one: Extent, other: Extent, text: str) -> int:
    return len(text[max(one.start, other.start) : min(one.end, other.end)].split())
