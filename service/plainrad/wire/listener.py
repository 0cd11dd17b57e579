"""The MLLP listener: many connections, one message of each at a time, and nothing that a sender does ends it."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from plainrad.errors import AddressError, SettingsInvalidError
from plainrad.log import Log, where
from plainrad.wire.frames import Frame, Framer, frame
from plainrad.wire.intake import Intake
from plainrad.wire.metrics import WireMetrics

_PIECE = 65_536
_BACKLOG_PAUSE = 0.05
_HEAR_OUT_SECONDS = 5.0
_SLOWEST = 10_000  # bytes a second


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a listener bears."""

    connections: int = 64
    idle_seconds: float = 300.0
    message_seconds: float = 60.0  # a message that has begun must end within this, and a second more for each 10 kB
    held_bytes: int = 200_000_000  # of messages that have begun, on all connections; above it they are put off
    silent_seconds: float = 5.0  # a connection that has said nothing for so long makes room for a new one
    backlog: int = 10_000  # messages that wait to be worked on; above it senders wait for their answer
    threads: int = 8


def tls_context(certificate: Path, key: Path, *, clients: Path | None = None) -> ssl.SSLContext:
    """Return the TLS side of a listener; with `clients` only senders with a certificate of that authority are let in."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
        if clients is not None:
            context.load_verify_locations(clients)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError):
        raise SettingsInvalidError(
            "The TLS certificate, its key or the authority of the senders cannot be used."
        ) from None
    return context


@dataclass(slots=True)
class _Talk:
    """A connection: what it is in the middle of, and since when it has been silent."""

    framer: Framer
    last: float
    silent: bool = True
    working: int = 0  # bytes of the message that is being taken

    @property
    def held(self) -> int:
        """Return how many bytes are in memory because of it."""
        return self.framer.held + self.working


class Listener:
    """Serves MLLP until it is stopped."""

    def __init__(
        self,
        intake: Intake,
        *,
        backlog: Callable[[], int],
        log: Log,
        metrics: WireMetrics,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._intake = intake
        self._backlog = backlog
        self._log = log
        self._metrics = metrics
        self._limits = limits or Limits()
        self._tls = tls
        self._threads = ThreadPoolExecutor(self._limits.threads, thread_name_prefix="hl7-intake")
        self._open: dict[asyncio.Task[None], _Talk] = {}
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port; raises AddressError."""
        try:
            self._server = await asyncio.start_server(
                self._connected, host, port, ssl=self._tls, limit=_PIECE, backlog=self._limits.connections
            )
        except OSError as error:
            raise AddressError(
                f"Cannot listen on this address and port: {(error.strerror or 'no reason given').lower()}."
            ) from None
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def stop(self) -> None:
        """End: no new connections; what is being taken is still answered."""
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        self._threads.shutdown(wait=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        if len(self._open) >= self._limits.connections and not self._make_room():
            self._log.error("hl7_too_many_connections")
            writer.close()
            return
        talk = self._open[task] = _Talk(Framer(limit=self._intake.limit), time.monotonic())
        self._metrics.connected(1)
        try:
            self._keep_alive(writer)
            await self._converse(reader, writer, talk)
        except (ConnectionError, TimeoutError, ssl.SSLError, OSError) as error:
            self._log.info("hl7_connection_ended", **where(error))
        except asyncio.CancelledError:
            pass  # the listener stops
        except Exception as error:
            self._log.error("hl7_connection_failed", **where(error))
        finally:
            self._open.pop(task, None)
            self._metrics.connected(-1)
            writer.close()

    def _make_room(self) -> bool:
        """Close the connection that has been silent longest; returns False where none has been for long."""
        since = time.monotonic() - self._limits.silent_seconds
        silent = [(talk.last, id(task), task) for task, talk in self._open.items() if talk.silent and talk.last < since]
        if not silent:
            return False
        _, _, task = min(silent)
        self._open.pop(task)
        task.cancel()
        self._log.info("hl7_silent_connection_closed")
        return True

    @staticmethod
    def _keep_alive(writer: asyncio.StreamWriter) -> None:
        found = writer.get_extra_info("socket")
        if found is not None:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, talk: "_Talk") -> None:
        """Read, answer, read: while a message is being written to disk its sender is not read from, and so has to wait."""
        framer = talk.framer
        begun = time.monotonic()
        while True:
            if framer.waiting:
                due = begun + self._limits.message_seconds + framer.held / _SLOWEST
                patience = max(0.0, due - time.monotonic())
            else:
                patience = self._limits.idle_seconds
            async with asyncio.timeout(patience):
                piece = await reader.read(_PIECE)
            if not piece:
                rest = framer.end()
                if rest is not None:
                    self._log.info("hl7_connection_cut")
                return
            if not framer.waiting:
                begun = time.monotonic()
            talk.last, talk.silent = time.monotonic(), False
            for one in framer.feed(piece):
                begun = time.monotonic()
                talk.working = len(one.data)
                await self._answer(one, writer)
                talk.working = 0
                if one.kind != "message":
                    await self._hear_out(reader)
                    return
            if framer.waiting and self.held > self._limits.held_bytes:
                await self._put_off(framer, reader, writer)
                return
            talk.last, talk.silent = time.monotonic(), not framer.waiting

    @property
    def held(self) -> int:
        """Return how many bytes of messages that have begun are in memory, on all connections."""
        return sum(one.held for one in list(self._open.values()))

    async def _put_off(self, framer: Framer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let go of what this connection has sent, and say that it is to be sent again later."""
        self._log.error("hl7_too_many_bytes")
        await self._say(self._intake.reject("busy", framer.drop()), writer)
        await self._hear_out(reader)

    @staticmethod
    async def _hear_out(reader: asyncio.StreamReader) -> None:
        """Read on for a while and keep nothing: closed at once, a sender in the middle of writing would never see its answer."""
        try:
            async with asyncio.timeout(_HEAR_OUT_SECONDS):
                while await reader.read(_PIECE):
                    pass
        except TimeoutError:
            pass

    async def _answer(self, one: Frame, writer: asyncio.StreamWriter) -> None:
        if one.kind == "message":
            while self._backlog() > self._limits.backlog:
                await asyncio.sleep(_BACKLOG_PAUSE)
            work = asyncio.get_running_loop().run_in_executor(self._threads, self._intake.receive, one.data)
            answer = await asyncio.shield(work)
        else:
            code = "message_too_large" if one.kind == "too_large" else "frame_invalid"
            answer = self._intake.reject(code, one.data)
        await self._say(answer, writer)

    async def _say(self, answer: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(frame(answer))
        async with asyncio.timeout(self._limits.message_seconds):
            await writer.drain()
