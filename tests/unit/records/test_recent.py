"""Trying a change on recent reports: what is looked at, who may read words of it, and what the audit says of that."""

from dataclasses import replace

import pytest

from plainrad.domain.people import Patient
from plainrad.domain.records import Actor, AuditEntry
from plainrad.errors import ForbiddenError
from plainrad.records.recent import newest, read_of, sight_of, told_count
from plainrad.records.room import Room
from plainrad.store.seal import Vault
from tests.support.board import APPROVER, EDITOR, FAR_EDITOR, sent
from tests.support.keeping import AUDITOR, NUMBER, OTHER_NUMBER, PORTAL, RADIOLOGIST, Kept, report


def opened(kept: Kept) -> Room:
    """The room of a site that lets editors see reports."""
    return replace(kept.records.room, editors_see_reports=True)


def lines(kept: Kept, action: str) -> list[AuditEntry]:
    return [one for one in kept.records.audit() if one.action == action]


def test_the_newest_reports_of_the_own_organisation_are_looked_at_and_none_that_is_retracted(kept: Kept) -> None:
    ids = [sent(kept, number) for number in (1, 2, 3, 4)]
    kept.records.withdraw(ids[2], actor=RADIOLOGIST, reason="x")
    room = kept.records.room
    assert [one.report_id for one in newest(room, actor=EDITOR, limit=3)] == [ids[3], ids[1]]
    assert newest(room, actor=FAR_EDITOR, limit=3) == ()


def test_the_words_of_a_correction_are_looked_at_and_not_those_it_replaced(kept: Kept) -> None:
    kept.submit(report("A mass."))
    kept.submit(report("No mass."))
    (found,) = newest(kept.records.room, actor=EDITOR, limit=60)
    assert (found.report.text, found.version) == ("No mass.", 2)


def test_what_is_looked_at_names_nobody(kept: Kept) -> None:
    sent(kept, 1)
    (found,) = newest(kept.records.room, actor=EDITOR, limit=60)
    assert found.report.patient is None
    assert found.names is not None
    assert {"example", "alex"} <= found.names
    shown = repr(found).lower()
    assert "example" not in shown, "nothing of a report gets into a log by way of its repr"


@pytest.mark.parametrize(
    ("actor", "shut", "open_"),
    [(RADIOLOGIST, "reads", "reads"), (APPROVER, "reads", "reads"), (EDITOR, "counts", "by_setting")],
)
def test_who_reads_words_and_who_is_told_a_number(kept: Kept, actor: Actor, shut: str, open_: str) -> None:
    assert (sight_of(kept.records.room, actor), sight_of(opened(kept), actor)) == (shut, open_)


@pytest.mark.parametrize("actor", [AUDITOR, PORTAL], ids=["auditor", "portal"])
def test_nobody_else_tries_a_change(kept: Kept, actor: Actor) -> None:
    sent(kept, 1)
    with pytest.raises(ForbiddenError):
        newest(opened(kept), actor=actor, limit=1)
    with pytest.raises(ForbiddenError):
        read_of(opened(kept), (), actor=actor, change="c1", looked_at=0)
    assert len(lines(kept, "refused")) == 2


def test_each_report_whose_words_are_read_has_its_line_before_they_are_given(kept: Kept) -> None:
    ids = {sent(kept, number) for number in (1, 2)}
    room = kept.records.room
    found = newest(room, actor=RADIOLOGIST, limit=60)
    assert read_of(room, found, actor=RADIOLOGIST, change="c1", looked_at=2) == ids
    read = lines(kept, "read_patient_version")
    assert {(one.object_id, one.actor_id) for one in read} == {(one, RADIOLOGIST.id) for one in ids}
    assert {(one.details["change"], one.details["audience"], one.details["version"]) for one in read} == {
        ("c1", "professional", 1)
    }
    (tried,) = lines(kept, "content_tried")
    assert (tried.object_id, tried.details) == ("c1", {"reports": 2, "read": 2})


def test_who_is_told_a_number_reads_nothing_and_that_is_in_the_audit(kept: Kept) -> None:
    sent(kept, 1)
    room = kept.records.room
    found = newest(room, actor=EDITOR, limit=60)
    assert read_of(room, found, actor=EDITOR, change="c1", looked_at=1) == frozenset()
    assert lines(kept, "read_patient_version") == []
    (tried,) = lines(kept, "content_tried")
    assert tried.details == {"reports": 1, "read": 0}, "how many differ is not in the audit: it could tell of one"


def test_editors_read_nothing_of_what_is_held_whatever_the_site_lets_them(kept: Kept) -> None:
    held, free = sent(kept, 1), sent(kept, 2)
    kept.records.hold(held, actor=RADIOLOGIST, kind="safeguarding", reason="x")
    room = opened(kept)
    found = newest(room, actor=EDITOR, limit=60)
    assert read_of(room, found, actor=EDITOR, change="c1", looked_at=2) == {free}
    assert read_of(room, found, actor=RADIOLOGIST, change="c1", looked_at=2) == {held, free}


def test_what_is_held_corrected_or_retracted_while_the_page_is_worked_out_is_not_read(kept: Kept) -> None:
    held, corrected, retracted, free = (sent(kept, number) for number in (1, 2, 3, 4))
    room = opened(kept)
    found = newest(room, actor=EDITOR, limit=60)
    kept.records.hold(held, actor=RADIOLOGIST, kind="third_party", reason="x")
    kept.submit(report("Other words.", report_id="R2", accession="A2"))
    kept.records.withdraw(retracted, actor=RADIOLOGIST, reason="x")
    assert read_of(room, found, actor=EDITOR, change="c1", looked_at=4) == {free}
    assert corrected not in read_of(room, found, actor=RADIOLOGIST, change="c1", looked_at=4)


def test_without_the_key_nobody_can_tell_names_so_nothing_is_read(kept: Kept) -> None:
    sent(kept, 1)
    room = replace(opened(kept), vault=Vault())
    found = newest(room, actor=RADIOLOGIST, limit=60)
    assert [one.names for one in found] == [None]
    assert read_of(room, found, actor=RADIOLOGIST, change="c1", looked_at=1) == frozenset()


def test_a_number_is_told_only_of_five_patients_or_more(kept: Kept) -> None:
    for number in range(8):  # of two patients
        patient = Patient((NUMBER, OTHER_NUMBER)[number % 2])
        kept.submit(report(f"Words {number}.", report_id=f"R{number}", accession=f"A{number}", patient=patient))
    found = newest(kept.records.room, actor=EDITOR, limit=60)
    assert (len(found), told_count(kept.records.room, found)) == (8, None)
    assert told_count(kept.records.room, ()) is None, "nought is as telling as one"
    for number in range(8, 11):  # each of a patient of its own
        kept.submit(report(f"Words {number}.", report_id=f"R{number}", accession=f"A{number}", patient=None))
    assert told_count(kept.records.room, newest(kept.records.room, actor=EDITOR, limit=60)) == 11
    assert told_count(replace(kept.records.room, fewest_patients=1), ()) == 0, "a demonstration has invented patients"
