"""When a patient version may be seen: what is known about a version, and what was decided from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ReleaseState = Literal["embargoed", "released", "held", "retracted", "not_applicable"]
Audience = Literal["patient", "proxy", "professional"]
# clinical: somebody wants to speak first. withhold: serious harm. third_party: it speaks of somebody else. sensitive: a person's
# judgement that it needs care. proxy_only: nobody may read it for the patient.
HoldKind = Literal["clinical", "withhold", "safeguarding", "third_party", "sensitive", "proxy_only"]
Wish = Literal["see", "not_now", "with_clinician"]
# What the patient is told before it may be read: that it exists and from when, only that it exists, or nothing at all.
Telling = Literal["date", "exists", "nothing"]
ReleaseCode = Literal[
    "policy",
    "released",
    "released_early",
    "professional",
    "embargo",
    "withdrawn",
    "superseded",
    "hold_clinical",
    "hold_withhold",
    "hold_safeguarding",
    "hold_third_party",
    "hold_sensitive",
    "hold_proxy_only",
    "exclusions_not_stated",
    "exam_excluded",
    "exam_unknown",
    "exam_held",
    "verification_missing",
    "verification_in_future",
    "versions_out_of_order",
    "hidden_before",
    "not_explained",
    "sensitive_category",
    "patient_not_now",
    "patient_with_clinician",
]


@dataclass(frozen=True, slots=True)
class ReleaseDecision:
    """The state, the moment from which it may be seen (with time zone; None when there is none), and why.

    `code` is the reason for programs. `tell` is how much of this the patient may know while it cannot be read.
    """

    state: ReleaseState
    available_from: datetime | None
    reason: str
    code: ReleaseCode = "policy"
    tell: Telling = "nothing"

    @property
    def visible(self) -> bool:
        """Return True when it may be read now."""
        return self.state == "released"


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason of a person to keep a report back. It is in force until it is lifted."""

    kind: HoldKind
    placed_at: datetime
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """What the patient asked for, and when."""

    wish: Wish
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """All that a decision rests on, beside the policy and the clock. Everything else is worked out anew each time.

    `sensitive` is None as long as nobody knows (the text was not explained); `first_verified_at` is that of the first version of the
    report; `looked_at` is when a professional has looked at this version; `released_early_at` when somebody let it out before its time;
    `hidden_before` is True when something was hidden from the patient in a version that this one replaces.
    """

    received_at: datetime
    verified_at: datetime | None = None
    first_verified_at: datetime | None = None
    explained_at: datetime | None = None
    sensitive: frozenset[str] | None = None
    exam_code: str | None = None
    exam_system: str | None = None
    exam_title: str | None = None
    modality: str | None = None
    body_regions: frozenset[str] = frozenset()
    requester: str | None = None
    holds: tuple[Hold, ...] = ()
    looked_at: datetime | None = None
    released_early_at: datetime | None = None
    preference: Preference | None = None
    withdrawn: bool = False
    superseded: bool = False
    out_of_order: bool = False
    hidden_before: bool = False
