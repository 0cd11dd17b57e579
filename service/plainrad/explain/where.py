"""Where a finding is: whether it lies in the place that is named with it, and that place for a sentence of its own."""

import re
from collections.abc import Mapping, Sequence

from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Mention, Reading
from plainrad.explain.phrase import MAX_WORDS, places_of
from plainrad.glossary.lookup import Glossary

_BESIDE_IT = re.compile(
    r"\b(?:level of|levels of|to|towards?|into|next|beside|adjacent|near|close|above|below|beneath|between|around|behind|abut\w*|"
    r"overlying|underlying|beyond|outside|reach\w*|extend\w*|displac\w*|compress\w*|indent\w*|touch\w*|from)\b",
    re.IGNORECASE,
)

_ADJECTIVE = re.compile(r"(?:al|ar|ic|ous|ary|oid)$", re.IGNORECASE)
_A_NOUN_BEHIND = re.compile(
    r"[ \-]+(?!(?:and|or|nor|with|without|of|in|at|on|to|is|are|was|were|has|have|which|that|but|as|by|from|for|than|measur\w*|bilaterally|"
    r"metaphys\w*|diaphys\w*|epiphys\w*|shaft|head|neck|condyles?|styloid|cortex|cort\w*|surface|aspect|border|region|area|side|wall|portion|part|"
    r"segment|lobe|pole|end|base|tip|margin|half|third|bones?|vessels?|tissues?|"
    r"likely|possibly|probably|consistent|suggest\w*|seen|noted|identified|compatible|due|secondary|causing|in keeping)\b)[a-z]",
)
_TERRITORY = re.compile(
    r"\s*(?:vascular |arterial |venous )?(?:territor|distribution|watershed|suppl|phase\b|protocol\b|angiogra)",
    re.IGNORECASE,
)
_HELD = re.compile(r"[\s-]*containing\b", re.IGNORECASE)
_HOLDING = re.compile(r"\bcontain(?:ing|s) (?:only |some |mesenteric |omental )*$", re.IGNORECASE)
_AROUND = re.compile(
    r"\b(?:surrounding|adjacent|neighbouring|nearby|associated surrounding)\s+(?:[a-z]+\s+)?$", re.IGNORECASE
)
_BEFORE_PART = re.compile(r"\b(?:sub|extra|epi|peri|retro|para|supra|infra)[ -]$", re.IGNORECASE)
_VESSEL = re.compile(r"\b(?:vessel|artery|arteries|vein|blood clot|block|narrow|bulge)", re.IGNORECASE)
_STARVED = re.compile(r"\black of blood\b|\blost (?:its )?blood supply\b", re.IGNORECASE)
_JOINT = re.compile(r"\bjoints? (?:partly )?out of place\b", re.IGNORECASE)
_IS = re.compile(
    r"^\s*(?:tendon |muscle |nerve )?(?:is|are|appears?|looks?)\b|\b(?:is|are|appears?|looks?)\b", re.IGNORECASE
)
_NO_JOINTS = frozenset({"muscles", "nerves and brain", "senses"})
# Regions whose findings are in one organ; bone, joint, vessel and gland are everywhere.
_ORGANS = frozenset({"brain", "breast", "chest", "eye", "heart", "liver", "pancreas", "urinary"})
_JOINED = re.compile(
    r"(?:\s*[,/&]\s*|\s+(?:and|or|as well as)\s+)+(?:(?:and|or|at|in|of|the|both|a)\s+)*(?:[a-z]+\s+){0,2}$",
    re.IGNORECASE,
)


def stands_in(mention: Mention, reading: Reading, glossary: Glossary, text: str) -> bool:
    """Return False for a place that is not all that is said: reached only, one of several, or the half of a name that is not known.

    As in "to the level of the aortic arch", "at L4/5 and L5/S1", "the radial collateral complex".
    """
    where = reading.by_id.get(mention.location or "")
    if where is None:
        return True
    if where.start >= mention.end and _BESIDE_IT.search(text, mention.end, where.start):
        return False
    if _elsewhere(mention, where, glossary) or _not_the_place(mention, where, glossary, text):
        return False
    if mention.assertion == "absent":
        return True  # what a list leaves out is told with it
    half = where.start >= mention.end and _ADJECTIVE.search(where.text) and _is_half_a_name(where, reading, text)
    if half:
        return False
    others = [
        one
        for one in reading.by_sentence.get(mention.sentence, ())
        if one.kind == "anatomy" and one is not where and one.id not in mention.also_in
    ]
    return not any(
        _JOINED.fullmatch(text, first.end, second.start)
        for other in others
        for first, second in [(where, other) if where.end <= other.start else (other, where)]
        if first.end <= second.start and not first.end <= mention.start < second.start
    )


