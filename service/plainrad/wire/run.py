"""A listener and, in inline mode, a sender in this process, until it is told to stop."""

import asyncio
import signal
import ssl
import sys

from prometheus_client import start_http_server

from plainrad.log import Log
from plainrad.wire.build import Traffic
from plainrad.wire.listener import Limits, Listener
from plainrad.wire.sender import Destination, Sender


def run(
    traffic: Traffic,
    *,
    host: str,
    port: int,
    log: Log,
    destination: Destination | None = None,
    tls: ssl.SSLContext | None = None,
    limits: Limits | None = None,
    metrics_port: int | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; then answer what is being taken, finish the message that is being worked on, and end."""
    asyncio.run(_run(traffic, host, port, log, destination, tls, limits, metrics_port))


async def _run(
    traffic: Traffic,
    host: str,
    port: int,
    log: Log,
    destination: Destination | None,
    tls: ssl.SSLContext | None,
    limits: Limits | None,
    metrics_port: int | None,
) -> None:
    listener = Listener(
        traffic.intake, backlog=traffic.backlog, log=log, metrics=traffic.metrics, limits=limits, tls=tls
    )
    taken = await listener.start(host, port)
    if metrics_port is not None:
        start_http_server(metrics_port, addr="127.0.0.1", registry=traffic.metrics.registry)
    traffic.worker.start()
    sending: asyncio.Task[None] | None = None
    if destination is not None and traffic.outbox is not None:
        sender = Sender(traffic.outbox, destination, log=log, metrics=traffic.metrics)
        sending = asyncio.create_task(sender.run())
        sending.add_done_callback(lambda task: _ended(task, log))
    sys.stderr.write(f"Plainrad listens for HL7 v2 on {host}:{taken}\n")
    sys.stderr.flush()
    log.info("hl7_listening", tls=tls is not None, inline=destination is not None)
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    await stop.wait()
    await listener.stop()
    if sending is not None:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    traffic.worker.stop()
    log.info("hl7_stopped")


def _ended(task: "asyncio.Task[None]", log: Log) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("hl7_sender_ended", exception=type(task.exception()).__name__)
