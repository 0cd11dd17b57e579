"""What comes in: new reports, corrections, the same again, keys, patients, and what cannot be kept. In one file: it is one door."""

from datetime import timedelta

import pytest

from plainrad.domain.patient import PatientReport
from plainrad.domain.people import Identifier, NhsNumber, Patient
from plainrad.domain.records import Actor, NotReleased, Original
from plainrad.domain.report import Report
from plainrad.errors import (
    BusyError,
    DemoOnlyError,
    ForbiddenError,
    IdempotencyConflictError,
    KeysMissingError,
    RecordInvalidError,
    ReportNotFoundError,
)
from plainrad.store.engine import Database
from plainrad.store.seal import Vault, make_vault
from tests.support.keeping import (
    NUMBER,
    OTHER_NUMBER,
    PORTAL,
    RADIOLOGIST,
    STRANGER,
    TUESDAY,
    Kept,
    keep,
    report,
)


def test_a_report_is_kept_as_it_was_sent(kept: Kept) -> None:
    text = "  CT chest.\r\nSmall \u00e9ffusion\t\u2028 .\n"
    sent = report(text, reported_by=("Dr Invented",))
    receipt = kept.submit(sent)
    found = kept.records.original(receipt.id, actor=RADIOLOGIST, audience="professional")
    assert isinstance(found, Original)
    assert found.report == sent
    assert found.sha256 == sent.sha256
    assert (receipt.version, receipt.outcome, receipt.decision.state) == (1, "created", "embargoed")


def test_the_same_text_again_changes_nothing_and_is_not_explained_again(kept: Kept) -> None:
    first, again = kept.submit(report(patient=None)), kept.submit(report(patient=None))
    assert (again.id, again.version, again.outcome, again.revision) == (first.id, 1, "unchanged", first.revision)
    assert len(kept.calls) == 1


def test_other_words_are_a_new_version_and_the_older_one_is_retracted(kept: Kept) -> None:
    first = kept.submit()
    kept.clock.on(days=30)
    assert kept.visible(first.id)
    second = kept.submit(report("Other words.", verified_at=kept.clock()))
    assert (second.id, second.version, second.outcome) == (first.id, 2, "new_version")
    assert not kept.visible(first.id), "the correction waits anew"
    found = kept.records.versions(first.id, actor=RADIOLOGIST)
    assert [(one.number, one.current) for one in found] == [(1, False), (2, True)]
    old = kept.records.original(first.id, actor=RADIOLOGIST, audience="professional", version=1)
    assert isinstance(old, Original)
    assert old.report.text == "No pneumothorax."
    refused = kept.records.original(first.id, actor=PORTAL, audience="patient", version=1)
    assert isinstance(refused, NotReleased)
    assert refused.state == "retracted"


def test_a_correction_during_the_embargo_waits_from_its_own_verification(kept: Kept) -> None:
    first = kept.submit()
    kept.clock.on(days=20)
    second = kept.submit(report("Other words.", verified_at=kept.clock()))
    assert second.decision.available_from - first.decision.available_from == timedelta(days=20) + timedelta(hours=1)


def test_a_correction_back_to_older_words_is_a_version_of_its_own(kept: Kept) -> None:
    kept.submit()
    kept.submit(report("Other words.", verified_at=TUESDAY))
    third = kept.submit(report(verified_at=TUESDAY + timedelta(minutes=1)))
    assert (third.version, third.outcome) == (3, "new_version")


def test_a_late_copy_of_an_older_version_does_not_bring_it_back(kept: Kept) -> None:
    kept.submit()
    kept.submit(report("Other words.", verified_at=TUESDAY))
    late = kept.submit()
    assert (late.version, late.outcome, late.decision.code) == (1, "unchanged", "superseded")


def test_a_version_that_was_verified_before_the_one_it_replaces_waits_for_a_professional(kept: Kept) -> None:
    kept.submit()
    kept.clock.on(days=59)
    second = kept.submit(report("Older words.", verified_at=TUESDAY - timedelta(days=1)))
    assert second.decision.code == "versions_out_of_order"
    assert kept.records.approve(second.id, actor=RADIOLOGIST).decision.state == "released"


def test_without_a_report_id_the_accession_number_tells_that_it_is_the_same(kept: Kept) -> None:
    first = kept.submit(report(report_id=None))
    assert kept.submit(report("Other.", report_id=None, verified_at=TUESDAY)).id == first.id
    assert kept.submit(report(report_id=None, accession="A2")).id != first.id


