"""Sends the outbox to an MLLP destination: one message at a time, in order by patient, again and again until it is answered."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hl7.mllp import InvalidBlockError, open_hl7_connection

from plainrad.errors import MessageError
from plainrad.formats.hl7v2.message import parse_message, peek_header
from plainrad.log import Log, where
from plainrad.wire.latest import Latest
from plainrad.wire.metrics import WireMetrics
from plainrad.wire.outbox import Outbox, Waiting

_ANSWERS = {"AA": "AA", "CA": "AA", "AE": "AE", "CE": "AE", "AR": "AR", "CR": "AR"}
_LARGEST_ANSWER = 1_000_000
Stream = tuple[Any, Any]  # python-hl7 has no types


@dataclass(frozen=True, slots=True)
class Destination:
    """Where messages go, and how patient we are with it. All times in seconds."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    answer_seconds: float = 30.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    fault_pause: float = 60.0  # after AE, before the same message is sent again
    fault_tries: int = 5  # then it is put aside
    look_seconds: float = 1.0  # how often the outbox is looked at while it is empty


def _now() -> datetime:
    return datetime.now(UTC)


class Sender:
    """Sends until it is stopped. No answer: the connection is made anew and the message sent again, with the same MSH-10.

    AR: put aside in failed/. AE: that patient's messages wait while those of others go on.
    """

    def __init__(
        self,
        outbox: Outbox,
        destination: Destination,
        *,
        log: Log,
        metrics: WireMetrics,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._outbox = outbox
        self._to = destination
        self._log = log
        self._metrics = metrics
        self._now = now
        self._latest = Latest(outbox.spool)
        self._stream: Stream | None = None
        self._put_off: dict[str, datetime] = {}
        self._faults: dict[str, int] = {}

    async def run(self) -> None:
        """Send whatever is due, for ever. Cancel it to stop."""
        pause = self._to.first_pause
        try:
            while True:
                waiting = self._next()
                if waiting is None:
                    self._outbox.rescan()
                    await asyncio.sleep(self._to.look_seconds)
                    continue
                if await self._sent(waiting):
                    pause = self._to.first_pause
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, self._to.longest_pause)
        finally:
            self._hang_up()

    async def _sent(self, waiting: Waiting) -> bool:
        """Send; a message that cannot even be read is put aside, and a disk that is away is waited for."""
        try:
            return await self.send(waiting)
        except OSError as error:
            self._log.error("hl7_try_again", **where(error))
            return False
        except Exception as error:
            self._log.error("hl7_failed", code="internal_error", **where(error))
            self._outbox.fail(waiting, code="internal_error")
            return True

    def _next(self) -> Waiting | None:
        now = self._now()
        self._put_off = {lane: until for lane, until in self._put_off.items() if until > now}
        return self._outbox.due(now, blocked=frozenset(self._put_off))

    async def send(self, waiting: Waiting) -> bool:
        """Send one message and do as the answer says; returns False where there was none."""
        try:
            self._latest.check(waiting.report, waiting.entry)
        except MessageError as error:
            self._outbox.fail(waiting, code=error.code)
            return True
        message = self._outbox.message(waiting)
        header = peek_header(message)
        if header is None or not header.get(10):  # damaged on disk: no answer could ever be told to belong to it
            self._log.error("hl7_failed", code="internal_error")
            self._outbox.fail(waiting, code="internal_error")
            return True
        try:
            answer = await self._exchange(message)
        except (OSError, EOFError, ValueError) as error:
            self._hang_up()
            self._metrics.sent("none")
            self._log.error("hl7_no_answer", **where(error))
            return False
        self._metrics.sent(answer)
        self._log.info("hl7_sent", answer=answer)
        if answer == "AA":
            self._latest.note(waiting.report, waiting.entry)
            self._outbox.sent(waiting)
        elif answer == "AR":
            self._outbox.fail(waiting, code="destination_refused")
        else:
            self._fault(waiting)
        return True

    def _fault(self, waiting: Waiting) -> None:
        name = waiting.entry.name
        self._faults[name] = self._faults.get(name, 0) + 1
        if self._faults[name] >= self._to.fault_tries:
            del self._faults[name]
            self._outbox.fail(waiting, code="destination_refused")
        else:
            self._put_off[waiting.lane] = self._now() + timedelta(seconds=self._to.fault_pause)

    async def _exchange(self, message: bytes) -> str:
        if self._stream is None:
            self._stream = await open_stream(self._to)
        return await exchange(self._stream, message, seconds=self._to.answer_seconds)

    def _hang_up(self) -> None:
        if self._stream is not None:
            hang_up(self._stream)
            self._stream = None


async def open_stream(to: Destination) -> Stream:
    """Return a connection (python-hl7's reader and writer of MLLP blocks)."""
    async with asyncio.timeout(to.answer_seconds):
        found: Stream = await open_hl7_connection(to.host, to.port, limit=_LARGEST_ANSWER, ssl=to.tls)
        return found


def hang_up(stream: Stream) -> None:
    """Close a connection."""
    stream[1].close()


async def exchange(stream: Stream, message: bytes, *, seconds: float) -> str:
    """Return AA, AE or AR; raises OSError, EOFError or ValueError where what came back is no answer to this message."""
    reader, writer = stream
    async with asyncio.timeout(seconds):
        writer.writeblock(message)
        await writer.drain()
        try:
            answer = parse_message(await reader.readblock(), default_encoding="iso8859-1")
        except (InvalidBlockError, MessageError):
            raise ValueError("no message came back") from None
    header = peek_header(message)
    msa = next((one for one in answer.segments if one.name == "MSA"), None)
    if msa is None or header is None or msa.get(2) != header.get(10) or msa.get(1) not in _ANSWERS:
        raise ValueError("not the answer to this message")
    return _ANSWERS[msa.get(1)]
