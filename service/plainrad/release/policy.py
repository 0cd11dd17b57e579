"""What the configured release policy would do: days from verification, then the next working weekday and hour.

The rule of NHS England, the SoR and the RCR of 24 March 2025: four weeks after formal verification on the RIS (default 28 days here;
a site may choose 14), and never outside working weekdays.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from plainrad.domain.release import ReleaseDecision

Nation = Literal["ENG", "WLS", "SCT", "NIR"]
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class ReleasePolicy:
    """A site's policy: how long after verification, on which days, from which hour (local time)."""

    days: int = 28
    nation: Nation = "ENG"
    working_days_only: bool = True
    opens: time = time(9, 0)
    closes: time = time(17, 0)

    def decide(self, verified_at: datetime | None, *, now: datetime) -> ReleaseDecision:
        """Return the decision at `now` (both with time zone). Without a verification time there is nothing to decide."""
        if verified_at is None:
            return ReleaseDecision(
                "not_applicable", None, "No verification time was given, so no release time can be counted."
            )
        moment = self.available_from(verified_at)
        span = f"{self.days} days after verification"
        reason = f"{span}, on a working weekday." if self.working_days_only else f"{span}."
        state: Literal["released", "embargoed"] = "released" if now >= moment else "embargoed"
        return ReleaseDecision(state, moment, reason)

    def available_from(self, verified_at: datetime) -> datetime:
        """Return the first moment of release, in UTC: the clock time of verification, moved into working hours."""
        local = verified_at.astimezone(_LONDON)
        moment = datetime.combine(
            local.date() + timedelta(days=self.days), local.timetz().replace(tzinfo=None), _LONDON
        )
        if not self.working_days_only:
            return moment.astimezone(UTC)
        if moment.time() >= self.closes:
            moment = datetime.combine(moment.date() + timedelta(days=1), self.opens, _LONDON)
        elif moment.time() < self.opens:
            moment = datetime.combine(moment.date(), self.opens, _LONDON)
        while moment.weekday() >= 5 or moment.date() in _bank_holidays(self.nation):
            moment = datetime.combine(moment.date() + timedelta(days=1), self.opens, _LONDON)
        return moment.astimezone(UTC)


@cache
def _bank_holidays(nation: Nation) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv=nation)
