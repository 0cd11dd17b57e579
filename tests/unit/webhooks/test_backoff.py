"""A message is tried again, ever less often, for seven days."""

from datetime import timedelta

import pytest

from plainrad.webhooks.backoff import FIRST, GIVE_UP, LONGEST, next_try
from tests.support.access import NOW


def waits(jitter: float) -> list[timedelta]:
    now, found = NOW, []
    for attempt in range(1, 10_000):
        again = next_try(attempt=attempt, created_at=NOW, now=now, jitter=lambda: jitter)
        if again is None:
            return found
        found.append(again - now)
        now = again
    raise AssertionError("never given up")


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_the_waits_double_up_to_six_hours_and_end_after_a_week(jitter: float) -> None:
    found = waits(jitter)
    assert FIRST / 2 <= found[0] <= FIRST
    assert found == sorted(found)
    assert LONGEST / 2 <= found[-1] <= LONGEST
    assert GIVE_UP - LONGEST <= sum(found, timedelta()) <= GIVE_UP


def test_those_that_failed_together_do_not_come_back_together() -> None:
    moments = {next_try(attempt=5, created_at=NOW, now=NOW) for _ in range(50)}
    assert len(moments) > 40
