"""What a policy would do to reports, counted: for a site that wants to know before it changes one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from plainrad.domain.release import ReleaseFacts
from plainrad.release.decide import decide
from plainrad.release.policy import ReleasePolicy


@dataclass(slots=True)
class DryRun:
    """Counts: of states, of reasons, of the days from verification to release (where a release is in sight)."""

    reports: int = 0
    states: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    days: list[float] = field(default_factory=list)
    changed: Counter[str] = field(default_factory=Counter)


def dry_run(
    facts: Iterable[ReleaseFacts], policy: ReleasePolicy, *, now: datetime, today: ReleasePolicy | None = None
) -> DryRun:
    """Return what `policy` would decide for patients at `now`, and how that differs from `today`'s policy."""
    found = DryRun()
    for one in facts:
        decision = decide(one, policy, audience="patient", now=now)
        found.reports += 1
        found.states[decision.state] += 1
        found.codes[decision.code] += 1
        if decision.available_from is not None and one.verified_at is not None:
            found.days.append((decision.available_from - one.verified_at) / timedelta(days=1))
        if today is not None:
            before = decide(one, today, audience="patient", now=now)
            if before.state != decision.state:
                found.changed[f"{before.state} -> {decision.state}"] += 1
    return found
