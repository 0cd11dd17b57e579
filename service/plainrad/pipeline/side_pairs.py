"""One thing that is told of two sides in turn: "moderate right and small left effusions", "emboli in the right upper and left lower lobe"."""

import itertools

from spacy.tokens import Doc

from plainrad.domain.reading import Side
from plainrad.pipeline.drafts import Draft, Line, evidence, work
from plainrad.pipeline.rules import Grammar

_AND = frozenset({"and", "&", "+"})
_BEFORE = frozenset({"on", "to", "at", "in", "from", "towards"})  # "consolidation on the right and small left effusion"
_INTO = frozenset({"in", "within", "of", "involving", "at", "throughout", "affecting"})
_ENDS = frozenset(
    {
        ".",
        ";",
        ":",
        "(",
        ")",
        "with",
        "but",
        "no",
        "or",
        "which",
        "without",
        "from",
        "absent",
        "not",
        "on",
        "more",
        "less",
        "than",
    }
)
_TWO: set[Side | None] = {"left", "right"}
_REACH, _LONGEST = 5, 24
_MANY = 40  # things named in one sentence: beyond, it is no sentence


class SidePairs:
    """Gives "both" to what two sides are named for."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    def pair(self, doc: Doc, line: Line, members: list[Draft], sides: list[tuple[int, Side]]) -> None:
        """Fill in `laterality` of the members of one sentence; `sides` are those that its tokens name."""
        named = [(i, side) for i, side in sides if side in _TWO]
        if len({side for _, side in named}) < 2 or len(members) > _MANY:
            return
        for (first, one), (second, other) in itertools.pairwise(named):
            if one != other and self._and(doc, members, first, second):
                self._after(doc, line, members, first, second)
        for draft in members:
            if draft.kind != "anatomy" and draft.laterality is None and self._many(doc, draft):
                self._placed(doc, line, members, draft, dict(named))

    def _many(self, doc: Doc, draft: Draft) -> bool:
        last = work(doc).tokens.words[draft.end - 1]
        return draft.plural or (draft.target and last.endswith("s") and not last.endswith(("is", "ss", "us")))

    def _and(self, doc: Doc, members: list[Draft], first: int, second: int) -> bool:
        """Return True where only a joining word and what tells of size stands between two sides."""
        words = work(doc).tokens.words
        gap = words[first + 1 : second]
        before = [word for word in words[max(0, first - 2) : first] if word != "the"]
        return (
            len(gap) > 1
            and len(gap) <= _REACH
            and len(_AND & set(gap)) == 1
            and not set(gap) & (_ENDS | self._grammar.finite_verbs | self._grammar.prepositions | {"side", ","})
            and not (before and before[-1] in _BEFORE)
            and not any(first < one.start < second for one in members)
        )

    def _after(self, doc: Doc, line: Line, members: list[Draft], first: int, second: int) -> None:
        words = work(doc).tokens.words
        end = min(line.end, second + _REACH)
        head = next((one for one in members if second < one.end and one.end > second + 1 and one.start < end), None)
        if head is None or head.kind == "anatomy" or any(word in _ENDS | {","} for word in words[second : head.start]):
            return
        for draft in members:
            if draft.end == head.end and draft.kind != "anatomy":
                self._both(doc, draft, first, second)

    def _placed(self, doc: Doc, line: Line, members: list[Draft], draft: Draft, named: dict[int, Side]) -> None:
        """As in "filling defects within the right main, right lower lobar and left lower lobe arteries"."""
        words = work(doc).tokens.words
        index = draft.end
        if index >= line.end or words[index] not in _INTO:
            return
        told = [one for one in members if one.kind != "anatomy" and one.start >= draft.end]
        stop = min([one.start for one in told] + [line.end, draft.end + _LONGEST])
        seen: dict[int, Side | None] = {}
        while index < stop and words[index] not in _ENDS | self._grammar.finite_verbs:
            if index in named:
                seen[index] = named[index]
            index += 1
        if (
            told and index == told[0].start
        ):  # "in the right upper lobe and left effusion": the last is of the next thing
            seen = {at: side for at, side in seen.items() if any(one.kind == "anatomy" and one.end > at + 1 and at < one.end <= index and one.start - at < _REACH for one in members)}  # fmt: skip
        if set(seen.values()) == _TWO:
            self._both(doc, draft, min(seen), max(seen))

    def _both(self, doc: Doc, draft: Draft, first: int, second: int) -> None:
        draft.laterality = "both"
        draft.evidence.append(evidence(doc, "side.of-both", first, second + 1))
