"""`rad_assert`: what is said of each mention, by the cues that reach it, in a fixed order of precedence.

In doubt neutral: a word that negates, hedges or asks and that no rule understood makes every finding of its clause neutral.
"""

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Assertion, Certainty
from plainrad.pipeline.checks import Checks
from plainrad.pipeline.drafts import Cue, Draft, Line, evidence, work
from plainrad.pipeline.kin import under_family_header
from plainrad.pipeline.known import still_there
from plainrad.pipeline.owned import is_owned
from plainrad.pipeline.reach import awaited, is_weighed, of_dated_scan, over_comma, reached
from plainrad.pipeline.resources import resources_of
from plainrad.pipeline.rules import CueRule, Grammar, Rules
from plainrad.pipeline.scope import Clause
from plainrad.pipeline.ticks import read_ticks

ASSERTED = frozenset({"finding", "device", "procedure", "anatomy", "score", "measurement", "other"})
_OUTCOME: dict[str, tuple[Assertion, Certainty]] = {
    "negated": ("absent", "definite"),
    "resolved": ("absent", "definite"),
    "partial": ("present", "definite"),
    "unlikely": ("possible", "unlikely"),
    "possible": ("possible", "possible"),
    "probable": ("possible", "likely"),
    "consistent": ("present", "likely"),
    "history": ("historical", "definite"),
    "hypothetical": ("hypothetical", "possible"),
    "family": ("other_person", "definite"),
    "limited": ("neutral", "possible"),
    "unclear": ("neutral", "possible"),
}
_RANK: dict[str, float] = {
    "family": 0,
    "hypothetical": 1,
    "limited": 0.5,
    "unclear": 3,
    "partial": 4,
    "negated": 5,
    "resolved": 6,
    "history": 7,
    "unlikely": 8,
    "possible": 9,
    "probable": 10,
    "consistent": 11,
    "aside": 12,
}
_QUERY = CueRule(
    "poss.query-after", "possible", "backward", "clause", None,
    recommendation=False, before_negation=False, reportable=True, opposite=None, explains=False, needs=(), hedged=None, firm=False, author="Plainrad", date="2026-11-21", fires="-", finding=None, spares="-",
)  # fmt: skip
_NEGATED = replace(_QUERY, id="neg.within-cue", kind="negated")
_FOLLOW_UP = "hyp.follow-up"
_PART_NOT_SEEN = frozenset({"neg.not-seen", "neg.value", "neg.value-after", "neg.label", "neg.negative"})


