"""Content folder -> Glossary."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable

from plainrad.domain.term import Link, Part, Review, Sense, Term, When
from plainrad.errors import ContentInvalidError
from plainrad.glossary.forms import inflections, plural_phrase
from plainrad.glossary.lookup import AbbreviationSense, Glossary, SenseOf, expression, form_key
from plainrad.glossary.overlay import Placed, overlaid, overlay_digest
from plainrad.glossary.read import RawContent, content_digest, read_content
from plainrad.glossary.schema import (
    AbbreviationSenseSchema,
    LinkSchema,
    PartSchema,
    TermSchema,
    WhenSchema,
    takes_plural,
)
from plainrad.glossary.words import EverydayWords

# Files of symptoms and of conditions that no scan shows: what they hold is background, wherever a report names it.
_BACKGROUND = ("/symptoms.toml", "general/conditions.toml")


def load_glossary(folder: Traversable, *, overlay: Mapping[str, Placed] | None = None, number: int = 0) -> Glossary:
    """Return the Glossary of a content folder with the entries of `overlay` over it, which its version names by `number`.

    Raises ContentInvalidError with every problem that a file has.
    """
    raw = read_content(folder)
    if raw.problems:
        raise ContentInvalidError("\n".join(str(problem) for problem in raw.problems))
    version = folder.joinpath("VERSION").read_text(encoding="utf-8").strip()
    everyday = EverydayWords.load(folder)
    version = f"{version}+sha256:{content_digest(folder)[:16]}"
    if overlay:
        raw = overlaid(raw, overlay)
        version += f"+site.{number}.{overlay_digest(overlay)[:12]}"
    if not _in_english(folder) and (
        bare := [term.id for _, term in raw.terms if term.noun == "count" and not term.plural]
    ):
        raise ContentInvalidError(
            f"terms: {len(bare)} entries that can be counted have no `plural`, such as {', '.join(bare[:3])}. "
            "The rule for plurals is that of English: in another language give each."
        )
    return build_glossary(raw, version=version, common_words=everyday.common)


def _in_english(folder: Traversable) -> bool:
    """Return whether the plain words of a content folder are English, as its wording says; without any they are."""
    wording = folder.joinpath("phrases", "wording.toml")
    if not wording.is_file():
        return True
    try:
        language = tomllib.loads(wording.read_text(encoding="utf-8")).get("language", "en")
    except tomllib.TOMLDecodeError:
        return True  # the phrase book is refused with what is wrong
    return str(language).partition("-")[0] == "en"


def build_glossary(raw: RawContent, *, version: str, common_words: frozenset[str] = frozenset()) -> Glossary:
    """Return the Glossary made of content that has been read. Of two entries with one form the one that lists it has it."""
    terms = {term.id: _term(path, term) for path, term in raw.terms}
    listed: dict[str, list[SenseOf]] = {}
    generated: dict[str, list[SenseOf]] = {}
    abbreviations: dict[str, list[SenseOf]] = {}
    plurals: set[str] = set()
    for term in terms.values():
        if term.replaced_by:
            continue
        when: dict[str, list[SenseOf]] = {}
        for told in term.senses:
            when.setdefault(form_key(told.form), []).append(SenseOf(term.id, told.when))
        everywhere, countable, many = [SenseOf(term.id, When())], term.noun == "count", takes_plural(term)
        for form in (term.term, *term.forms):
            own = form_key(form)
            senses = when.get(own, everywhere) if when else everywhere
            listed.setdefault(own, []).extend(senses)
            for variant, only_plural in inflections(form, count=many).items():
                key = form_key(variant) if variant is not form else own
                generated.setdefault(key, []).extend(senses)
                if countable and only_plural:
                    plurals.add(key)
        for short in term.abbreviations:
            abbreviations.setdefault(short, []).extend(when.get(form_key(short), everywhere))
    forms = generated | listed
    return Glossary(
        version=version,
        terms=terms,
        forms={
            key: (senses[0],) if len(senses) == 1 else tuple(dict.fromkeys(senses)) for key, senses in forms.items()
        },
        abbreviations={key: tuple(senses) for key, senses in abbreviations.items()},
        ambiguous={entry.form: tuple(_sense(entry.form, one) for one in entry.sense) for entry in raw.abbreviations},
        parts={part.id: _part(part) for part in raw.parts},
        links={link.id: _link(link) for link in raw.links},
        plurals=frozenset(plurals),
        common_words=common_words,
        twins=_twins(terms.values()),
    )


def _twins(terms: Iterable[Term]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for term in terms:
        if term.same_as:
            found.setdefault(term.same_as, [term.same_as]).append(term.id)
    return {concept: tuple(names) for concept, names in found.items()}


def _term(path: str, term: TermSchema) -> Term:
    review = Review(term.review.status, term.review.by or None, term.review.on or None, term.review.next or None)
    countable = term.noun == "count"
    return Term(
        id=term.id,
        term=term.term,
        kind=term.kind,
        region=path.split("/")[1],
        forms=tuple(term.forms),
        abbreviations=tuple(term.abbreviations),
        plain=term.plain,
        plural=term.plural or (plural_phrase(term.plain) if countable else term.plain),
        noun=term.noun,
        definition=term.definition,
        anatomy=tuple(term.anatomy),
        links=tuple(term.links),
        sensitivity=term.sensitivity,
        evidence=tuple(term.evidence),
        review=review,
        senses=tuple(Sense(sense.form, _when(sense.when)) for sense in term.sense),
        background=path.endswith(_BACKGROUND),
        same_as=term.same_as,
        replaced_by=term.replaced_by,
    )


def _sense(form: str, sense: AbbreviationSenseSchema) -> AbbreviationSense:
    try:
        expression(sense.pattern)
    except re.error as error:
        raise ContentInvalidError(
            f"abbreviations.toml: {form}: the expression of '{sense.means}' is not valid: {error}."
        ) from None
    return AbbreviationSense(sense.term, sense.means, _when(sense.when), sense.pattern)


def _when(when: WhenSchema) -> When:
    return When(tuple(when.region), tuple(when.modality), tuple(when.section), tuple(when.near))


def _part(part: PartSchema) -> Part:
    return Part(part.id, part.name, part.plain, part.region, part.system, part.parent, part.sides, part.uberon)


def _link(link: LinkSchema) -> Link:
    return Link(link.id, link.url, link.title, link.publisher, link.evidence, link.checked or None)
