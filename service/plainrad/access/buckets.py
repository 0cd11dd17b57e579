"""How often a caller may come: a token bucket for each, and a limit on how many callers are remembered."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Protocol

from plainrad.errors import RateLimitedError


class Levels(Protocol):
    """How full each bucket was, and when that was seen."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else read or write meanwhile."""

    def get(self, caller: str) -> tuple[float, float] | None:
        """Return level and moment, or None for a caller who is not remembered."""

    def put(self, caller: str, level: float, now: float) -> None:
        """Remember a caller; when there is no room, one of those longest unseen is forgotten."""


class OwnLevels:
    """The levels of one process."""

    def __init__(self, *, most: int = 10_000) -> None:
        self._most = most
        self._lock = Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other thread in."""
        with self._lock:
            yield

    def get(self, caller: str) -> tuple[float, float] | None:
        """Return what is remembered."""
        return self._levels.get(caller)

    def put(self, caller: str, level: float, now: float) -> None:
        """Remember, and forget who was longest unseen."""
        self._levels[caller] = (level, now)
        self._levels.move_to_end(caller)
        while len(self._levels) > self._most:
            self._levels.popitem(last=False)


class Buckets:
    """A bucket for each caller: `burst` at once, then `per_minute`. Who is forgotten finds a full one again.

    `clock` counts seconds and is the same in all processes that share `levels`.
    """

    def __init__(
        self, *, per_minute: float, burst: int, levels: Levels | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._levels: Levels = levels if levels is not None else OwnLevels()

    def take(self, caller: str) -> None:
        """Take one; raises RateLimitedError with the seconds until there is one again."""
        with self._levels.alone():
            now = self._clock()
            known = self._levels.get(caller)
            # A clock that went back (a machine that started anew beneath a file that did not) takes nothing from anybody.
            level, seen = known if known is not None and known[1] <= now else (float(self._burst), now)
            level = min(self._burst, level + (now - seen) * self._rate)
            if level < 1:
                raise RateLimitedError(seconds=max(1, math.ceil((1 - level) / self._rate)))
            self._levels.put(caller, level - 1, now)