class Asserter:
    """Decides assertion, certainty and reportability, and keeps the evidence for each decision."""

    def __init__(self, rules: Rules) -> None:
        self._grammar = rules.grammar
        self._checks = Checks(rules.grammar)
        self._background = rules.grammar.symptom_words | rules.grammar.unseen_conditions

    def __call__(self, doc: Doc) -> Doc:
        """Fill in the drafts."""
        by_line: dict[int, list[Draft]] = {}
        for draft in work(doc).drafts:
            by_line.setdefault(draft.line, []).append(draft)
        for number, line in enumerate(work(doc).lines):
            self._line(doc, line, work(doc).cues[number], by_line.get(number, []))
        under_family_header(doc)
        return doc

    def _line(self, doc: Doc, line: Line, cues: list[Cue], drafts: list[Draft]) -> None:
        words = work(doc).tokens.words
        asserted = [one for one in drafts if one.kind in ASSERTED]
        asides = [cue for cue in cues if cue.rule.kind == "aside"]  # they speak of the whole sentence
        hits: dict[
            int, list[Cue]
        ] = {}  # of the whole sentence: "although this may be artefact" speaks of another clause
        clauses: list[tuple[Clause, list[Draft]]] = []
        for start, end in line.clauses:
            clause = Clause(words, start, end, cues, asserted, self._grammar, line.dashes)
            inside = [one for one in asserted if start <= one.start < end]
            clauses.append((clause, inside))
            for cue in clause.cues:
                if cue.rule.kind not in _OUTCOME:
                    self._within(cue, inside, hits, words)
                    continue
                whole = asserted if cue.rule.scope == "sentence" else inside
                said = _hedged(clause, cue, self._grammar)
                for draft in reached(clause, said, whole, self._grammar):
                    cue.used = True
                    if is_owned(words, cue, draft, self._grammar, clause_start=start):
                        draft.evidence.append(evidence(doc, "check.owned", cue.start, cue.end))
                        continue
                    one = over_comma(clause, said, draft, self._grammar)
                    if one is not None:
                        hits.setdefault(id(draft), []).append(one)
                self._within(cue, inside, hits, words)
                self._opposite(clause, cue, inside, hits)
            self._query_after(clause, inside, hits, words, end)
        for clause, inside in clauses:
            for draft in inside:
                self._decide(doc, draft, line, hits.get(id(draft), []) + asides, clause)
                self._checks.service(doc, draft, clause, words)
                self._checks.general(doc, draft, words)
            self._checks.alternatives(doc, inside, words)
            self._checks.either_place(doc, inside, words)
            self._checks.unexplained(doc, clause, inside, words)
        read_ticks(doc, line, asserted, words)
        for draft in asserted:
            draft.reportable = draft.reportable and line.section not in ("history", "technique", "comparison", "other")
            if draft.assertion == "other_person":
                draft.reportable = False
            if line.older:
                _of_older(draft, line)

    def _within(self, cue: Cue, inside: list[Draft], hits: dict[int, list[Cue]], words: list[str]) -> None:
        """As in "no recurrence of": a finding that is a word of the negator itself is negated too."""
        if words[cue.start] in ("no", "without", "nil") or (words[cue.start] == "not" and cue.rule.kind == "pseudo"):
            for draft in inside:
                if cue.start < draft.start and draft.end <= cue.end and draft.kind in ("finding", "other"):
                    hits.setdefault(id(draft), []).append(Cue(_NEGATED, cue.start, cue.end, used=True))

    def _opposite(self, clause: Clause, cue: Cue, inside: list[Draft], hits: dict[int, list[Cue]]) -> None:
        """As in "A is less likely than B": what is said of A, turned, is said of B."""
        if cue.rule.opposite is not None:
            turned = replace(cue.rule, kind=cue.rule.opposite, direction="forward", opposite=None)
            start, end = clause.forward(Cue(turned, cue.start, cue.end))
            for draft in inside:
                if start <= draft.start < end:
                    hits.setdefault(id(draft), []).append(Cue(turned, cue.start, cue.end, used=True))

    def _query_after(
        self, clause: Clause, inside: list[Draft], hits: dict[int, list[Cue]], words: list[str], end: int
    ) -> None:
        """A question mark at the end of a clause asks about what stands before it."""
        if end > clause.start and words[end - 1] == "?" and not any(cue.end == end for cue in clause.cues):
            for draft in inside:
                hits.setdefault(id(draft), []).append(Cue(_QUERY, end - 1, end, used=True))

    def _decide(self, doc: Doc, draft: Draft, line: Line, cues: list[Cue], clause: Clause) -> None:
        if any(cue.rule.kind == "negated" for cue in cues):
            cues = [
                cue for cue in cues if not cue.rule.id.startswith("hyp.consent")
            ]  # "under verbal consent, no complications"
        ranked = sorted(cues, key=lambda cue: (_rank(cue.rule), cue.start))
        for cue in ranked:
            draft.evidence.append(evidence(doc, cue.rule.id, cue.start, cue.end))
        if ranked and ranked[-1].rule.kind == "aside":
            draft.reportable = False
            ranked = [cue for cue in ranked if cue.rule.kind != "aside"]
        best = ranked[0].rule if ranked else None
        background = line.section in ("history", "comparison")
        firm = best is not None and best.firm
        if (
            best is not None
            and best.kind == "history"
            and not background
            and not firm
            and still_there(clause, ranked[0], draft, self._grammar)
        ):
            ranked = [cue for cue in ranked if cue.rule.kind != "history"]
            best = ranked[0].rule if ranked else None
        if best is not None:
            draft.reportable = draft.reportable and best.reportable
            draft.assertion, draft.certainty = _OUTCOME[best.kind]
            if draft.like == "anatomy" and best.id in _PART_NOT_SEEN:
                draft.assertion, draft.certainty = "neutral", "possible"  # a part that was not seen is not absent
            said = work(doc).tokens.words[ranked[0].start : ranked[0].end]
            if draft.kind == "procedure" and said[-1] == "negative" and (best.id == "neg.negative" or said[0] == ":"):
                draft.assertion, draft.certainty = "neutral", "possible"  # "negative CT": the test was done
            if best.kind == "resolved" and draft.change is None:
                draft.change = best.change
        if (
            best is None
            and (draft.background or (draft.target and work(doc).tokens.words[draft.end - 1] in self._background))
            and draft.assertion == "present"
            and line.section in ("findings", "conclusion")
        ):
            draft.assertion = "historical"  # no scan shows a symptom, or high blood pressure
        if best is None and draft.target and draft.end - draft.start == 1 and draft.start in work(doc).unread:
            draft.assertion, draft.certainty = "neutral", "possible"  # nobody knows what the letters stand for here
            draft.evidence.append(evidence(doc, "check.ambiguous-abbreviation", draft.start, draft.end))
        if line.section == "history":
            self._in_history(draft, best, ranked)
        elif line.section == "comparison" and draft.assertion == "present":
            draft.assertion = "historical"
        elif (
            line.section == "recommendation"
            and draft.assertion == "present"
            and best is None
            and draft.kind != "anatomy"
        ):
            draft.assertion, draft.certainty = "hypothetical", "possible"

    def _in_history(self, draft: Draft, best: CueRule | None, cues: list[Cue]) -> None:
        """In a request a stated thing is background, and a doubted thing is the question that was asked."""
        if best is None or best.kind in ("consistent", "partial") or best.kind == "resolved":
            draft.assertion = "historical"
        elif best.kind == "history":
            if any(cue.rule.kind in ("possible", "probable") and cue.start > cues[0].start for cue in cues):
                draft.assertion, draft.certainty = "hypothetical", "possible"
        elif best.kind in ("possible", "probable", "unlikely"):
            draft.assertion = "hypothetical"
        elif best.id == _FOLLOW_UP and all(cue.rule.id == _FOLLOW_UP or cue.rule.kind == "history" for cue in cues):
            draft.assertion, draft.certainty = "historical", "definite"  # "Follow up pneumonia": what is known of


