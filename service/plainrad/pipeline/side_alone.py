"""What a sentence tells that names one side only, and names it once: what is there too need not be said to be.

A wrong side is far worse than none: each rule asks that nothing else could be meant.
"""

import itertools
from collections.abc import Sequence

from spacy.tokens import Doc

from plainrad.domain.reading import Side
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Cue, Draft, evidence, work
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.side_words import ANYWHERE

_SIDES = ("left", "right")
_SIDE_WORDS = frozenset({"left", "right", "lt", "rt", "l", "r", "left-sided", "right-sided", "sided", "-", "the", "of"})
_PAIRED = frozenset({"urinary", "breast", "eye"})  # whose organs come in pairs
_PARTS_OF_PAIRS = frozenset({"calculus", "urinary-tract-calculus", "scar", "infarct", "focus", "debris"})
# What is said of a lump, and of nothing else.
_WITHIN = frozenset({"solid-component", "internal-vascularity", "septation", "mural-nodule", "capsular-abutment", "extraprostatic-extension", "spiculation"})  # fmt: skip
OF_LESION = _WITHIN | {"enhancement", "rim-enhancement", "restricted-diffusion", "microcalcification"}
_WHERE = frozenset({"upper", "lower", "mid", "middle", "pole", "anterior", "posterior", "medial", "lateral", "proximal", "distal", "superior", "inferior"})  # fmt: skip
_STOPS = frozenset({".", ",", ";", "-", "(", "measuring", "\n"})
_SEEN_IN = frozenset({"is", "are", "has", "have", "come", "up", "seen", "present", "noted", "demonstrated", "appeared", "developed", "persists", "remains", "again", "now", "there", "along", "it", "which"})  # fmt: skip
_PLACES = frozenset({"in", "within", "at", "around", "along", "involving", "over"})
_ENDS = frozenset({";", "but", "while", "whereas", "although", "other", "opposite", "contralateral", "elsewhere", "midline", "central", "separate", "separately", "generalised"})  # fmt: skip
_NONE_BETWEEN = _ENDS | {"no", "without"}
_OR = frozenset({"or", "nor", "and", "no", ","})
_EXPLAINS = frozenset({"consistent", "probable", "possible"})
_CAUSED = (("due", "to"), ("secondary", "to"), ("caused", "by"))
_MEANT_BY = 6  # words between "in keeping with" and what is meant
_ATTRIBUTES = frozenset({"hypodensity", "hyperdensity", "hypointensity", "hyperintensity", "signal-change", "enhancement", "rim-enhancement", "restricted-diffusion"})  # fmt: skip
_LUMPS = frozenset({"adenoma", "carcinoma", "metastasis", "malignancy", "lymphoma", "cancer", "tumour"})
_THINGS = frozenset({"finding", "device"})
_TELLS = frozenset({"finding", "device", "anatomy"})
_MANY = 12  # things named in one sentence: beyond, it is no sentence


