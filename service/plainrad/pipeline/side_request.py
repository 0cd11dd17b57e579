"""The side of what a request asks about, where all of the request speaks of one side: "right leg shortened and rotated. ?#NOF"."""

from collections.abc import Iterator

from spacy.tokens import Doc

from plainrad.domain.reading import Side
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Draft, work
from plainrad.pipeline.side_words import side_of

_SIDES = ("left", "right")
_LIMBS = (frozenset({"shoulder", "elbow", "wrist"}), frozenset({"hip", "knee", "ankle"}))
_PAIRED = _LIMBS[0] | _LIMBS[1] | {"urinary", "breast", "eye"}  # a pain of the right chest asks about both lungs
# What was done or known before may be on the other side: "left hip replacement 2019. Fall. ?fracture".
_PAST = frozenset({"previous", "prev", "previously", "prior", "known", "old", "past", "h/o", "ex", "since", "removed", "treated", "excised", "contralateral", "other"})  # fmt: skip
_MANY = 40  # things named in one sentence: beyond, it is no sentence
_NEAR = 2  # sentences from the side to the question


class RequestSides:
    """Finds what a request asks about and of which it names the one side."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    def ask(self, doc: Doc, by_line: dict[int, list[Draft]]) -> Iterator[tuple[Draft, Draft]]:
        """Yield what is asked, each with what the request tells of the same part, whose side is meant."""
        lines, tokens = work(doc).lines, work(doc).tokens
        told: dict[int, list[Side]] = {}
        asked: list[Draft] = []
        for number, line in enumerate(lines):
            if line.section != "history":
                continue
            sides = [side for i in range(line.start, line.end) if (side := side_of(tokens, i)) is not None]
            if sides:
                told[number] = sides
            for draft in by_line.get(number, ()):
                if draft.laterality is None and draft.location is None and draft.assertion == "hypothetical" and draft.kind == "finding":  # fmt: skip
                    asked.append(draft)
        every = {side for sides in told.values() for side in sides}
        side = next(iter(every)) if len(every) == 1 else None
        if side not in _SIDES:
            return
        for draft in asked:
            for number in range(draft.line, draft.line - _NEAR - 1, -1):
                seen = self._of_same(doc, by_line.get(number, ()), draft, side) if number in told else None
                if seen is not None:
                    yield draft, seen
                    break

    def _of_same(self, doc: Doc, members: list[Draft] | tuple[Draft, ...], draft: Draft, side: Side) -> Draft | None:
        """Return what the request tells of the same part of the body on that side, now."""
        if draft.term_id is None or not self._slot(draft) or len(members) > _MANY:
            return None
        words, regions = work(doc).tokens.words, self._regions(draft)
        for seen in members:
            if seen.laterality != side or seen.kind not in ("finding", "anatomy") or seen is draft:
                continue
            line = work(doc).lines[seen.line]
            if _PAST & set(words[line.start : line.end]) or any(one.kind in ("device", "procedure") for one in members):
                return None
            theirs = self._regions(seen)
            if regions & theirs or any(regions & limb and theirs & limb for limb in _LIMBS):
                return seen
        return None

    def _regions(self, draft: Draft) -> set[str]:
        """Return where the thing is, by its entry and by its parts of the body, if that comes in pairs."""
        parts = {self._glossary.parts[one].region for one in draft.anatomy if one in self._glossary.parts}
        term = {self._glossary.terms[draft.term_id].region} if draft.term_id else set()
        return (parts | term) & _PAIRED

    def _slot(self, draft: Draft) -> bool:
        return draft.term_id is not None and "{side }" in self._glossary.terms[draft.term_id].plain