def _of_older(draft: Draft, line: Line) -> None:
    """What a copied older report found is history, and what it denied says nothing of now; an addendum below may belong to either."""
    if draft.assertion in ("present", "possible") and line.section == "comparison":
        draft.assertion = "historical"
    elif draft.assertion in ("present", "possible", "absent"):
        draft.assertion, draft.certainty = "neutral", "possible"


def _rank(rule: CueRule) -> float:
    return 2 if rule.before_negation else _RANK[rule.kind]


def _hedged(clause: Clause, cue: Cue, grammar: Grammar) -> Cue:
    """As in "probably A rather than B": where a hedge stands by it, B is unlikely, and not absent; of a dated scan nothing is sure."""
    if of_dated_scan(clause, cue):
        return Cue(replace(cue.rule, kind="unclear"), cue.start, cue.end)
    if awaited(clause, cue):
        return Cue(replace(cue.rule, kind="hypothetical", change=None), cue.start, cue.end)
    if cue.rule.hedged and is_weighed(clause, cue, grammar):
        return Cue(replace(cue.rule, kind=cue.rule.hedged), cue.start, cue.end)
    return cue


@Language.factory(
    "rad_assert",
    requires=["doc._.tokens", "doc._.lines", "doc._.drafts", "doc._.cues", "doc._.unread"],
    assigns=["doc._.drafts"],
)
def make_assert(nlp: Language, name: str) -> Asserter:
    """Return the component."""
    return Asserter(resources_of(nlp).rules)
