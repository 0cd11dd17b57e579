"""`rad_change`: new, unchanged, larger, smaller, resolved or healing: kept apart from whether a thing is there.

What a sentence says of the one before ("It has since resolved.", "This may be artefact.") is given to what that one names.
"""

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Change
from plainrad.pipeline.drafts import Cue, Draft, Line, evidence, work
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import Rules
from plainrad.pipeline.scope import Clause

_THINGS = frozenset({"finding", "device", "other", "score"})
_LINKS = frozenset({"the", "a", "an", "of", "in", "this", "these", "previously", "noted", "known", "seen", "described", "left", "right", "both", "bilateral", "-", "and", "size", "appearance", "to", "within", "with", "since", "compared", "when", "but"})  # fmt: skip
_SIZES = frozenset({"\n", "mm", "cm", "and", ",", "x", "by", "of"})
_TWO = 2
_STEM = 8  # letters of a name: "metastasis" and "metastases" share them
_SINCE = frozenset({"since", "than"})
_ONE = frozenset({"this", "it", "which"})
_SEVERAL = frozenset({"these", "they", "both", "all"})
_DOUBTS = frozenset({"possible", "probable", "unlikely", "hypothetical", "limited", "unclear"})
_AT_LARGE = frozenset({"changes", "findings", "appearances", "abnormalities", "features", "images"})


