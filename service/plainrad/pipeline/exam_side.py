"""`rad_exam_side`: the side of the limb that was imaged, for findings of a report that names a side nowhere else.

Only a side that stands in the report itself (its title line, its technique, "AP and axial views of the left shoulder") is used: a side that
the caller alone gives is in no sentence that could be shown for it.
"""

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Side
from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Draft, evidence, work
from plainrad.pipeline.limb_side import LimbSide
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.side_words import side_of

_WIDE = frozenset({"bone", "soft-tissue", "general"})
_TOLD = frozenset({"present", "possible"})


class ExamSide:
    """Gives the one side of the exam to what has no side of its own, in the region that was imaged."""

    def __init__(self, glossary: Glossary, grammar: Grammar) -> None:
        self._glossary = glossary
        self._grammar = grammar
        self._limb = LimbSide(glossary, grammar)

    def __call__(self, doc: Doc) -> Doc:
        """Fill in `laterality`."""
        part = self._imaged(doc)
        if part is not None:
            self._of_part(doc, part)
        self._limb.give(doc)
        return doc

    def _of_part(self, doc: Doc, part: Draft) -> None:
        region = self._glossary.terms[part.term_id or ""].region
        start, end = self._label(doc, part)
        for draft in work(doc).drafts:
            told = draft.kind == "finding" and draft.laterality is None and draft.assertion in _TOLD
            if (
                told
                and work(doc).lines[draft.line].section in ("findings", "conclusion")
                and self._sided(draft, region)
            ):
                for one in (draft, draft.location):
                    if one is not None and one.laterality is None:
                        one.laterality = part.laterality
                        one.evidence.append(evidence(doc, "side.of-label", start, end))

    def _label(self, doc: Doc, part: Draft) -> tuple[int, int]:
        """Return the tokens of the part and of its side, which may stand behind it: "XR wrist Rt"."""
        line = work(doc).lines[part.line]
        named = [i for i in range(line.start, line.end) if side_of(work(doc).tokens, i) == part.laterality]
        nearest = min(named, key=lambda i: abs(i - part.start), default=part.start)
        return min(nearest, part.start), max(nearest + 1, part.end)

    def _imaged(self, doc: Doc) -> Draft | None:
        """Return the sided part that the exam's own words name, where the report names no side but this one."""
        found: list[Draft] = []
        sides: set[Side] = set()
        tokens = work(doc).tokens
        for number, line in enumerate(work(doc).lines):
            named = {side_of(tokens, i) for i in range(line.start, line.end)} - {None}
            if not named or line.section in ("history", "comparison"):
                continue
            members = [one for one in work(doc).drafts if one.line == number]
            parts = [
                one for one in members if one.kind == "anatomy" and one.laterality in ("left", "right") and one.term_id
            ]
            if line.section not in ("technique", "other") and not self._is_exam(doc, line.start, line.end, members):
                return None
            sides |= {one.laterality for one in parts if one.laterality}
            found += parts
        return found[0] if len(sides) == 1 and found else None

    def _is_exam(self, doc: Doc, start: int, end: int, members: list[Draft]) -> bool:
        words = set(work(doc).tokens.words[start:end])
        if any(one.kind in ("finding", "device") for one in members) or words & self._grammar.finite_verbs:
            return False
        return any(one.kind == "procedure" for one in members) or bool(words & self._grammar.view_words)

    def _sided(self, draft: Draft, region: str) -> bool:
        if draft.term_id is None or self._glossary.terms[draft.term_id].region not in _WIDE | {region}:
            return False
        if "{side }" in self._glossary.terms[draft.term_id].plain:
            return True
        if draft.location is not None and draft.location.term_id is not None:
            return "{side }" in self._glossary.terms[draft.location.term_id].plain
        return any(one in self._glossary.parts and self._glossary.parts[one].sides for one in draft.anatomy)


@Language.factory("rad_exam_side", requires=["doc._.tokens", "doc._.lines", "doc._.drafts"], assigns=["doc._.drafts"])
def make_exam_side(nlp: Language, name: str) -> ExamSide:
    """Return the component."""
    resources = resources_of(nlp)
    return ExamSide(resources.glossary, resources.rules.grammar)
