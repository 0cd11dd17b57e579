"""The rule files of `models/rules/`, read and checked."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Literal, get_args

from plainrad.domain.reading import Change, SectionKind
from plainrad.errors import RuleError
from plainrad.pipeline.patterns import Graph, PatternMatcher, compile_pattern

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CueClass = Literal[
    "negated", "resolved", "partial", "unlikely", "possible", "probable", "consistent", "history", "hypothetical",
    "family", "limited", "unclear", "change", "pseudo", "exception", "confirm", "aside",
]  # fmt: skip
Direction = Literal["forward", "backward", "both", "either"]
Scope = Literal["list", "alternatives", "phrase", "clause", "sentence"]
RuleFiles = Mapping[str, dict[str, Any]]  # what the files of `models/rules` hold, by name
RULE_FILES = ("cues", "grammar", "exams", "sections", "sentences", "typos")


@dataclass(frozen=True, slots=True)
class CueRule:
    """One row of `cues.toml`."""

    id: str
    kind: CueClass
    direction: Direction
    scope: Scope
    change: Change | None
    recommendation: bool
    before_negation: bool
    reportable: bool
    opposite: CueClass | None
    explains: bool
    needs: tuple[frozenset[str], ...]
    hedged: CueClass | None
    firm: bool
    author: str
    date: str
    fires: str
    finding: str | None
    spares: str
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grammar:
    """The closed word classes of `grammar.toml`."""

    finite_verbs: frozenset[str]
    confirming: frozenset[str]
    conjunctions: frozenset[str]
    openers: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    watch: frozenset[str]
    service_words: frozenset[str]
    level_words: frozenset[str]
    says_of: frozenset[str]
    degrees: frozenset[str]
    after_size: frozenset[str]
    after_normal: frozenset[str]
    among_parts: frozenset[str]
    property_words: frozenset[str]
    count_nouns: frozenset[str]
    score_words: frozenset[str]
    back_references: frozenset[str]
    general_words: frozenset[str]
    view_words: frozenset[str]
    symptom_words: frozenset[str]
    unseen_conditions: frozenset[str]
    picture_faults: frozenset[str]


@dataclass(frozen=True, slots=True)
class SectionRules:
    """Headers and what they open; labels that are no headers; words of those who describe pictures, and of those who ask for them."""

    headers: dict[str, SectionKind]
    labels: frozenset[str]
    picture_words: frozenset[str]
    request_words: frozenset[str]
    technique_words: frozenset[str]
    personal_headers: frozenset[str]
    denied_in_requests: frozenset[str]
    bare_headers: frozenset[str]


@dataclass(frozen=True, slots=True)
class RequestRules:
    """Words that give a sentence away: as one of those who ask for a scan, or (`pictures`) of those who read it."""

    cues: frozenset[str]
    medicines: frozenset[str]
    tests: frozenset[str]
    pictures: frozenset[str]


@dataclass(frozen=True, slots=True)
class ExamRules:
    """Words of an exam's title, and what they say of modality and region."""

    modalities: PatternMatcher[str]
    regions: PatternMatcher[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that the pipeline is configured with."""

    cues: tuple[CueRule, ...]
    cue_classes: Mapping[str, Sequence[str]]
    cue_matcher: PatternMatcher[CueRule]
    grammar: Grammar
    sections: SectionRules
    sentence_abbreviations: frozenset[str]
    exams: ExamRules
    request: RequestRules
    slips: dict[str, str]
    hedges: frozenset[str]


def load_rules(models: Traversable) -> Rules:
    """Return the rules of a `models` folder. Raises RuleError naming file and row."""
    return compile_rules({name: rule_file(models, f"{name}.toml") for name in RULE_FILES})


def read_rule_files(models: Traversable) -> RuleFiles:
    """Return what every rule file of a `models` folder holds. Raises RuleError for one that cannot be read."""
    return {name: rule_file(models, f"{name}.toml") for name in (*RULE_FILES, "recommendations", "patient")}


def compile_rules(files: RuleFiles, *, cues: Graph | None = None) -> Rules:
    """Return the rules that these files hold; `cues` is the graph that their cues had, if it is known. Raises RuleError naming file and row."""
    rules = _cue_rules(files["cues"])
    if cues is None:
        matcher = _matcher(rules, files["cues"]["classes"])
    else:
        matcher = PatternMatcher.of_graph(cues, [rule for rule in rules for _ in rule.patterns])
    grammar, exams = files["grammar"], files["exams"]
    return Rules(
        cues=rules,
        cue_classes=files["cues"]["classes"],
        cue_matcher=matcher,
        grammar=Grammar(**{name: frozenset(grammar[name]) for name in Grammar.__dataclass_fields__}),
        sections=_sections(files["sections"]),
        sentence_abbreviations=frozenset(files["sentences"]["abbreviations"]),
        exams=ExamRules(_words(exams["modality"]), _words(exams["region"])),
        request=RequestRules(**{name: frozenset(words) for name, words in files["sections"]["request"].items()}),
        slips=files["typos"]["slips"],
        hedges=frozenset(files["typos"]["hedges"]),
    )


def rule_file(models: Traversable, name: str) -> dict[str, Any]:
    """Return a rule file as it stands. Raises RuleError where it cannot be read."""
    try:
        return tomllib.loads(models.joinpath("rules", name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(f"models/rules/{name}: {error}") from None


def _cue_rules(data: dict[str, Any]) -> tuple[CueRule, ...]:
    rules: list[CueRule] = []
    for row in data["cue"]:
        rule = CueRule(
            id=row["id"],
            kind=row["class"],
            direction=row["direction"],
            scope=row["scope"],
            change=row.get("change"),
            recommendation=row.get("recommendation", False),
            before_negation=row.get("before_negation", False),
            reportable=row.get("reportable", True),
            opposite=row.get("opposite"),
            explains=row.get("explains", False),
            needs=_needs(row.get("needs", ())),
            hedged=row.get("hedged"),
            firm=row.get("firm", False),
            author=row.get("author", ""),
            date=row.get("date", ""),
            fires=row["fires"],
            finding=row.get("finding"),
            spares=row["spares"],
            patterns=tuple(row["patterns"]),
        )
        _check(rule, rules)
        rules.append(rule)
    return tuple(rules)


def _matcher(rules: Sequence[CueRule], classes: Mapping[str, Sequence[str]]) -> PatternMatcher[CueRule]:
    matcher: PatternMatcher[CueRule] = PatternMatcher()
    for rule in rules:
        for pattern in rule.patterns:
            try:
                matcher.add(compile_pattern(pattern, classes), rule)
            except RuleError as error:
                raise RuleError(f"cues.toml: {rule.id}: {error}") from None
    return matcher


def _needs(words: list[str] | list[list[str]]) -> tuple[frozenset[str], ...]:
    """Return the groups of which one word each has to stand in the sentence."""
    groups = [one for one in words if isinstance(one, list)]
    single = frozenset(one for one in words if isinstance(one, str))
    return (*(frozenset(group) for group in groups), *((single,) if single else ()))


def _check(rule: CueRule, earlier: list[CueRule]) -> None:
    if rule.id in {one.id for one in earlier}:
        raise RuleError(f"cues.toml: {rule.id}: the id is used twice.")
    for name, value, allowed in (
        ("class", rule.kind, get_args(CueClass)),
        ("direction", rule.direction, get_args(Direction)),
        ("scope", rule.scope, get_args(Scope)),
        ("change", rule.change, (None, *get_args(Change))),
        ("opposite", rule.opposite, (None, *get_args(CueClass))),
        ("hedged", rule.hedged, (None, *get_args(CueClass))),
    ):
        if value not in allowed:
            raise RuleError(f"cues.toml: {rule.id}: `{name}` is '{value}'; it may be {', '.join(map(str, allowed))}.")
    if not (rule.author and _DAY.fullmatch(rule.date)):
        raise RuleError(f"cues.toml: {rule.id}: a rule needs an author and a date (2026-11-21).")
    if not (rule.fires and rule.spares):
        raise RuleError(
            f"cues.toml: {rule.id}: a rule needs a sentence in which it fires and one in which it must not."
        )


def _sections(data: dict[str, Any]) -> SectionRules:
    headers: dict[str, SectionKind] = {}
    for row in data["section"]:
        for header in row["headers"]:
            if headers.setdefault(header, row["kind"]) != row["kind"]:
                raise RuleError(f"sections.toml: the header '{header}' opens two kinds of section.")
    words = {name: frozenset(listed) for name, listed in data["background"].items()}
    return SectionRules(headers, frozenset(data["organ_labels"]["labels"]), **words)


def _words(table: dict[str, list[str]]) -> PatternMatcher[str]:
    matcher: PatternMatcher[str] = PatternMatcher()
    for name, patterns in table.items():
        for pattern in patterns:
            matcher.add(compile_pattern(pattern, {}), name)
    return matcher