class ChangeFinder:
    """Gives each cue of change to the findings that it speaks of: those it describes, else its subject, else the last one named."""

    def __init__(self, rules: Rules) -> None:
        self._grammar = rules.grammar

    def __call__(self, doc: Doc) -> Doc:
        """Fill in `change`."""
        words, cues = work(doc).tokens.words, work(doc).cues
        by_line: dict[int, list[Draft]] = {}
        for draft in work(doc).drafts:
            if draft.kind in _THINGS and not (
                draft.kind == "other" and words[draft.start] in self._grammar.prepositions
            ):
                by_line.setdefault(draft.line, []).append(draft)
        previous: list[Draft] = []
        told: set[tuple[str, Change]] = set()
        for number, line in enumerate(work(doc).lines):
            drafts = by_line.get(number, [])
            for start, end in line.clauses:
                if not any(start <= cue.start < end and _looked_at(cue) for cue in cues[number]):
                    continue
                clause = Clause(words, start, end, cues[number], drafts, self._grammar)
                inside = [one for one in drafts if start <= one.start < end]
                for cue in clause.cues:
                    if cue.rule.change is not None and cue.rule.kind in ("change", "partial"):
                        if cue.rule.id.endswith(".lead"):
                            if line.section == "conclusion":
                                self._lead(doc, clause, cue, inside, cues[number], told)
                            continue
                        earlier = [one for one in drafts if one.end <= start]
                        self._give(
                            doc, clause, cue, inside, earlier, _spoken_of(words[line.start : line.start + 2], previous)
                        )
                    elif cue.rule.kind == "resolved" and not inside:
                        self._resolve(doc, clause, cue, line, previous)
                    elif cue.rule.id == "unclear.this-artefact" and not any(one.kind == "finding" for one in inside):
                        self._doubt(doc, clause, cue, line, previous)
            if drafts:
                previous = drafts
                told.update((_stem(words, one), one.change) for one in drafts if one.change is not None)
        return doc

    def _give(
        self, doc: Doc, clause: Clause, cue: Cue, inside: list[Draft], earlier: list[Draft], previous: list[Draft]
    ) -> None:
        if cue.rule.direction == "either" and cue.end < clause.end and self._other_noun(clause, cue, inside):
            return  # "calcified leaflets with decreased excursion": what has decreased is the next word
        if cue.rule.change != "unchanged" and self._denied(clause, cue, inside):
            return  # "no enlargement of the haematoma": it is not larger, and may be smaller
        if "whether" in clause.words[clause.start : cue.start]:
            return  # "not possible to say whether the nodule is new"
        bare = cue.rule.id.endswith(".bare")
        if bare and not any(one.end == cue.start for one in inside):
            return  # "two cysts, the larger, at the upper pole": which of them it is, not how it has changed
        found = ([] if bare else self._described(clause, cue, inside)) or self._subject(clause, cue, inside)
        if not found and inside:
            stop = min(
                (one.start for one in clause.cues if one.start >= cue.end and one.rule.kind == "exception"),
                default=clause.end,
            )
            after = [one for one in inside if cue.end <= one.start < stop]
            found = after[:1]
        if not found and not inside:
            found = _before(clause, cue, earlier) if earlier else previous
        for draft in found:
            if draft.start <= cue.start < draft.end and cue.rule.change != "healing":
                continue  # "increased uptake" is a name here
            if draft.kind == "device" and cue.rule.change in ("larger", "smaller"):
                continue  # no line grows: without full stops the sentence before was of it
            if (
                cue.end - cue.start == 1
                and cue.rule.change != "new"
                and cue.end <= draft.start
                and clause.words[draft.end - 1] in self._grammar.level_words
            ):
                continue
            if draft.change is None and draft.assertion not in ("hypothetical", "other_person", "historical"):
                draft.change = cue.rule.change
                draft.evidence.append(evidence(doc, cue.rule.id, cue.start, cue.end))

    def _lead(
        self, doc: Doc, clause: Clause, cue: Cue, inside: list[Draft], cues: list[Cue], told: set[tuple[str, Change]]
    ) -> None:
        """As in "Smaller lung nodules and liver metastasis, but new hydronephrosis" where a conclusion sums up what has changed.

        What is joined to the first has changed too where the findings say so (`told`): one adjective may describe one thing.
        """
        words, change = clause.words, cue.rule.change
        named = [one for one in inside if one.start >= cue.end and one.kind == "finding"]
        others = any(one.rule.change is not None and one is not cue for one in cues)
        verb = any(word in self._grammar.finite_verbs for word in words[cue.end : clause.end])
        if not named or verb or not others or change is None:
            return
        for draft in named:
            gap = set(words[named[0].end : draft.start])
            joined = {"and", ","} & gap and not {"but", "no", "new", "with"} & gap
            if draft.end != named[0].end and not (joined and (_stem(words, draft), change) in told):
                break
            if draft.change is None and draft.assertion in ("present", "possible"):
                draft.change = change
                draft.evidence.append(evidence(doc, cue.rule.id, cue.start, cue.end))

    def _resolve(self, doc: Doc, clause: Clause, cue: Cue, line: Line, previous: list[Draft]) -> None:
        """As in "There was an effusion. It has since resolved.": what the sentence before names is no longer there."""
        opening = clause.words[line.start : line.start + 2]
        found = _spoken_of(opening, previous)
        doubted = any(one.rule.kind in _DOUBTS for one in clause.cues)
        if doubted or {"not", "never"} & set(clause.words[clause.start : cue.start]):
            return  # "It may have resolved."
        sure = bool(found) and not {"left", "right"} & set(clause.words[clause.start : clause.end])
        if not sure and opening[0] in _ONE | _SEVERAL:
            found = [one for one in previous if one.kind != "score"]  # one of them is gone, and which is not said
        for draft in found:
            if draft.assertion in ("present", "possible", "historical") and line.section not in (
                "history",
                "comparison",
            ):
                draft.assertion, draft.certainty = ("absent", "definite") if sure else ("neutral", "possible")
                draft.change = cue.rule.change if sure else draft.change
                draft.evidence.append(evidence(doc, cue.rule.id, cue.start, cue.end))
                cue.used = True

    def _doubt(self, doc: Doc, clause: Clause, cue: Cue, line: Line, previous: list[Draft]) -> None:
        """As in "A nodule is seen. This may be artefact.": whether it is there is not said."""
        for draft in _spoken_of(clause.words[line.start : line.start + 2], previous):
            if draft.assertion == "present":
                draft.assertion, draft.certainty = "neutral", "possible"
                draft.evidence.append(evidence(doc, cue.rule.id, cue.start, cue.end))

    def _denied(self, clause: Clause, cue: Cue, inside: Sequence[Draft]) -> bool:
        """Return True where a negation stands before the change itself, and not before a finding that changes."""
        no = next((one for one in reversed(clause.cues) if one.end <= cue.start and one.rule.kind == "negated"), None)
        if no is None or no.rule.direction != "forward" or "of" not in clause.words[cue.start : cue.end + 1]:
            return False
        return not any(no.end <= one.start < cue.start for one in inside) and cue.start < clause.forward(no)[1]

    def _other_noun(self, clause: Clause, cue: Cue, inside: Sequence[Draft]) -> bool:
        word = clause.words[cue.end]
        small = self._grammar.prepositions | self._grammar.conjunctions | self._grammar.finite_verbs | _LINKS
        return word.isalpha() and word not in small and not any(one.start >= cue.end for one in inside)

    def _described(self, clause: Clause, cue: Cue, inside: Sequence[Draft]) -> list[Draft]:
        """Return what the cue stands before: "stable left effusion", "no change in the cyst or the nodule"."""
        if clause.words[cue.end - 1] in _SINCE:
            return []  # "an effusion, new since baseline"
        index = cue.end
        found: list[Draft] = []
        breaks = {
            one.start
            for one in clause.cues
            if one.rule.kind in ("exception", "negated") or (one.rule.change and one is not cue)
        } - {cue.start}
        while index < clause.end:
            if index in breaks:
                break
            draft = next((one for one in inside if one.start <= index < one.end), None)
            if draft is not None:
                found.append(draft)
                index = draft.end
                continue
            word = clause.words[index]
            if word in self._grammar.finite_verbs or word in (";", ":", "with", "since", "compared", "from"):
                break
            if found and word in self._grammar.conjunctions | {","}:
                if index + 1 < clause.end and clause.words[index + 1] in self._grammar.openers - {"the"}:
                    break
                if cue.end - cue.start == 1:
                    break  # one adjective describes one thing
            elif word == ",":
                break
            index += 1
        return found

    def _subject(self, clause: Clause, cue: Cue, inside: Sequence[Draft]) -> list[Draft]:
        """Return what stands before the cue: the subject and what it is joined with."""
        start = clause.start
        for other in clause.cues:
            named = any(other.end <= one.start < cue.start for one in inside)
            if other.end <= cue.start and (other.rule.kind == "negated" or (other.rule.kind == "exception" and named)):
                start = max(start, other.end)
        before = [one for one in inside if start <= one.start and one.end <= cue.start]
        if not before:
            return []
        found = [before[-1]]
        for one in reversed(before[:-1]):
            between = clause.words[one.end : found[-1].start]
            if one.end == found[-1].end:
                found.append(one)  # the span that the caller asked for and its term are one thing
                continue
            if not any(word in self._grammar.conjunctions or word == "," for word in between) or any(word in self._grammar.finite_verbs for word in between):  # fmt: skip
                if any(word in self._grammar.prepositions for word in between):
                    found.append(one)
                    continue
                break
            found.append(one)
        return found


