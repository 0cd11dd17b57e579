"""A small model of what may be read, written apart from the real thing: it shares no code with it but the values that are asked for.

It knows one policy: 28 days (or as given) in working hours of England, cancer waits for a look, a correction waits anew.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# Bank holidays in England, from gov.uk, as plain dates: the real thing asks a library.
HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in [
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-04",
        "2026-05-25",
        "2026-08-31",
        "2026-12-25",
        "2026-12-28",
        "2027-01-01",
        "2027-03-26",
        "2027-03-29",
        "2027-05-03",
        "2027-05-31",
        "2027-08-30",
        "2027-12-27",
        "2027-12-28",
        "2028-01-03",
        "2028-04-14",
        "2028-04-17",
        "2028-05-01",
        "2028-05-29",
        "2028-08-28",
        "2028-12-25",
        "2028-12-26",
    ]
)


def working(moment: datetime) -> datetime:
    """The first working moment from then on: it goes on in steps until the door is open."""
    here = moment.astimezone(LONDON)
    while not (here.weekday() < 5 and here.date() not in HOLIDAYS and 9 <= here.hour < 17):
        if here.hour < 9:
            here = here.replace(hour=9, minute=0, second=0, microsecond=0, fold=0)
        else:
            here = (here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0) + timedelta(days=1)).replace(hour=9)
        if here.weekday() >= 5 or here.date() in HOLIDAYS:
            here = here.replace(hour=20)  # closed all day: on to the next
    return here.astimezone(UTC)


@dataclass
class ModelVersion:
    """One text."""

    text: str
    verified: datetime | None
    received: datetime
    odd: bool
    looked: datetime | None = None
    early: datetime | None = None
    gone: bool = False

    @property
    def sensitive(self) -> bool:
        """Whether it has to be looked at."""
        return "[cancer]" in self.text


@dataclass
class Model:
    """One report, as somebody would remember it who watched everything."""

    days: int = 28
    versions: list[ModelVersion] = field(default_factory=list)
    held: dict[str, datetime] = field(default_factory=dict)
    lifted: list[tuple[str, datetime]] = field(default_factory=list)
    wish: tuple[str, datetime] | None = None

    def submit(self, text: str, verified: datetime | None, now: datetime) -> None:
        """A text came in."""
        if self.versions:
            last = self.versions[-1]
            if last.text == text:
                if last.verified is None or last.verified > last.received + timedelta(hours=1):
                    last.verified = verified or last.verified
                return
            if verified is not None and any(one.text == text and one.verified == verified for one in self.versions):
                return
            odd = verified is not None and last.verified is not None and verified < last.verified
            self.versions.append(ModelVersion(text, verified, now, odd))
        else:
            self.versions.append(ModelVersion(text, verified, now, odd=False))

    def visible(self, now: datetime, *, proxy: bool) -> bool:
        """Whether it may be read."""
        one = self.versions[-1]
        if one.gone or any(kind != "proxy_only" or proxy for kind in self.held):
            return False
        if one.verified is None or one.verified > one.received + timedelta(hours=1):
            return False
        waits_for_a_look = one.sensitive or one.odd
        if waits_for_a_look and one.looked is None and one.early is None:
            return False
        if self.wish is not None:
            wish, since = self.wish
            if wish == "not_now" or (wish == "with_clinician" and (one.early is None or one.early < since)):
                return False
        local = one.verified.astimezone(LONDON)
        counted = datetime.combine(local.date() + timedelta(days=self.days), local.time().replace(fold=0), LONDON)
        late = [one.received] + [when for kind, when in self.lifted if kind != "proxy_only" or proxy]
        if waits_for_a_look and one.looked is not None:
            late.append(one.looked)
        regular = max([working(counted), *(working(when) for when in late)])
        if now >= regular:
            return True
        if one.early is None:
            return False
        return now >= one.early and all(now >= working(when) for when in late[1:] if when > one.early)


TEXTS = ("No pneumothorax.", "A nodule.", "A mass [cancer].", "A larger mass [cancer].", "Normal.")
KINDS = ("clinical", "withhold", "safeguarding", "third_party", "sensitive", "proxy_only")
WEIGHTS = {
    "clock": 10, "submit": 4, "hold": 3, "lift": 3, "early": 2, "approve": 2, "withdraw": 1, "wish": 2, "announce": 3,
}  # fmt: skip


def deeds(chance: random.Random, length: int) -> list[tuple[str, Any]]:
    """A story: what happens, one after the other."""
    found: list[tuple[str, Any]] = [("submit", (chance.choice(TEXTS), chance.randrange(-30, 3)))]
    for name in chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()), k=length):
        if name == "clock":
            detail: Any = chance.choice([1, 60, 900, 3_600, 14_000, 50_000, 86_400, 500_000, 1_300_000, 2_500_000])
        elif name == "submit":
            detail = (chance.choice(TEXTS), chance.choice([None, *range(-30, 3)]))
        elif name in ("hold", "lift"):
            detail = chance.choice(KINDS)
        elif name == "wish":
            detail = chance.choice(["see", "see", "not_now", "with_clinician"])
        else:
            detail = None
        found.append((name, detail))
    return found
