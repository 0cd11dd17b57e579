"""When a patient version may be seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ReleaseState = Literal["embargoed", "released", "held", "retracted", "not_applicable"]


@dataclass(frozen=True, slots=True)
class ReleaseDecision:
    """The state, the moment from which it may be seen (with time zone; None when there is none), and why."""

    state: ReleaseState
    available_from: datetime | None
    reason: str
