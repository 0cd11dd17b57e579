"""The rows of `recommendations.toml`, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from plainrad.domain.reading import IntervalUnit
from plainrad.errors import RuleError
from plainrad.pipeline.patterns import PatternMatcher, compile_pattern


@dataclass(frozen=True, slots=True)
class RecommendationRules:
    """The rows of `recommendations.toml`, ready to be found."""

    actions: PatternMatcher[str]
    urgent: PatternMatcher[str]
    not_needed: PatternMatcher[str]
    interval: re.Pattern[str]
    numbers: Mapping[str, int]
    units: Mapping[str, IntervalUnit]
    slashes: Mapping[str, IntervalUnit]
    examples: tuple[tuple[str, str, str], ...]


def compile_recommendations(data: dict[str, Any]) -> RecommendationRules:
    """Return the rules. Raises RuleError for a row without its two sentences or with a pattern that cannot be read."""
    actions: PatternMatcher[str] = PatternMatcher()
    examples = []
    for row in data["action"]:
        if not (row.get("fires") and row.get("spares") and row.get("author") and row.get("date")):
            raise RuleError(f"recommendations.toml: {row['id']}: a row needs its two sentences, an author and a date.")
        for pattern in row["patterns"]:
            actions.add(compile_pattern(pattern, data["classes"]), row["id"])
        examples.append((row["id"], row["fires"], row["spares"]))
    urgent = _plain(data, "urgent")
    not_needed = _plain(data, "not_needed")
    units = {form: cast(IntervalUnit, unit) for unit, forms in data["units"].items() for form in forms}
    slashes = {key: cast(IntervalUnit, unit) for key, unit in data["slashes"].items()}
    return RecommendationRules(
        actions, urgent, not_needed, _interval(data), dict(data["numbers"]), units, slashes, tuple(examples)
    )


def _plain(data: dict[str, Any], name: str) -> PatternMatcher[str]:
    matcher: PatternMatcher[str] = PatternMatcher()
    for pattern in data[name]["patterns"]:
        matcher.add(compile_pattern(pattern, {}), name)
    return matcher


def _interval(data: dict[str, Any]) -> re.Pattern[str]:
    number = r"(?:\d{1,3}|" + "|".join(data["numbers"]) + ")"
    forms = sorted((form for forms in data["units"].values() for form in forms), key=len, reverse=True)
    ends = "|".join(data["slashes"])
    return re.compile(
        rf"\b(?:in|at|after|within|every|by|around|of)\s+(?:about\s+|approximately\s+|around\s+|the next\s+)?"
        rf"(?P<one>{number})(?:\s?(?:-|to|or)\s?(?P<two>{number}))?[\s\-]?(?P<unit>{'|'.join(forms)})\b"
        rf"|\b(?P<one_b>{number})(?:\s?(?:-|to)\s?(?P<two_b>{number}))?[\s\-]?(?P<unit_b>{'|'.join(forms)})(?:'s?)?[\s\-]?"
        rf"(?=time|interval|follow|later|scan|repeat|surveillance|review|ultrasound|ct\b|mri\b|cxr)"
        rf"|\b(?P<slash>\d{{1,2}})/(?P<per>{ends})\b"
        rf"|\b(?P<yearly>{'|'.join(data['yearly']['words'])})\b",
        re.IGNORECASE,
    )
