"""What professionals choose for one patient: neutral words, notes, undoing; and what a deed would do, seen before it is done."""

import pytest

from plainrad.domain.records import Visible
from plainrad.errors import ForbiddenError, RecordInvalidError, StaleError
from plainrad.records import deeds
from tests.support.keeping import PORTAL, RADIOLOGIST, STRANGER, Kept, report
from tests.support.patient import TEXT

NOTE = "We spoke on the phone today.\n\nPlease bring your questions on Monday."


def released(kept: Kept) -> str:
    """The id of a report that can be read."""
    receipt = kept.submit(report(TEXT))
    kept.clock.on(days=30)
    assert kept.visible(receipt.id)
    return str(receipt.id)


def told(kept: Kept, name: str) -> dict[str, str]:
    return {one.id: one.text for one in kept.patient(name).patient_report.statements}


def actions(kept: Kept, name: str) -> list[str]:
    return [one.action for one in kept.records.audit(report_id=name)]


# ---- undo ------------------------------------------------------------------------------------------------------------


def test_what_was_hidden_can_be_shown_again_and_hidden_again(kept: Kept) -> None:
    name = released(kept)
    before = kept.patient(name).patient_report
    for _ in range(2):
        kept.records.hide(name, actor=RADIOLOGIST, item="s1", reason="To be told in person.")
        assert "s1" not in told(kept, name)
        view = kept.records.show_again(name, actor=RADIOLOGIST, item="s1", reason="It was told.")
        assert view.chosen == ()
    assert kept.patient(name).patient_report.statements == before.statements
    lines = [one for one in kept.records.audit(report_id=name) if one.action in ("hidden", "shown_again")]
    assert [(one.action, one.reason, one.details["item"]) for one in lines] == [
        ("hidden", "To be told in person.", "s1"), ("shown_again", "It was told.", "s1"),
    ] * 2  # fmt: skip
    with pytest.raises(RecordInvalidError, match="nothing of the kind"):
        kept.records.show_again(name, actor=RADIOLOGIST, item="s1", reason="x")


def test_neutral_words_are_chosen_with_a_reason_and_undone_with_one(kept: Kept) -> None:
    name = released(kept)
    before = told(kept, name)
    kept.records.tell_neutrally(name, actor=RADIOLOGIST, item="s7", reason="The cause is another one.")
    assert told(kept, name)["s7"] == "The report says: “No enlarged mediastinal lymph nodes.”"
    whole = kept.records.patient_version(name, actor=RADIOLOGIST, audience="professional")
    assert isinstance(whole, Visible)
    assert [(one.choice, one.item, one.reason) for one in whole.chosen] == [
        ("neutral", "s7", "The cause is another one.")
    ]
    assert {one.id: one.text for one in whole.patient_report.statements} == before, "professionals see what was read"
    kept.records.tell_as_read(name, actor=RADIOLOGIST, item="s7", reason="It was right.")
    assert told(kept, name) == before
    assert [one for one in actions(kept, name) if one.startswith("told")] == ["told_neutrally", "told_as_read"]
    with pytest.raises(RecordInvalidError, match="neutral"):
        kept.records.tell_neutrally(name, actor=RADIOLOGIST, item="w1", reason="x")


def test_what_was_undone_does_not_hold_a_correction_and_what_was_not_does(kept: Kept) -> None:
    name = released(kept)
    kept.records.hide(name, actor=RADIOLOGIST, item="s1", reason="x")
    kept.records.show_again(name, actor=RADIOLOGIST, item="s1", reason="x")
    assert kept.submit(report(f"{TEXT}  ", verified_at=kept.clock())).decision.state == "embargoed"
    kept.records.tell_neutrally(name, actor=RADIOLOGIST, item="s6", reason="It is not so.")
    second = kept.submit(report(f"{TEXT} ", verified_at=kept.clock()))
    assert second.decision.code == "hidden_before", "a reading that was wrong once is not told again unseen"
    view = kept.records.get(name, actor=RADIOLOGIST)
    assert [(one.version, one.choice, one.item) for one in view.hidden_before] == [(2, "neutral", "s6")]


# ---- notes to the patient --------------------------------------------------------------------------------------------


