"""What FHIR asks of a store of reports. The stored mode gives one to the service; without it nothing is kept, and it says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plainrad.domain.patient import PatientReport
from plainrad.formats.fhir.incoming import Received
from plainrad.formats.fhir.names import Resource


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
    """A report that is kept, as it is now. `patient.release` decides what may be shown; `resource` is what was sent."""

    id: str
    version: int
    updated: datetime
    received: Received
    patient: PatientReport
    new: bool = False

    @property
    def resource(self) -> Resource:
        """Return the resource as it was sent."""
        return self.received.resource


@dataclass(frozen=True, slots=True)
class Found:
    """A page of released reports in the order of their ids, how many there are in all, and where the next page begins after."""

    held: tuple[Held, ...]
    total: int
    next_after: str | None = None


class Kept(Protocol):
    """A store of reports. It looks after release, versions and who may see what; every call may raise a PlainradError."""

    def keep(self, received: Sequence[Received]) -> Sequence[Held]:
        """Keep all of these or none. The same number with other words is a new version."""

    def read(self, report_id: str) -> Held | None:
        """Return the report with this id, released or not, or None."""

    def search(self, query: Query) -> Found:
        """Return the released reports that fit."""
