"""What is looked at once the cues have spoken: alternatives, names of services, and words of doubt that no rule understood."""

from itertools import pairwise

from spacy.tokens import Doc

from plainrad.pipeline.drafts import Draft, evidence
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.scope import Clause


class Checks:
    """Takes back what should not be told as certain."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    def alternatives(self, doc: Doc, inside: list[Draft], words: list[str]) -> None:
        """As in "atelectasis or scarring", "artefact or thrombus": one of the two is there, and which of them is not said."""
        things = [
            one
            for one in inside
            if one.like in ("finding", "device") or self._grammar.picture_faults & set(words[one.start : one.end])
        ]
        ends = sorted({one.end for one in things})
        for left, right in pairwise(ends):
            ones = [one for one in things if one.end == left]
            twos = [one for one in things if one.end == right]
            one, two = ones[0], min(twos, key=lambda draft: draft.start)
            gap = words[one.end : two.start]
            if (
                one.assertion == two.assertion == "present"
                and "or" in gap
                and len(gap) <= 3
                and not set(gap) & {",", ".", ";", ":"}
            ):
                for draft in (*ones, *twos):
                    draft.assertion, draft.certainty = "possible", "possible"
                    draft.evidence.append(
                        evidence(doc, "alt.or", one.end + gap.index("or"), one.end + gap.index("or") + 1)
                    )

    def either_place(self, doc: Doc, inside: list[Draft], words: list[str]) -> None:
        """As in "a mass in the liver or pancreas": there is a mass, but a mass in the liver is only possible."""
        parts = [one for one in inside if one.kind == "anatomy"]
        for draft in inside:
            named = draft.like == "finding" and {"in", "of", "within"} & set(words[draft.start : draft.end])
            other = next((one for one in parts if one.start >= draft.end), None)
            gap = words[draft.end : other.start] if named and other is not None else []
            if draft.assertion == "present" and "or" in gap[:2] and len(gap) <= 3:
                draft.assertion, draft.certainty = "possible", "possible"
                at = draft.end + gap.index("or")
                draft.evidence.append(evidence(doc, "check.either-place", at, at + 1))

    def service(self, doc: Doc, draft: Draft, clause: Clause, words: list[str]) -> None:
        """As in "The stroke team", "the fracture clinic": the name of a service is not a result."""
        for index in range(draft.end, min(clause.end, draft.end + 3)):
            if words[index] in self._grammar.service_words:
                draft.assertion, draft.certainty, draft.reportable = "neutral", "possible", False
                draft.evidence.append(evidence(doc, "check.service-name", index, index + 1))
                return
            if (
                index in clause.dashes
                or words[index] in ",.;:()"
                or words[index] == "with"
                or words[index] in self._grammar.prepositions
                or words[index] in self._grammar.finite_verbs
                or words[index] in self._grammar.conjunctions
            ):
                return

    def general(self, doc: Doc, draft: Draft, words: list[str]) -> None:
        """As in "calcific aortic disease": a bare "disease" that is there names nothing, and is not told; that there is none is."""
        bare = draft.kind == "finding" and not draft.target and words[draft.start : draft.end] == ["disease"]
        if bare and draft.assertion != "absent":
            draft.reportable = False
            draft.evidence.append(evidence(doc, "check.general-word", draft.start, draft.end))

    def unexplained(self, doc: Doc, clause: Clause, inside: list[Draft], words: list[str]) -> None:
        """Make neutral the findings of a clause that holds a word of doubt which no rule used."""
        covered = {i for cue in clause.cues for i in range(cue.start, cue.end)}
        covered |= {
            i
            for draft in inside
            if draft.end - draft.start > 1 and not draft.target
            for i in range(draft.start, draft.end)
        }
        for index in range(clause.start, clause.end):
            if (
                words[index] in self._grammar.watch
                and index not in covered
                and not _is_question_end(words, index, clause.end)
            ):
                for draft in inside:
                    if draft.assertion in ("present", "absent", "possible") and not draft.start <= index < draft.end:
                        draft.assertion, draft.certainty = "neutral", "possible"
                        draft.evidence.append(evidence(doc, "check.unexplained-cue", index, index + 1))


def _is_question_end(words: list[str], index: int, end: int) -> bool:
    return words[index] == "?" and index == end - 1
