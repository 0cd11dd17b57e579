"""The editorial law for one entry, as its editor types: every check of `law` that this entry can break, at once."""

from collections.abc import Iterator

from plainrad.domain.term import Term
from plainrad.glossary.law import definition_grade, term_problems
from plainrad.glossary.lookup import form_key
from plainrad.glossary.read import Problem, RawContent
from plainrad.glossary.schema import REGIONS, TermSchema
from plainrad.glossary.words import EverydayWords


class EntryCheck:
    """Checks one entry against all the others, which are looked through once."""

    def __init__(self, raw: RawContent, everyday: EverydayWords) -> None:
        self._everyday = everyday
        self._parts = {part.id for part in raw.parts}
        self._links = {link.id for link in raw.links}
        self._paths = {term.id: path for path, term in raw.terms}
        self._entries = {term.id: term for _, term in raw.terms}
        self._ambiguous = {entry.form for entry in raw.abbreviations}
        self._owners: dict[str, set[str]] = {}
        for _, term in raw.terms:
            if not term.replaced_by:
                for key in self._keys(term):
                    self._owners.setdefault(key, set()).add(term.id)

    def problems(self, path: str, term: TermSchema) -> list[Problem]:
        """Return everything in `term` that breaks the law, were it put into the file `path` now."""
        return [Problem(path, term.id, message, remedy) for message, remedy in self._all(path, term)]

    def clashes(self, term: TermSchema) -> dict[str, tuple[str, ...]]:
        """Return the forms of `term` that other entries have too, each with the ids of those."""
        found = {key.lstrip("="): tuple(sorted(self._owners.get(key, set()) - {term.id})) for key in self._keys(term)}
        return {form: others for form, others in found.items() if others}

    def _all(self, path: str, term: TermSchema) -> Iterator[tuple[str, str]]:
        yield from term_problems(term, self._everyday)
        pieces = path.split("/")
        if len(pieces) != 3 or pieces[0] != "terms" or pieces[1] not in REGIONS or not pieces[2].endswith(".toml"):
            yield "The file is not terms/REGION/TOPIC.toml.", f"Choose a region: {', '.join(REGIONS)}."
        known = self._paths.get(term.id)
        if known is not None and known != path:
            yield f"The id is used in {known} already.", "Change that entry, or give this one another id."
        for part in term.anatomy:
            if part not in self._parts:
                yield f"`anatomy` names '{part}'.", "Use a part that is listed."
        for link in term.links:
            if link not in self._links:
                yield f"`links` names '{link}'.", "Use a link that is listed."
        if term.replaced_by and term.replaced_by not in self._entries:
            yield f"`replaced_by` names '{term.replaced_by}'.", "Name an entry that exists."
        if term.same_as and (term.same_as not in self._entries or term.same_as == term.id):
            yield f"`same_as` names '{term.same_as}'.", "Name another entry that exists."
        listed = [form_key(form) for form in (term.term, *term.forms)]
        if len(set(listed)) < len(listed):
            yield "A form is listed twice (or repeats the term).", "List each form once."
        told = {form_key(one.form) for one in term.sense if any(one.when.model_dump().values())}
        for form, others in self.clashes(term).items():
            if form_key(form) not in told or not all(self._told(other, form) for other in others):
                yield (
                    f"The form '{form}' belongs to {', '.join(others)} too.",
                    "Keep it in one entry, or say in each of them where it holds.",
                )

    def _told(self, other: str, form: str) -> bool:
        return any(
            form_key(one.form) == form_key(form) and any(one.when.model_dump().values())
            for one in self._entries[other].sense
        )

    def _keys(self, term: TermSchema) -> set[str]:
        short = {f"={one}" for one in term.abbreviations if one not in self._ambiguous}
        return {form_key(form) for form in (term.term, *term.forms)} | short


def grade_of(term: TermSchema | Term) -> float:
    """Return the reading grade of the definition (Flesch-Kincaid)."""
    return round(definition_grade(term.definition), 1)
