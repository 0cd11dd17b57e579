"""A caller may come `burst` times at once and then at its rate; one caller never pays for another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plainrad.access.buckets import Buckets, OwnLevels
from plainrad.access.shared import SharedLevels
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
    levels = OwnLevels(most=100)
    buckets = Buckets(per_minute=1, burst=1, levels=levels, clock=Seconds())
    for number in range(1_000):
        buckets.take(f"caller {number}")
    assert taken(buckets, "caller 999", tries=3) == 0
    assert len(levels) == 100


def test_a_clock_that_goes_back_keeps_nobody_out() -> None:
    seconds = Seconds()
    seconds.at = 1_000_000
    buckets = Buckets(per_minute=60, burst=2, clock=seconds)
    assert taken(buckets, tries=5) == 2
    seconds.at = 5
    assert taken(buckets, tries=5) == 2


# ---- shared by processes -----------------------------------------------------------------------------------------------


def test_two_workers_have_one_bucket_for_a_caller(tmp_path: Path) -> None:
    seconds = Seconds()
    both = [Buckets(per_minute=60, burst=10, levels=SharedLevels(tmp_path / "x"), clock=seconds) for _ in range(2)]
    assert [taken(both[0], tries=6), taken(both[1], tries=50), taken(both[0], tries=50)] == [6, 4, 0]
    assert taken(both[1], "b", tries=50) == 10
    seconds.at = 3
    assert taken(both[1], tries=50) + taken(both[0], tries=50) == 3


def test_many_processes_at_once_get_no_more_than_the_burst_together(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from plainrad.access.buckets import Buckets
from plainrad.access.shared import SharedLevels
from plainrad.errors import RateLimitedError
buckets = Buckets(per_minute=0.001, burst=500, levels=SharedLevels(Path({str(tmp_path / "x")!r})))
count = 0
for _ in range(400):
    try:
        buckets.take("a")
        count += 1
    except RateLimitedError:
        pass
print(count)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    given = [int(one.communicate(timeout=120)[0]) for one in running]
    assert sum(given) == 500
    assert all(one <= 400 for one in given)


def test_a_shared_table_that_is_full_forgets_who_was_longest_unseen_and_holds_no_name(tmp_path: Path) -> None:
    seconds = Seconds()
    buckets = Buckets(per_minute=0.001, burst=1, levels=SharedLevels(tmp_path / "x", most=64), clock=seconds)
    for number in range(1_000):
        seconds.at += 1
        buckets.take(f"caller {number}")
    assert taken(buckets, "caller 999", tries=3) == 0
    assert b"caller" not in (tmp_path / "x").read_bytes()
    assert (tmp_path / "x").stat().st_mode & 0o077 == 0
