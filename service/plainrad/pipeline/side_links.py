"""Sides that pass from one thing to another in a sentence: to a part of it, to its cause, to what explains it, to what is joined with it."""

from itertools import pairwise

from spacy.tokens import Doc

from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Draft, Line, evidence, named_by, work
from plainrad.pipeline.rules import Grammar

_THROUGH = frozenset({"via", "through", "into", "within"})
_LEADS = frozenset({"around", "surrounding"})
_THERE = frozenset({"no", "there", "is", "are", "a", "an", "any", "small", "large"})
_CAUSED = (("due", "to"), ("secondary", "to"), ("down", "to"), ("caused", "by"), ("because", "of"), ("distal", "to"))


class SideLinks:
    """Gives a side to what has none of its own and is tied to something that has."""

    def __init__(self, grammar: Grammar, glossary: Glossary) -> None:
        self._grammar = grammar
        self._glossary = glossary

    def link(self, doc: Doc, line: Line, members: list[Draft]) -> None:
        """Fill in `laterality` of the members of one sentence."""
        self._parts_of(doc, members)
        self._only_side(doc, line, members)
        self._explained(doc, members)
        self._joined(doc, members)
        self._joined_before(doc, members)

    def _joined(self, doc: Doc, members: list[Draft]) -> None:
        """As in "right-sided consolidation and effusion", "left hydronephrosis due to a stone": the first has the side for both."""
        words = work(doc).tokens.words
        for seen in members:
            if seen.laterality not in ("left", "right") or seen.kind != "finding":
                continue
            for draft in members:
                if (
                    draft.laterality is None
                    and draft.start > seen.end
                    and draft.kind != "anatomy"
                    and self._has_slot(doc, draft)
                ):
                    gap = [word for word in words[seen.end : draft.start] if word != "-"]
                    caused = (
                        len(gap) <= 6
                        and not set(gap) & {",", "and", "or"}
                        and any(pair in _CAUSED for pair in pairwise(gap))
                    )
                    if gap in (["and"], ["&"]) or caused:
                        draft.laterality = seen.laterality
                        draft.evidence.append(evidence(doc, "side.of-joined", seen.start, seen.end))

    def _joined_before(self, doc: Doc, members: list[Draft]) -> None:
        """As in "clips and distortion in the left breast": what is joined to a thing in a sided place is there too."""
        words = work(doc).tokens.words
        for draft in members:
            if draft.laterality is not None or draft.location is not None or draft.kind == "anatomy":
                continue
            for seen in members:
                placed = seen.location is not None and seen.location.start >= seen.end and seen.kind == "finding"
                if (
                    placed
                    and seen.laterality
                    and words[draft.end : seen.start] == ["and"]
                    and self._has_slot(doc, draft)
                ):
                    draft.laterality = seen.laterality
                    draft.evidence.append(evidence(doc, "side.of-joined", seen.start, seen.end))

    def _has_slot(self, doc: Doc, draft: Draft) -> bool:
        """Return True for what comes on one side or the other, by the words of its entry."""
        twin = draft
        if draft.target:
            twin = next(
                (one for one in work(doc).drafts if one.end >= draft.end > one.start and one.term_id is not None), draft
            )
        return twin.term_id is not None and "{side }" in self._glossary.terms[twin.term_id].plain

    def _parts_of(self, doc: Doc, members: list[Draft]) -> None:
        """As in "non-union of the left clavicle fracture": what is of a sided thing is on its side."""
        words = work(doc).tokens.words
        for draft in members:
            after = [one for one in members if one.start >= draft.end and one.laterality and one.kind != "anatomy"]
            if draft.laterality is None and after and draft.kind != "anatomy":
                gap = words[draft.end : after[0].start]
                if self._through(draft, gap):
                    draft.laterality = after[0].laterality
                    draft.evidence.append(evidence(doc, "side.of-whole", after[0].start, after[0].end))

    def _through(self, draft: Draft, gap: list[str]) -> bool:
        """Return True for "loosening of the cup of the left hip replacement", "drain placed into the right effusion"."""
        if set(gap) & {",", ";", "and", "or", "with", "but", "no"} or len(gap) > 8:
            return False
        if gap[:1] == ["of"]:
            return not set(gap) & self._grammar.finite_verbs
        return (draft.kind in ("device", "procedure") or draft.target) and bool(set(gap) & _THROUGH)

    def _explained(self, doc: Doc, members: list[Draft]) -> None:
        """A diagnosis that explains a sided observation is on its side, unless it is one of the whole person."""
        for seen in members:
            if seen.laterality is None or seen.target:
                continue
            for meant in seen.suggests:
                if (
                    meant.line == seen.line
                    and meant.laterality is None
                    and meant.location is None
                    and self._local(doc, meant)
                ):
                    meant.laterality = seen.laterality
                    meant.evidence.append(evidence(doc, "side.of-observation", seen.start, seen.end))

    def _local(self, doc: Doc, draft: Draft) -> bool:
        twin = named_by(doc, draft)
        if twin.term_id is None:
            return True
        term = self._glossary.terms[twin.term_id]
        return (
            term.region != "heart" and not term.background and term.plain.split()[0] not in self._grammar.general_words
        )

    def _only_side(self, doc: Doc, line: Line, members: list[Draft]) -> None:
        """A clause that names one side, and whose subject has it, is about that side: "the left vein is expanded by thrombus"."""
        words = work(doc).tokens.words
        for start, end in line.clauses:
            inside = [one for one in members if start <= one.start < end]
            named = {one.laterality for one in inside if one.laterality}
            if len(named) != 1:
                continue
            sided = [one for one in inside if one.laterality and one.kind == "anatomy"]
            for draft in inside:
                if (
                    draft.laterality is None
                    and draft.kind in ("finding", "other", "device")
                    and (draft.location is None or draft.location.laterality is None)
                ):
                    lead = words[start] in _LEADS and self._lead(words, inside, start, draft)  # fmt: skip
                    if lead:
                        draft.laterality = named.copy().pop()
                        draft.evidence.append(evidence(doc, "side.of-place", start, draft.start))
                        continue
                    near = [
                        one for one in sided if one.end <= draft.start and self._runs_on(words, one.end, draft.start)
                    ]
                    if near:
                        draft.laterality = near[-1].laterality
                        draft.evidence.append(evidence(doc, "side.of-subject", near[-1].start, near[-1].end))

    def _lead(self, words: list[str], inside: list[Draft], start: int, draft: Draft) -> bool:
        """Return True for "Around the left prosthesis no collection"."""
        part = next((one for one in inside if one.laterality), None)
        return part is not None and part.start <= start + 3 and set(words[part.end : draft.start]) <= _THERE

    def _runs_on(self, words: list[str], start: int, stop: int) -> bool:
        """Return True when the words between hold a verb and open no new phrase."""
        gap = words[start:stop]
        if "which" in gap and gap[gap.index("which") - 1] == ",":
            gap = [*gap[: gap.index("which") - 1], *gap[gap.index("which") :]]  # "is bulky, which may represent"
        if any(word in (",", ";", ":", ".", "with", "but", "no") for word in gap):
            return False
        if (
            "and" in gap
            and gap[gap.index("and") + 1 : gap.index("and") + 2]
            and gap[gap.index("and") + 1] in self._grammar.openers
        ):
            return False
        return any(word in self._grammar.finite_verbs for word in gap)
