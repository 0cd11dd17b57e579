"""Who is inside the DICOM server: a connection that says nothing makes room for one that speaks.

pynetdicom counts every open connection against its limit and lets one that never says anything stand for 30 seconds: a dozen of them
would keep all others out.
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

ASSOCIATIONS: Final = 10  # that have been agreed
STRANGERS: Final = 20  # connections that have not
_SILENT_SECONDS: Final = 5.0


@dataclass(slots=True)
class _Guest:
    last: float
    agreed: bool = False


class Door:
    """Counts connections by the events of pynetdicom, whose threads call it."""

    def __init__(
        self, *, full: Callable[[], None], silent_seconds: float = _SILENT_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:  # fmt: skip
        self._full = full
        self._silent_seconds = silent_seconds
        self._clock = clock
        self._lock = Lock()
        self._guests: dict[Any, _Guest] = {}

    def opened(self, event: Any) -> None:
        """Let a connection in. The oldest that has agreed on nothing goes where there are too many of these."""
        with self._lock:
            self._guests[event.assoc] = _Guest(self._clock())
            strangers = [(one.last, id(name), name) for name, one in self._guests.items() if not one.agreed]
            gone = min(strangers)[2] if len(strangers) > STRANGERS else None
            if gone is not None:
                del self._guests[gone]
        if gone is not None:
            _hang_up(gone)

    def agreed(self, event: Any) -> None:
        """Note that an association stands. Where there are too many, the one that was silent longest goes; with none silent, this one."""
        with self._lock:
            now = self._clock()
            self._guests[event.assoc] = _Guest(now, agreed=True)
            others = [
                (one.last, id(name), name)
                for name, one in self._guests.items()
                if one.agreed and name is not event.assoc
            ]
            gone: Any = None
            if len(others) >= ASSOCIATIONS:
                last, _, name = min(others)
                gone = name if last < now - self._silent_seconds else event.assoc
                del self._guests[gone]
        if gone is not None:
            self._full()
            _hang_up(gone)

    def heard(self, event: Any) -> None:
        """Note that a connection said something. Of those that have agreed on nothing the age counts."""
        with self._lock:
            guest = self._guests.get(event.assoc)
            if guest is not None and guest.agreed:
                guest.last = self._clock()

    def closed(self, event: Any) -> None:
        """Note that a connection is gone."""
        with self._lock:
            self._guests.pop(event.assoc, None)


def _hang_up(association: Any) -> None:
    """Close the socket; the threads of the association find that and end."""
    with suppress(AttributeError, OSError):
        association.dul.socket.socket.shutdown(socket.SHUT_RDWR)
