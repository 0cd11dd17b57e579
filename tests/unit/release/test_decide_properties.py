"""What holds of every decision, whatever the facts: found by hypothesis, and by dates that are easily got wrong."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.domain.release import Audience, Hold, HoldKind, Preference, ReleaseFacts, Wish
from plainrad.release.decide import decide, told
from plainrad.release.policy import ReleasePolicy

LONDON = ZoneInfo("Europe/London")
MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001
    max_value=datetime(2029, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
KINDS = st.sampled_from(get_args(HoldKind))
POLICIES = st.builds(
    ReleasePolicy,
    days=st.integers(0, 60),
    nation=st.sampled_from(["ENG", "WLS", "SCT", "NIR"]),
    excluded_exams=st.sampled_from([frozenset(), frozenset({"xother"})]),
    sensitive=st.sampled_from([frozenset(), frozenset({"cancer"})]),
    corrections=st.sampled_from(["correction", "first"]),
    working_days_only=st.booleans(),
)


@st.composite
def some_facts(draw: st.DrawFn) -> ReleaseFacts:
    """Facts as they come, with times in the order in which they can happen."""
    verified = draw(st.none() | MOMENTS)
    received = (verified or draw(MOMENTS)) + draw(st.timedeltas(timedelta(0), timedelta(days=40)))

    def after() -> datetime:
        return received + draw(st.timedeltas(timedelta(0), timedelta(days=60)))

    holds = []
    for kind in draw(st.lists(KINDS, max_size=3)):
        placed = after()
        lifted = placed + timedelta(hours=draw(st.integers(0, 500))) if draw(st.booleans()) else None
        holds.append(Hold(kind, placed, lifted))
    return ReleaseFacts(
        received_at=received,
        verified_at=verified,
        first_verified_at=verified and verified - draw(st.timedeltas(timedelta(0), timedelta(days=30))),
        explained_at=draw(st.none() | st.just(received)),
        sensitive=draw(st.sampled_from([None, frozenset(), frozenset({"cancer"})])),
        exam_code=draw(st.sampled_from([None, "XTEST", "xother"])),
        holds=tuple(holds),
        looked_at=after() if draw(st.booleans()) else None,
        released_early_at=after() if draw(st.booleans()) else None,
        preference=draw(st.none() | st.builds(Preference, st.sampled_from(get_args(Wish)), st.just(received))),
        withdrawn=draw(st.integers(0, 9)) == 0,
        superseded=draw(st.integers(0, 9)) == 0,
        out_of_order=draw(st.booleans()),
        hidden_before=draw(st.booleans()),
    )


@given(facts=some_facts(), policy=POLICIES, now=MOMENTS, audience=st.sampled_from(["patient", "proxy"]))
def test_never_before_the_days_are_over_but_by_an_early_release(
    facts: ReleaseFacts, policy: ReleasePolicy, now: datetime, audience: Audience
) -> None:
    found = decide(facts, policy, audience=audience, now=now)
    if not found.visible:
        return
    assert facts.verified_at is not None
    assert not facts.withdrawn
    assert not facts.superseded
    assert facts.sensitive is not None
    counted = facts.verified_at
    if policy.corrections == "first":
        counted = min(counted, facts.first_verified_at or counted)
    if found.code == "released_early":
        assert facts.released_early_at is not None
        assert now >= facts.released_early_at
    else:
        assert now.astimezone(LONDON).date() >= counted.astimezone(LONDON).date() + timedelta(days=policy.days)
    in_force = {one.kind for one in facts.holds if one.lifted_at is None}
    assert in_force <= ({"proxy_only"} if audience == "patient" else set())


@given(facts=some_facts(), policy=POLICIES, now=MOMENTS)
def test_a_proxy_never_sees_what_the_patient_does_not(
    facts: ReleaseFacts, policy: ReleasePolicy, now: datetime
) -> None:
    if decide(facts, policy, audience="proxy", now=now).visible:
        assert decide(facts, policy, audience="patient", now=now).visible


@given(facts=some_facts(), policy=POLICIES, now=MOMENTS, wait=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_time_alone_takes_nothing_back_and_moves_no_date(
    facts: ReleaseFacts, policy: ReleasePolicy, now: datetime, wait: timedelta
) -> None:
    before, after = (decide(facts, policy, audience="patient", now=one) for one in (now, now + wait))
    assert before.available_from == after.available_from
    assert after.visible or not before.visible
    if before.available_from is not None and before.state in ("embargoed", "released"):
        assert before.visible == (now >= before.available_from)


@given(facts=some_facts(), policy=POLICIES, now=MOMENTS)
def test_what_may_not_be_read_gives_away_no_date_that_the_policy_does_not_tell(
    facts: ReleaseFacts, policy: ReleasePolicy, now: datetime
) -> None:
    known = told(decide(facts, policy, audience="patient", now=now))
    if not known.visible and known.available_from is not None:
        assert known.state == "embargoed"
        assert known.tell == "date"


@pytest.mark.parametrize(
    ("verified", "days", "nation", "expected"),
    [
        ("2027-12-02T10:00", 28, "ENG", "2027-12-30T10:00"),
        ("2026-11-27T10:00", 28, "SCT", "2026-12-29T09:00"),  # Christmas, the weekend, Boxing Day's substitute
        ("2026-12-04T10:00", 28, "SCT", "2027-01-05T09:00"),  # in Scotland 2 January (a Saturday) is kept on the Monday
        ("2026-12-04T10:00", 28, "ENG", "2027-01-04T09:00"),
        ("2027-02-15T10:00", 30, "NIR", "2027-03-18T09:00"),  # Saint Patrick's Day, only in Northern Ireland
        ("2027-02-15T10:00", 30, "ENG", "2027-03-17T10:00"),
        ("2028-02-01T10:00", 28, "ENG", "2028-02-29T10:00"),  # a leap day is a day
        ("2028-02-29T10:00", 28, "ENG", "2028-03-28T10:00"),
        ("2026-10-24T23:30", 0, "ENG", "2026-10-26T09:00"),  # the night in which the clocks go back
        ("2026-03-01T16:59", 28, "ENG", "2026-03-30T09:00"),  # the Sunday on which the clocks go forward
        ("2026-03-02T17:00", 28, "WLS", "2026-03-31T09:00"),
    ],
)
def test_dates_that_are_easily_got_wrong(verified: str, days: int, nation: str, expected: str) -> None:
    policy = ReleasePolicy(days=days, nation=nation)  # type: ignore[arg-type]
    moment = datetime.fromisoformat(verified).replace(tzinfo=LONDON)
    assert policy.available_from(moment).astimezone(LONDON) == datetime.fromisoformat(expected).replace(tzinfo=LONDON)


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_is_not_released_in_its_first_half(fold: int) -> None:
    verified = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold).astimezone(UTC)
    assert ReleasePolicy(days=0, working_days_only=False).available_from(verified) >= verified
