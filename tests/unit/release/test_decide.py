"""Whether somebody may read a version: the facts, the policy and the clock, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from plainrad.domain.release import Audience, Hold, HoldKind, Preference, ReleaseFacts, Wish
from plainrad.release.decide import decide, told
from plainrad.release.policy import ReleasePolicy, Rule
from tests.support.decisions import FACTS, LATER, POLICY, RECEIVED, VERIFIED


def outcome(
    facts: ReleaseFacts = FACTS, policy: ReleasePolicy = POLICY, audience: Audience = "patient", now: datetime = LATER
) -> tuple[str, str]:
    """State and code."""
    found = decide(facts, policy, audience=audience, now=now)
    return found.state, found.code


def test_it_is_embargoed_until_four_weeks_after_verification_and_then_released() -> None:
    moment = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
    assert outcome(now=moment - timedelta(microseconds=1)) == ("embargoed", "embargo")
    assert outcome(now=moment) == ("released", "released")


@pytest.mark.parametrize("kind", get_args(HoldKind))
@pytest.mark.parametrize("early", [False, True])
def test_a_hold_keeps_it_back_whatever_else_was_decided(kind: HoldKind, early: bool) -> None:
    facts = replace(
        FACTS, holds=(Hold(kind, RECEIVED),), released_early_at=RECEIVED if early else None, looked_at=RECEIVED
    )
    assert outcome(facts, audience="proxy") == ("held", f"hold_{kind}")
    expected = ("released", "released_early" if early else "released")
    assert outcome(facts) == (expected if kind == "proxy_only" else ("held", f"hold_{kind}"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"verified_at": None, "first_verified_at": None}, "verification_missing"),
        ({"verified_at": RECEIVED + timedelta(days=2)}, "verification_in_future"),
        ({"sensitive": None}, "not_explained"),
        ({"explained_at": None}, "not_explained"),
    ],
)
def test_what_is_not_known_keeps_it_back_even_from_an_early_release(change: dict[str, Any], code: str) -> None:
    facts = replace(FACTS, **change, released_early_at=RECEIVED, looked_at=RECEIVED)
    assert outcome(facts, now=LATER + timedelta(days=4_000)) == ("held", code)


def test_a_clock_that_is_a_little_fast_does_no_harm() -> None:
    assert outcome(replace(FACTS, verified_at=RECEIVED + timedelta(minutes=59))) == ("released", "released")


def test_a_site_that_has_not_said_what_it_never_shows_shows_nothing() -> None:
    assert outcome(policy=ReleasePolicy()) == ("held", "exclusions_not_stated")


@pytest.mark.parametrize("name", ["xtest", "nicip|xtest", "ct chest"])
def test_an_excluded_exam_is_never_shown_by_whatever_name(name: str) -> None:
    policy = replace(POLICY, excluded_exams=frozenset({name}))
    assert outcome(replace(FACTS, released_early_at=RECEIVED), policy) == ("held", "exam_excluded")


def test_where_exams_are_excluded_one_without_a_code_waits_until_somebody_has_looked() -> None:
    policy = replace(POLICY, excluded_exams=frozenset({"xother"}))
    unknown = replace(FACTS, exam_code=None)
    assert outcome(unknown, policy) == ("held", "exam_unknown")
    assert outcome(replace(unknown, looked_at=RECEIVED), policy)[0] == "released"
    assert outcome(unknown, replace(policy, exam_not_stated="release"))[0] == "released"


def test_a_sensitive_finding_waits_until_somebody_has_looked() -> None:
    facts = replace(FACTS, sensitive=frozenset({"cancer"}))
    policy = replace(POLICY, sensitive=frozenset({"cancer"}))
    assert outcome(facts) == ("released", "released")
    assert outcome(facts, policy) == ("held", "sensitive_category")
    assert outcome(replace(facts, looked_at=RECEIVED), policy) == ("released", "released")
    assert outcome(replace(facts, released_early_at=RECEIVED), policy) == ("released", "released_early")


def test_of_several_rules_that_fit_the_longest_wait_counts_and_any_hold_holds() -> None:
    short = Rule("short", modalities=frozenset({"CT"}), days=7)
    long = Rule("long", body_regions=frozenset({"chest"}), days=14)
    other = Rule("other", modalities=frozenset({"MR"}), days=90, hold=True)
    for rules, days in (((short,), 7), ((short, long), 14), ((long, short), 14), ((other,), 28)):
        found = decide(FACTS, replace(POLICY, rules=rules), audience="patient", now=RECEIVED)
        assert found.available_from == VERIFIED + timedelta(days=days)
    held = replace(POLICY, rules=(short, Rule("held", requesters=frozenset({"dr example"}), hold=True)))
    assert outcome(replace(FACTS, requester="Dr  EXAMPLE"), held) == ("held", "exam_held")
    assert outcome(FACTS, held)[0] == "released"


def test_every_part_of_a_rule_has_to_fit() -> None:
    rule = Rule("both", modalities=frozenset({"CT"}), body_regions=frozenset({"head"}), exclude=True)
    assert outcome(policy=replace(POLICY, rules=(rule,)))[0] == "released"
    assert (
        outcome(replace(FACTS, body_regions=frozenset({"head"})), replace(POLICY, rules=(rule,)))[1] == "exam_excluded"
    )


@pytest.mark.parametrize(
    ("wish", "code"), [("not_now", "patient_not_now"), ("with_clinician", "patient_with_clinician")]
)
def test_what_the_patient_asked_for_holds(wish: Wish, code: str) -> None:
    facts = replace(FACTS, preference=Preference(wish, RECEIVED))
    assert outcome(facts) == ("held", code)
    assert outcome(replace(facts, preference=Preference("see", RECEIVED))) == ("released", "released")


def test_together_with_a_clinician_ends_when_a_professional_releases_it_after_the_wish() -> None:
    facts = replace(FACTS, preference=Preference("with_clinician", RECEIVED + timedelta(days=2)))
    assert outcome(replace(facts, released_early_at=RECEIVED + timedelta(days=1))) == ("held", "patient_with_clinician")
    assert outcome(replace(facts, released_early_at=RECEIVED + timedelta(days=3)))[0] == "released"
    never = replace(facts, preference=Preference("not_now", RECEIVED), released_early_at=RECEIVED + timedelta(days=3))
    assert outcome(never) == ("held", "patient_not_now")


def test_a_withdrawn_or_replaced_version_is_gone_for_everybody() -> None:
    for audience in get_args(Audience):
        assert outcome(replace(FACTS, withdrawn=True), audience=audience) == ("retracted", "withdrawn")
        assert outcome(replace(FACTS, superseded=True), audience=audience) == ("retracted", "superseded")


def test_professionals_read_at_once_and_through_every_hold() -> None:
    facts = replace(FACTS, holds=(Hold("safeguarding", RECEIVED),), verified_at=None)
    assert outcome(facts, audience="professional", now=RECEIVED) == ("released", "professional")


def test_versions_that_arrived_out_of_order_wait_for_a_professional() -> None:
    assert outcome(replace(FACTS, out_of_order=True)) == ("held", "versions_out_of_order")
    assert outcome(replace(FACTS, out_of_order=True, looked_at=RECEIVED))[0] == "released"


def test_a_correction_of_a_version_with_hidden_parts_waits_for_a_professional() -> None:
    assert outcome(replace(FACTS, hidden_before=True)) == ("held", "hidden_before")
    assert outcome(replace(FACTS, hidden_before=True, looked_at=RECEIVED))[0] == "released"


SATURDAY = datetime(2026, 12, 5, 23, 0, tzinfo=UTC)
MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        {"received_at": SATURDAY},
        {"explained_at": SATURDAY},
        {"holds": (Hold("clinical", RECEIVED, SATURDAY),)},
        {"out_of_order": True, "looked_at": SATURDAY},
        {"hidden_before": True, "looked_at": SATURDAY},
    ],
)
def test_what_comes_late_waits_for_working_hours(change: dict[str, Any]) -> None:
    """Nobody finds news on a Saturday night because somebody lifted a hold then."""
    facts = replace(FACTS, **change)
    assert outcome(facts, now=MONDAY - timedelta(seconds=1)) == ("embargoed", "embargo")
    assert outcome(facts, now=MONDAY) == ("released", "released")


def test_a_look_that_nothing_waited_for_moves_nothing() -> None:
    assert outcome(replace(FACTS, looked_at=SATURDAY), now=SATURDAY + timedelta(minutes=1))[0] == "released"


def test_an_early_release_holds_at_once_on_any_day() -> None:
    facts = replace(FACTS, released_early_at=datetime(2026, 9, 5, 22, 0, tzinfo=UTC))
    assert outcome(facts, now=datetime(2026, 9, 5, 22, 0, tzinfo=UTC)) == ("released", "released_early")
    assert outcome(facts, now=datetime(2026, 9, 5, 21, 59, tzinfo=UTC)) == ("embargoed", "embargo")


def test_a_hold_lifted_after_an_early_release_waits_for_working_hours() -> None:
    facts = replace(FACTS, released_early_at=RECEIVED, holds=(Hold("clinical", RECEIVED, SATURDAY),))
    assert outcome(facts, now=SATURDAY)[0] == "embargoed"
    assert outcome(facts, now=MONDAY) == ("released", "released")


def test_a_correction_waits_anew_unless_the_site_counts_from_the_first_version() -> None:
    corrected = replace(FACTS, verified_at=VERIFIED + timedelta(days=20), received_at=RECEIVED + timedelta(days=20))
    corrected = replace(corrected, explained_at=corrected.received_at)
    now = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
    assert outcome(corrected, now=now) == ("embargoed", "embargo")
    assert outcome(corrected, replace(POLICY, corrections="first"), now=now) == ("released", "released")


# ---- what the patient is told ----------------------------------------------------------------------------------------


def test_during_the_embargo_the_patient_is_told_the_date_or_that_it_exists_or_nothing() -> None:
    for tell, date_known in (("date", True), ("exists", False), ("nothing", False)):
        found = decide(FACTS, replace(POLICY, tell_embargoed=tell), audience="patient", now=RECEIVED)  # type: ignore[arg-type]
        assert found.tell == tell
        assert (told(found).available_from is not None) == date_known


@pytest.mark.parametrize("kind", ["withhold", "safeguarding", "third_party", "proxy_only"])
def test_that_there_is_such_a_hold_is_never_told(kind: HoldKind) -> None:
    facts = replace(FACTS, holds=(Hold(kind, RECEIVED),))
    found = decide(facts, replace(POLICY, tell_held="exists"), audience="proxy", now=LATER)
    assert found.tell == "nothing"
    assert told(found).code == "policy"
    assert kind not in told(found).reason.lower()


def test_a_hold_of_another_kind_tells_no_reason_and_no_date() -> None:
    found = decide(replace(FACTS, holds=(Hold("clinical", RECEIVED),)), POLICY, audience="patient", now=LATER)
    known = told(found)
    assert (known.state, known.available_from, known.reason) == ("held", None, "It cannot be read yet.")
