"""The Glossary: entries by id, forms with the senses that they can have, parts of the body, links."""

import re
from dataclasses import dataclass, field
from functools import cache

from plainrad.domain.term import Link, Part, Term, When
from plainrad.errors import TermNotFoundError

_DASHES = re.compile(r"[\s\-‐‑‒–—]+")


def form_key(form: str) -> str:
    """Return what two ways of writing one form have in common: case, hyphens, spaces and apostrophes do not count."""
    lower = form.lower()
    if lower.isascii() and "-" not in lower and "  " not in lower:
        return lower.strip()
    return _DASHES.sub(" ", lower.replace("’", "'")).strip()


@dataclass(frozen=True, slots=True)
class SenseOf:
    """A form may mean this entry, in these places (everywhere when `when` is empty)."""

    term_id: str
    when: When


@dataclass(frozen=True, slots=True)
class AbbreviationSense:
    """One meaning of an ambiguous abbreviation; `term_id` is None for a meaning that has no entry, `pattern` may be empty."""

    term_id: str | None
    means: str
    when: When
    pattern: str

    def speaks_in(self, around: str) -> bool:
        """Return True when the words around the abbreviation say that this is what it means."""
        return bool(self.pattern) and expression(self.pattern).search(around) is not None


@cache
def expression(source: str) -> re.Pattern[str]:
    """Return the expression of a sense, made when it is first needed. Raises re.error for one that is not valid."""
    return re.compile(source)


@dataclass(frozen=True, slots=True)
class Glossary:
    """All reviewed words, ready to be looked up."""

    version: str
    terms: dict[str, Term]
    forms: dict[str, tuple[SenseOf, ...]]
    abbreviations: dict[str, tuple[SenseOf, ...]]
    ambiguous: dict[str, tuple[AbbreviationSense, ...]]
    parts: dict[str, Part]
    links: dict[str, Link]
    plurals: frozenset[str] = field(default_factory=frozenset)
    common_words: frozenset[str] = field(default_factory=frozenset)
    twins: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # a concept that several entries name -> all of them

    def term(self, term_id: str) -> Term:
        """Return the entry; raises TermNotFoundError."""
        try:
            return self.terms[term_id]
        except KeyError:
            raise TermNotFoundError from None

    def concept(self, term_id: str) -> str:
        """Return the id that entries of one meaning share: two mentions of one concept are one thing to a patient."""
        return self.term(term_id).same_as or term_id

    def ancestors(self, part_id: str) -> list[Part]:
        """Return the part and everything that it is part of, nearest first."""
        found: list[Part] = []
        current = self.parts.get(part_id)
        while current is not None and all(current is not one for one in found):
            found.append(current)
            current = self.parts.get(current.parent) if current.parent else None
        return found
