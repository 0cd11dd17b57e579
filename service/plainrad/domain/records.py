"""What is kept, as those see it who ask for it: who asks, what came of a submission, what may be read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from plainrad.domain.patient import PatientReport
from plainrad.domain.people import Patient
from plainrad.domain.release import HoldKind, ReleaseCode, ReleaseDecision, ReleaseState, Wish
from plainrad.domain.report import Report

ActorKind = Literal["portal", "staff", "system"]
# What a professional chooses for a part of a patient version: it is not shown, or it is told in neutral words only.
Choice = Literal["hidden", "neutral"]
# What is wrong about a reading: whether a thing is there, its side, what a word means here, or something else.
WrongKind = Literal["assertion", "side", "sense", "other"]
# completed: the same text again, with something that was missing.
Outcome = Literal["created", "new_version", "completed", "unchanged", "replayed"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for whom, and in which roles. Only the system itself (the worker, the command line) has no organisation."""

    kind: ActorKind
    id: str
    organisation: str | None = None
    roles: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.id or (self.organisation is None) != (self.kind == "system"):
            raise ValueError("an actor has an id, and an organisation unless it is the system")


SYSTEM = Actor("system", "plainrad")


@dataclass(frozen=True, slots=True)
class Sent:
    """What brought a report, byte for byte as it was sent: an HL7 message, a FHIR resource."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Submission:
    """A report to be kept. With `key`, sending twice keeps once."""

    report: Report = field(repr=False)
    key: str | None = None
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a submission. `id` is ours and never changes; `version` counts from 1; `decision` is the patient's."""

    id: str
    version: int
    outcome: Outcome
    revision: int
    decision: ReleaseDecision
    received_at: datetime


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold with its story."""

    id: str
    kind: HoldKind
    placed_by: str
    placed_at: datetime
    reason: str = field(repr=False)
    lifted_by: str | None = None
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HiddenView:
    """What a professional chose for a part of a version: its id there, what it said, and why."""

    version: int
    item: str
    by: str
    at: datetime
    text: str = field(repr=False)
    reason: str = field(repr=False)
    choice: Choice = "hidden"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person wrote about a report: a comment of staff, a question of a patient, feedback.

    `for_patient`: a note to the patient, shown with its `version` until it is taken back (`lifted_at`), under the name `signed` if any.
    `about`: of a reading that was marked as wrong, what was read and what it should be.
    """

    id: str
    text: str = field(repr=False)
    by: str
    at: datetime
    kind: Literal["comment", "question", "helpful", "not_helpful", "worried", "free_text", "reading_wrong"] = "comment"
    for_patient: bool = False
    version: int = 1
    signed: str | None = None
    about: dict[str, Any] | None = field(default=None, repr=False)
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lift_reason: str | None = field(default=None, repr=False)

    @property
    def shown(self) -> bool:
        """Return True for a note to the patient that was not taken back."""
        return self.for_patient and self.lifted_at is None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report without its words: what a list shows. For patients and proxies `decision` says no more than they may be told."""

    id: str
    report_id: str | None
    accession: str | None
    organisation: str
    version: int
    versions: int
    revision: int
    status: str
    exam_title: str | None
    modality: str | None
    body_regions: tuple[str, ...]
    verified_at: datetime | None
    received_at: datetime
    decision: ReleaseDecision
    preference: Wish | None = None
    patient: Patient | None = field(default=None, repr=False)
    holds: tuple[HoldView, ...] = ()
    looked_at: datetime | None = None
    sensitive: tuple[str, ...] = ()
    # For professionals: what was hidden or told neutrally in the versions that this one replaces, and what is in this one.
    hidden_before: tuple[HiddenView, ...] = ()
    chosen: tuple[HiddenView, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a report, without its words."""

    number: int
    sha256: str
    status: str
    verified_at: datetime | None
    received_at: datetime
    source: str
    current: bool
    withdrawn: bool
    explained_by: tuple[str, str, str] | None = None  # versions of plainrad, glossary and pipeline


@dataclass(frozen=True, slots=True)
class Page:
    """Some reports, newest first, and where to go on (None at the end). A page may hold fewer than asked for and still go on."""

    reports: tuple[ReportView, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Original:
    """The text exactly as it was sent."""

    id: str
    version: int
    sha256: str
    report: Report = field(repr=False)
    decision: ReleaseDecision
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Visible:
    """A patient version that may be read now; its `release` is today's decision.

    What was hidden or told neutrally is whole for professionals only, who get the patient's own beside it.
    """

    id: str
    version: int
    revision: int
    decision: ReleaseDecision
    patient_report: PatientReport = field(repr=False)
    as_patient: PatientReport = field(
        repr=False
    )  # as chosen for the patient, with the notes to the patient, whoever asks
    chosen: tuple[HiddenView, ...] = ()  # for professionals: what the patient is not shown, or told in neutral words
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class PatientHas:
    """What a patient has of a report: whether it may be read now, by the patient and by a proxy, and what would be read."""

    decision: ReleaseDecision
    proxy: ReleaseDecision
    patient_report: PatientReport | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a deed would do: what the patient has before it and would have after it. Nothing is done yet."""

    id: str
    revision: int
    before: PatientHas
    after: PatientHas


@dataclass(frozen=True, slots=True)
class NotReleased:
    """It may not be read now. `reason` and `available_from` hold only what this audience may be told.

    `told` is False where the patient may not even know that there is a report: answer as for one that does not exist, unless the
    caller itself has to know.
    """

    id: str
    version: int
    state: ReleaseState
    code: ReleaseCode
    reason: str
    available_from: datetime | None
    told: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something to be sent, taken from the outbox for a while. `id` stays the same when it is tried again."""

    id: str
    kind: str
    organisation: str
    target: str
    report_id: str
    payload: dict[str, object] = field(repr=False)
    attempt: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit: who did what to which record, when and why. It holds no word of a report."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    organisation: str | None
    action: str
    object_kind: str
    object_id: str | None
    details: dict[str, object]
    reason_sha256: str | None
    previous: str
    hash: str
    reason: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed."""

    reports: int = 0
    versions: int = 0
    keys: int = 0
    deliveries: int = 0
