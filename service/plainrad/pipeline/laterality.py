"""`rad_laterality`: left, right or both: from the words of the mention, its noun phrase, its place, or the label of its line."""

import re

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Evidence, Side
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Draft, Line, evidence, work
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Grammar, Rules
from plainrad.pipeline.side_alone import AloneSides
from plainrad.pipeline.side_further import FurtherSides
from plainrad.pipeline.side_labels import SideLabels, names_side
from plainrad.pipeline.side_links import SideLinks
from plainrad.pipeline.side_pairs import SidePairs
from plainrad.pipeline.side_words import WORSE, denies_other, side_of, side_of_name

_ADVERBS = frozenset({"bilaterally"})
_SIDED = frozenset({"finding", "anatomy", "device", "procedure", "other"})
_OPPOSITE: dict[Side, Side] = {"left": "right", "right": "left"}
_SAME = frozenset({"ipsilateral", "ipsilaterally"})
_OTHER = frozenset({"contralateral"})
_ACROSS = re.compile(r"\b(?:left|right)[\s\-]+to[\s\-]+(?:left|right)\b", re.I)  # "right-to-left shunt"
_LEFT_AND_RIGHT = re.compile(r"\b(?:left and right|right and left)\b", re.I)
_COMPARE = re.compile(
    r"\b(?:l|left|r|right|lt|rt)\s*(?:>|<|greater than|more than|worse than|larger than)\s*(?:l|left|r|right|lt|rt)\b"
    r"|\b(?:left|right)\b[^.;:]{0,12}\bto a (?:lesser|greater) (?:extent|degree)\b[^.;:]{0,12}\b(?:left|right)\b",
    re.I,
)
_TOWARDS = frozenset({"to", "towards", "toward"})
_JOINS = frozenset({"or", "nor", "and", ",", "/", "no"})
_TWOS = frozenset({"pads", "menisci", "cruciates", "collaterals", "malleoli", "condyles", "epicondyles", "sesamoids", "endplates"})  # fmt: skip
_REACH, _BRACKET = 9, 4


