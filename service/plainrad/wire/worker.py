"""Works on the messages of a spool, one after the other in the order in which they came, in a thread of its own."""

import time
from collections.abc import Callable
from heapq import heappop, heappush
from threading import Condition, Thread
from typing import Protocol

from plainrad.errors import MessageError, PlainradError, ServiceError
from plainrad.formats.hl7v2.refusals import REFUSALS
from plainrad.log import Log, where
from plainrad.wire.metrics import WireMetrics
from plainrad.wire.spool import Entry, Spool

_RESCAN = 2.0  # seconds: messages that a replay has put back are found so
_PAUSES = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0)  # seconds before the next try when the store or the disk is away
_OUTCOMES_KEPT = 10_000


class Process(Protocol):
    """What is done with a message. It may be called again with the same key: doing it twice must be doing it once."""

    def __call__(self, data: bytes, *, entry: Entry) -> None:
        """Work on a message; raises PlainradError with a code of the table where it failed for good."""


class Worker:
    """One thread. A ServiceError or an OSError is tried again and holds the messages behind; any other failure goes to failed/."""

    def __init__(
        self,
        spool: Spool,
        process: Process,
        *,
        log: Log,
        metrics: WireMetrics,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._spool = spool
        self._process = process
        self._log = log
        self._metrics = metrics
        self._pause = pause
        self._ready = Condition()
        self._waiting: list[Entry] = []
        self._there: set[Entry] = set()
        self._outcomes: dict[Entry, str | None] = {}
        self._stopping = False
        self._thread = Thread(target=self._run, name="hl7-worker", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier process left behind."""
        self._rescan()
        self._thread.start()

    def stop(self, *, timeout: float = 30.0) -> None:
        """End after the message that is being worked on. The others wait on disk."""
        with self._ready:
            self._stopping = True
            self._ready.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def add(self, entry: Entry) -> None:
        """Put a message in its place in the order."""
        with self._ready:
            if entry not in self._there:
                self._there.add(entry)
                self._outcomes.pop(entry, None)  # of a time before it was put back
                heappush(self._waiting, entry)
                self._metrics.waiting(len(self._there))
                self._ready.notify_all()

    @property
    def backlog(self) -> int:
        """Return how many messages wait or are being worked on."""
        with self._ready:
            return len(self._there)

    def outcome(self, entry: Entry, *, timeout: float) -> str | None:
        """Wait until a message has been worked on; returns None, or the code of why it failed. `busy` when that takes longer (seconds)."""
        with self._ready:
            self._ready.wait_for(lambda: entry in self._outcomes or self._stopping, timeout)
            return self._outcomes.get(entry, "busy")

    def drain(self, *, timeout: float) -> bool:
        """Wait until nothing waits; returns False where that took too long."""
        with self._ready:
            return self._ready.wait_for(lambda: not self._there, timeout)

    def _look_again(self) -> None:
        try:
            self._rescan()
        except OSError as error:
            self._log.error("spool_failed", **where(error))

    def _rescan(self) -> None:
        for entry in self._spool.entries("incoming"):
            self.add(entry)

    def _run(self) -> None:
        looked = time.monotonic()
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._waiting or self._stopping, _RESCAN)
                if self._stopping:
                    return
                entry = heappop(self._waiting) if self._waiting else None
            if entry is None or time.monotonic() - looked > _RESCAN:
                self._look_again()
                looked = time.monotonic()
            if entry is None:
                continue
            code = self._work(entry)
            with self._ready:
                self._there.discard(entry)
                self._outcomes[entry] = code
                while len(self._outcomes) > _OUTCOMES_KEPT:
                    del self._outcomes[next(iter(self._outcomes))]
                self._metrics.waiting(len(self._there))
                self._ready.notify_all()

    def _work(self, entry: Entry) -> str | None:
        """Return None when it is done, or the code of why it failed."""
        tries = 0
        while True:
            try:
                self._process(self._spool.read(entry), entry=entry)
                self._spool.done(entry)
                self._metrics.worked("done")
                return None
            except (ServiceError, OSError) as error:
                self._log.error("hl7_try_again", **where(error))
                self._metrics.worked("retried")
                if self._stopping or not self._spool.holds(
                    entry
                ):  # taken away by hand; found again where it comes back
                    return "busy"
                self._pause(_PAUSES[min(tries, len(_PAUSES) - 1)])
                tries += 1
            except Exception as error:
                return self._failed(entry, error)

    def _failed(self, entry: Entry, error: Exception) -> str:
        code = error.code if isinstance(error, PlainradError) and error.code in REFUSALS else "internal_error"
        self._log.error("hl7_failed", code=code, **where(error))
        self._metrics.worked(code)
        try:
            self._spool.fail(entry, code=code, place=error.place if isinstance(error, MessageError) else None)
        except OSError as other:
            self._log.error("spool_failed", **where(other))  # it stays in incoming/ and is worked on at the next start
        return code
