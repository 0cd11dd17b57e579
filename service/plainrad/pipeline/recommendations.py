"""`rad_recommendations`: what a sentence that suggests a next step asks for, why, and when; by the rows of `recommendations.toml`."""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from plainrad.domain.reading import Interval
from plainrad.pipeline.drafts import Draft, Line, RecommendationDraft, work
from plainrad.pipeline.patterns import PatternMatcher
from plainrad.pipeline.recommendation_rules import RecommendationRules
from plainrad.pipeline.resources import resources_of

_REASONS = frozenset({"finding", "score"})
_NOT_A_REASON = frozenset({"historical", "other_person"})


class Recommender:
    """Reads procedure, reason and interval of each next step."""

    def __init__(self, rules: RecommendationRules, steps: frozenset[str]) -> None:
        self._rules = rules
        self._steps = steps | {"next-step"}

    def __call__(self, doc: Doc) -> Doc:
        """Assign `doc._.recommendations`, in the order of the text."""
        drafts = work(doc).drafts
        steps = [one for one in drafts if one.reading_id in self._steps]
        work(doc).recommendations = [self._read(doc, step, drafts) for step in steps]
        return doc

    def _read(self, doc: Doc, step: Draft, drafts: list[Draft]) -> RecommendationDraft:
        line: Line = work(doc).lines[step.line]
        inside = [one for one in drafts if one.line == step.line and one.reading_id is None]
        procedures = [one for one in inside if one.kind == "procedure" and one.assertion not in _NOT_A_REASON]
        reasons = [one for one in inside if one.kind in _REASONS and one.assertion not in _NOT_A_REASON]
        words = [work(doc).tokens.words[i] for i in range(line.start, line.end) if work(doc).tokens.words[i] != "-"]
        found = tuple(dict.fromkeys(_found(self._rules.actions, words)))
        if "repeat-imaging" in found:
            found = tuple(one for one in found if one != "further-imaging")
        return RecommendationDraft(
            step,
            procedures,
            reasons,
            found,
            urgent=any(_found(self._rules.urgent, words)),
            needed=not any(_found(self._rules.not_needed, words)),
            interval=self.interval(doc, line),
        )

    def interval(self, doc: Doc, line: Line) -> Interval | None:
        """Return when the step is to be taken, or None where the sentence names no time or more than one."""
        tokens = work(doc).tokens
        start = tokens.starts[line.start]
        found = [
            self._interval(match, start)
            for match in self._rules.interval.finditer(tokens.text[start : tokens.ends[line.end - 1]])
        ]
        return found[0] if len({(one.value, one.most, one.unit) for one in found}) == 1 else None

    def _interval(self, match: re.Match[str], offset: int) -> Interval:
        start, end = match.start() + offset, match.end() + offset
        if match["yearly"]:
            return Interval("", start, end, 1, None, "year")
        if match["slash"]:
            return Interval("", start, end, int(match["slash"]), None, self._rules.slashes[match["per"]])
        one, two = match["one"] or match["one_b"], match["two"] or match["two_b"]
        unit = self._rules.units[(match["unit"] or match["unit_b"]).lower()]
        return Interval("", start, end, self._number(one), self._number(two) if two else None, unit)

    def _number(self, word: str) -> int:
        return int(word) if word.isdigit() else self._rules.numbers[word.lower()]


def _found(matcher: PatternMatcher[str], words: list[str]) -> Iterator[str]:
    index = 0
    while index < len(words):
        match = matcher.longest(words, index)
        if match is None:
            index += 1
            continue
        index, name = match
        yield name


@Language.factory(
    "rad_recommendations",
    requires=["doc._.tokens", "doc._.lines", "doc._.drafts"],
    assigns=["doc._.recommendations"],
)
def make_recommendations(nlp: Language, name: str) -> Recommender:
    """Return the component."""
    resources = resources_of(nlp)
    steps = frozenset(phrase.id for phrase in resources.readings.phrases.payloads if phrase.group == "next_step")
    return Recommender(resources.recommendations, steps)
