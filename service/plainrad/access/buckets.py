"""How often a caller may come: a token bucket for each, and a limit on how many callers are remembered."""

import math
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

from plainrad.errors import RateLimitedError


class Buckets:
    """A bucket for each caller: `burst` at once, then `per_minute`. Those longest unseen are forgotten, which refills them."""

    def __init__(
        self, *, per_minute: float, burst: int, most: int = 10_000, clock: Callable[[], float] = monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._most = most
        self._clock = clock
        self._lock = Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> None:
        """Take one; raises RateLimitedError with the seconds until there is one again."""
        with self._lock:
            level, now = self._level(caller)
            if level < 1:
                raise RateLimitedError(seconds=max(1, math.ceil((1 - level) / self._rate)))
            self._keep(caller, level - 1, now)

    def check(self, caller: str) -> None:
        """Raise RateLimitedError when nothing is left, and take nothing."""
        with self._lock:
            level, _ = self._level(caller)
            if level < 1:
                raise RateLimitedError(seconds=max(1, math.ceil((1 - level) / self._rate)))

    def _level(self, caller: str) -> tuple[float, float]:
        now = self._clock()
        level, seen = self._levels.get(caller, (float(self._burst), now))
        return min(self._burst, level + (now - seen) * self._rate), now

    def _keep(self, caller: str, level: float, now: float) -> None:
        self._levels[caller] = (level, now)
        self._levels.move_to_end(caller)
        while len(self._levels) > self._most:
            self._levels.popitem(last=False)