def _looked_at(cue: Cue) -> bool:
    return cue.rule.change is not None or cue.rule.id == "unclear.this-artefact"


def _stem(words: Sequence[str], draft: Draft) -> str:
    return words[draft.end - 1].removesuffix("s")[:_STEM]


def _before(clause: Clause, cue: Cue, earlier: list[Draft]) -> list[Draft]:
    """Return what the sentence named before a clause that names nothing: "...; it has not altered", "3 mm and 4 mm are unchanged"."""
    gap = clause.words[clause.start : cue.start]
    last = earlier[-1]
    named = [one for one in earlier if one.kind != "score" and one.assertion != "absent"]
    if gap and all(word in _SIZES or word[:1].isdigit() for word in gap):
        return [one for one in named if one.end == last.end]
    if clause.words[clause.start] not in _ONE:
        return []
    ends = {one.end for one in named}
    if len(ends) < _TWO:
        return named
    is_it = list(clause.words[last.start - 2 : last.start]) in (
        ["is", "a"],
        ["is", "an"],
    )  # "the mass is a meningioma; it"
    return named if is_it and len(ends) == _TWO else []


def _spoken_of(opening: Sequence[str], previous: list[Draft]) -> list[Draft]:
    """Return the findings of the sentence before that its successor speaks of by its opening: "It has", "Both are"; [] in doubt."""
    word = opening[0]
    if _AT_LARGE & set(opening):
        return []  # "These changes are new": perhaps all of the paragraph
    findings = [one for one in previous if one.kind != "score" and one.assertion != "absent"] or previous
    named = len({one.end for one in findings})
    if word in _ONE:
        return findings if named == 1 else []
    if word == "both" and named != 2:
        return []
    return findings if word in _SEVERAL else []


@Language.factory(
    "rad_change", requires=["doc._.tokens", "doc._.lines", "doc._.drafts", "doc._.cues"], assigns=["doc._.drafts"]
)
def make_change(nlp: Language, name: str) -> ChangeFinder:
    """Return the component."""
    return ChangeFinder(resources_of(nlp).rules)