def test_a_note_is_given_with_the_patient_version_and_taken_back(kept: Kept) -> None:
    name = released(kept)
    kept.records.comment(name, actor=RADIOLOGIST, text="For us.")
    view = kept.records.note_to_patient(name, actor=RADIOLOGIST, text=NOTE, signed="Dr Example", reason="Rung today.")
    (shown,) = kept.patient(name).patient_report.notes
    assert (shown.text, shown.signed, shown.written_at) == (NOTE, "Dr Example", kept.clock())
    ours, theirs = kept.records.notes(name, actor=RADIOLOGIST)
    assert (ours.shown, theirs.shown) == (False, True)
    again = kept.records.take_note_back(
        name, actor=RADIOLOGIST, note=theirs.id, reason="Wrong day.", revision=view.revision
    )
    assert again.revision > view.revision
    assert kept.patient(name).patient_report.notes == ()
    (_, kept_note) = kept.records.notes(name, actor=RADIOLOGIST)
    assert (kept_note.lifted_by, kept_note.lift_reason, kept_note.text) == (RADIOLOGIST.id, "Wrong day.", NOTE)
    with pytest.raises(RecordInvalidError, match="no such note"):
        kept.records.take_note_back(name, actor=RADIOLOGIST, note=ours.id, reason="x")
    lines = [one for one in kept.records.audit(report_id=name) if one.action.startswith("comment_")]
    assert [one.action for one in lines] == ["comment_written", "comment_written", "comment_taken_back"]
    assert all(NOTE not in str(one.details) for one in lines), "the audit holds no word of it"


def test_a_note_is_not_read_before_the_report_is(kept: Kept) -> None:
    name = kept.submit().id
    kept.records.note_to_patient(name, actor=RADIOLOGIST, text=NOTE, reason="x")
    assert not kept.visible(name)
    kept.clock.on(days=30)
    assert [one.text for one in kept.patient(name).patient_report.notes] == [NOTE]
    kept.records.hold(name, actor=RADIOLOGIST, kind="clinical", reason="x")
    assert not kept.visible(name)


def test_a_corrected_report_does_not_carry_a_note_over(kept: Kept) -> None:
    name = released(kept)
    kept.records.note_to_patient(name, actor=RADIOLOGIST, text=NOTE, reason="x")
    kept.submit(report("Other words.", verified_at=kept.clock()))
    kept.clock.on(days=40)
    assert kept.visible(name)
    assert kept.patient(name).patient_report.notes == ()
    (note,) = kept.records.notes(name, actor=RADIOLOGIST)
    assert (note.shown, note.version) == (True, 1), "staff can see that it was written for an earlier version"


def test_what_is_pasted_along_and_cannot_be_seen_is_left_out(kept: Kept) -> None:
    name = released(kept)
    pasted = "\ufeff Your\u00a0scan \u202eis\u202c fine\u00ad.\x00\r\nRing\tus.\u200b "
    kept.records.note_to_patient(name, actor=RADIOLOGIST, text=pasted, reason="x")
    assert kept.patient(name).patient_report.notes[0].text == "Your scan is fine.\nRing us."


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\ufeff", "x" * 1_201])
def test_a_note_has_words_and_not_too_many(kept: Kept, text: str) -> None:
    with pytest.raises(RecordInvalidError, match="text"):
        kept.records.note_to_patient(released(kept), actor=RADIOLOGIST, text=text, reason="x")


@pytest.mark.parametrize("signed", ["x" * 101, "Dr\x00Example", "a\u202eb"])
def test_a_name_is_one_short_line(kept: Kept, signed: str) -> None:
    with pytest.raises(RecordInvalidError, match="signed"):
        kept.records.note_to_patient(released(kept), actor=RADIOLOGIST, text=NOTE, reason="x", signed=signed)


def test_programs_and_strangers_write_no_notes(kept: Kept) -> None:
    name = released(kept)
    for actor in (PORTAL, STRANGER):
        with pytest.raises(ForbiddenError):
            kept.records.note_to_patient(name, actor=actor, text=NOTE, reason="x")


# ---- before it is done -----------------------------------------------------------------------------------------------