@pytest.mark.parametrize("numbers", [(None, "R1"), ("R1", None), (None, "R1", None)])
def test_copies_with_and_without_a_report_id_are_one_report(kept: Kept, numbers: tuple[str | None, ...]) -> None:
    texts = ("There is a left effusion.", "Corrected: no effusion.", "Corrected again.")
    found = [kept.submit(report(text, report_id=number)) for text, number in zip(texts, numbers, strict=False)]
    assert len({one.id for one in found}) == 1
    assert [one.version for one in found] == list(range(1, len(numbers) + 1))
    kept.clock.on(days=40)
    original = kept.records.original(found[0].id, actor=PORTAL, audience="patient")
    assert isinstance(original, Original)
    assert original.report.text == texts[len(numbers) - 1]
    assert kept.records.get(found[0].id, actor=RADIOLOGIST).report_id == "R1"


def test_the_same_words_with_a_report_id_name_the_report(kept: Kept) -> None:
    first = kept.submit(report(report_id=None))
    second = kept.submit(report(report_id="R1"))
    assert (second.id, second.version, second.outcome) == (first.id, 1, "completed")
    assert kept.submit(report("Other.", report_id="R2")).id != first.id, "R1 and R2 are two reports"


def test_two_report_ids_are_never_joined_by_an_accession_number(kept: Kept) -> None:
    first, second = kept.submit(report(report_id="R1")), kept.submit(report("Other.", report_id="R2"))
    assert first.id != second.id
    neither = kept.submit(report("Whose is this?", report_id=None))
    assert neither.id not in (first.id, second.id), "nobody can tell which of the two it is"


def test_the_accession_number_of_another_organisation_joins_nothing(kept: Kept) -> None:
    assert kept.submit(report(report_id=None)).id != kept.submit(report(report_id="R1"), actor=STRANGER).id


def test_without_any_number_each_is_a_report_of_its_own(kept: Kept) -> None:
    nameless = report(report_id=None, accession=None)
    assert kept.submit(nameless).id != kept.submit(nameless).id


def test_the_same_numbers_of_two_organisations_are_two_reports(kept: Kept) -> None:
    assert kept.submit().id != kept.submit(actor=STRANGER).id


def test_a_verification_time_that_was_missing_is_taken_over_and_one_that_was_there_stays(kept: Kept) -> None:
    first = kept.submit(report(verified_at=None))
    assert first.decision.code == "verification_missing"
    kept.clock.on(days=1)
    second = kept.submit()
    assert (second.outcome, second.version, second.decision.state) == ("completed", 1, "embargoed")
    third = kept.submit(report(verified_at=TUESDAY - timedelta(days=90)))
    assert third.outcome == "unchanged"
    assert third.decision.available_from == second.decision.available_from


def test_a_verification_time_in_the_future_is_held_until_the_right_one_comes(kept: Kept) -> None:
    first = kept.submit(report(verified_at=TUESDAY + timedelta(days=365)))
    assert first.decision.code == "verification_in_future"
    kept.clock.on(days=2_000)
    assert not kept.visible(first.id)
    assert kept.submit().decision.state == "released"


# ---- keys ------------------------------------------------------------------------------------------------------------


def test_the_same_key_with_the_same_report_keeps_once(kept: Kept) -> None:
    first, again = kept.submit(key="k1"), kept.submit(key="k1")
    assert (again.id, again.version, again.outcome) == (first.id, 1, "replayed")


def test_the_same_key_is_answered_with_its_own_version_after_a_correction(kept: Kept) -> None:
    kept.submit(key="k1")
    kept.submit(report("Other words.", verified_at=TUESDAY), key="k2")
    again = kept.submit(key="k1")
    assert (again.version, again.outcome, again.decision.code) == (1, "replayed", "superseded")


def test_the_same_key_with_anything_else_is_refused_and_nothing_is_kept(kept: Kept) -> None:
    kept.submit(key="k1")
    with pytest.raises(IdempotencyConflictError):
        kept.submit(report("Other words."), key="k1")
    assert len(kept.records.list(actor=PORTAL).reports) == 1


def test_keys_of_two_clients_are_apart(kept: Kept) -> None:
    kept.submit(key="k1")
    other = Actor("portal", "portal-three", "RXX", frozenset({"portal"}))
    assert kept.submit(report("Other.", report_id="R2"), key="k1", actor=other).outcome == "created"


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_has_a_length(kept: Kept, key: str) -> None:
    with pytest.raises(RecordInvalidError, match="1 to 200"):
        kept.submit(key=key)


# ---- patients --------------------------------------------------------------------------------------------------------


