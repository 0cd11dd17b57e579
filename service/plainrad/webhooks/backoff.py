"""When a message is tried again: twice as long each time up to six hours, with jitter, for seven days."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

FIRST, LONGEST, GIVE_UP = timedelta(seconds=30), timedelta(hours=6), timedelta(days=7)


def next_try(
    *, attempt: int, created_at: datetime, now: datetime, jitter: Callable[[], float] = random.random
) -> datetime | None:
    """Return when to try again after `attempt` tries, or None when it is given up: seven days after it was made.

    The wait is between half and the whole of the doubled time ("equal jitter"): many that failed together do not come back together.
    """
    whole = min(LONGEST, FIRST * 2 ** min(attempt - 1, 20))
    moment = now + whole * (0.5 + 0.5 * jitter())
    return None if moment - created_at > GIVE_UP else moment
