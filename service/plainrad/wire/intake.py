"""A message in, its acknowledgement out. What is acknowledged with AA is on disk, and is there once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Condition

from plainrad.errors import MessageError, PlainradError, ReportError
from plainrad.formats.hl7v2.ack import build_ack
from plainrad.formats.hl7v2.batch import batch_answer, batch_header, is_batch, split_batch
from plainrad.formats.hl7v2.message import Segment, peek_header
from plainrad.formats.hl7v2.read import Oru, Received, WithdrawalReceived, read_oru
from plainrad.formats.hl7v2.refusals import refusal_of, refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.log import Log, where
from plainrad.wire.metrics import WireMetrics
from plainrad.wire.spool import Entry, Spool, message_key
from plainrad.wire.worker import Worker

_PATIENCE = 5.0  # seconds that a sender waits for a withdrawal to be carried out
# Refusals that a healthy feed is full of: the sender keeps these messages, and sends the verified ones later.
_NOT_KEPT = {"report_not_verified", "report_status_missing", "not_radiology", "message_empty"}
_MOST_FAILED = 10_000  # a sender that floods with nonsense must not fill the disk
_MOST_FAILED_BYTES = 1_000_000_000
_BATCH_SECONDS = 60.0  # after which what is left of a batch is answered `busy`: a sender does not wait for ever


def _now() -> datetime:
    return datetime.now(UTC)


class Intake:
    """Takes messages from any side: MLLP, HTTP, files. Safe for many threads."""

    def __init__(
        self,
        spool: Spool,
        worker: Worker,
        *,
        site: Hl7Site,
        log: Log,
        metrics: WireMetrics,
        limit: int,
        check: Callable[[Oru], None] | None = None,
        now: Callable[[], datetime] = _now,
        patience: float = _PATIENCE,
        refused_bytes: int = _MOST_FAILED_BYTES,
    ) -> None:
        self._spool = spool
        self._worker = worker
        self._site = site
        self._log = log
        self._metrics = metrics
        self._check = check
        self._now = now
        self._patience = patience
        self._refused_bytes = refused_bytes
        self._turn = Condition()
        self._busy: set[str] = set()
        self.limit = limit

    def receive(self, data: bytes) -> bytes:
        """Return the acknowledgement of one message without a frame, or those of a batch. Never raises; blocks while the disk is written."""
        if is_batch(data):
            return self._receive_batch(data)
        try:
            self._take(data)
        except Exception as error:
            return self._refuse(data, error)
        return self._answer(peek_header(data))

    def _receive_batch(self, data: bytes) -> bytes:
        """Take each message of a batch, or none where the batch is not whole."""
        try:
            if len(data) > self.limit:
                raise refused("message_too_large")
            messages = split_batch(data)
        except MessageError as error:
            return self._refuse(data, error, header=batch_header(data))
        ends = time.monotonic() + _BATCH_SECONDS
        answers = [
            self.receive(one) if time.monotonic() < ends else self._answer(peek_header(one), "busy") for one in messages
        ]
        return batch_answer(data, answers, now=self._now(), zone=self._site.local)

    def look_into(self, data: bytes) -> tuple[Received, ...]:
        """Return what a message or a batch says, and take nothing. What cannot be read says nothing."""
        try:
            messages = split_batch(data) if is_batch(data) else [data]
        except MessageError:
            return ()
        found: list[Received] = []
        for one in messages:
            with suppress(PlainradError):
                found.extend(read_oru(one, self._site).items)
        return tuple(found)

    def reject(self, code: str, data: bytes) -> bytes:
        """Return the answer to something of which only the beginning is known: too large, or no frame."""
        return self._answer(peek_header(data) or batch_header(data), code)

    def _take(self, data: bytes) -> None:
        if len(data) > self.limit:
            raise refused("message_too_large")
        oru = read_oru(data, self._site)
        if self._check is not None:
            self._check(oru)
        withdrawals = all(isinstance(one, WithdrawalReceived) for one in oru.items)
        key, digest = message_key(oru.message, self._spool), self._spool.hashed(data)
        with self._alone(key):
            known = self._spool.find(key)
            if known is not None and known[0] != "failed":
                if known[1].digest != digest:
                    raise refused("control_id_reused")
                self._metrics.worked("duplicate")
                if known[0] == "done":
                    return
                entry = known[1]
            else:
                try:
                    entry = self._spool.put(key, data, digest=digest, added=self._worker.add)
                except OSError as error:
                    self._log.error("spool_failed", **where(error))
                    raise refused("busy") from None
        if withdrawals:
            self._wait(entry)

    def _wait(self, entry: Entry) -> None:
        """Answer a withdrawal when it has been carried out, after everything that came before it; refuse one of an unknown report.

        While that takes long (the store is away) the answer is `busy`: the message is kept, and its sender asks again.
        """
        code = self._worker.outcome(entry, timeout=self._patience)
        if code is not None:
            raise refused(code if code in ("report_unknown", "busy") else "internal_error")

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Let two connections that send the same message at one time come one after the other."""
        with self._turn:
            self._turn.wait_for(lambda: key not in self._busy)
            self._busy.add(key)
        try:
            yield
        finally:
            with self._turn:
                self._busy.discard(key)
                self._turn.notify_all()

    def _refuse(self, data: bytes, error: Exception, *, header: Segment | None = None) -> bytes:
        code, _, place = refusal_of(error)
        if code == "internal_error":
            self._log.error("message_failed", **where(error))
        kept = code not in _NOT_KEPT and not (isinstance(error, PlainradError) and code in ("busy", "report_unknown"))
        if kept:
            self._keep(data, code, place)
        return self._answer(header or peek_header(data), code, place if isinstance(error, ReportError) else None)

    def _keep(self, data: bytes, code: str, place: str | None) -> None:
        """Put what was refused into failed/, where it can be looked at and replayed. The answer does not depend on it."""
        try:
            digest = self._spool.hashed(data)
            key = self._spool.hashed("refused", digest)
            room = self._spool.count("failed") < _MOST_FAILED and self._spool.size("failed") < self._refused_bytes
            if self._spool.find(key) is None and room:
                entry = self._spool.put(key, data, state="failed", digest=digest)
                self._spool.fail(entry, code=code, place=place)
        except OSError as error:
            self._log.error("spool_failed", **where(error))

    def _answer(self, header: Segment | None, code: str | None = None, place: str | None = None) -> bytes:
        answer = "AA" if code is None else refusal_of(refused(code))[1].answer
        self._metrics.answered(answer, code or "accepted")
        self._log.info("hl7_answered", answer=answer, code=code or "accepted", place=place)
        zone = self._site.local
        if answer == "AA":
            return build_ack(header, "AA", now=self._now(), zone=zone)
        return build_ack(header, answer, now=self._now(), zone=zone, code=code, place=place)
