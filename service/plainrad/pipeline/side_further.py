"""Sides that pass from one sentence to the next, and over words that `side_links` does not cross.

To what is told of an implant, to what "this" is said to be, to a conclusion that names a finding again, to what comes with a finding of the
same part of the body.
"""

import itertools
from dataclasses import dataclass, field

from spacy.tokens import Doc

from plainrad.domain.reading import Side
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Draft, Line, evidence, named_by, work
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.side_request import RequestSides
from plainrad.pipeline.side_words import ANYWHERE, side_of

# What is told of an implant, wherever its own name stands.
_OF_IMPLANT = frozenset({"periprosthetic-fracture", "periprosthetic-lucency", "prosthetic-loosening", "metalwork-loosening", "prosthesis-dislocation", "hardware-failure", "metalwork-complication", "polyethylene-wear", "prosthetic-infection", "implant-subsidence"})  # fmt: skip
_IMPLANTS = frozenset({"knee-replacement", "hip-replacement", "hip-hemiarthroplasty", "shoulder-replacement", "joint-replacement", "dynamic-hip-screw", "intramedullary-nail", "orthopaedic-screw", "orthopaedic-plate", "metalwork", "k-wire", "external-fixator"})  # fmt: skip
_WITH = frozenset({"and", "&", "with"})
_WORDS_BEFORE = 2  # ", an adenoma"
_AMOUNTS = frozenset({"a", "an", "some", "mild", "moderate", "marked", "severe", "minor", "minimal", "small", "large", "tiny", "trace", "subtle", "associated", "adjacent", "overlying", "underlying", "secondary", "proximal", "distal", "early", "further", "new"})  # fmt: skip
_IT = frozenset({"it", "this"})
_SIDES = ("left", "right")
_BLEEDS = frozenset({"haemorrhage", "blood-products", "rebleeding", "active-bleeding", "enhancement"})
_CLOTS = frozenset({"thrombus", "deep-vein-thrombosis"})
_PRIMARY = frozenset({"lung-cancer", "breast-cancer"})  # one tumour, where the shadow is
_SAID = frozenset({"present", "possible", "neutral"})
_EVERYWHERE = frozenset({"", "general", "bone", "soft-tissue", "vascular", "blood"})
_MANY = 12  # things named in one sentence: beyond, nothing is taken from elsewhere
_NONE_IN = 8  # words from the part to what is not there
_BY_WAY = frozenset({"via", "the", "a"})


@dataclass(slots=True)
class _Told:
    """The findings of one name: the first, how many they are, and their sides."""

    first: Draft
    many: int = 0
    sides: set[Side | None] = field(default_factory=set)

    def add(self, draft: Draft) -> None:
        """Count one more."""
        self.many += 1
        self.sides.add(draft.laterality)


