"""`rad_resolve`: of terms that overlap, the set that explains most (weighted interval scheduling), then drafts.

Kleinberg & Tardos, Algorithm Design (2005), section 6.1. Ties are broken by the longer, then the earlier, then the id:
never by the order in which things were found.
"""

from bisect import bisect_right

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.drafts import Candidate, Draft, Line, evidence, work
from plainrad.pipeline.resources import resources_of

_PER_TOKEN = 10.0
_LENGTH = 1.35  # one form of two words outweighs two of one word
_SHARED_BONUS = 4.0
_KIND_BONUS = {
    "score": 6.0,
    "measurement": 6.0,
    "device": 5.0,
    "procedure": 4.0,
    "finding": 3.0,
    "anatomy": 2.0,
    "normal": 1.0,
}

_WEIGHT = frozenset({"weight", "lost", "losing", "gained"})
_ONE_STONE = frozenset({"1", "one", "a", "half"})
_STONES = frozenset({"two", "three", "four", "five", "six", "seven", "eight"})


class Resolver:
    """Turns candidates into drafts that do not overlap, and adds the spans that the caller asked for."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    def __call__(self, doc: Doc) -> Doc:
        """Assign `doc._.drafts`, in the order of the text."""
        lines = work(doc).lines
        drafts: list[Draft] = []
        by_line: list[list[Candidate]] = [[] for _ in lines]
        opens, words = [line.start for line in lines], work(doc).tokens.words
        for one in work(doc).candidates:
            number = bisect_right(opens, one.start) - 1
            if not _is_weight(words, one, lines[number]):
                by_line[number].append(one)
        for number, inside in enumerate(by_line):
            drafts.extend(self._draft(doc, one, number) for one in self.best(inside))
        targets = self._targets(doc, lines)
        for target in targets:
            target.background = any(
                one.background for one in drafts if one.end == target.end and one.start >= target.start
            )
            target.like = next(
                (one.kind for one in drafts if one.end == target.end and one.start >= target.start), "finding"
            )
        drafts.extend(targets)
        drafts.sort(key=lambda one: (one.start, one.end, one.target))
        work(doc).drafts = drafts
        return doc

    def best(self, candidates: list[Candidate]) -> list[Candidate]:
        """Return the candidates without overlap whose weights sum to most, in the order of the text."""
        for one in candidates:
            kind = self._glossary.terms[one.senses[0]].kind
            one.weight = _PER_TOKEN * (one.end - one.start) ** _LENGTH + _KIND_BONUS.get(kind, 0.0)
            if one.rule == "term.shared-head":
                one.weight += _SHARED_BONUS
        order = sorted(candidates, key=lambda one: (one.end, one.start, one.senses))
        ends = [one.end for one in order]
        score = [0.0]
        take = []
        for number, one in enumerate(order):
            before = bisect_right(ends, one.start, 0, number)
            with_it = score[before] + one.weight
            take.append(with_it > score[-1])
            score.append(max(with_it, score[-1]))
        chosen: list[Candidate] = []
        number = len(order)
        while number:
            if take[number - 1]:
                chosen.append(order[number - 1])
                number = bisect_right(ends, order[number - 1].start, 0, number - 1)
            else:
                number -= 1
        return chosen[::-1]

    def _draft(self, doc: Doc, one: Candidate, line: int) -> Draft:
        term = self._glossary.terms[one.senses[0]]
        draft = Draft(
            one.start,
            one.end,
            term.id,
            term.term,
            term.kind,
            line,
            one.rule,
            plural=one.plural,
            like=term.kind,
            background=term.background,
        )
        draft.anatomy = term.anatomy
        draft.evidence.append(evidence(doc, one.rule, one.start, one.end))
        repaired = work(doc).repaired
        if repaired and any(index in repaired for index in range(one.start, one.end)):
            draft.evidence.append(evidence(doc, "typo.repaired", one.start, one.end))
        return draft

    def _targets(self, doc: Doc, lines: list[Line]) -> list[Draft]:
        tokens = work(doc).tokens
        found = []
        for target in work(doc).context.targets:
            start, end = tokens.at(target.start), tokens.at(target.end - 1) + 1
            end = min(max(end, start + 1), len(tokens))
            start = min(start, end - 1)
            number = next((i for i, line in enumerate(lines) if line.start <= start < line.end), None)
            if number is None:
                number = min(range(len(lines)), key=lambda i: abs(lines[i].start - start)) if lines else -1
            text = tokens.text[target.start : target.end]
            draft = Draft(
                start, end, None, text, "other", number, "target", target=True, exact=(target.start, target.end)
            )
            found.append(draft)
        return found


def _is_weight(words: list[str], one: Candidate, line: Line) -> bool:
    """Return True for the stone that people are weighed in: "weight loss 2 stone", "has lost half a stone"."""
    if words[one.start : one.end] != ["stone"] or one.start == line.start:
        return False
    before = words[one.start - 1]
    if before in _ONE_STONE:
        return bool(_WEIGHT & set(words[line.start : line.end]))
    return before.replace(".", "").isdigit() or before in _STONES


@Language.factory(
    "rad_resolve", requires=["doc._.lines", "doc._.candidates", "doc._.context"], assigns=["doc._.drafts"]
)
def make_resolve(nlp: Language, name: str) -> Resolver:
    """Return the component."""
    return Resolver(resources_of(nlp).glossary)
