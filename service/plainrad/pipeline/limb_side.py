"""The side of one limb that was imaged, said once and meant throughout: "MRI knee Lt ... Medial meniscus - bucket handle tear."

The exam's title, from the caller or in the report, says which part was imaged; the side must stand in the report itself, before what it is
given to or in its sentence. From the sentence on that names another side nothing is given.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc

from plainrad.domain.reading import Side
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Draft, evidence, work
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.side_words import ANYWHERE, side_of, side_of_word
from plainrad.pipeline.text import match_words

_ARM, _LEG = frozenset({"shoulder", "elbow", "wrist"}), frozenset({"hip", "knee", "ankle"})
_ONE_OF_TWO = ("breast", "eye", "urinary")  # parts that come in pairs and are imaged one by one
_WIDE = frozenset({"bone", "soft-tissue"})
_BESIDE = _WIDE | {"general", "vascular"}
_PLURAL = frozenset({"both", "bilateral", "knees", "hips", "shoulders", "hands", "feet", "ankles", "wrists", "elbows", "legs", "arms", "breasts", "eyes", "orbits", "kidneys", "pelvis", "spine", "chest", "abdomen", "head", "neck", "brain", "trauma", "survey", "body"})  # fmt: skip
_LIMB_WORDS = {"leg": _LEG, "calf": _LEG, "thigh": _LEG, "tibia": _LEG, "tib": _LEG, "femur": _LEG, "arm": _ARM, "forearm": _ARM, "humerus": _ARM}  # fmt: skip
_PAST = frozenset({"previous", "prev", "previously", "prior", "known", "old", "past", "h/o", "ex"})
_LOCAL = frozenset({"disuse", "regional", "localised", "focal", "periarticular"})
# Of the whole skeleton or the whole person, also where one joint is imaged.
_WHOLE = frozenset({"osteopenia", "osteoporosis", "osteomalacia", "rickets", "renal-osteodystrophy", "hypertrophic-osteoarthropathy", "rheumatoid-arthritis", "psoriatic-arthritis", "reactive-arthritis", "juvenile-idiopathic-arthritis", "inflammatory-arthritis", "gout", "pseudogout", "crystal-arthropathy", "skeletal-dysplasia", "delayed-bone-age", "advanced-bone-age", "hypermobility", "scleroderma", "leg-length-discrepancy", "red-marrow-reconversion", "marrow-infiltration", "bone-metastasis", "complex-regional-pain-syndrome"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Imaged:
    """What was imaged: its regions, the side that the title names, and whether it is a limb."""

    regions: frozenset[str]
    side: Side | None
    limb: bool


class LimbSide:
    """Gives the side of the one limb, breast, eye or kidney of the exam to the findings in it."""

    def __init__(self, glossary: Glossary, grammar: Grammar) -> None:
        self._glossary = glossary
        self._grammar = grammar

    def give(self, doc: Doc) -> None:
        """Fill in `laterality`."""
        imaged = self._imaged(doc)
        if imaged is None:
            return
        members: dict[int, list[Draft]] = {}
        for draft in work(doc).drafts:
            members.setdefault(draft.line, []).append(draft)
        named = [self._named(doc, n, members.get(n, []), imaged) for n in range(len(work(doc).lines))]
        side, first, stop = self._spoken_of(doc, named, members, imaged)
        if side is None:
            return
        around = {n: self._regions(each) - imaged.regions - _BESIDE for n, each in members.items()}
        ends = frozenset(one.end for one in work(doc).drafts if one.term_id is not None)
        for draft in work(doc).drafts:
            if draft.laterality is not None or draft.line >= stop or "both" in named[draft.line]:
                continue
            known = imaged.side is not None or first < work(doc).lines[draft.line].end
            told = known and self._told(doc, draft, side in named[draft.line], members, imaged)
            if not told or not self._of_it(doc, draft, around[draft.line], ends, imaged, side):
                continue
            for one in (draft, draft.location, *draft.also_in):
                if one is not None and one.laterality is None:
                    one.laterality = side
                    one.evidence.append(evidence(doc, "side.of-label", first, first + 1))

    def _told(self, doc: Doc, draft: Draft, named: bool, members: dict[int, list[Draft]], imaged: _Imaged) -> bool:
        """Return True for what the scan shows or was asked about, and for what the request tells of the part in one breath with its side."""
        section = work(doc).lines[draft.line].section
        if section == "history":
            if draft.assertion != "historical" or not named:
                return draft.assertion == "hypothetical"
            return self._same(doc, draft.line, members, imaged)
        return section in ("findings", "conclusion", "addendum") and draft.assertion in (
            "present",
            "possible",
            "absent",
        )

    def _imaged(self, doc: Doc) -> _Imaged | None:
        title = work(doc).context.exam.title
        if title:
            words = [one for one in match_words(title) if one]
            sides = {side_of_word(one) for one in words} - {None}
            regions = frozenset(work(doc).exam.body_regions)
        else:
            regions, words, sides = frozenset(), [], set()
            for number, line in enumerate(work(doc).lines[:3]):
                if line.section == "other":
                    words += work(doc).tokens.words[line.start : line.end]
                    sides |= {side_of(work(doc).tokens, i) for i in range(line.start, line.end)} - {None}
                    regions |= self._regions(one for one in work(doc).drafts if one.line == number)
        return self._limb(regions, words, sides)

    def _limb(self, regions: frozenset[str], words: Iterable[str], sides: set[Side | None]) -> _Imaged | None:
        said = set(words)
        if said & _PLURAL or len(sides) > 1 or "both" in sides:
            return None
        side = next(iter(sides), None)
        limbs = [limb for word, limb in _LIMB_WORDS.items() if word in said]
        if "limb" in said:
            limbs += [_LEG] if "lower" in said else [_ARM]
        for limb in (_ARM, _LEG):
            if (regions & limb or limb in limbs) and regions <= limb | _WIDE | {"vascular"}:
                return _Imaged(limb, side, limb=True)
        for one in _ONE_OF_TWO:
            if one in regions and side is not None and regions <= {one, "abdomen", "soft-tissue", "head"}:
                return _Imaged(frozenset({one}), side, limb=False)
        return None

    def _regions(self, drafts: Iterable[Draft]) -> frozenset[str]:
        return frozenset(
            self._glossary.terms[one.term_id].region for one in drafts if one.kind == "anatomy" and one.term_id
        )

    def _named(self, doc: Doc, number: int, members: list[Draft], imaged: _Imaged) -> list[Side]:
        """Return the sides that a line names of the part that was imaged, not of some other part."""
        line = work(doc).lines[number]
        known = [self._glossary.terms[one.term_id].region for one in members if one.term_id and one.kind != "procedure"]
        ours = imaged.regions | _WIDE
        foreign = [one for one in known if one not in ours | {"general", "vascular"}]
        if foreign and not any(one in ours for one in known):
            return []
        sides = (side_of(work(doc).tokens, i) for i in range(line.start, line.end))
        return [one for one in sides if one is not None]

    def _spoken_of(
        self, doc: Doc, named: list[list[Side]], members: dict[int, list[Draft]], imaged: _Imaged
    ) -> tuple[Side | None, int, int]:
        """Return the side, the token that first names it, and the line from which on another side is spoken of too."""
        lines = work(doc).lines
        side = imaged.side
        told = [n for n, sides in enumerate(named) if sides and lines[n].section not in ("comparison",)]
        if side is None:
            every = {one for n in told for one in named[n]}
            if len(every) != 1 or "both" in every:
                return None, 0, 0
            side = every.pop()
        trusted = [
            n
            for n in told
            if side in named[n] and (imaged.side or self._same(doc, n, members, imaged))
        ]  # fmt: skip
        stop = next(
            (n for n in told if set(named[n]) - {side} and lines[n].section not in ("history", "technique", "other")),
            len(lines),
        )
        if not trusted or trusted[0] > stop or (not imaged.limb and stop < len(lines)):
            return None, 0, 0
        line = lines[trusted[0]]
        first = next(i for i in range(line.start, line.end) if side_of(work(doc).tokens, i) == side)
        return side, first, stop

    def _same(self, doc: Doc, number: int, members: dict[int, list[Draft]], imaged: _Imaged) -> bool:
        """Return True for what speaks of the imaged part as it is now: "pain R shoulder", not "previous left knee surgery"."""
        line = work(doc).lines[number]
        if _PAST & set(work(doc).tokens.words[line.start : line.end]):
            return False
        parts = {self._glossary.terms[one.term_id].region for one in members.get(number, []) if one.term_id}
        return line.section != "history" or bool(
            parts & imaged.regions and parts <= imaged.regions | _WIDE | {"general"}
        )

    def _of_it(
        self, doc: Doc, draft: Draft, around: frozenset[str], twins: frozenset[int], imaged: _Imaged, side: Side
    ) -> bool:
        """Return True for what lies in the part that was imaged, and nowhere else."""
        if draft.target and draft.term_id is None:
            return imaged.limb and not around and draft.end not in twins
        if draft.kind not in ("finding", "device") or draft.term_id is None:
            return False
        if draft.term_id in _WHOLE and work(doc).tokens.words[draft.start - 1] not in _LOCAL:
            return False
        term = self._glossary.terms[draft.term_id]
        if term.background or term.plain.split()[0] in self._grammar.general_words:
            return False
        place = draft.location
        if place is not None and (
            place.laterality not in (None, side) or not self._regions([place]) <= imaged.regions | _BESIDE
        ):
            return False
        parts = [self._glossary.parts[one] for one in draft.anatomy if one in self._glossary.parts]
        slot = "{side }" in term.plain or any(one.sides for one in parts)
        if term.region in imaged.regions or (place is not None and self._regions([place]) & imaged.regions):
            return slot or imaged.limb or (place is not None and self._sided(place))
        alone = imaged.limb or imaged.regions == {"breast"}
        if not alone or any(one.region not in imaged.regions | _WIDE | {"vascular"} for one in parts):
            return False
        if term.region == "vascular":
            return slot and not around
        soft = bool(parts) and all(one.region in _WIDE for one in parts)  # gas in soft tissue stands with the chest
        return not around and ((imaged.limb and (soft or term.region in _WIDE)) or term.id in ANYWHERE)

    def _sided(self, place: Draft) -> bool:
        return place.term_id is not None and "{side }" in self._glossary.terms[place.term_id].plain
