"""The rule file as its own test: every row fires where it says, spares what it says, and no two rows claim the same words."""

import re
from collections.abc import Iterator

from plainrad.domain.report import Report, ReportStatus, Target
from plainrad.pipeline.build import Reader
from plainrad.pipeline.patterns import compile_pattern
from plainrad.pipeline.rules import CueRule, Rules

_MARKED = re.compile(r"\[([^\]]*)\]")
_EXAMPLES = 400
_SILENT = frozenset({"pseudo", "exception", "confirm"})


def rule_problems(rules: Rules, reader: Reader) -> Iterator[str]:
    """Return what is wrong in `cues.toml`, one sentence a fault."""
    yield from tie_problems(rules)
    for rule in rules.cues:
        found = _fired(reader, rule.fires) if rule.kind in _SILENT else _rules_on(reader, rule.fires, rule.finding)
        if rule.id not in found:
            yield f"cues.toml: {rule.id}: does not fire on its own sentence '{rule.fires}'."
        if rule.id in _rules_on(reader, rule.spares, None):
            yield f"cues.toml: {rule.id}: fires on the sentence that it must spare: '{rule.spares}'."


def tie_problems(rules: Rules) -> Iterator[str]:
    """Return the word sequences that two rules claim, and the rules that nothing can reach."""
    reached: set[str] = set()
    for rule, source in ((one, source) for one in rules.cues for source in one.patterns):
        for words in compile_pattern(source, rules.cue_classes).examples(_EXAMPLES):
            winners = {one.id for end, one in rules.cue_matcher.every(words, 0) if end == len(words)}
            reached.add(rule.id)
            if winners != {rule.id}:
                others = ", ".join(sorted(winners - {rule.id}))
                yield f"cues.toml: {rule.id} and {others} both claim '{' '.join(words)}': leave it to one of them."
    for rule in rules.cues:
        if rule.id not in reached:
            yield f"cues.toml: {rule.id}: no words reach this rule."


def _rules_on(reader: Reader, sentence: str, finding: str | None) -> set[str]:
    """Return the rules in the evidence of the marked finding."""
    match = _MARKED.search(sentence)
    text = _MARKED.sub(lambda one: one.group(1), sentence)
    name = match.group(1) if match else finding or ""
    start = match.start() if match else text.index(name)
    reading = reader.read(Report(text, ReportStatus.FINAL, targets=(Target(start, start + len(name)),)))
    mention = next(one for one in reading.mentions if one.term_id is None and not one.reading_id and one.start == start)
    return {one.rule for one in mention.evidence}


def _fired(reader: Reader, sentence: str) -> set[str]:
    return {
        one.rule for one in reader.firings(Report(_MARKED.sub(lambda one: one.group(1), sentence), ReportStatus.FINAL))
    }


def explain_rule(rule: CueRule) -> str:
    """Return one line that says what a rule does, for people who audit readings."""
    return f"{rule.id}: {rule.kind}, {rule.direction}, over {rule.scope}; fires in: {rule.fires}"
