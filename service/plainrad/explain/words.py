"""The explained words, the parts of the body, and the links of one report."""

from plainrad.domain.patient import AnatomyLabel, Explanation
from plainrad.domain.reading import Mention, Reading, Side
from plainrad.domain.term import Link, Term
from plainrad.glossary.lookup import Glossary

_LINKED = frozenset({"present", "possible"})
_LINKED_ALWAYS = frozenset({"procedure", "anatomy", "device", "measurement", "score"})
_KINDS = {"normal": "descriptor", "qualifier": "descriptor", "direction": "descriptor", "person": "other"}


def public_kind(kind: str) -> str:
    """Return the kind under which the JSON names a mention."""
    return _KINDS.get(kind, kind)


def explanations(reading: Reading, glossary: Glossary, *, approved_only: bool = False) -> tuple[Explanation, ...]:
    """Return one explanation for each term that is mentioned, in the order of the report.

    With `approved_only` entries that are still drafts are left out (a site's choice).
    """
    shown: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        if mention.term_id is not None:
            shown.setdefault(mention.term_id, []).append(mention)
    found = []
    for term_id, mentions in shown.items():
        term = glossary.term(term_id)
        if approved_only and term.review.status != "approved":
            continue
        found.append(
            Explanation(
                term_id=term.id,
                term=term.term,
                kind=public_kind(term.kind),
                plain=term.plain.replace("{side }", ""),
                definition=term.definition,
                links=term_links(term, mentions, glossary),
                review=term.review,
                shown_for=tuple(one.id for one in mentions),
            )
        )
    return tuple(found)


def term_links(term: Term, mentions: list[Mention], glossary: Glossary) -> tuple[Link, ...]:
    """Return the links of a term: for what is present or possible, for tests and for parts; never for what was ruled out."""
    return tuple(glossary.links[link] for link in term.links if link in glossary.links) if has_links(mentions) else ()


def has_links(mentions: list[Mention]) -> bool:
    """Return True where one of the mentions of a term gives reason to offer its links."""
    return any(
        (one.assertion in _LINKED and one.reportable) or (one.kind in _LINKED_ALWAYS and one.assertion != "absent")
        for one in mentions
    )


def all_links(found: tuple[Explanation, ...]) -> tuple[Link, ...]:
    """Return every link once, in the order of the explanations."""
    return tuple(dict.fromkeys(link for one in found for link in one.links))


def anatomy_labels(reading: Reading, glossary: Glossary) -> tuple[AnatomyLabel, ...]:
    """Return the parts of the body that this scan speaks of, each once for each side."""
    found: dict[tuple[str, Side | None], list[str]] = {}
    for mention in reading.mentions:
        if not mention.reportable or mention.kind not in ("anatomy", "finding", "device"):
            continue
        if mention.assertion in ("hypothetical", "other_person", "historical"):
            continue
        for part in mention.anatomy:
            known = glossary.parts.get(part)
            if known is not None:
                side = mention.laterality if known.sides else None
                found.setdefault((part, side), []).append(mention.id)
    labels = []
    for (part, side), ids in found.items():
        if side is None and any(key[0] == part and key[1] is not None for key in found):
            continue
        known = glossary.parts[part]
        uberon = next((one.uberon for one in glossary.ancestors(part) if one.uberon), None)
        within = tuple(one.id for one in glossary.ancestors(part) if one.id != part)
        labels.append(AnatomyLabel(part, known.plain, side, known.region, uberon, tuple(ids), within))
    return tuple(labels)
