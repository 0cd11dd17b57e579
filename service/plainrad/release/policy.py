"""A site's policy: how long after verification, on which days and hours, and what is kept back until somebody has looked.

The rule of NHS England, the SoR and the RCR of 24 March 2025: four weeks after formal verification on the RIS (default 28 days here;
a site may choose 14), and never outside working weekdays.
"""

import hashlib
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from plainrad.domain.release import ReleaseDecision, ReleaseFacts, Telling

Nation = Literal["ENG", "WLS", "SCT", "NIR"]
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for some examinations. Every field that is not empty has to fit; within a field one value is enough.

    `days` replaces the days of the policy; of several rules that fit, the longest wait counts. `hold`: until somebody has looked.
    `exclude`: never, to patients and proxies.
    """

    name: str
    exams: frozenset[str] = frozenset()
    modalities: frozenset[str] = frozenset()
    body_regions: frozenset[str] = frozenset()
    requesters: frozenset[str] = frozenset()
    days: int | None = None
    hold: bool = False
    exclude: bool = False

    def fits(self, facts: ReleaseFacts) -> bool:
        """Return True when it holds for these facts."""
        return (
            (not self.exams or bool(self.exams & exam_names(facts)))
            and (not self.modalities or (facts.modality or "") in self.modalities)
            and (not self.body_regions or bool(self.body_regions & {folded(one) for one in facts.body_regions}))
            and (not self.requesters or folded(facts.requester or "") in self.requesters)
        )


def folded(text: str) -> str:
    """Return how names are compared: without case, with single spaces."""
    return " ".join(text.split()).casefold()


def exam_names(facts: ReleaseFacts) -> frozenset[str]:
    """Return every name that the examination goes by: its code, system|code, its title."""
    code, title = folded(facts.exam_code or ""), folded(facts.exam_title or "")
    both = f"{folded(facts.exam_system)}|{code}" if facts.exam_system and code else ""
    return frozenset({code, both, title} - {""})


@dataclass(frozen=True, slots=True)
class ReleasePolicy:
    """A site's policy. Times are local times of London.

    `excluded_exams` is None as long as the site has not said which examinations are never shown: then nothing is released.
    """

    days: int = 28
    nation: Nation = "ENG"
    working_days_only: bool = True
    opens: time = time(9, 0)
    closes: time = time(17, 0)
    rules: tuple[Rule, ...] = ()
    excluded_exams: frozenset[str] | None = None
    exam_not_stated: Literal["hold", "release"] = "hold"
    sensitive: frozenset[str] = frozenset({"safeguarding"})
    corrections: Literal["correction", "first"] = "correction"
    clock_skew: timedelta = timedelta(hours=1)
    tell_embargoed: Telling = "date"
    tell_held: Telling = "nothing"
    keep_reports_days: int | None = None
    keep_keys_days: int = 90
    keep_deliveries_days: int = 90

    def settled(self) -> tuple[tuple[str, object], ...]:
        """Return everything that this policy says, in an order that is always the same."""
        return tuple((one.name, _ordered(getattr(self, one.name))) for one in fields(self))

    def digest(self) -> str:
        """Return the hash of everything that this policy says."""
        return _digest(self)

    def decide(self, verified_at: datetime | None, *, now: datetime) -> ReleaseDecision:
        """Return the decision at `now` (both with time zone). Without a verification time there is nothing to decide."""
        if verified_at is None:
            return ReleaseDecision(
                "not_applicable", None, "No verification time was given, so no release time can be counted."
            )
        moment = self.available_from(verified_at)
        reason = self.span(self.days)
        state: Literal["released", "embargoed"] = "released" if now >= moment else "embargoed"
        return ReleaseDecision(state, moment, reason)

    def span(self, days: int) -> str:
        """Return the wait in words."""
        span = f"{days} days after verification"
        return f"{span}, on a working weekday." if self.working_days_only else f"{span}."

    def available_from(self, verified_at: datetime, *, days: int | None = None) -> datetime:
        """Return the first moment of release, in UTC: the clock time of verification, moved into working hours."""
        local = verified_at.astimezone(_LONDON)
        wait = timedelta(days=self.days if days is None else days)
        clock = local.timetz().replace(tzinfo=None, fold=0)
        moment = datetime.combine(local.date() + wait, clock, _LONDON).astimezone(UTC)
        # With no days to wait, the hour that the clocks go through twice must not be counted as its first half.
        return self.working(max(moment, verified_at.astimezone(UTC)))

    def working(self, moment: datetime) -> datetime:
        """Return the first moment from `moment` on that lies in working hours, in UTC."""
        if not self.working_days_only:
            return moment.astimezone(UTC)
        local = moment.astimezone(_LONDON)
        if local.time() >= self.closes:
            local = datetime.combine(local.date() + timedelta(days=1), self.opens, _LONDON)
        elif local.time() < self.opens:
            local = datetime.combine(local.date(), self.opens, _LONDON)
        while local.weekday() >= 5 or local.date() in _bank_holidays(self.nation):
            local = datetime.combine(local.date() + timedelta(days=1), self.opens, _LONDON)
        return local.astimezone(UTC)


def _ordered(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_ordered(one) for one in value]
    if isinstance(value, Rule):
        return [(one.name, _ordered(getattr(value, one.name))) for one in fields(value)]
    return str(value)


@cache
def _digest(policy: ReleasePolicy) -> str:
    return hashlib.sha256(repr(policy.settled()).encode()).hexdigest()


@cache
def _bank_holidays(nation: Nation) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv=nation)
