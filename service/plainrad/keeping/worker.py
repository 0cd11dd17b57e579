"""`plainrad worker`: announces, sends, explains what waits, purges, until it is told to stop."""

import signal
from threading import Event
from typing import Annotated

import typer

from plainrad.terminal import show


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
    pause: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Seconds between two looks when nothing is due.")
    ] = 5.0,
) -> None:
    """Announce releases, send webhooks, explain what waits, purge. Several may run at once; stopping one loses nothing."""
    from plainrad.bootstrap import make_worker
    from plainrad.log import make_log, take_over_logging
    from plainrad.settings import settings

    log = make_log(level=settings().log_level)
    take_over_logging(log)
    made = make_worker(settings(), log=log)
    if once:
        done = made.once()
        show(
            f"announced {done.announced}, sent {done.sent}, not sent {done.unsent}, explained {done.explained}, purged {done.purged}\n"
        )
        return
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    log.info("worker_started")
    made.run(stop, pause=pause)
    log.info("worker_stopped")
