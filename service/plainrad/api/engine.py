"""The one Plainrad of the service, used by one thread at a time, away from the event loop."""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

from plainrad.api.metrics import Metrics
from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.errors import BusyError, NotReadyError

Answer = TypeVar("Answer")


class Engine:
    """Explains reports for many requests with one Plainrad.

    A spaCy pipeline with a memory zone cannot be entered twice, so a lock lets one thread in at a time; Python's own lock would
    not let two compute at once anyway. More speed: more processes.
    """

    def __init__(self, plainrad: Plainrad | None, *, metrics: Metrics, threads: int, busy_seconds: float) -> None:
        self._plainrad = plainrad
        self._metrics = metrics
        self._lock = Lock()
        self._threads = threads
        self._busy_seconds = busy_seconds
        # One for each event loop: a limiter that is waited for in two would wake nobody.
        self._limiter: RunVar[anyio.CapacityLimiter] = RunVar("limiter")

    def install(self, plainrad: Plainrad) -> None:
        """Make the service ready."""
        self._plainrad = plainrad

    @property
    def ready(self) -> bool:
        """Return True once there is a Plainrad."""
        return self._plainrad is not None

    @property
    def plainrad(self) -> Plainrad:
        """Return the Plainrad; raises NotReadyError."""
        if self._plainrad is None:
            raise NotReadyError
        return self._plainrad

    def annotate(self, report: Report) -> PatientReport:
        """Return the patient version; raises NotReadyError, or BusyError when the wait was too long. Blocks: see `in_thread`."""
        patient = self._explain(report, wait=self._busy_seconds)
        self._metrics.annotated(patient)
        return patient

    def tried(self, report: Report) -> PatientReport:
        """Return the patient version of a report that a change is tried on, uncounted; raises as `annotate` does."""
        return self._explain(report, wait=self._busy_seconds)

    def example(self, report: Report) -> PatientReport:
        """Return the patient version of an example, uncounted; raises NotReadyError, or BusyError at once instead of waiting."""
        return self._explain(report, wait=0)

    def _explain(self, report: Report, *, wait: float) -> PatientReport:
        plainrad = self.plainrad
        if not self._lock.acquire(blocking=wait > 0, timeout=wait if wait > 0 else -1):
            raise BusyError
        try:
            return plainrad.annotate(report)
        finally:
            self._lock.release()

    async def in_thread(self, work: Callable[[], Answer]) -> Answer:
        """Return what `work` returns, computed in a thread so that other requests are answered meanwhile."""
        try:
            limiter = self._limiter.get()
        except LookupError:
            limiter = anyio.CapacityLimiter(self._threads)
            self._limiter.set(limiter)
        return await anyio.to_thread.run_sync(work, limiter=limiter)
