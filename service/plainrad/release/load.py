"""release.toml -> ReleasePolicy, or an error that names each field and what to do."""

import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from plainrad.domain.release import Telling
from plainrad.errors import PolicyInvalidError
from plainrad.release.policy import Nation, ReleasePolicy, Rule, folded

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
Category = Literal["cancer", "pregnancy", "safeguarding", "urgent", "mental-health"]
Days = Annotated[int, Field(ge=0, le=365, strict=True)]
Name = Annotated[str, Field(min_length=1, max_length=300)]


def _clock(value: object) -> object:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return time.fromisoformat(value)
    raise ValueError('write a clock time such as "09:00"')


Clock = Annotated[time, BeforeValidator(_clock)]


class Strict(BaseModel):
    """Base of the parts: a field that is not known is refused, so that a typing error is not silent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class RuleSchema(Strict):
    """One `[[rule]]`."""

    name: Name
    exams: list[Name] = Field(default_factory=list)
    modalities: list[Literal["XR", "CT", "MR", "US", "MG", "NM", "PT", "BMD", "RF", "IR"]] = Field(default_factory=list)
    body_regions: list[Name] = Field(default_factory=list)
    requesters: list[Name] = Field(default_factory=list)
    days: Days | None = None
    hold: bool = False
    exclude: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> "RuleSchema":
        if not (self.exams or self.modalities or self.body_regions or self.requesters):
            raise ValueError("say for which: exams, modalities, body_regions or requesters")
        if self.days is None and not self.hold and not self.exclude:
            raise ValueError("say what holds: days, hold or exclude")
        return self


class HoursSchema(Strict):
    """`[hours]`."""

    working_days_only: bool = True
    opens: Clock = time(9, 0)
    closes: Clock = time(17, 0)

    @model_validator(mode="after")
    def _opens_first(self) -> "HoursSchema":
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self


class TellSchema(Strict):
    """`[tell]`: what the patient is told before it may be read."""

    embargoed: Telling = "date"
    held: Literal["exists", "nothing"] = "nothing"


class KeepSchema(Strict):
    """`[keep]`: for how long, in days."""

    reports_days: Annotated[int, Field(ge=30, le=36_500, strict=True)] | None = None
    keys_days: Annotated[int, Field(ge=1, le=3_650, strict=True)] = 90
    deliveries_days: Annotated[int, Field(ge=7, le=3_650, strict=True)] = 90


class PolicySchema(Strict):
    """release.toml."""

    excluded_exams: list[Name]
    days: Days = 28
    nation: Nation = "ENG"
    exam_not_stated: Literal["hold", "release"] = "hold"
    sensitive: list[Category] = Field(default_factory=lambda: ["safeguarding"])  # type: ignore[arg-type]
    corrections: Literal["correction", "first"] = "correction"
    hours: HoursSchema = Field(default_factory=HoursSchema)
    tell: TellSchema = Field(default_factory=TellSchema)
    keep: KeepSchema = Field(default_factory=KeepSchema)
    rule: list[RuleSchema] = Field(default_factory=list, max_length=1_000)

    @model_validator(mode="after")
    def _names_differ(self) -> "PolicySchema":
        names = [one.name for one in self.rule]
        if len(set(names)) < len(names):
            raise ValueError("two rules have one name: give each its own")
        longest = max([self.days, *(one.days for one in self.rule if one.days is not None)])
        if self.keep.reports_days is not None and self.keep.reports_days <= longest + 14:
            raise ValueError(
                "keep.reports_days must be longer than the longest wait and two weeks: a report would be gone unread"
            )
        return self


def load_policy(path: Path) -> ReleasePolicy:
    """Return the policy of a file; raises PolicyInvalidError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise PolicyInvalidError("PLAINRAD_RELEASE_POLICY: the file cannot be read as UTF-8 text.") from None
    return parse_policy(text)


def parse_policy(text: str) -> ReleasePolicy:
    """Return the policy that the text of a release.toml says; raises PolicyInvalidError."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyInvalidError(f"release.toml is not TOML: {error}.") from None
    try:
        schema = PolicySchema.model_validate(said)
    except ValidationError as error:
        lines = dict.fromkeys(_line(item) for item in error.errors(include_input=False, include_url=False))
        raise PolicyInvalidError(" ".join(["release.toml:", *lines])) from None
    return _policy(schema)


def _policy(said: PolicySchema) -> ReleasePolicy:
    return ReleasePolicy(
        days=said.days,
        nation=said.nation,
        working_days_only=said.hours.working_days_only,
        opens=said.hours.opens,
        closes=said.hours.closes,
        rules=tuple(
            Rule(
                name=one.name,
                exams=frozenset(map(folded, one.exams)),
                modalities=frozenset(one.modalities),
                body_regions=frozenset(map(folded, one.body_regions)),
                requesters=frozenset(map(folded, one.requesters)),
                days=one.days,
                hold=one.hold,
                exclude=one.exclude,
            )
            for one in said.rule
        ),
        excluded_exams=frozenset(map(folded, said.excluded_exams)),
        exam_not_stated=said.exam_not_stated,
        sensitive=frozenset(said.sensitive),
        corrections=said.corrections,
        tell_embargoed=said.tell.embargoed,
        tell_held=said.tell.held,
        keep_reports_days=said.keep.reports_days,
        keep_keys_days=said.keep.keys_days,
        keep_deliveries_days=said.keep.deliveries_days,
    )


def _line(item: Any) -> str:
    where = ".".join(f"[{part}]" if isinstance(part, int) else str(part) for part in item["loc"]).replace(".[", "[")
    remedies = {
        "missing": "is required. Write excluded_exams = [] if this site shows every examination."
        if where == "excluded_exams"
        else "is required.",
        "extra_forbidden": "is not a field of the policy: look for a typing error; docs/release.md lists all fields.",
        "value_error": f"{item.get('ctx', {}).get('error', 'cannot be used')!s}.",
        "literal_error": f"must be one of {item.get('ctx', {}).get('expected', 'the values in docs/release.md')}.",
        "int_type": "must be a whole number, without quotes.",
        "bool_type": "must be true or false, without quotes.",
        "bool_parsing": "must be true or false, without quotes.",
        "list_type": 'must be a list, such as ["XABCD"].',
        "string_type": "must be a text in quotes.",
    }
    said = remedies.get(item["type"], f"cannot be used ({item['msg'].lower()}).")
    return f"{where} {said}" if where else said