class SideFinder:
    """Finds side words and gives each to what it describes; the side of a place is the side of what sits there."""

    def __init__(self, rules: Rules, glossary: Glossary) -> None:
        self._grammar: Grammar = rules.grammar
        self._glossary = glossary
        self._links = SideLinks(rules.grammar, glossary)
        self._pairs = SidePairs(rules.grammar)
        self._further = FurtherSides(glossary, rules.grammar)
        self._alone = AloneSides(glossary, rules.grammar)

    def __call__(self, doc: Doc) -> Doc:
        """Fill in `laterality`."""
        drafts = work(doc).drafts
        by_line: dict[int, list[Draft]] = {}
        for draft in drafts:
            if draft.kind in _SIDED:
                by_line.setdefault(draft.line, []).append(draft)
        tokens = work(doc).tokens
        last: Side | None = None
        before: tuple[list[Draft], list[tuple[int, Side]]] | None = None
        labels = SideLabels(self._glossary)
        for number, line in enumerate(work(doc).lines):
            members = by_line.get(number, [])
            label = labels.read(doc, line, members)
            if not members:
                continue
            named = [(i, side) for i in range(line.start, line.end) if (side := side_of(tokens, i)) is not None]
            last = self._sides(doc, line, members, named, last)
            self._places(doc, members)
            self._links.link(doc, line, members)
            if not named and before is not None and label is None:
                self._alone.follow(doc, members, *before)
            before = (members, named) if named else None
            if named and named[0][1] in _OPPOSITE and len({side for _, side in named}) == 1:
                self._alone.tell(doc, number, members, *named[0])
            if label is not None and not names_side(doc, line, label):
                around: set[str] = set()
                for draft in members:
                    if draft.laterality is None and self._can_have_side(draft) and label.holds(draft, around):
                        draft.laterality = label.side
                        draft.evidence.append(Evidence("side.of-label", *label.at))
                    if draft.kind == "anatomy":
                        around.add(label.region(draft))
        self._further.follow(doc)
        return doc

    def _sides(
        self, doc: Doc, line: Line, members: list[Draft], named: list[tuple[int, Side]], last: Side | None
    ) -> Side | None:
        """Give each side word of the sentence to what it describes; return the last side that was named."""
        tokens = work(doc).tokens
        for draft in members:
            self._abbreviated(doc, draft)
        self._pairs.pair(doc, line, members, named)
        offset, end = tokens.starts[line.start], tokens.ends[line.end - 1]
        written = tokens.text[offset:end]
        two = bool(named) or ">" in written or "<" in written or "than" in written  # "L>R" names no side by itself
        compared = [
            (match.start() + offset, match.end() + offset) for match in (_COMPARE.finditer(written) if two else ())
        ]
        for start, _end in compared:  # "L>R": both sides, one worse
            self._adverb(doc, line, members, tokens.at(start), "both")
        for one in _LEFT_AND_RIGHT.finditer(written) if two else ():
            compared.append((one.start() + offset, one.end() + offset))
            at = tokens.at(one.start() + offset)
            if not self._compound(doc, members, tokens.at(one.end() + offset), line, "both", at):
                self._adverb(doc, line, members, at, "both")
        compared += [(one.start() + offset, one.end() + offset) for one in (_ACROSS.finditer(written) if two else ())]
        sides = dict(named)
        for index in range(line.start, line.end):
            if compared and any(start <= tokens.starts[index] < end for start, end in compared):
                continue
            side = sides.get(index)
            word = tokens.words[index]
            if last in _OPPOSITE and (
                word in _OTHER
                or word in _SAME
                or (word == "side" and tokens.words[index - 1] in ("same", "other", "opposite"))
            ):
                side = last if word in _SAME or tokens.words[index - 1] == "same" else _OPPOSITE[last]
                if word == "side":
                    self._adverb(doc, line, members, index, side)
                    continue
            if side is not None:
                self._give(doc, line, members, index, side)
                last = side if side != "both" else last
        return last

    def _give(self, doc: Doc, line: Line, members: list[Draft], index: int, side: Side) -> None:
        words = work(doc).tokens.words
        if words[index] == "both" and _TWOS & set(words[index + 1 : index + 3]):
            return  # "both fat pads", "both menisci": of one joint
        inside = [one for one in members if one.start <= index < one.end]
        if inside:
            for draft in inside:
                self._set(doc, draft, side, index)
            self._compound(doc, members, index + 1, line, side, index)
            return
        if (
            (index and words[index - 1] in _TOWARDS)
            or (index > 1 and words[index - 1] == "the" and words[index - 2] in _TOWARDS)
        ) and not any(one.start == index + 1 for one in members):
            return  # "displaced to the left" is a direction
        if (
            words[index] in ("both", "either")
            and index + 1 < line.end
            and words[index + 1] in self._grammar.finite_verbs
        ):
            return  # "both are in keeping with": two things, not two sides
        if words[index : index + 3] == ["both", "sides", "of"] and _OPPOSITE.keys() & set(words[index + 3 : index + 6]):
            return  # "on both sides of the left joint"
        if (
            words[index] not in _ADVERBS
            and not (
                words[index + 1 : index + 2] in (["side"], ["sides"])
                or words[index + 1 : index + 3] == ["hand", "side"]
            )
            and (
                self._compound(doc, members, index + 1, line, side, index)
                or (words[index] in ("both", "either") and words[index + 1 : index + 2] not in (["bases"], ["apices"]))
            )
        ):
            return
        if words[index] == "either" and words[index + 1 : index + 2] != ["side"]:
            return  # "either collapse or consolidation"
        self._adverb(doc, line, members, index, side)

    def _compound(self, doc: Doc, members: list[Draft], start: int, line: Line, side: Side, at: int) -> bool:
        """Give the side to the noun phrase that follows; return True when there was one."""
        words = work(doc).tokens.words
        given = False
        index = start
        while index < min(line.end, start + _REACH):
            draft = next((one for one in members if one.start <= index < one.end), None)
            if draft is not None:
                same = [one for one in members if one.start <= index < one.end]
                paired = words[at] not in ("both", "either")
                for one in same:
                    if paired or (self._is_paired(one) and (words[at] != "either" or one.kind == "anatomy")):
                        self._set(doc, one, side, at)
                given = True
                index = max(one.end for one in same)
                continue
            word = words[index]
            if word == "(" and ")" in words[index : index + _BRACKET]:
                index += words[index : index + _BRACKET].index(")") + 1  # "ipsilateral hilar (10R) node"
                continue
            if (
                word in self._grammar.finite_verbs
                or word in self._grammar.prepositions
                or word in ("with", "but", "no", "without", "following", "post", "after")
                or word in ",;:.()?"
                or word in self._grammar.conjunctions
            ):
                break
            if side_of(work(doc).tokens, index) is not None and word not in ("-",):
                break
            index += 1
        return given

    def _adverb(self, doc: Doc, line: Line, members: list[Draft], index: int, side: Side) -> None:
        """As in "... on the left": the things before it in the clause; "On the left, ...": the things after it."""
        words = work(doc).tokens.words
        clause = next(((s, e) for s, e in line.clauses if s <= index < e), (line.start, line.end))
        if any(word in WORSE for word in words[max(clause[0], index - 4) : index]):
            for draft in members:  # "effusions, larger on the right": both sides have one
                if (
                    (draft.plural or (draft.target and words[draft.end - 1].endswith("s")))
                    and clause[0] <= draft.start < index
                    and draft.laterality is None
                    and draft.kind != "anatomy"
                ):
                    self._set(doc, draft, "both", index)
            return
        if denies_other(work(doc).tokens, work(doc).cues[members[0].line], clause[0], index, side):
            return
        before = [one for one in members if clause[0] <= one.start and one.end <= index and one.kind != "procedure"]
        if before:
            findings = [one for one in before if one.kind != "anatomy"] or before
            if self._detail(words, clause[0], findings[-1], index):
                return
            chosen = [findings[-1]]
            for one in reversed(findings[:-1]):
                between = words[one.end : chosen[-1].start]
                joined = one.end > chosen[-1].start or (between and all(word in _JOINS for word in between))
                if not joined:
                    break
                chosen.append(one)
            for draft in chosen:
                if draft.laterality is None:
                    self._set(doc, draft, side, index)
            return
        for draft in members:
            if clause[0] <= draft.start < clause[1] and draft.start > index and draft.laterality is None:
                if any(side_of(work(doc).tokens, i) is not None for i in range(index + 1, draft.start)):
                    break
                self._set(doc, draft, side, index)

    def _detail(self, words: list[str], start: int, draft: Draft, index: int) -> bool:
        """Return True for "stenosis of both carotids, 70% on the right"; not for "plaque in both, causing stenosis on the right"."""
        both = next((i for i in range(start, index) if words[i] in ("both", "bilateral")), None)
        return (
            both is not None
            and "," in words[start:index]
            and not (draft.start > both and "," in words[both : draft.start])
        )

    def _places(self, doc: Doc, members: list[Draft]) -> None:
        for draft in members:
            place = draft.location or draft.beside
            while draft.laterality is None and place is not None:
                sides = {one.laterality for one in (place, *draft.also_in)} - {None}
                if place.laterality is not None:
                    draft.laterality = place.laterality if len(sides) == 1 else "both"
                    draft.evidence.append(evidence(doc, "side.of-place", place.start, place.end))
                place = place.location

    def _set(self, doc: Doc, draft: Draft, side: Side, at: int) -> None:
        if not self._can_have_side(draft):
            return
        if draft.laterality is not None and draft.laterality != side:
            draft.laterality = "both" if {draft.laterality, side} == {"left", "right"} else draft.laterality
            return
        draft.laterality = side
        draft.evidence.append(evidence(doc, "side.word", at, at + 1))

    def _abbreviated(self, doc: Doc, draft: Draft) -> None:
        """As in "RUL", "LIF": a letter stands for the side that the name of the part says."""
        if draft.kind != "anatomy" or draft.term_id is None or not self._can_have_side(draft):
            return
        side = side_of_name(self._glossary.terms[draft.term_id])
        if side is not None and not any(side_of(work(doc).tokens, i) for i in range(draft.start, draft.end)):
            draft.laterality = side
            draft.evidence.append(evidence(doc, "side.of-name", draft.start, draft.end))

    def _is_paired(self, draft: Draft) -> bool:
        """Say whether "both" or "either" of the thing can mean its two sides: "both kidneys", not "both lesions"."""
        if draft.term_id is None:
            return draft.like != "finding"
        plain = self._glossary.terms[draft.term_id].plain
        return "{side }" in plain or (draft.kind == "anatomy" and self._can_have_side(draft))

    def _can_have_side(self, draft: Draft) -> bool:
        """The chambers and vessels of the heart are named by sides that are not sides of the body."""
        return draft.kind != "anatomy" or self._glossary.terms[draft.term_id or ""].region != "heart"


@Language.factory("rad_laterality", requires=["doc._.tokens", "doc._.lines", "doc._.drafts"], assigns=["doc._.drafts"])
def make_laterality(nlp: Language, name: str) -> SideFinder:
    """Return the component."""
    resources = resources_of(nlp)
    return SideFinder(resources.rules, resources.glossary)
