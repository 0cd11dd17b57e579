"""What brought a report is kept as it was sent, sealed, for as long as the report."""

import pytest
from sqlalchemy import func, select

from plainrad.domain.people import Patient
from plainrad.domain.records import Original, Receipt, Sent, Submission, Visible
from plainrad.domain.report import Report
from plainrad.errors import (
    DemoOnlyError,
    IdempotencyConflictError,
    KeysMissingError,
    RecordInvalidError,
    SealBrokenError,
)
from plainrad.release.policy import ReleasePolicy
from plainrad.store.engine import Database
from plainrad.store.seal import Vault, make_vault
from plainrad.store.tables import SourceRow
from tests.support.keeping import KEY, NUMBER, OTHER_KEY, PORTAL, RADIOLOGIST, Kept, keep, report

SENT = Sent("application/hl7-v2+er7", b"MSH|^~\\&|RIS\rPID|||Zyxqwvia\r\x00\xff")


def hand_in(kept: Kept, one: Report | None = None, sent: Sent = SENT) -> Receipt:
    return kept.records.submit(one or report(), actor=PORTAL, sent=sent)


def sent_with(kept: Kept, report_id: str, **options: object) -> Sent | None:
    found = kept.records.original(report_id, actor=RADIOLOGIST, audience="professional", with_sent=True, **options)  # type: ignore[arg-type]
    assert isinstance(found, Original)
    return found.sent


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(SourceRow)) or 0


def test_it_comes_back_byte_for_byte_and_only_where_it_is_asked_for(kept: Kept) -> None:
    name = hand_in(kept).id
    assert sent_with(kept, name) == SENT
    found = kept.records.original(name, actor=RADIOLOGIST, audience="professional")
    assert isinstance(found, Original)
    assert found.sent is None
    kept.clock.on(days=60)
    shown = kept.records.patient_version(name, actor=PORTAL, audience="patient", with_sent=True)
    assert isinstance(shown, Visible)
    assert shown.sent == SENT
    assert "Zyxqwvia" not in repr(shown)


def test_before_the_release_it_is_not_given(kept: Kept) -> None:
    name = hand_in(kept).id
    for found in (
        kept.records.patient_version(name, actor=PORTAL, audience="patient", with_sent=True),
        kept.records.original(name, actor=PORTAL, audience="patient", with_sent=True),
    ):
        assert getattr(found, "sent", None) is None


def test_each_version_has_its_own(kept: Kept) -> None:
    name = hand_in(kept).id
    newer = Sent("application/fhir+json", b"{}")
    hand_in(kept, report("No pneumothorax. Addendum: none."), newer)
    assert (sent_with(kept, name), sent_with(kept, name, version=1)) == (newer, SENT)


def test_what_is_missing_is_taken_over_and_what_is_known_stays(kept: Kept) -> None:
    name = kept.submit().id
    assert sent_with(kept, name) is None
    assert hand_in(kept).id == name
    hand_in(kept, sent=Sent("application/fhir+json", b"{}"))
    assert sent_with(kept, name) == SENT


def test_nothing_of_it_can_be_read_in_the_database(database: Database) -> None:
    kept = keep(database)
    hand_in(kept)
    with database.reading() as session:
        row = session.scalars(select(SourceRow)).one()
    assert b"Zyxqwvia" not in row.sealed
    assert b"MSH" not in row.sealed
    with pytest.raises(SealBrokenError):
        sent_with(keep(database, vault=make_vault([OTHER_KEY])), kept.submit().id)


def test_without_a_key_nothing_is_sealed_and_so_nothing_is_kept(database: Database) -> None:
    kept = keep(database, vault=Vault())
    name = hand_in(kept, report(patient=None)).id
    assert count(database) == 0
    assert sent_with(kept, name) is None


def test_it_is_sealed_anew_with_the_newest_key(database: Database) -> None:
    name = hand_in(keep(database)).id
    assert keep(database, vault=make_vault([OTHER_KEY, KEY])).records.rotate_keys() == 2, (
        "the patient, and what was sent"
    )
    assert sent_with(keep(database, vault=make_vault([OTHER_KEY])), name) == SENT


def test_it_goes_with_its_report(database: Database) -> None:
    kept = keep(database, policy=ReleasePolicy(excluded_exams=frozenset(), keep_reports_days=100))
    hand_in(kept)
    kept.clock.on(days=101)
    assert kept.records.purge().reports == 1
    assert count(database) == 0


# ---- several at once -----------------------------------------------------------------------------------------------


def test_several_are_kept_in_one_transaction_or_none_is(database: Database) -> None:
    kept = keep(database)
    good = [Submission(report(f"Text {n}.", report_id=f"R{n}"), sent=SENT) for n in range(3)]
    wrong = Submission(report("X.", report_id="R9"), key="k" * 300)
    with pytest.raises(RecordInvalidError):
        kept.records.submit_all([*good, wrong], actor=PORTAL, source="fhir")
    assert kept.records.list(actor=PORTAL).reports == ()
    receipts = kept.records.submit_all(good, actor=PORTAL, source="fhir")
    assert [one.outcome for one in receipts] == ["created"] * 3
    assert count(database) == 3


def test_a_failure_in_the_middle_of_the_transaction_leaves_nothing(database: Database) -> None:
    kept = keep(database, vault=make_vault([], demo=True))
    kept.submit(key="taken")
    one, two = Submission(report("A.", report_id="R7")), Submission(report("B.", report_id="R8"), key="taken")
    with pytest.raises(IdempotencyConflictError):
        kept.records.submit_all([one, two], actor=PORTAL, source="fhir")
    assert len(kept.records.list(actor=PORTAL).reports) == 1
    assert kept.records.verify_audit()[0] > 0
    stranger = report("C.", report_id="R9", patient=Patient(family="Nobody"))
    with pytest.raises(DemoOnlyError):
        kept.records.submit_all([one, Submission(stranger)], actor=PORTAL, source="fhir")
    assert len(kept.records.list(actor=PORTAL).reports) == 1


def test_two_versions_of_one_report_in_one_transaction(kept: Kept) -> None:
    both = [Submission(report("A.")), Submission(report("B."))]
    assert [one.outcome for one in kept.records.submit_all(both, actor=PORTAL, source="fhir")] == [
        "created",
        "new_version",
    ]
    again = kept.records.submit_all([both[1], both[1]], actor=PORTAL, source="fhir")
    assert [one.outcome for one in again] == ["unchanged", "unchanged"]


def test_without_keys_none_about_a_patient_is_kept(database: Database) -> None:
    kept = keep(database, vault=Vault())
    with pytest.raises(KeysMissingError):
        kept.records.submit_all(
            [Submission(report(patient=None)), Submission(report(patient=Patient(NUMBER), report_id="R2"))],
            actor=PORTAL,
            source="fhir",
        )
    assert kept.records.list(actor=PORTAL).reports == ()