def _elsewhere(mention: Mention, where: Mention, glossary: Glossary) -> bool:
    """Return True for a place in quite another organ than the finding is of: a word that was read in a wrong sense."""
    here, there = (glossary.term(one.term_id or "").region for one in (mention, where))
    if (here, there) == ("head", "brain"):
        return True  # "occipital scalp haematoma": outside the skull
    if here == there or not {here, there} <= _ORGANS or not (mention.anatomy and where.anatomy):
        return False
    ups = [
        {one.id for part in parts for one in glossary.ancestors(part)} - {"body"}
        for parts in (mention.anatomy, where.anatomy)
    ]
    return ups[0].isdisjoint(ups[1])


def _not_the_place(mention: Mention, where: Mention, glossary: Glossary, text: str) -> bool:
    """Return True for a part that only says more of a finding: the area a vessel feeds, what a hernia holds, what the fat lies around."""
    if (
        _TERRITORY.match(text, where.end)
        or _HELD.match(text, where.end)
        or _HOLDING.search(text, mention.end, where.start)
    ):
        return True
    if where.end <= mention.start and _AROUND.search(text, where.end, mention.start):
        return True
    if _BEFORE_PART.search(text, max(0, where.start - 8), where.start):
        return True  # "sub dural", as it was dictated
    if where.laterality == "both" and mention.laterality in ("left", "right"):
        return True  # "both carotid bifurcations with a stenosis on the right"
    term = glossary.term(mention.term_id or "")
    brain = term.region == "brain" or _STARVED.search(term.plain) is not None
    return brain and _is_vessel(where.anatomy, glossary) and not _of_a_vessel(mention, glossary)


def of_no_joint(mention: Mention, reading: Reading, glossary: Glossary, text: str) -> bool:
    """Return True where what is said to be out of place is no joint: "the long head of biceps is medially subluxed"."""
    if _JOINT.search(glossary.term(mention.term_id or "").plain) is None:
        return False
    before = [
        one
        for one in reading.by_sentence.get(mention.sentence, ())
        if one.kind == "anatomy" and one.end <= mention.start
    ]
    if not before or not _IS.search(text, before[-1].end, mention.start):
        return False
    parts = [glossary.parts[one] for one in before[-1].anatomy if one in glossary.parts]
    return bool(parts) and all(one.system in _NO_JOINTS for one in parts)


def _is_vessel(parts: Sequence[str], glossary: Glossary) -> bool:
    return bool(parts) and all(one in glossary.parts and glossary.parts[one].region == "vascular" for one in parts)


def _of_a_vessel(mention: Mention, glossary: Glossary) -> bool:
    """Return True for a finding of a vessel itself: its part is one, or its plain name says so."""
    return _is_vessel(mention.anatomy, glossary) or bool(_VESSEL.search(glossary.term(mention.term_id or "").plain))


def _is_half_a_name(where: Mention, reading: Reading, text: str) -> bool:
    """Return True for an adjective whose noun was not read with it, nor is the finding itself ("the hepatic nodule")."""
    if _A_NOUN_BEHIND.match(text, where.end) is None:
        return False
    behind = [one for one in reading.by_sentence.get(where.sentence, ()) if where.end <= one.start <= where.end + 1]
    return not any(one.kind in ("finding", "device") for one in behind)


def places_apart(
    mention: Mention, reading: Reading, glossary: Glossary, book: PhraseBook, text: str
) -> tuple[str, ...]:
    """Return the places of a finding for sentences of their own ("the left kidney"), or none where its name says one."""
    if not mention.location:
        return ()
    plain = glossary.term(mention.term_id or "").plain
    named, all_of_them = places_of(mention, reading, glossary, book, plain, text)
    return tuple(named) if all_of_them else ()


def told_apart(places: Sequence[str], book: PhraseBook, numbers: Mapping[str, str], *, sure: bool) -> str:
    """Return " They are in the neck and the chest.", in as many sentences as keep each to `MAX_WORDS` words."""
    first, further = ("where", "where_too") if sure else ("where_named", "where_named_too")

    def said(place: str, name: str) -> str:
        return book.wording[name].format(**numbers, place=place)

    whole = said(book.grammar.joined(list(places), book.grammar.and_), first)
    if len(whole.split()) <= MAX_WORDS:
        return whole
    return said(places[0], first) + "".join(said(place, further) for place in places[1:])
