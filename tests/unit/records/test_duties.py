"""What is done from time to time: news, the outbox, explaining, purging, keys."""

import io
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from plainrad.domain.access import Client, Scope, Webhook
from plainrad.domain.people import NhsNumber, Patient
from plainrad.errors import ReportNotFoundError, SealBrokenError
from plainrad.log import make_log
from plainrad.records.records import Records
from plainrad.records.worker import Worker
from plainrad.release.policy import ReleasePolicy
from plainrad.store.access import DatabaseAccessStore
from plainrad.store.engine import Database
from plainrad.store.seal import make_vault
from plainrad.store.webhooks import WebhookStore
from tests.support.keeping import (
    KEY,
    NUMBER,
    OTHER_KEY,
    OTHER_NUMBER,
    PORTAL,
    RADIOLOGIST,
    SHOWS_ALL,
    TUESDAY,
    Kept,
    keep,
    report,
)


def with_webhook(kept: Kept, organisation: str = "RXX") -> None:
    """Let the portal be told."""
    client = Client(f"portal-{organisation.lower()}", organisation, "-", frozenset(Scope), TUESDAY)
    DatabaseAccessStore(kept.database).add_client(client)
    hook = Webhook(f"hook-{organisation}", client.id, organisation, "https://portal.example/", "secret", TUESDAY)
    assert WebhookStore(kept.database, kept.records.room.vault).add(hook, most=9)


def kinds(kept: Kept) -> list[str]:
    """What is due to be sent, all of it sent."""
    found = []
    while due := kept.records.take():
        for one in due:
            found.append(one.kind)
            kept.records.settle(one, outcome="delivered")
    return found


def test_a_release_is_announced_once_and_not_before_its_time(kept: Kept) -> None:
    with_webhook(kept)
    receipt = kept.submit()
    assert kept.records.announce() == 0
    kept.clock.at = receipt.decision.available_from - timedelta(microseconds=1)
    assert kept.records.announce() == 0
    kept.clock.on(microseconds=1)
    assert [kept.records.announce() for _ in range(3)] == [1, 0, 0]
    (delivery,) = kept.records.take()
    assert delivery.payload["report"] == receipt.id
    assert NUMBER.value not in repr(delivery.payload)


def test_only_the_addresses_of_the_organisation_are_told(kept: Kept) -> None:
    with_webhook(kept, "RYY")
    kept.submit()
    kept.clock.on(days=30)
    assert kept.records.announce() == 1
    assert kept.records.take() == []


def test_what_was_announced_and_is_held_again_is_taken_back_and_announced_anew(kept: Kept) -> None:
    with_webhook(kept)
    name = kept.submit().id
    kept.clock.on(days=30)
    kept.records.announce()
    assert kinds(kept) == ["report.released"]
    kept.records.hold(name, actor=RADIOLOGIST, kind="clinical", reason="Wait.")
    assert kinds(kept) == ["report.retracted"]
    kept.records.lift(name, actor=RADIOLOGIST, kind="clinical", reason="Done.")
    assert [kept.records.announce(), kept.records.announce()] == [1, 0]
    assert kinds(kept) == ["report.released"]


def test_a_correction_of_an_announced_version_takes_it_back(kept: Kept) -> None:
    with_webhook(kept)
    kept.submit()
    kept.clock.on(days=30)
    kept.records.announce()
    kept.submit(report("Other words.", verified_at=kept.clock()))
    assert kinds(kept) == ["report.retracted"], "the release that was not sent yet no longer holds"
    kept.clock.on(days=30)
    kept.records.announce()
    assert kinds(kept) == ["report.released"]


def test_a_delivery_is_given_to_one_worker_and_to_another_when_the_first_died(kept: Kept) -> None:
    with_webhook(kept)
    kept.submit()
    kept.clock.on(days=30)
    kept.records.announce()
    (first,) = kept.records.take()
    assert kept.records.take() == []
    kept.clock.on(minutes=3)
    (second,) = kept.records.take()
    assert (second.id, second.attempt) == (first.id, 2)
    assert kept.records.settle(second, outcome="delivered")
    assert not kept.records.settle(first, outcome="delivered")


def test_news_of_one_report_are_sent_in_their_order(kept: Kept) -> None:
    with_webhook(kept)
    name = kept.submit().id
    kept.clock.on(days=30)
    kept.records.announce()
    (first,) = kept.records.take()
    kept.records.hold(name, actor=RADIOLOGIST, kind="clinical", reason="Wait.")
    assert kept.records.take() == [], "the retraction waits for the release before it"
    kept.records.settle(first, outcome=None, error="no_answer", wait=timedelta(hours=1))
    assert kept.records.take() == []
    kept.clock.on(hours=1)
    assert kinds(kept) == ["report.retracted"]


def test_an_address_that_is_down_for_a_day_gets_its_news_when_it_is_back(kept: Kept) -> None:
    with_webhook(kept)
    kept.submit()
    kept.clock.on(days=30)
    kept.records.announce()
    tries = 0
    for _ in range(24 * 4):
        kept.clock.on(minutes=15)
        for one in kept.records.take():
            tries += 1
            kept.records.settle(one, outcome=None, error="no_answer", wait=timedelta(hours=1))
    assert 20 < tries < 30
    kept.clock.on(hours=1)
    assert kinds(kept) == ["report.released"]


