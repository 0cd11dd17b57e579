"""Messages that wait to be sent: in order by patient, some not before their release. A spool of its own keeps them."""

import json
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Literal

from plainrad.errors import PlainradError
from plainrad.wire.spool import Entry, Spool

Kind = Literal["report", "withdrawal"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of a message without reading it: hashes of its patient and its report, and when it may be sent."""

    entry: Entry
    kind: Kind
    lane: str
    report: str
    not_before: datetime | None


def _pack(kind: Kind, lane: str, report: str, not_before: datetime | None, message: bytes) -> bytes:
    head = {"kind": kind, "lane": lane, "report": report, "not_before": not_before.isoformat() if not_before else None}
    return json.dumps(head).encode("ascii") + b"\n" + message


class Outbox:
    """Puts messages into the spool and says which comes next. Safe for many threads."""

    def __init__(self, spool: Spool) -> None:
        self.spool = spool
        self._lock = Lock()
        self._waiting: dict[Entry, Waiting] = {}
        self.rescan()

    def rescan(self) -> None:
        """Find what an earlier process or a replay left in the folder."""
        for entry in self.spool.entries("incoming"):
            if entry not in self._waiting:
                try:
                    found = self._unpack(entry)
                except FileNotFoundError:
                    continue  # sent in the meantime
                except (PlainradError, ValueError, KeyError):
                    self.spool.fail(entry, code="internal_error")  # no key opens it, or it is none of ours
                    continue
                with self._lock:
                    self._waiting[entry] = found

    def put(self, key: str, message: bytes, *, kind: Kind, lane: str, report: str, not_before: datetime | None) -> None:
        """Keep a message until it is sent. The same key again changes nothing.

        A message about a report takes the place of one about the same report that still waits: no patient is shown a version that
        is known to be out of date.
        """
        if self.spool.find(key) is not None:
            return
        with self._lock:
            older = [one for one in self._waiting.values() if one.report == report and one.not_before is not None]

        def added(entry: Entry) -> None:
            with self._lock:
                self._waiting[entry] = Waiting(entry, kind, lane, report, not_before)

        self.spool.put(key, _pack(kind, lane, report, not_before, message), added=added)
        for one in older:
            self.fail(one, code="withdrawn" if kind == "withdrawal" else "superseded")

    def set_aside(self, report: str, *, code: str) -> None:
        """Put aside all that waits about a report."""
        with self._lock:
            older = [one for one in self._waiting.values() if one.report == report]
        for one in older:
            self.fail(one, code=code)

    def message(self, waiting: Waiting) -> bytes:
        """Return the bytes to send."""
        return self.spool.read(waiting.entry).partition(b"\n")[2]

    def due(self, now: datetime, *, blocked: frozenset[str] = frozenset()) -> Waiting | None:
        """Return the message to be sent next: the oldest whose time has come and whose patient has no older one that was put off."""
        with self._lock:
            waiting = sorted(self._waiting.values(), key=lambda one: one.entry)
        for one in waiting:
            if one.lane in blocked or (one.not_before is not None and one.not_before > now):
                continue
            return one
        return None

    def sent(self, waiting: Waiting) -> None:
        """Note that the destination has taken a message."""
        self.spool.done(waiting.entry)
        with self._lock:
            self._waiting.pop(waiting.entry, None)

    def fail(self, waiting: Waiting, *, code: str) -> None:
        """Put a message aside."""
        self.spool.fail(waiting.entry, code=code)
        with self._lock:
            self._waiting.pop(waiting.entry, None)

    @property
    def backlog(self) -> int:
        """Return how many messages wait."""
        with self._lock:
            return len(self._waiting)

    def _unpack(self, entry: Entry) -> Waiting:
        head = json.loads(self.spool.read(entry).partition(b"\n")[0])
        moment = datetime.fromisoformat(head["not_before"]) if head["not_before"] else None
        return Waiting(entry, head["kind"], head["lane"], head["report"], moment)
