"""One finding is told once: what findings and conclusion both say, a name and its short form, a general and an exact word.

Two findings are never made one: not with different sides, sizes, places, levels or changes, and not where there is more than one candidate.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from plainrad.domain.patient import Statement
from plainrad.domain.reading import Mention, Modifier, Reading
from plainrad.domain.term import Term
from plainrad.explain.drafts import Draft
from plainrad.explain.once import quoted_once, with_sources
from plainrad.explain.telling import Teller
from plainrad.glossary.lookup import Glossary

_LATE = frozenset({"conclusion"})
_SHORT_FORM = re.compile(r"\s*\(\s*$")
_MANY = re.compile(r"(?:lithiasis|disease|deposits)$", re.IGNORECASE)
_UNNAMED = frozenset({"lesion", "abnormality", "change", "focus", "area"})
_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
_DEGREES = {
    "tiny": 1,
    "small": 1,
    "large": 2,
    "mild": 3,
    "moderate": 4,
    "severe": 5,
    "old": 6,
    "healed": 7,
    "healing": 8,
    "new-or-sudden": 9,
}
_WEAKER = frozenset({"present_likely"})
_FAMILY = ("present", "present_new", "present_likely", "unchanged", "larger", "smaller", "healing", "healed")


def without_repeats(
    drafts: Sequence[Draft], teller: Teller, reading: Reading, glossary: Glossary, text: str
) -> list[Statement]:
    """Return the statements of `drafts` in their order, repeats joined with all their sources."""
    kept = _joined_short_forms(drafts, text)
    late = [one for one in kept if one.about and one.about.section in _LATE]
    early = [one for one in kept if one.about and one.about.section == "findings"]
    pairs = [
        (one, two)
        for one in early
        for two in late
        if _same(one, two, reading, glossary) and not _other_sides(one, two, reading, text)
    ]
    gone: dict[int, Draft] = {}
    times = Counter(id(draft) for pair in pairs for draft in pair)
    for one, two in pairs:
        if times[id(one)] == 1 and times[id(two)] == 1:
            together = _together(one, two, teller, glossary)
            if together is not None:
                gone[id(one)] = together
                gone[id(two)] = together
    told = {id(draft): draft for draft in (gone.get(id(one), one) for one in kept)}
    return quoted_once(_joined_texts(list(told.values())), text)


def _joined_short_forms(drafts: Sequence[Draft], text: str) -> list[Draft]:
    """Return the drafts without the short form in brackets right behind its name ("pregnancy of uncertain viability (IPUV)")."""
    kept: list[Draft] = []
    by_sentence: dict[int, list[int]] = {}
    for draft in drafts:
        row = by_sentence.setdefault(draft.about.sentence if draft.about else -1, [])
        at = next((at for at in row if draft.about and _is_short_form(draft.about, kept[at].about, text)), None)
        if at is None or draft.statement.group != kept[at].statement.group:
            if draft.about:
                row.append(len(kept))
            kept.append(draft)
        else:
            kept[at] = replace(kept[at], statement=with_sources(kept[at].statement, draft.statement))
    return kept


def _is_short_form(short: Mention | None, name: Mention | None, text: str) -> bool:
    if short is None or name is None or short.term_id != name.term_id or short.sentence != name.sentence:
        return False
    return name.end <= short.start and _SHORT_FORM.fullmatch(text[name.end : short.start]) is not None


def _joined_texts(drafts: Sequence[Draft]) -> list[Statement]:
    """Return the statements; those with the same words are one."""
    told: dict[tuple[str, str], list[Statement]] = {}
    for draft in drafts:
        told.setdefault((draft.statement.group, draft.statement.text), []).append(draft.statement)
    return [with_sources(*same) for same in told.values()]


def _same(one: Draft, two: Draft, reading: Reading, glossary: Glossary) -> bool:
    """Return True when two drafts speak of the same finding, for all that they say of it."""
    a, b = one.about, two.about
    if a is None or b is None or not _same_telling(one, two):
        return False
    if (not _same_number(a, b, glossary) and not (_MANY.search(a.text) or _MANY.search(b.text))) or (
        a.laterality and b.laterality and a.laterality != b.laterality
    ):
        return False
    levels = one.label and two.label and not (_SIDE.search(one.label) or _SIDE.search(two.label))
    if levels and one.label.lower() != two.label.lower():
        return False
    if a.change and b.change and a.change != b.change:
        return False
    sizes = [{value for size in item.measurements for value in size.values} for item in (a, b)]
    if all(sizes) and not (sizes[0] <= sizes[1] or sizes[1] <= sizes[0]):
        return False
    degrees = [{_DEGREES[item.id] for item in mention.modifiers if item.id in _DEGREES} for mention in (a, b)]
    if all(degrees) and degrees[0] != degrees[1]:
        return False
    if a.assertion == "absent" and (a.location is None) != (b.location is None):
        return False
    return _same_word(a, b, reading, glossary) and _places_agree(a, b, reading, glossary)


def _other_sides(one: Draft, two: Draft, reading: Reading, text: str) -> bool:
    """Return True when two findings are said of different sides: by their own side, the words near them, or all of their sentence."""
    if one.about is None or two.about is None:
        return False
    if not one.about.laterality and not two.about.laterality:
        said = [_sides(text[max(0, item.start - 25) : item.end + 35]) for item in (one.about, two.about)]
        return bool(said[0]) and bool(said[1]) and said[0].isdisjoint(said[1])
    for known, other in ((one.about, two.about), (two.about, one.about)):
        if known.laterality in ("left", "right") and other.laterality is None:
            sentence = reading.sentences[other.sentence]
            said_there = _sides(text[sentence.start : sentence.end])
            if said_there and known.laterality not in said_there:
                return True  # "narrowing on the right"; "narrowing, from a disc that has slipped to the left"
    return False


def _sides(words: str) -> set[str]:
    return {side.lower() for side in _SIDE.findall(words)}


def _same_telling(one: Draft, two: Draft) -> bool:
    if one.template == two.template:
        return dict(one.extra) == dict(two.extra) or one.template.startswith(("possible_", "present_likely"))
    if one.template.startswith("possible_") and two.template.startswith("possible_"):
        return (
            one.statement.certainty == two.statement.certainty
        )  # "suspicious for", "probable": the conclusion's words stand
    return (
        one.template in _FAMILY
        and two.template in _FAMILY
        and not (two.template in _WEAKER and one.template not in _WEAKER)
    )


def _same_word(a: Mention, b: Mention, reading: Reading, glossary: Glossary) -> bool:
    if a.term_id == b.term_id:
        return True
    one, two = glossary.term(a.term_id or ""), glossary.term(b.term_id or "")
    if one.plain == two.plain or glossary.concept(one.id) == glossary.concept(two.id):
        return True
    if a.assertion not in ("present", "possible"):
        return False
    return _is_general_of(a, one, two, reading, glossary) or _is_general_of(b, two, one, reading, glossary)


def _is_general_of(mention: Mention, general: Term, exact: Term, reading: Reading, glossary: Glossary) -> bool:
    """Return True when the word of `mention` is the general one for the exact: "metastases", said of the lungs, for "lung metastases"."""
    if general.term.split()[-1] in _UNNAMED:
        return False  # a metastasis is called "metastatic lesion", but "lesion" does not say as much
    ends = tuple(f" {name}" for name in _names(general, glossary) if len(name) > 3)
    longer = len(general.term) < len(exact.term) and any(name.endswith(ends) for name in _names(exact, glossary))
    same_head = general.region == "general" != exact.region and general.term.split()[-1] == exact.term.split()[-1]
    if not longer and not same_head:
        return False
    where = reading.by_id.get(mention.location or "")
    if where is not None:
        return any(_lineage(part, other, glossary) for part in where.anatomy for other in exact.anatomy)
    if mention.certainty == "definite":
        return False
    parts = _spoken_of(mention, reading)  # "in keeping with metastases" goes on about what its sentence speaks of
    return bool(parts) and all(any(_lineage(part, other, glossary) for other in exact.anatomy) for part in parts)


def _spoken_of(mention: Mention, reading: Reading) -> list[str]:
    """Return the parts that the sentence of a mention speaks of; where it speaks of none, those of the sentence before it."""
    for number in (mention.sentence, mention.sentence - 1):
        near = [
            one for one in reading.by_sentence.get(number, ()) if one is not mention and one.section == mention.section
        ]
        parts = [part for one in near for part in one.anatomy]
        if parts:
            return parts
    return []


def _same_number(a: Mention, b: Mention, glossary: Glossary) -> bool:
    """Return True when both are one, both many, or one of them is not counted ("lymphadenopathy", "enlarged nodes")."""
    one, two = glossary.term(a.term_id or ""), glossary.term(b.term_id or "")
    if a.term_id != b.term_id and "mass" in (one.noun, two.noun):
        return True
    return (a.plural or one.noun == "plural") == (b.plural or two.noun == "plural")


def _names(term: Term, glossary: Glossary) -> list[str]:
    """Return what the thing is called, by its entry and by those that are the same thing to a patient."""
    every = (
        term,
        *(glossary.terms[one] for one in glossary.twins.get(glossary.concept(term.id), ()) if one != term.id),
    )
    return [name for one in every for name in (one.term, *one.forms)]


def _places_agree(a: Mention, b: Mention, reading: Reading, glossary: Glossary) -> bool:
    """Return True when the places that both name are one, or one lies in the other."""
    here, there = reading.by_id.get(a.location or ""), reading.by_id.get(b.location or "")
    if here is None or there is None:
        return True
    if here.laterality and there.laterality and here.laterality != there.laterality:
        return False
    if here.term_id == there.term_id:
        return True
    return any(_lineage(one, two, glossary) for one in here.anatomy for two in there.anatomy)


def _lineage(one: str, two: str, glossary: Glossary) -> bool:
    ups = [{part.id for part in glossary.ancestors(item)} | {item} for item in (one, two)]
    return one in ups[1] or two in ups[0]


def _together(one: Draft, two: Draft, teller: Teller, glossary: Glossary) -> Draft | None:
    """Return what both say in one statement, or None where it cannot be said in one."""
    if one.about is None or two.about is None:
        return None
    exact = [len(glossary.term(draft.about.term_id or "").term) if draft.about else 0 for draft in (one, two)]
    base, other = (one, two) if exact[0] > exact[1] else (two, one)
    if base.about is None or other.about is None:
        return None
    known = {modifier.id for modifier in base.about.modifiers}
    more: tuple[Modifier, ...] = tuple(modifier for modifier in other.about.modifiers if modifier.id not in known)
    mention = replace(
        base.about,
        laterality=base.about.laterality or other.about.laterality,
        location=base.about.location or other.about.location,
        also_in=tuple(dict.fromkeys((*base.about.also_in, *other.about.also_in))),
        modifiers=base.about.modifiers + more,
        change=base.about.change or other.about.change,
    )
    template, extra = base.template, base.extra
    if base.template != other.template:
        template, extra = (other.template, other.extra) if base.template in ("present", *_WEAKER) else (template, extra)
        if template in _WEAKER:
            template, extra = "present", {}
    text = teller.told(template, mention, extra, sizes=(base.about, other.about))
    if text is None:
        return None
    label = base.label or other.label
    if _SIDE.search(label) and _SIDE.search(text):
        label = ""
    told = teller.labelled(label, text) if label and not text.startswith(label) else text
    changed = template not in ("present", "present_new", "present_likely") and base.statement.group == "found"
    group = other.statement.group if changed else base.statement.group
    if template in ("present", "present_new"):
        group = "found"
    statement = replace(with_sources(base.statement, other.statement), text=told, group=group)
    return replace(base, statement=statement, about=mention, template=template, extra=extra, label=label)