class AloneSides:
    """Gives the one side of a sentence to what has none of its own."""

    def __init__(self, glossary: Glossary, grammar: Grammar) -> None:
        self._glossary = glossary
        self._grammar = grammar

    def tell(self, doc: Doc, number: int, members: list[Draft], at: int, side: Side) -> None:
        """Fill in `laterality` of the members of sentence `number`, which names `side`, first at the token `at`, and no other."""
        open_ = [one for one in members if one.laterality is None and one.kind in _THINGS and one.term_id is not None]
        if not open_ or len(members) > _MANY:
            return
        words, cues = work(doc).tokens.words, work(doc).cues[number]
        scored = next((one for one in members if one.kind == "score" and one.start <= at < one.end), None)
        for draft in open_:
            seen = self._meant(words, cues, members, draft, side, scored)
            if seen is None and draft.kind == "finding":
                seen = (
                    self._in_place(words, members, draft, side)
                    or self._of_pair(words, members, draft, side)
                    or self._of_lesion(words, members, draft, side)
                    or self._denied(words, members, draft, side)
                )
            if seen is None:
                continue
            for one in (draft, draft.location):
                if one is not None and one.laterality is None:
                    one.laterality = side
                    one.evidence.append(evidence(doc, "side.of-sentence", seen.start, seen.end))

    def follow(self, doc: Doc, members: list[Draft], before: list[Draft], named: list[tuple[int, Side]]) -> None:
        """As in "The left ovary contains a cyst. No solid component or internal vascularity.": all of it of that one lump."""
        found = [one for one in members if one.kind == "finding"]
        if not found or not {one.term_id for one in found} <= _WITHIN or any(one.kind == "anatomy" for one in members):
            return
        lumps = [one for one in before if one.kind == "finding" and one.term_id is not None]
        sides = {one.laterality for one in lumps} | {side for _, side in named}
        lines = work(doc).lines
        side = next(iter(sides)) if len(sides) == 1 else None
        if side not in _SIDES or not lumps or lines[lumps[0].line].section != lines[found[0].line].section:
            return
        if any(one.assertion not in ("present", "possible") for one in lumps):
            return
        for draft in found:
            if draft.laterality is None:
                draft.laterality = side
                start, end = min(named[0][0], lumps[0].start), max(named[0][0] + 1, lumps[0].end)
                draft.evidence.append(evidence(doc, "side.of-observation", start, end))

    def _in_place(self, words: Sequence[str], members: list[Draft], draft: Draft, side: Side) -> Draft | None:
        """As in "ground glass has come up in the right lower lobe", "simple cyst upper pole right kidney"."""
        after = [one for one in members if one.start >= draft.end]
        place = next((one for one in after if one.kind == "anatomy" and one.laterality is not None), None)
        if place is None or place.laterality != side or draft.assertion not in ("present", "possible"):
            return None
        if draft.location is not None or any(one.start < place.start and one.kind in _THINGS for one in after):
            return None
        gap = [word for word in words[draft.end : place.start] if word not in _SIDE_WORDS]
        if set(gap) <= _WHERE:
            return place if self._ends_with(words, after, place) else None
        return place if gap[-1] in _PLACES and set(gap) <= _SEEN_IN | _PLACES else None

    def _ends_with(self, words: Sequence[str], after: list[Draft], place: Draft) -> bool:
        """Return True where nothing but a size is said of the place: "cyst left kidney", not "cyst left kidney normal"."""
        end = place.end
        for one in after:
            if one.kind == "anatomy" and one.start >= end and set(words[end : one.start]) <= _SIDE_WORDS:
                end = one.end
        return end >= len(words) or words[end] in _STOPS or words[end][:1].isdigit()

    def _of_pair(self, words: Sequence[str], members: list[Draft], draft: Draft, side: Side) -> Draft | None:
        """As in "moderate left hydronephrosis, hydroureter and perinephric stranding"."""
        if draft.assertion not in ("present", "possible") or draft.plural:
            return None
        if not (self._slot(draft) or draft.term_id in _PARTS_OF_PAIRS):
            return None
        region = self._region(draft)
        if region == "general" and draft.location is not None:
            region = self._region(draft.location)
        before = [one for one in members if one.end <= draft.start]
        seen = next((one for one in reversed(before) if one.laterality == side and self._region(one) == region), None)
        if region not in _PAIRED or seen is None or _NONE_BETWEEN & set(words[seen.end : draft.start]):
            return None
        between = [one for one in before if one.start >= seen.end and one.kind == "anatomy"]
        return None if any(self._one_only(one) for one in (*between, *filter(None, [draft.location]))) else seen

    def _of_lesion(self, words: Sequence[str], members: list[Draft], draft: Draft, side: Side) -> Draft | None:
        """As in "the left frontal lesion shows ring enhancement"."""
        if draft.term_id not in OF_LESION or draft.location is not None:
            return None
        told = [one for one in members if one.end <= draft.start and one.kind == "finding"]
        told = [one for one in told if one.assertion in ("present", "possible")]
        if not told or {one.laterality for one in told} != {side} or _ENDS & set(words[told[0].end : draft.start]):
            return None
        return told[-1]

    def _meant(
        self,
        words: Sequence[str],
        cues: list[Cue],
        members: list[Draft],
        draft: Draft,
        side: Side,
        scored: Draft | None,
    ) -> Draft | None:
        """As in "the left adrenal nodule is non-avid, consistent with an adenoma", "small left kidney, probably due to reflux"."""
        if draft.location is not None or draft.assertion not in ("present", "possible"):
            return None
        told = [one for one in members if one.end <= draft.start and one.kind in _TELLS]
        told = [one for one in told if one.term_id not in _ATTRIBUTES]
        if not told and scored is not None and scored.end <= draft.start:
            told = [scored]  # "U5 left thyroid nodule suspicious for ..."
        elif {one.laterality for one in told} != {side}:
            return None
        if _ENDS & set(words[told[0].end : draft.start]):
            return None
        seen = told[-1]
        if not self._local(draft, seen):
            return None
        near = words[max(seen.end, draft.start - _MEANT_BY) : draft.start]
        if any(pair in _CAUSED for pair in itertools.pairwise(near)):
            return seen
        explains = (one for one in cues if one.rule.kind in _EXPLAINS and one.rule.direction != "backward")
        return (
            seen if any(seen.end <= one.start and 0 <= draft.start - one.end <= _MEANT_BY for one in explains) else None
        )

    def _local(self, draft: Draft, seen: Draft) -> bool:
        """Return True for what can be where the other is: not for an illness of the whole person, nor for the heart."""
        term = self._glossary.terms[draft.term_id or ""]
        if term.background or term.region == "heart" or term.plain.split()[0] in self._grammar.general_words:
            return False
        paired = self._region(seen) in _PAIRED and (term.region in _PAIRED or term.id in ANYWHERE)
        return self._slot(draft) or term.id in _LUMPS or paired

    def _denied(self, words: Sequence[str], members: list[Draft], draft: Draft, side: Side) -> Draft | None:
        """As in "no right-sided stones or obstruction": what is nowhere is not on the right either."""
        if draft.assertion != "absent" or draft.location is not None:
            return None
        if not (self._slot(draft) or draft.term_id in ANYWHERE):
            return None
        before = [one for one in members if one.end <= draft.start and one.kind == "finding"]
        again = [one for one in before if one.laterality == side and words[one.end - 1] == words[draft.end - 1]]
        if again:
            return again[-1]  # "left PUJ obstruction has been relieved; no recurrent obstruction"
        seen = before[-1] if before else None
        if seen is None or seen.laterality != side or seen.assertion != "absent":
            return None
        return seen if set(words[seen.end : draft.start]) <= _OR else None

    def _one_only(self, part: Draft) -> bool:
        """Return True for a part of which there is one: the bladder."""
        parts = [self._glossary.parts[one] for one in part.anatomy if one in self._glossary.parts]
        return bool(parts) and not all(one.sides for one in parts)

    def _region(self, draft: Draft) -> str:
        return self._glossary.terms[draft.term_id].region if draft.term_id else ""

    def _slot(self, draft: Draft) -> bool:
        return draft.term_id is not None and "{side }" in self._glossary.terms[draft.term_id].plain
