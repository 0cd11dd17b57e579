"""A Glossary as plain values that JSON can hold, and back. Senses that many forms share are written once."""

from collections.abc import Iterable
from dataclasses import dataclass

from plainrad.domain.term import Link, Part, Term, When
from plainrad.glossary.lookup import AbbreviationSense, Glossary, SenseOf

_EVERYWHERE = When()


@dataclass(frozen=True, slots=True)
class PackedGlossary:
    """The fields of a Glossary, long lists of words as one text with a word or form a line: that is read ten times as fast.

    Each form has the number of its meaning: the id of an entry that it means everywhere, or senses.
    """

    version: str
    terms: list[Term]
    meanings: list[str | tuple[SenseOf, ...]]
    forms: str
    numbers: list[int]
    abbreviations: dict[str, tuple[SenseOf, ...]]
    ambiguous: dict[str, tuple[AbbreviationSense, ...]]
    parts: dict[str, Part]
    links: dict[str, Link]
    plurals: str
    common_words: str
    twins: dict[str, tuple[str, ...]]


def lines(words: Iterable[str]) -> str:
    """Return words as one text, each with the end of its line. Raises ValueError for a word that is more than a line."""
    found = list(words)
    if any("\n" in one for one in found):
        raise ValueError("These words cannot be written as lines.")
    return "".join(f"{one}\n" for one in found)


def of_lines(text: str) -> list[str]:
    """Return the words of `lines`. Raises ValueError for a text that does not end with the end of a line."""
    *words, rest = text.split("\n")
    if rest:
        raise ValueError("The last line is not whole.")
    return words


def pack_glossary(glossary: Glossary) -> PackedGlossary:
    """Return the plain values of `glossary`."""
    numbers: dict[tuple[SenseOf, ...], int] = {}
    of_forms = [numbers.setdefault(senses, len(numbers)) for senses in glossary.forms.values()]
    return PackedGlossary(
        version=glossary.version,
        terms=list(glossary.terms.values()),
        meanings=[
            senses[0].term_id if len(senses) == 1 and senses[0].when == _EVERYWHERE else senses for senses in numbers
        ],
        forms=lines(glossary.forms),
        numbers=of_forms,
        abbreviations=glossary.abbreviations,
        ambiguous=glossary.ambiguous,
        parts=glossary.parts,
        links=glossary.links,
        plurals=lines(sorted(glossary.plurals)),
        common_words=lines(sorted(glossary.common_words)),
        twins=glossary.twins,
    )


def unpack_glossary(packed: PackedGlossary) -> Glossary:
    """Return the Glossary. Raises ValueError where its parts do not fit together."""
    terms = {term.id: term for term in packed.terms}
    meanings = [(SenseOf(one, _EVERYWHERE),) if isinstance(one, str) else one for one in packed.meanings]
    forms, numbers, plurals = of_lines(packed.forms), packed.numbers, frozenset(of_lines(packed.plurals))
    if numbers and not 0 <= min(numbers) <= max(numbers) < len(meanings):
        raise ValueError("A form has a meaning that is not there.")
    if (
        not {sense.term_id for senses in (*meanings, *packed.abbreviations.values()) for sense in senses}
        <= terms.keys()
    ):
        raise ValueError("A form means an entry that is not there.")
    made = dict(zip(forms, map(meanings.__getitem__, numbers), strict=True))
    if not all(meanings) or len(made) != len(forms) or not plurals <= made.keys():
        raise ValueError("The forms are not whole.")
    return Glossary(
        version=packed.version,
        terms=terms,
        forms=made,
        abbreviations=packed.abbreviations,
        ambiguous=packed.ambiguous,
        parts=packed.parts,
        links=packed.links,
        plurals=plurals,
        common_words=frozenset(of_lines(packed.common_words)),
        twins=packed.twins,
    )
