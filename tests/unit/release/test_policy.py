"""When a patient version may be seen."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.release.policy import ReleasePolicy

LONDON = ZoneInfo("Europe/London")
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(verified=MOMENTS, days=st.integers(0, 60), nation=st.sampled_from(["ENG", "WLS", "SCT", "NIR"]))
def test_release_is_never_early_and_always_in_working_hours(verified: datetime, days: int, nation: str) -> None:
    policy = ReleasePolicy(days=days, nation=nation)  # type: ignore[arg-type]
    local = policy.available_from(verified).astimezone(LONDON)
    assert local.date() >= verified.astimezone(LONDON).date() + timedelta(days=days)
    assert local.weekday() < 5
    assert local.date() not in holidays.country_holidays("GB", subdiv=nation)
    assert time(9) <= local.time() < time(17)


@given(verified=MOMENTS)
def test_before_the_moment_it_is_embargoed_and_from_it_on_released(verified: datetime) -> None:
    policy = ReleasePolicy()
    moment = policy.available_from(verified)
    assert policy.decide(verified, now=moment - timedelta(seconds=1)).state == "embargoed"
    assert policy.decide(verified, now=moment).state == "released"


def test_christmas_is_no_day_for_news() -> None:
    verified = datetime(2026, 11, 27, 10, 0, tzinfo=LONDON)
    assert ReleasePolicy(days=28).available_from(verified).astimezone(LONDON) == datetime(
        2026, 12, 29, 9, 0, tzinfo=LONDON
    )


def test_without_a_verification_time_there_is_nothing_to_decide() -> None:
    assert ReleasePolicy().decide(None, now=datetime(2026, 1, 1, tzinfo=UTC)).state == "not_applicable"


@pytest.mark.parametrize("day", ["2026-03-27", "2026-10-23"])
def test_the_clock_time_is_kept_over_a_change_of_the_clocks(day: str) -> None:
    verified = datetime.fromisoformat(f"{day}T11:30:00").replace(tzinfo=LONDON)
    policy = ReleasePolicy(days=14, working_days_only=False)
    assert policy.available_from(verified).astimezone(LONDON).time() == time(11, 30)