def test_reports_of_a_patient_are_found_by_the_nhs_number(kept: Kept) -> None:
    one, two = kept.submit(), kept.submit(report("Other.", report_id="R2"))
    kept.submit(report("Other.", report_id="R3", patient=Patient(OTHER_NUMBER)))
    found = kept.records.list(actor=PORTAL, patient=NUMBER)
    assert [view.id for view in found.reports] == [two.id, one.id]
    assert kept.records.list(actor=STRANGER, patient=NUMBER).reports == ()


def test_a_report_moved_to_another_patient_is_a_new_version_that_the_first_does_not_see(kept: Kept) -> None:
    first = kept.submit()
    kept.clock.on(days=30)
    moved = kept.submit(report(patient=Patient(OTHER_NUMBER)))
    assert (moved.id, moved.version) == (first.id, 2)
    assert kept.records.list(actor=PORTAL, patient=NUMBER, audience="patient").reports == ()
    assert [one.id for one in kept.records.list(actor=PORTAL, patient=OTHER_NUMBER).reports] == [first.id]


def test_what_is_said_of_a_patient_adds_to_what_is_known(kept: Kept) -> None:
    kept.submit()
    second = kept.submit(report("B.", report_id="R2", patient=Patient(NUMBER, identifiers=(Identifier("H1", "RXX"),))))
    found = kept.records.get(second.id, actor=RADIOLOGIST).patient
    assert found is not None
    assert (found.family, found.identifiers[0].value) == ("Example", "H1")


def test_a_patient_without_an_nhs_number_is_kept_too(kept: Kept) -> None:
    sent = report(patient=Patient(identifiers=(Identifier("H1", "RXX"),), family="Example"))
    receipt = kept.submit(sent)
    assert kept.records.get(receipt.id, actor=RADIOLOGIST).patient == sent.patient


def test_without_a_key_of_the_site_no_identifier_is_kept(database: Database) -> None:
    kept = keep(database, vault=Vault())
    with pytest.raises(KeysMissingError):
        kept.submit()
    assert kept.submit(report(patient=None)).outcome == "created"


def test_the_demonstration_keeps_invented_patients_only(database: Database) -> None:
    kept = keep(database, vault=make_vault([], demo=True))
    assert kept.submit().outcome == "created"
    for patient in (Patient(NhsNumber("4010232137")), Patient(family="Example")):
        with pytest.raises(DemoOnlyError):
            kept.submit(report("Other.", report_id="R2", patient=patient))


# ---- bad days --------------------------------------------------------------------------------------------------------


def test_a_report_that_cannot_be_explained_is_kept_and_held_and_explained_later(database: Database) -> None:
    broken = [True]

    def explain(sent: Report) -> PatientReport:
        if broken[0]:
            raise ValueError("Zyxqwvia")
        from tests.support.keeping import explain as good

        return good(sent)

    kept = keep(database, explain=explain)
    receipt = kept.submit()
    assert receipt.decision.code == "not_explained"
    assert kept.records.explain_waiting() == 0
    broken[0] = False
    kept.clock.on(days=30)
    assert kept.records.explain_waiting() == 1
    assert kept.visible(receipt.id)
    assert kept.records.explain_waiting() == 0


def test_a_service_that_is_too_busy_keeps_nothing_and_says_so(database: Database) -> None:
    def explain(_: Report) -> PatientReport:
        raise BusyError

    kept = keep(database, explain=explain)
    with pytest.raises(BusyError):
        kept.submit()
    assert kept.records.list(actor=PORTAL).reports == ()


def test_only_a_portal_hands_in_reports(kept: Kept) -> None:
    with pytest.raises(ForbiddenError):
        kept.submit(actor=RADIOLOGIST)
    assert [one.action for one in kept.records.audit()][:1] == ["refused"]


def test_the_words_of_a_patient_are_nowhere_in_the_audit(kept: Kept) -> None:
    receipt = kept.submit(report("Seen with Zyxqwvia Brontlebury."))
    kept.patient(receipt.id)
    kept.records.list(actor=PORTAL, patient=NUMBER)
    said = repr(list(kept.records.audit()))
    for word in ("Zyxqwvia", NUMBER.value, "Example", "A1", "R1'"):
        assert word not in said


def test_a_report_of_another_organisation_looks_like_none(kept: Kept) -> None:
    receipt = kept.submit()
    for asked in (receipt.id, "8f22036c-d60e-460f-aeb5-000000000000", "x"):
        with pytest.raises(ReportNotFoundError):
            kept.records.get(asked, actor=STRANGER)
        with pytest.raises(ReportNotFoundError):
            kept.records.original(asked, actor=STRANGER, audience="patient")
        with pytest.raises(ReportNotFoundError):
            kept.records.patient_version(asked, actor=STRANGER, audience="patient")