class FurtherSides:
    """Gives sides over the borders of phrases and sentences."""

    def __init__(self, glossary: Glossary, grammar: Grammar) -> None:
        self._glossary = glossary
        self._grammar = grammar
        self._request = RequestSides(glossary)

    def follow(self, doc: Doc) -> None:
        """Fill in `laterality`."""
        by_line: dict[int, list[Draft]] = {}
        for draft in work(doc).drafts:
            by_line.setdefault(draft.line, []).append(draft)
        self._implants(doc, by_line)
        for number, line in enumerate(work(doc).lines):
            members = by_line.get(number, [])
            self._with(doc, members)
            self._by_way(doc, members)
            self._named(doc, line, members)
            self._none_beside(doc, line, members)
            self._of_it(doc, line, members, by_line.get(number - 1, []))
        self._meant(doc)
        self._concluded(doc)
        for draft, seen in self._request.ask(doc, by_line):
            self._give(doc, draft, seen, "side.of-observation")

    def _implants(self, doc: Doc, by_line: dict[int, list[Draft]]) -> None:
        """As in "Right total hip replacement. No periprosthetic fracture": until another side is spoken of."""
        if not any(one.term_id in _IMPLANTS for members in by_line.values() for one in members):
            return
        last: Draft | None = None
        tokens = work(doc).tokens
        for number, line in enumerate(work(doc).lines):
            named = {side_of(tokens, i) for i in range(line.start, line.end)} - {None}
            members = by_line.get(number, [])
            here = [one for one in members if one.term_id in _IMPLANTS and one.laterality in _SIDES]
            if here:
                last = here[-1] if len({one.laterality for one in here}) == 1 else None
            elif last is not None and named - {last.laterality}:
                last = None
            if last is None or named - {last.laterality}:
                continue
            for draft in members:
                after = draft.line > last.line or draft.start >= last.end
                if after and draft.term_id in _OF_IMPLANT and draft.laterality is None:
                    self._give(doc, draft, last, "side.of-implant")

    def _with(self, doc: Doc, members: list[Draft]) -> None:
        """As in "left hydronephrosis with mild hydroureter": two things of one part of the body, told together."""
        words = work(doc).tokens.words
        found = [one for one in members if one.kind == "finding" and one.term_id is not None]
        for seen, draft in itertools.pairwise(found):
            gap = words[seen.end : draft.start]
            told = len(gap) > 1 and gap[0] in _WITH and set(gap[1:]) <= _AMOUNTS
            told = told or gap == ["with"]
            placed = seen.location is not None and seen.location.start >= seen.end
            alike = self._region(seen) == self._region(draft) and seen.assertion == draft.assertion
            if told and alike and not placed and draft.laterality is None and draft.location is None and seen.laterality in _SIDES and self._slot(draft):  # fmt: skip
                self._give(doc, draft, seen, "side.of-joined")

    def _named(self, doc: Doc, line: Line, members: list[Draft]) -> None:
        """As in "The left adrenal nodule is 16 mm, -4 HU, an adenoma": the sentence ends with what its one finding is."""
        words = work(doc).tokens.words
        found = [one for one in members if one.kind == "finding" and one.term_id is not None]
        if len(found) < 2 or found[-1].laterality is not None or found[-1].start < _WORDS_BEFORE:
            return
        draft, seen = found[-1], found[-2]
        before = words[draft.start - _WORDS_BEFORE : draft.start]
        if draft.end < line.end and words[draft.end] not in ((")",) if before[1] == "(" else (".", "\n")):
            return
        article = before[0] == "," and before[1] in ("a", "an")
        bare = before[1] == "," and draft.term_id == "adenoma"
        named = {side_of(work(doc).tokens, i) for i in range(line.start, line.end)} - {None}
        alike = self._region(draft) in (self._region(seen), "general") and draft.assertion == seen.assertion
        if (article or bare or before[1] == "(") and alike and named == {seen.laterality} and draft.location is None and len({one.end for one in found}) == 2:  # fmt: skip
            self._give(doc, draft, seen, "side.of-observation")

    def _none_beside(self, doc: Doc, line: Line, members: list[Draft]) -> None:
        """As in "left testis normal in size without a focal lesion": what is not in the one part that the sentence is about."""
        words = work(doc).tokens.words
        parts = [one for one in members if one.kind == "anatomy"]
        found = [one for one in members if one.kind == "finding" and one.term_id is not None]
        if not parts or not found or parts[0].laterality not in _SIDES:
            return
        part, draft = parts[0], found[0]
        if draft.assertion != "absent" or draft.laterality is not None:
            return
        gap = words[part.end : draft.start]
        near = (
            1 < len(gap) <= _NONE_IN and {"no", "without"} & set(gap) and not set(gap) & {"and", "but", ";", ":", "."}
        )
        inside = any(one.start < draft.start for one in parts[1:]) or draft.location is not None
        if not near or inside:
            return
        tokens = work(doc).tokens
        if {side_of(tokens, i) for i in range(line.start, line.end)} - {None} != {part.laterality}:
            return
        if self._slot(draft) or self._region(draft) == self._region(part) or draft.term_id in ANYWHERE | _CLOTS:
            self._give(doc, draft, part, "side.of-subject")

    def _by_way(self, doc: Doc, members: list[Draft]) -> None:
        """As in "Hickman line via the right IJV"."""
        words = work(doc).tokens.words
        for number, draft in enumerate(members):
            if draft.kind != "device" or draft.laterality is not None:
                continue
            part = next((one for one in members[number + 1 : number + 6] if one.start >= draft.end), None)
            if part is None or part.laterality not in _SIDES:
                continue
            gap = words[draft.end : part.start]
            if part.kind == "anatomy" and "via" in gap and set(gap) <= _BY_WAY | {"left", "right", "lt", "rt", "l", "r"}:  # fmt: skip
                self._give(doc, draft, part, "side.of-place")

    def _of_it(self, doc: Doc, line: Line, members: list[Draft], before: list[Draft]) -> None:
        """As in "The right subdural collection has increased. It contains fresh haemorrhage"."""
        words = work(doc).tokens.words
        says = line.end > line.start + 1 and words[line.start + 1] in self._grammar.finite_verbs
        if words[line.start] not in _IT or not says or any(one.kind == "anatomy" for one in members):
            return
        if any(side_of(work(doc).tokens, i) for i in range(line.start, line.end)):
            return
        seen = [one for one in before if one.kind == "finding" and one.assertion == "present"]
        if not seen or len({one.laterality for one in seen}) != 1 or seen[0].laterality not in _SIDES:
            return
        for draft in members:
            if not (self._slot(draft) or draft.term_id in ANYWHERE | _BLEEDS):
                continue
            if draft.kind == "finding" and draft.laterality is None and self._region(draft) in (self._region(seen[0]), "general") and draft.assertion in ("present", "possible"):  # fmt: skip
                self._give(doc, draft, seen[0], "side.of-observation")

    def _meant(self, doc: Doc) -> None:
        """As in "Opacity in the left upper zone. This is suspicious for a carcinoma"."""
        for seen in work(doc).drafts:
            for meant in seen.suggests:
                near = meant.line == seen.line + 1 and meant.laterality is None and meant.location is None
                if near and seen.laterality in _SIDES and not seen.target and self._local(doc, meant):
                    self._give(doc, meant, seen, "side.of-observation")

    def _concluded(self, doc: Doc) -> None:
        """A conclusion that names a finding again: its side is that of the findings, where they tell of one such thing."""
        told: dict[str, _Told] = {}
        alike: dict[str, _Told] = {}
        around: dict[int, set[tuple[int, str]]] = {}
        for draft in work(doc).drafts:
            if draft.kind in ("anatomy", "finding") and draft.term_id is not None:
                around.setdefault(draft.line, set()).add((draft.end, self._region(draft)))
        unsure: set[int] = set()  # sentences of the conclusion that name something that the findings have on two sides
        for draft in work(doc).drafts:
            if draft.term_id is None or draft.kind != "finding" or draft.assertion not in _SAID:
                continue
            section, noun = work(doc).lines[draft.line].section, work(doc).tokens.words[draft.end - 1].removesuffix("s")
            if section == "findings":
                told.setdefault(draft.term_id, _Told(draft)).add(draft)
                alike.setdefault(noun, _Told(draft)).add(draft)
            elif section == "conclusion" and draft.laterality is None and len(around[draft.line]) <= _MANY:
                seen = told.get(draft.term_id) or alike.get(noun)
                if seen is None or draft.assertion == "neutral":
                    continue
                sides = seen.sides | alike[noun].sides if noun in alike else seen.sides
                if len(sides) > 1:
                    unsure.add(draft.line)
                elif draft.line not in unsure:
                    beside = {region for end, region in around[draft.line] if end != draft.end}
                    self._repeated(doc, draft, seen, same=draft.term_id in told, beside=beside)

    def _repeated(self, doc: Doc, draft: Draft, seen: _Told, *, same: bool, beside: set[str]) -> None:
        """Give the side of the findings to what the conclusion names again: by the same name, or by another for the one there is."""
        if draft.plural:  # some of them, but for what is on both sides
            if same and seen.sides == {"both"}:
                self._again(doc, draft, seen.first, set())
            return
        one = seen.many == 1 and self._region(draft) in self._regions(seen.first)
        if seen.sides <= set(_SIDES) and (same or one):
            self._again(doc, draft, seen.first, beside)

    def _again(self, doc: Doc, draft: Draft, seen: Draft, regions: set[str]) -> None:
        """Give the side of the findings where the conclusion speaks of no other side and of no other part of the body."""
        line = work(doc).lines[draft.line]
        if {side_of(work(doc).tokens, i) for i in range(line.start, line.end)} - {None, seen.laterality}:
            return
        own = self._region(draft)
        known = own not in _EVERYWHERE and own in self._regions(seen) and not regions & {own, "", "general"}
        if (known or regions <= self._regions(seen)) and (draft.location is None or self._within(seen, draft.location)):
            self._give(doc, draft, seen, "side.of-repeat")

    def _regions(self, seen: Draft) -> set[str]:
        return {self._region(one) for one in (seen, seen.location) if one is not None}

    def _within(self, seen: Draft, place: Draft) -> bool:
        """Return True where the finding lies in the place that the conclusion names: the lung, for one in the right lung base."""
        where = seen.location
        if where is None or where.term_id == place.term_id:
            return where is not None
        parents = {self._glossary.parts[one].parent for one in where.anatomy if one in self._glossary.parts}
        return bool(parents & set(place.anatomy))

    def _give(self, doc: Doc, draft: Draft, seen: Draft, rule: str) -> None:
        """Give a side together with what shows it: the label of the other sentence, or the sentence itself, which must name it."""
        line = work(doc).lines[seen.line]
        if draft.line == seen.line:
            draft.laterality = seen.laterality
            draft.evidence.append(evidence(doc, rule, seen.start, seen.end))
            return
        labels = [one for one in seen.evidence if one.rule == "side.of-label"]
        named = [i for i in range(line.start, line.end) if side_of(work(doc).tokens, i) == seen.laterality]
        if not labels and not named:
            return
        near = min(named, key=lambda i: abs(i - seen.start), default=seen.start)
        draft.laterality = seen.laterality
        draft.evidence += labels
        draft.evidence.append(evidence(doc, rule, min(near, seen.start), max(near + 1, seen.end)))

    def _region(self, draft: Draft) -> str:
        return self._glossary.terms[draft.term_id].region if draft.term_id else ""

    def _slot(self, draft: Draft) -> bool:
        return draft.term_id is not None and "{side }" in self._glossary.terms[draft.term_id].plain

    def _local(self, doc: Doc, draft: Draft) -> bool:
        twin = named_by(doc, draft)
        if twin.term_id is None:
            return True
        term = self._glossary.terms[twin.term_id]
        return term.region != "heart" and not term.background and ("{side }" in term.plain or term.id in _PRIMARY)
