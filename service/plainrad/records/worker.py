"""The worker: announces what can be read, has sent what is to be sent, explains what waits, purges once a day. Several may run at once.

It decides nothing: should it stand still for a day, what may be read can be read all the same, and what may not cannot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from plainrad.errors import StoreError
from plainrad.log import Log, where
from plainrad.records.records import Records

_PURGE_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    announced: int = 0
    sent: int = 0
    unsent: int = 0
    explained: int = 0
    purged: int = 0

    @property
    def idle(self) -> bool:
        """Return True when there was nothing to do."""
        return not (self.announced or self.sent or self.unsent or self.explained or self.purged)


@dataclass(slots=True)
class Worker:
    """One worker. `dispatch` sends what is due in the outbox and returns what became of each; without it the outbox keeps everything.

    `tidy` is called once a day.
    """

    records: Records
    log: Log
    dispatch: Callable[[], Sequence[str]] | None = None
    tidy: Callable[[], None] = lambda: None
    _purged_at: datetime | None = field(default=None, init=False)
    _followed: bool = field(default=False, init=False)

    def once(self) -> Round:
        """Do what is due and return what that was; raises StoreError when the database fails, and then nothing is half done."""
        now = self.records.room.now()
        if not self._followed:
            self.records.follow_policy()
            self._followed = True
        announced = self.records.announce()
        explained = self.records.explain_waiting()
        outcomes = self.dispatch() if self.dispatch is not None else ()
        purged = 0
        if self._purged_at is None or now - self._purged_at >= _PURGE_EVERY:
            purged = self.records.purge().reports
            self.tidy()
            self._purged_at = now
        sent = sum(one == "delivered" for one in outcomes)
        return Round(announced, sent, len(outcomes) - sent, explained, purged)

    def run(self, stop: Event, *, pause: float = 5.0) -> None:
        """Work until `stop` is set. A database that is gone is waited for, and so is everything else that goes wrong."""
        while not stop.is_set():
            try:
                done = self.once()
            except StoreError as error:
                self.log.error("worker_waits", code=error.code)
                stop.wait(pause)
            except Exception as error:
                self.log.error("worker_failed", **where(error))
                stop.wait(pause)
            else:
                if done.idle:
                    stop.wait(pause)
                else:
                    self.log.info(
                        "worker_round", announced=done.announced, sent=done.sent, unsent=done.unsent,
                        explained=done.explained, purged=done.purged,
                    )  # fmt: skip
