"""What FHIR asks of a store of reports. The stored mode gives one to the service; without it nothing is kept, and it says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plainrad.domain.patient import PatientReport
from plainrad.domain.release import ReleaseDecision
from plainrad.formats.fhir.incoming import Received


@dataclass(frozen=True, slots=True)
class Token:
    """A search token: `system|value`, or a value in any system."""

    value: str
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for. `after` is the id that the page before ended with; the dates are half-open."""

    identifier: Token | None = None
    patient: str | None = None
    patient_identifier: Token | None = None
    done_from: datetime | None = None
    done_before: datetime | None = None
    count: int = 20
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A report that is kept, as it is now. `patient.release` decides what may be shown."""

    id: str
    version: int
    updated: datetime
    received: Received
    patient: PatientReport


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What came of keeping a report: it is on disk. `decision` says when its patient version may be read."""

    id: str
    version: int
    decision: ReleaseDecision
    new: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of released reports, how many there are in all (None: not counted), and where the next page begins after."""

    held: tuple[Held, ...]
    total: int | None
    next_after: str | None = None


class Kept(Protocol):
    """A store of reports. It looks after release, versions and who may see what; every call may raise a PlainradError."""

    def keep(self, received: Sequence[Received]) -> Sequence[Acknowledged]:
        """Keep these, all or none; sending them again changes nothing. The same number with other words is a new version."""

    def read(self, report_id: str) -> Held | None:
        """Return the report with this id, or None; where it may not be read now, its release says so, or a RequestError does."""

    def search(self, query: Query) -> Found:
        """Return the released reports that fit."""
