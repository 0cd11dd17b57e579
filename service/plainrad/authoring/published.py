"""Explaining with the content that a site has published, in a process of its own: a listener, a worker, a watched folder."""

import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Protocol, TypeVar

from plainrad.authoring.desk import read_overlay
from plainrad.authoring.ports import ContentStore
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.errors import PlainradError
from plainrad.glossary.overlay import Placed


class Explains(Protocol):
    """What explains a report."""

    def annotate(self, report: Report) -> PatientReport:
        """Return the patient version of a verified report."""


Made = TypeVar("Made")


def latest_readable(
    store: ContentStore, build: Callable[[Mapping[str, Placed], int], Made]
) -> tuple[Made | None, int, int]:
    """Return what the newest version that this release can read makes, its number, and the number of the newest of all.

    (None, 0, newest) where none can be read: then the shipped content holds. A version that a later release wrote must not stop
    the service.
    """
    with store.reading() as unit:
        versions = unit.versions(limit=20)
    newest = versions[0].number if versions else 0
    for version in versions:
        try:
            return build(read_overlay(version.overlay), version.number), version.number, newest
        except PlainradError:
            continue
    return None, 0, newest


class Published:
    """Explains with the newest published content; looks for a newer one before a report, but not more often than every few seconds."""

    def __init__(
        self,
        store: ContentStore,
        build: Callable[[Mapping[str, Placed], int], Explains],
        *,
        every_seconds: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._build = build
        self._every = every_seconds
        self._clock = clock
        self._looked: float | None = None
        self._newest = -1
        self._made: Explains | None = None
        self._lock = Lock()

    def annotate(self, report: Report) -> PatientReport:
        """Return the patient version, in the words that the site shows now."""
        with self._lock:
            return self._current().annotate(report)

    def _current(self) -> Explains:
        moment = self._clock()
        if self._made is None or self._looked is None or moment - self._looked >= self._every:
            with self._store.reading() as unit:
                number = unit.number()
            if self._made is None or number != self._newest:
                made, _, self._newest = latest_readable(self._store, self._build)
                self._made = made or self._build({}, 0)
            self._looked = moment
        return self._made
