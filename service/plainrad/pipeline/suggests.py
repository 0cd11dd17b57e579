"""`rad_suggests`: the observation that a possible diagnosis explains, as in "opacity at the left base, likely pneumonia"."""

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.pipeline.drafts import Cue, Draft, Line, work
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Grammar

_HEDGES = frozenset({"possible", "probable", "consistent"})
_SEEN = frozenset({"present", "possible"})


class Suggester:
    """Sets `suggests`, the diagnoses that an observation is said to fit with; only where the wording joins the two."""

    def __init__(self, grammar: Grammar) -> None:
        self._back = grammar.back_references

    def __call__(self, doc: Doc) -> Doc:
        """Fill in `suggests`."""
        by_line: dict[int, list[Draft]] = {}
        for draft in work(doc).drafts:
            if draft.kind == "finding" or draft.target:
                by_line.setdefault(draft.line, []).append(draft)
        before: list[Draft] = []
        for number, line in enumerate(work(doc).lines):
            members = by_line.get(number, [])
            if members:
                for cue in work(doc).cues[number]:
                    if cue.rule.explains and cue.rule.kind in _HEDGES:
                        self._join(doc, line, cue, members, before)
            said = [one for one in members if one.assertion == "present" and not one.suggested]
            before = said if line.section in ("findings", "conclusion") else []
        return doc

    def _join(self, doc: Doc, line: Line, cue: Cue, members: Sequence[Draft], before: Sequence[Draft]) -> None:
        words = work(doc).tokens.words
        clause = next(((s, e) for s, e in line.clauses if s <= cue.start < e), (line.start, line.end))
        offset = (work(doc).tokens.starts[cue.start], work(doc).tokens.ends[cue.end - 1])
        meant = [
            one
            for one in members
            if one.start >= cue.end
            and any((item.start, item.end, item.rule) == (*offset, cue.rule.id) for item in one.evidence)
        ]
        if not meant:
            return
        seen = [one for one in members if clause[0] <= one.start and one.end <= cue.start and one.assertion in _SEEN]
        if seen:
            last = seen[-1]
            seen = [one for one in seen if one.end == last.end]
        elif self._back & set(words[clause[0] : cue.start]) or cue.start == line.start:
            refers = next((word for word in words[clause[0] : cue.start] if word in self._back), "")
            seen = list(before) if refers.endswith("s") and refers != "this" else list(before[-1:])
        for one in seen:
            for other in meant:
                if other not in one.suggests and one.end != other.end:
                    one.suggests.append(other)
                    other.suggested = True


@Language.factory(
    "rad_suggests", requires=["doc._.tokens", "doc._.lines", "doc._.drafts", "doc._.cues"], assigns=["doc._.drafts"]
)
def make_suggests(nlp: Language, name: str) -> Suggester:
    """Return the component."""
    return Suggester(resources_of(nlp).rules.grammar)
