"""What people decide about kept reports, who may, and what becomes of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

import pytest

from plainrad.domain.records import SYSTEM, Actor, NotReleased, Visible
from plainrad.domain.release import HoldKind
from plainrad.errors import ForbiddenError, RecordInvalidError, ReportNotFoundError, StaleError
from plainrad.records.board import Board
from plainrad.records.recent import newest
from plainrad.records.records import Records
from plainrad.records.room import RIGHTS
from plainrad.release.policy import ReleasePolicy
from plainrad.store.engine import Database
from tests.support.keeping import AUDITOR, NUMBER, OTHER_NUMBER, PORTAL, RADIOLOGIST, STRANGER, Kept, keep, report


def released(kept: Kept) -> str:
    """The id of a report that can be read, on a Thursday morning."""
    receipt = kept.submit()
    kept.clock.on(days=30)
    assert kept.visible(receipt.id)
    return str(receipt.id)


@pytest.mark.parametrize("kind", get_args(HoldKind))
def test_a_hold_takes_effect_at_once_and_ends_when_it_is_lifted(kept: Kept, kind: HoldKind) -> None:
    name = released(kept)
    kept.records.hold(name, actor=RADIOLOGIST, kind=kind, reason="To be spoken about.")
    assert kept.visible(name) == (kind == "proxy_only")
    assert not kept.visible(name, "proxy")
    found = kept.records.original(name, actor=PORTAL, audience="proxy")
    assert isinstance(found, NotReleased)
    kept.records.lift(name, actor=RADIOLOGIST, kind=kind, reason="It was.")
    assert kept.visible(name)
    assert kept.visible(name, "proxy")
    (told,) = kept.records.get(name, actor=RADIOLOGIST).holds
    assert (told.kind, told.placed_by, told.lifted_by) == (kind, RADIOLOGIST.id, RADIOLOGIST.id)


def test_a_hold_stays_over_a_correction(kept: Kept) -> None:
    name = released(kept)
    kept.records.hold(name, actor=RADIOLOGIST, kind="clinical", reason="Wait.")
    kept.submit(report("Other words.", verified_at=kept.clock()))
    kept.clock.on(days=60)
    assert not kept.visible(name)


def test_an_early_release_and_a_look_are_for_one_version_only(database: Database) -> None:
    kept = keep(database, policy=ReleasePolicy(excluded_exams=frozenset(), sensitive=frozenset({"cancer"})))
    receipt = kept.submit(report("A mass [cancer]."))
    kept.clock.on(days=30)
    assert receipt.decision.code == "sensitive_category"
    kept.records.release_early(receipt.id, actor=RADIOLOGIST, reason="Spoken with.")
    assert kept.visible(receipt.id)
    second = kept.submit(report("A bigger mass [cancer].", verified_at=kept.clock()))
    assert second.decision.code == "sensitive_category"
    kept.clock.on(days=60)
    assert not kept.visible(receipt.id)


def test_a_withdrawn_report_is_gone_and_the_same_words_do_not_bring_it_back(kept: Kept) -> None:
    name = released(kept)
    kept.records.withdraw(name, actor=PORTAL, reason="Wrong patient.")
    assert kept.patient(name).state == "retracted"
    assert kept.submit().decision.code == "withdrawn"
    assert not kept.visible(name)
    assert kept.submit(report("Other words.", verified_at=kept.clock())).decision.state == "embargoed"


def test_a_decision_on_what_has_changed_meanwhile_is_refused(kept: Kept) -> None:
    name = released(kept)
    seen = kept.records.get(name, actor=RADIOLOGIST).revision
    kept.records.hold(name, actor=RADIOLOGIST, kind="clinical", reason="Wait.", revision=seen)
    with pytest.raises(StaleError):
        kept.records.release_early(name, actor=RADIOLOGIST, reason="Now.", revision=seen)
    assert [one.kind for one in kept.records.get(name, actor=RADIOLOGIST).holds] == ["clinical"]


def test_a_second_hold_of_a_kind_changes_nothing_and_one_lift_ends_it(kept: Kept) -> None:
    name = released(kept)
    for _ in range(2):
        kept.records.hold(name, actor=RADIOLOGIST, kind="clinical", reason="Wait.")
    assert len(kept.records.get(name, actor=RADIOLOGIST).holds) == 1
    kept.records.lift(name, actor=RADIOLOGIST, kind="clinical", reason="Done.")
    with pytest.raises(RecordInvalidError, match="no such hold"):
        kept.records.lift(name, actor=RADIOLOGIST, kind="clinical", reason="Done.")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 4_001])
def test_a_reason_has_to_be_given(kept: Kept, reason: str) -> None:
    with pytest.raises(RecordInvalidError, match="reason"):
        kept.records.hold(released(kept), actor=RADIOLOGIST, kind="clinical", reason=reason)


def test_a_preference_for_one_report_and_for_all_of_a_patient(kept: Kept) -> None:
    one = released(kept)
    two = kept.submit(report("Other.", report_id="R2")).id
    kept.records.set_preference(actor=PORTAL, wish="not_now", patient=NUMBER)
    assert not kept.visible(one)
    assert not kept.visible(two)
    kept.records.set_preference(actor=PORTAL, wish="see", report_id=two)
    assert kept.visible(two)
    assert not kept.visible(one)
    kept.records.set_preference(actor=PORTAL, wish="see", patient=NUMBER)
    assert kept.visible(one)
    with pytest.raises(ReportNotFoundError):
        kept.records.set_preference(actor=PORTAL, wish="see", patient=OTHER_NUMBER)
    with pytest.raises(ReportNotFoundError):
        kept.records.set_preference(actor=STRANGER, wish="see", patient=NUMBER)


def test_a_later_report_of_the_patient_follows_the_preference_too(kept: Kept) -> None:
    released(kept)
    kept.records.set_preference(actor=PORTAL, wish="not_now", patient=NUMBER)
    later = kept.submit(report("Other.", report_id="R2"))
    assert later.decision.code == "patient_not_now"


def test_what_is_hidden_is_not_in_the_patient_version_but_professionals_see_it(kept: Kept) -> None:
    name = released(kept)
    before = kept.patient(name).patient_report
    term = before.explanations[0].term_id
    for item in ("s1", term):
        kept.records.hide(name, actor=RADIOLOGIST, item=item, reason="About somebody else.")
    after = kept.patient(name).patient_report
    assert [one.id for one in after.statements] == [one.id for one in before.statements if one.id != "s1"]
    assert term not in {one.term_id for one in after.explanations}
    whole = kept.records.patient_version(name, actor=RADIOLOGIST, audience="professional")
    assert isinstance(whole, Visible)
    assert "s1" in {one.id for one in whole.patient_report.statements}
    with pytest.raises(RecordInvalidError, match="item"):
        kept.records.hide(name, actor=RADIOLOGIST, item="s999", reason="x")


def test_flags_for_radiologists_do_not_reach_the_patient(kept: Kept) -> None:
    receipt = kept.submit(report("A mass [cancer]."))
    kept.clock.on(days=30)
    assert kept.patient(receipt.id).patient_report.flags == ()
    whole = kept.records.patient_version(receipt.id, actor=RADIOLOGIST, audience="professional")
    assert isinstance(whole, Visible)
    assert [one.code for one in whole.patient_report.flags] == ["sensitive_cancer"]


def test_the_release_in_the_patient_version_is_todays_decision(kept: Kept) -> None:
    found = kept.patient(released(kept))
    assert found.patient_report.release == found.decision
    assert found.patient_report.report.patient is None


def test_comments_for_colleagues_never_reach_the_patient(kept: Kept) -> None:
    name = released(kept)
    kept.records.comment(name, actor=RADIOLOGIST, text="For us.")
    kept.records.note_to_patient(name, actor=RADIOLOGIST, text="For you.", reason="Rung today.")
    kept.records.question(name, actor=PORTAL, text="What now?")
    kept.records.feedback(name, actor=PORTAL, kind="worried")
    assert [one.text for one in kept.patient(name).patient_report.notes] == ["For you."]
    assert [one.kind for one in kept.records.notes(name, actor=RADIOLOGIST)] == [
        "comment", "comment", "question", "worried",
    ]  # fmt: skip


# ---- lists -----------------------------------------------------------------------------------------------------------


def test_pages_hold_each_report_once_newest_first(kept: Kept) -> None:
    made = [kept.submit(report(f"Text {number}.", report_id=f"R{number}")).id for number in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        page = kept.records.list(actor=PORTAL, cursor=cursor, limit=3)
        seen += [one.id for one in page.reports]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert seen == made[::-1]


def test_a_list_by_state_is_worked_out_by_the_clock(kept: Kept) -> None:
    early = kept.submit().id
    kept.clock.on(days=20)
    late = kept.submit(report("Other.", report_id="R2", verified_at=kept.clock())).id
    kept.clock.on(days=10)
    for state, expected in (("released", [early]), ("embargoed", [late]), ("held", [])):
        found = kept.records.list(actor=PORTAL, state=state)  # type: ignore[arg-type]
        assert [one.id for one in found.reports] == expected


def test_a_patient_does_not_learn_from_a_list_what_may_not_be_told(kept: Kept) -> None:
    name = released(kept)
    kept.records.hold(name, actor=RADIOLOGIST, kind="withhold", reason="Harm.")
    assert kept.records.list(actor=PORTAL, patient=NUMBER, audience="patient").reports == ()
    (seen,) = kept.records.list(actor=RADIOLOGIST, patient=NUMBER).reports
    assert seen.decision.code == "hold_withhold"
    refused = kept.patient(name)
    assert (refused.told, refused.available_from) == (False, None)
    assert "withh" not in refused.reason.lower()


@pytest.mark.parametrize("cursor", ["x", "", "cjE6LTE", "cjE6MTIzNDU2Nzg5MDEyMzQ1Njc4OTA", "r1:5", "A" * 100])
def test_a_cursor_that_was_not_given_out_is_refused(kept: Kept, cursor: str) -> None:
    with pytest.raises(Exception, match="cursor"):
        kept.records.list(actor=PORTAL, cursor=cursor)


# ---- who may ---------------------------------------------------------------------------------------------------------

DEEDS: dict[str, Callable[[Records, str, Actor], Any]] = {
    "submit": lambda records, _, actor: records.submit(report("New.", report_id="R9"), actor=actor),
    "read": lambda records, name, actor: records.get(name, actor=actor),
    "read_as_professional": lambda records, name, actor: records.original(name, actor=actor, audience="professional"),
    "withdraw": lambda records, name, actor: records.withdraw(name, actor=actor, reason="x"),
    "hold": lambda records, name, actor: records.hold(name, actor=actor, kind="clinical", reason="x"),
    "lift": lambda records, name, actor: records.lift(name, actor=actor, kind="third_party", reason="x"),
    "approve": lambda records, name, actor: records.approve(name, actor=actor),
    "release_early": lambda records, name, actor: records.release_early(name, actor=actor, reason="x"),
    "comment": lambda records, name, actor: records.comment(name, actor=actor, text="x"),
    "hide": lambda records, name, actor: records.hide(name, actor=actor, item="s1", reason="x"),
    "preference": lambda records, name, actor: records.set_preference(actor=actor, wish="see", report_id=name),
    "feedback": lambda records, name, actor: records.feedback(name, actor=actor, kind="helpful"),
    "question": lambda records, name, actor: records.question(name, actor=actor, text="x"),
    "audit": lambda records, _, actor: list(records.audit(actor=actor)),
    "purge": lambda records, _, actor: records.purge(actor=actor),
    "keys": lambda records, _, actor: records.rotate_keys(actor=actor),
    "queues": lambda records, _, actor: Board(records.room).counts(actor=actor),
    "figures": lambda records, _, actor: Board(records.room).figures(actor=actor),
    "try": lambda records, _, actor: newest(records.room, actor=actor, limit=1),
}
ROLES = ("portal", "radiologist", "editor", "approver", "auditor", "administrator")


def test_every_right_is_tried() -> None:
    assert set(DEEDS) == set(RIGHTS)


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_each_deed_is_open_to_its_roles_and_to_no_other(kept: Kept, deed: str) -> None:
    name = released(kept)
    kept.records.hold(name, actor=RADIOLOGIST, kind="third_party", reason="x")
    allowed = set()
    for role in ROLES:
        actor = Actor("portal" if role == "portal" else "staff", role, "RXX", frozenset({role}))
        try:
            DEEDS[deed](kept.records, name, actor)
        except ForbiddenError:
            assert [one for one in kept.records.audit() if one.action == "refused"][-1].actor_id == role
        else:
            allowed.add(role)
        if deed == "lift" and role in allowed:
            kept.records.hold(name, actor=RADIOLOGIST, kind="third_party", reason="x")
    assert allowed == RIGHTS[deed]


def test_nobody_decides_about_another_organisation(kept: Kept) -> None:
    name = released(kept)
    for deed in set(DEEDS) - {"submit", "audit", "purge", "keys", "queues", "figures", "try"}:
        actor = Actor("staff", "far-away", "RYY", frozenset(ROLES))
        with pytest.raises(ReportNotFoundError):
            DEEDS[deed](kept.records, name, actor)


def test_an_auditor_sees_the_lines_of_the_own_organisation_and_of_the_system(kept: Kept) -> None:
    kept.submit()
    kept.submit(actor=STRANGER)
    assert {one.organisation for one in kept.records.audit(actor=AUDITOR)} == {"RXX"}
    assert {one.organisation for one in kept.records.audit(actor=SYSTEM)} == {"RXX", "RYY", None}


def test_every_reading_leaves_a_line(kept: Kept) -> None:
    name = released(kept)
    before = len(list(kept.records.audit(report_id=name)))
    kept.records.get(name, actor=PORTAL)
    kept.records.versions(name, actor=PORTAL)
    kept.patient(name)
    kept.records.original(name, actor=PORTAL, audience="patient")
    kept.records.notes(name, actor=RADIOLOGIST)
    lines = list(kept.records.audit(report_id=name))[before:]
    assert [one.action for one in lines if one.object_kind == "report"] == [
        "read", "read_versions", "read_patient_version", "read_original", "read_notes",
    ]  # fmt: skip
    assert kept.clock() - lines[0].at == timedelta(0)
