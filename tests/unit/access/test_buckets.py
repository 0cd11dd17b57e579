"""A caller may come `burst` times at once and then at its rate; one caller never pays for another."""

import pytest

from plainrad.access.buckets import Buckets
from plainrad.errors import RateLimitedError


class Seconds:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def taken(buckets: Buckets, caller: str = "a", *, tries: int) -> int:
    count = 0
    for _ in range(tries):
        try:
            buckets.take(caller)
            count += 1
        except RateLimitedError:
            pass
    return count


def test_a_bucket_holds_its_burst_and_refills_at_its_rate() -> None:
    seconds = Seconds()
    buckets = Buckets(per_minute=60, burst=10, clock=seconds)
    assert taken(buckets, tries=50) == 10
    seconds.at = 3
    assert taken(buckets, tries=50) == 3
    seconds.at = 10_000
    assert taken(buckets, tries=50) == 10


def test_callers_have_buckets_of_their_own() -> None:
    buckets = Buckets(per_minute=1, burst=2, clock=Seconds())
    assert [taken(buckets, caller, tries=5) for caller in ("a", "b")] == [2, 2]


def test_the_wait_that_is_told_is_long_enough() -> None:
    seconds = Seconds()
    buckets = Buckets(per_minute=6, burst=1, clock=seconds)
    buckets.take("a")
    with pytest.raises(RateLimitedError) as caught:
        buckets.take("a")
    assert caught.value.seconds == 10
    seconds.at = caught.value.seconds
    buckets.take("a")


def test_no_more_callers_are_remembered_than_there_is_room_for() -> None:
    buckets = Buckets(per_minute=1, burst=1, most=100, clock=Seconds())
    for number in range(1_000):
        buckets.take(f"caller {number}")
    assert taken(buckets, "caller 999", tries=3) == 0
    assert len(buckets._levels) == 100
