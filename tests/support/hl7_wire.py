"""The message traffic in a test: a sink that remembers, a listener in a thread, and a raw client that knows nothing of ours."""

import asyncio
import io
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

from plainrad.errors import BusyError, PlainradError
from plainrad.formats.hl7v2.read import ReportReceived
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.log import Log, make_log
from plainrad.wire.box import PlainBox
from plainrad.wire.build import Traffic, store_traffic
from plainrad.wire.intake import Intake
from plainrad.wire.listener import Limits, Listener
from plainrad.wire.metrics import WireMetrics
from plainrad.wire.sinks import IntoSink
from plainrad.wire.spool import Spool
from plainrad.wire.worker import Worker


@dataclass
class MemorySink:
    """Keeps reports by key; fails as told."""

    reports: dict[str, ReportReceived] = field(default_factory=dict)
    retracted: list[str] = field(default_factory=list)
    calls: int = 0
    busy_for: int = 0
    fails_on: str | None = None
    gate: Event | None = None

    def submit(self, received: ReportReceived, *, key: str) -> None:
        self.calls += 1
        if self.gate is not None:
            self.gate.wait(30)
        if self.busy_for > 0:
            self.busy_for -= 1
            raise BusyError
        if self.fails_on is not None and self.fails_on in received.report.text:
            raise ValueError(f"cannot keep {received.report.text!r}")  # as a careless library would
        self.reports[key] = received

    def retract(self, report_id: str, *, reason: str, key: str) -> bool:  # noqa: ARG002
        known = any(one.report_id == report_id for one in self.reports.values())
        if known:
            self.retracted.append(f"{report_id} {reason}")
        return known

    @property
    def numbers(self) -> list[str]:
        return [one.report_id for one in self.reports.values()]


@dataclass
class Scene:
    """Traffic into a sink in a folder of the test."""

    traffic: Traffic
    sink: MemorySink
    stream: io.StringIO
    root: Path

    @property
    def intake(self) -> Intake:
        return self.traffic.intake

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def take(self, data: bytes) -> str:
        """Return the code of the answer: AA, or AR or AE with why."""
        return code_of(self.intake.receive(data))

    def settle(self) -> None:
        assert self.traffic.worker.drain(timeout=30)

    def files(self, folder: str) -> list[Path]:
        return sorted(one for one in (self.root / folder).iterdir() if one.suffix in (".msg", ".enc"))

    def reasons(self) -> list[str]:
        return sorted(json.loads(one.read_text())["code"] for one in (self.root / "failed").glob("*.reason"))

    def close(self) -> None:
        self.traffic.worker.stop()
        self.traffic.spool.close()


def code_of(ack: bytes) -> str:
    """Return MSA-1 and the code in MSA-3 of an acknowledgement, by plain splitting."""
    msa = next(line for line in ack.decode("ascii").split("\r") if line.startswith("MSA")).split("|")
    return msa[1] if len(msa) < 4 or not msa[3] else f"{msa[1]} {msa[3].partition(':')[0]}"


def make_scene(
    root: Path,
    *,
    site: Hl7Site | None = None,
    limit: int = 1_000_000,
    sink: MemorySink | None = None,
    start: bool = True,
    patience: float = 5.0,
    refused_bytes: int = 1_000_000_000,
) -> Scene:
    """Return traffic that works at once and waits for nothing."""
    stream = io.StringIO()
    log: Log = make_log(stream=stream)
    spool = Spool(root, box=PlainBox())
    kept = sink or MemorySink()
    chosen = site or Hl7Site()
    metrics = WireMetrics()
    worker = Worker(spool, IntoSink(kept, site=chosen, spool=spool), log=log, metrics=metrics, pause=lambda _: None)
    intake = Intake(
        spool,
        worker,
        site=chosen,
        log=log,
        metrics=metrics,
        limit=limit,
        patience=patience,
        refused_bytes=refused_bytes,
    )
    if start:
        worker.start()
    return Scene(Traffic(intake, worker, spool, metrics), kept, stream, root)


@contextmanager
def listening(
    traffic: Traffic, *, log: Log, limits: Limits | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Run a listener in a thread; yields its port."""
    with listener_of(traffic, log=log, limits=limits, tls=tls) as (port, _):
        yield port


@contextmanager
def listener_of(
    traffic: Traffic, *, log: Log, limits: Limits | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[int, Listener]]:
    """Run a listener in a thread; yields its port, and itself to see what it holds."""
    loop = asyncio.new_event_loop()
    listener = Listener(
        traffic.intake, backlog=traffic.backlog, log=log, metrics=traffic.metrics, limits=limits, tls=tls
    )
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = asyncio.run_coroutine_threadsafe(listener.start("127.0.0.1", 0), loop).result(10)
    try:
        yield port, listener
    finally:
        asyncio.run_coroutine_threadsafe(listener.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def wait_until(done: Callable[[], bool], what: str) -> None:
    """Wait for what another thread does; a minute is longer than any machine needs."""
    for _ in range(6_000):
        if done():
            return
        sleep(0.01)
    raise AssertionError(what)


class RawClient:
    """A socket, and frames put together by hand."""

    def __init__(self, port: int, *, tls: ssl.SSLContext | None = None, timeout: float = 20.0) -> None:
        plain = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket = tls.wrap_socket(plain, server_hostname="localhost") if tls else plain

    def __enter__(self) -> "RawClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> bytes:
        """Return the bytes of one frame, or b"" where the other side has ended."""
        found = b""
        while not found.endswith(b"\x1c\r"):
            piece = self.socket.recv(65536)
            if not piece:
                return found
            found += piece
        assert found.startswith(b"\x0b")
        return found[1:-2]

    def ask(self, message: bytes) -> str:
        self.send(b"\x0b" + message + b"\x1c\r")
        return code_of(self.answer())


@dataclass
class Portal:
    """A destination that answers by a rule and remembers what it was sent."""

    rule: Callable[[bytes, int], str | None] = lambda _, __: "AA"
    received: list[bytes] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[int]:
        """Serve; yields the port."""
        server = socket.create_server(("127.0.0.1", 0))
        server.settimeout(0.1)
        stop = Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    self._converse(connection, stop)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            thread.join(10)
            server.close()

    def _converse(self, connection: socket.socket, stop: Event) -> None:
        connection.settimeout(0.1)
        buffer = b""
        while not stop.is_set():
            try:
                piece = connection.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                return
            if not piece:
                return
            buffer += piece
            while b"\x1c\r" in buffer:
                message, _, buffer = buffer.partition(b"\x1c\r")
                self.received.append(message[1:])
                answer = self.rule(message[1:], len(self.received))
                if answer is None:
                    return
                number = message.split(b"|")[9].decode()
                connection.sendall(
                    f"\x0bMSH|^~\\&|P|P|||20260101||ACK|X|P|2.4\rMSA|{answer}|{number}|words\r\x1c\r".encode()
                )

    @property
    def ids(self) -> list[str]:
        return [one.split(b"|")[9].decode() for one in self.received]


def unexplained(*_: object) -> Any:
    """Stand in for what explains; fails as told with the words of the report in the message."""
    raise ValueError("cannot explain Zyxwqomarker")


__all__ = [
    "MemorySink",
    "PlainradError",
    "Portal",
    "RawClient",
    "Scene",
    "code_of",
    "listening",
    "make_scene",
    "store_traffic",
    "unexplained",
]