def test_a_deed_is_seen_before_it_is_done_and_then_does_just_that(kept: Kept) -> None:
    name = released(kept)
    room = kept.records.room
    for deed in (
        deeds.choosing(room, RADIOLOGIST, choice="hidden", item="s1", reason="x"),
        deeds.choosing(room, RADIOLOGIST, choice="neutral", item="s6", reason="x"),
        deeds.noting(room, RADIOLOGIST, text=NOTE, signed="", reason="x"),
        deeds.holding(room, RADIOLOGIST, kind="clinical", reason="x"),
        deeds.lifting(room, RADIOLOGIST, kind="clinical", reason="x"),
        deeds.unchoosing(room, RADIOLOGIST, choice="hidden", item="s1", reason="x"),
        deeds.approving(room, RADIOLOGIST, reason=None),
        deeds.withdrawing(room, reason="x"),
    ):
        head = kept.records.verify_audit()[0]
        before = kept.records.get(name, actor=RADIOLOGIST)
        prospect = kept.records.foresee(name, deed, actor=RADIOLOGIST, revision=before.revision)
        after_look = kept.records.get(name, actor=RADIOLOGIST)
        assert (after_look.revision, after_look.holds, after_look.chosen) == (
            before.revision,
            before.holds,
            before.chosen,
        )
        kept.records.do(name, deed, actor=RADIOLOGIST, revision=prospect.revision)
        done = kept.records.foresee(name, deeds.approving(room, RADIOLOGIST, reason=None), actor=RADIOLOGIST).before
        assert (done.decision, done.proxy) == (prospect.after.decision, prospect.after.proxy), deed.action
        assert done.patient_report == prospect.after.patient_report, deed.action
        assert kept.records.verify_audit()[0] > head, "the chain is whole"


def test_a_deed_that_cannot_be_done_is_refused_when_it_is_looked_at(kept: Kept) -> None:
    name = released(kept)
    room = kept.records.room
    with pytest.raises(RecordInvalidError, match="no such hold"):
        kept.records.foresee(name, deeds.lifting(room, RADIOLOGIST, kind="clinical", reason="x"), actor=RADIOLOGIST)
    with pytest.raises(StaleError):
        kept.records.foresee(name, deeds.withdrawing(room, reason="x"), actor=RADIOLOGIST, revision=0)
    with pytest.raises(ForbiddenError):
        kept.records.foresee(name, deeds.withdrawing(room, reason="x"), actor=PORTAL)


def test_one_form_sent_twice_is_done_once_and_another_form_is_stale(kept: Kept) -> None:
    name = released(kept)
    room = kept.records.room
    seen = kept.records.get(name, actor=RADIOLOGIST).revision
    deed = deeds.noting(room, RADIOLOGIST, text=NOTE, signed="", reason="x")
    for _ in range(2):
        kept.records.do(name, deed, actor=RADIOLOGIST, revision=seen, once="form-1")
    assert len(kept.records.notes(name, actor=RADIOLOGIST)) == 1
    other = deeds.noting(room, RADIOLOGIST, text="Something else.", signed="", reason="x")
    for mark in ("form-2", None):
        with pytest.raises(StaleError):
            kept.records.do(name, other, actor=RADIOLOGIST, revision=seen, once=mark)


# ---- readings that are wrong -----------------------------------------------------------------------------------------


def test_a_wrong_reading_keeps_the_sentence_how_it_was_read_and_what_it_should_be(kept: Kept) -> None:
    name = released(kept)
    note = kept.records.mark_wrong(name, actor=RADIOLOGIST, item="s6", kind="assertion", text="It is there.")
    assert note.about is not None
    assert {key: note.about[key] for key in ("item", "kind", "told", "wanted")} == {
        "item": "s6", "kind": "assertion", "told": "No air was seen around the lungs (pneumothorax).", "wanted": "It is there.",
    }  # fmt: skip
    (read,) = note.about["read"]
    assert (read["words"], read["term"], read["assertion"]) == ("pneumothorax", "pneumothorax", "absent")
    assert note.about["sentences"]
    assert note.about["versions"]["glossary"]
    (found,) = kept.records.notes(name, actor=RADIOLOGIST)
    assert (found.kind, found.about) == ("reading_wrong", note.about)


@pytest.mark.parametrize(("item", "kind"), [("s999", "side"), ("", "side"), ("s6", "nonsense"), ("w9", "other")])
def test_only_a_reading_that_is_there_can_be_wrong(kept: Kept, item: str, kind: str) -> None:
    with pytest.raises(RecordInvalidError):
        kept.records.mark_wrong(released(kept), actor=RADIOLOGIST, item=item, kind=kind, text="x")  # type: ignore[arg-type]