def test_another_policy_moves_what_the_worker_looks_at(kept: Kept) -> None:
    receipt = kept.submit()
    assert kept.records.follow_policy() == 1
    assert kept.records.follow_policy() == 0
    kept.clock.on(days=15)
    assert kept.records.announce() == 0
    sooner = Records(replace(kept.records.room, policy=replace(SHOWS_ALL, days=14)))
    assert (
        kept.records.patient_version(receipt.id, actor=PORTAL, audience="patient").__class__.__name__ == "NotReleased"
    )
    assert sooner.follow_policy() == 1
    assert sooner.announce() == 1


def test_a_stricter_policy_takes_back_what_was_announced(kept: Kept) -> None:
    with_webhook(kept)
    kept.submit()
    kept.clock.on(days=30)
    kept.records.announce()
    kinds(kept)
    stricter = Records(replace(kept.records.room, policy=replace(SHOWS_ALL, days=90)))
    stricter.follow_policy()
    assert kinds(kept) == ["report.retracted"]


# ---- purge -----------------------------------------------------------------------------------------------------------


def test_a_purge_removes_what_is_no_longer_kept_and_says_so_in_the_audit(database: Database) -> None:
    kept = keep(database, policy=ReleasePolicy(excluded_exams=frozenset(), keep_reports_days=100, keep_keys_days=10))
    old = kept.submit(key="k1")
    kept.records.hold(old.id, actor=RADIOLOGIST, kind="clinical", reason="Zyxqwvia is upset.")
    kept.clock.on(days=99)
    young = kept.submit(report("Other.", report_id="R2", patient=Patient(OTHER_NUMBER)))
    assert kept.records.purge().reports == 0
    kept.clock.on(days=2)
    gone = kept.records.purge()
    assert (gone.reports, gone.versions) == (1, 1)
    with pytest.raises(ReportNotFoundError):
        kept.records.get(old.id, actor=PORTAL)
    assert kept.records.get(young.id, actor=PORTAL).id == young.id
    lines = list(kept.records.audit(report_id=old.id))
    assert [one.action for one in lines if one.object_kind == "report"] == ["submitted_created", "held", "purged"]
    assert [one.reason for one in lines] == [None] * len(lines)
    assert kept.records.verify_audit()[0] > 0
    assert kept.records.list(actor=PORTAL, patient=NUMBER).reports == ()
    if database.sqlite and database.file is not None:
        database.close()
        assert b"Zyxqwvia" not in b"".join(
            one.read_bytes() for one in database.file.parent.glob(f"{database.file.stem}*")
        )


def test_nothing_is_purged_unless_the_policy_says_so(kept: Kept) -> None:
    kept.submit()
    kept.clock.on(days=10_000)
    assert kept.records.purge().reports == 0


# ---- keys ------------------------------------------------------------------------------------------------------------


def test_identifiers_are_sealed_anew_with_the_newest_key_and_found_all_the_while(database: Database) -> None:
    kept = keep(database)
    with_webhook(kept)
    name = kept.submit().id
    both = keep(database, vault=make_vault([OTHER_KEY, KEY]))
    assert [one.id for one in both.records.list(actor=PORTAL, patient=NUMBER).reports] == [name]
    assert both.submit(report("B.", report_id="R2")).outcome == "created"
    assert both.records.rotate_keys() == 2
    assert both.records.rotate_keys() == 0
    new = keep(database, vault=make_vault([OTHER_KEY]))
    assert len(new.records.list(actor=PORTAL, patient=NUMBER).reports) == 2
    found = new.records.get(name, actor=RADIOLOGIST).patient
    assert found is not None
    assert found.nhs_number == NhsNumber(NUMBER.value)
    assert WebhookStore(database, new.records.room.vault).find("hook-RXX") is not None
    with pytest.raises(SealBrokenError):
        keep(database).records.get(name, actor=RADIOLOGIST)


# ---- the worker ------------------------------------------------------------------------------------------------------


def test_the_worker_does_what_is_due_and_waits_when_the_database_is_gone(kept: Kept) -> None:
    log, stop = io.StringIO(), Event()
    worker = Worker(kept.records, make_log(stream=log))
    kept.submit()
    kept.clock.on(days=30)
    assert worker.once().announced == 1
    assert worker.once().idle
    kept.database.close()
    gone = Worker(Records(replace(kept.records.room, database=_Gone())), make_log(stream=log), tidy=stop.set)  # type: ignore[arg-type]

    class StopAfterOne(Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout == 5.0
            self.set()
            return True

    gone.run(StopAfterOne())
    assert '"code": "store_unavailable"' in log.getvalue()
    assert not stop.is_set()


class _Gone:
    """A database that does not answer."""

    def reading(self) -> None:
        from plainrad.errors import StoreUnavailableError

        raise StoreUnavailableError

    unit = reading


def test_the_purge_of_the_worker_is_once_a_day(kept: Kept) -> None:
    tidied: list[int] = []
    worker = Worker(kept.records, make_log(stream=io.StringIO()), tidy=lambda: tidied.append(1))
    for _ in range(50):
        worker.once()
        kept.clock.on(hours=1)
    assert len(tidied) == 3
