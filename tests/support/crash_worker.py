"""A process that submits and announces until it is killed: `python -m tests.support.crash_worker DATABASE ACKNOWLEDGED`.

It stands ready with everything loaded; each name on its standard input makes a process of its own (a fork before any database is
opened) that works until somebody kills it. That says `ready PID` when its first receipt is on the disk; `ended STATUS` follows.

Each receipt is written to ACKNOWLEDGED and to the disk before the next submission: what stands there was acknowledged.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from time import sleep
from typing import Any

from plainrad.domain.records import Actor
from plainrad.errors import StoreError
from plainrad.store.engine import open_database
from tests.support.keeping import TUESDAY, Clock, explain_nothing, keep, report


def end_with_parent() -> None:
    """Have the system end this process when the one that made it ends: a test that is broken off leaves nobody at work."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def again_until_taken(deed: Callable[[], Any]) -> Any:
    """Do it again while the database is busy, as a portal does that is told to come again: with the same key."""
    while True:
        try:
            return deed()
        except StoreError:
            sleep(0.05)


def work(address: str, acknowledged: str, name: str) -> None:
    """Work until killed. Even numbers can be read when they come, odd ones wait."""
    kept = keep(open_database(address), clock=Clock(TUESDAY), explain=explain_nothing)
    actor = Actor("portal", "portal-one", "RXX", frozenset({"portal"}))
    with open(acknowledged, "a", encoding="utf-8") as file:  # noqa: PTH123
        for number in count():
            verified = TUESDAY - timedelta(days=60 if number % 2 == 0 else 1)
            sent = report(
                f"Text {number} of {name}.", report_id=f"{name}-{number}", accession=None, verified_at=verified
            )
            receipt = again_until_taken(partial(kept.records.submit, sent, actor=actor, key=f"{name}-{number}"))
            file.write(f"{receipt.id} {number} {receipt.version} {sent.sha256}\n")
            file.flush()
            os.fsync(file.fileno())
            if number == 0:
                os.write(1, f"ready {os.getpid()}\n".encode())
            if number % 3 == 0:
                again_until_taken(kept.records.announce)


def main(address: str, acknowledged: str) -> None:
    """Make a worker for each name, one after the other."""
    end_with_parent()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                end_with_parent()
                work(address, acknowledged, line.strip())
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        os.write(1, f"ended {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
