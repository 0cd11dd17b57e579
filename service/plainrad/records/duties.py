"""What has to be done from time to time: announce, explain what could not be explained, purge, seal anew.

All of it can be stopped at any moment and begun again.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from plainrad.domain.records import SYSTEM, Actor, AuditEntry, Delivery, Purged
from plainrad.errors import PlainradError
from plainrad.formats.contract import to_schema
from plainrad.records.counted import add_counted, counted, with_patient
from plainrad.records.follow import CHANGED, RELEASED, announce, changed, look_again
from plainrad.records.room import Room
from plainrad.store import annotations, audit, due, idempotency, outbox, patients, reports, shelves
from plainrad.store.engine import Session
from plainrad.store.reseal import reseal_all
from plainrad.store.sources import seal_source_anew, sources_to_seal
from plainrad.store.tables import ReportRow

_BATCH = 100
_FEW = 20
_SHELVES, _LATEST = "shelves", "1"  # of another number all reports are put on their shelves anew
LEASE = timedelta(minutes=2)


def announce_due(room: Room, *, limit: int) -> int:
    """Announce what can be read now and was not announced, and return how many. Each is told once."""
    with room.database.reading() as session:
        waiting = list(due.to_announce(session, now=room.now(), limit=limit))
    told = 0
    for start in range(0, len(waiting), _BATCH):
        with room.database.unit() as session:
            for number in waiting[start : start + _BATCH]:
                row = session.get(ReportRow, number)
                if row is not None:
                    told += announce(room, session, row, reports.version(session, row))
    return told


def follow_policy(room: Room) -> int:
    """Work out anew when the worker has to look at each report, and where the work list shows it; returns how many.

    Nothing is done when the policy and the kind of shelves are those of last time.
    """
    digest = room.policy.digest()
    with room.database.reading() as session:
        if due.site_fact(session, due.POLICY) == digest and due.site_fact(session, _SHELVES) == _LATEST:
            return 0
    after = count = 0
    while True:
        with room.database.unit() as session:
            rows = due.all_reports(session, after=after, limit=5 * _BATCH)
            for (row, version), decision in zip(rows, room.decisions(session, rows), strict=True):
                if version.announced_at is not None and not decision.visible:
                    changed(room, session, row, version)
                else:
                    look_again(row, version, decision)
                    shelves.put(session, row, version, decision)
            count += len(rows)
            if len(rows) < 5 * _BATCH:
                shelves.recount(session)
                due.set_site_fact(session, due.POLICY, digest)
                due.set_site_fact(session, _SHELVES, _LATEST)
                room.audit(
                    session,
                    SYSTEM,
                    "policy_applied",
                    object_kind="policy",
                    object_id=digest[:16],
                    details={"reports": count},
                )
                return count
            after = rows[-1][0].id


def explain_waiting(room: Room, *, limit: int) -> int:
    """Explain kept versions that could not be explained before, and return how many now are."""
    after = done = 0
    for _ in range(limit):
        with room.database.reading() as session:
            found = due.to_explain(session, after=after, limit=1)
            if not found:
                return done
            number, after = found[0].number, found[0].id
            public_id = session.get_one(ReportRow, found[0].report_id).public_id
            report = reports.report_of(found[0], None)
            whole = with_patient(room, session, found[0], report)
        try:
            explained = room.explain(report)
            contract = to_schema(explained).model_dump_json().encode("utf-8", "surrogatepass")
            packed = annotations.pack(explained, contract=contract)
            made = counted(room, whole or report, explained)
            made = made if whole is not None else replace(made, words=frozenset())
        except PlainradError:
            return done
        except Exception:  # noqa: S112  its reason may hold words of the report; that it waits can be seen in the store
            continue
        with room.database.unit() as session:
            row = reports.by_id(session, public_id, organisation=None)
            version = reports.version(session, row, number)
            if version.explained_at is None:
                annotations.add_annotation(session, version, packed, now=room.now())
                decision = changed(room, session, row, reports.version(session, row))
                add_counted(room, session, row, version, decision, made, first=number == 1)
                room.audit(session, SYSTEM, "explained", object_id=public_id, details={"version": number})
                done += 1
    return done


def take(room: Room, *, limit: int) -> list[Delivery]:
    """Return deliveries that are due. A release, or a change, that no longer holds is not told: it ends here, and what waited behind it is given."""
    given: list[Delivery] = []
    with room.database.unit() as session:
        while len(given) < limit:
            found = outbox.take(session, now=room.now(), limit=limit - len(given), lease=LEASE)
            for one in found:
                if one.kind in (RELEASED, CHANGED) and not _still(room, session, one):
                    outbox.settle(session, one.id, outcome="overtaken", error=None, next_at=None, now=room.now())
                else:
                    given.append(one)
            if not found:
                break
            session.flush()
    return given


def _still(room: Room, session: Session, delivery: Delivery) -> bool:
    row = reports.find(session, delivery.report_id)
    if row is None or row.current != delivery.payload["version"]:
        return False
    return room.decision(session, row, reports.version(session, row)).visible


def settle(
    room: Room, delivery: Delivery, *, outcome: str | None, error: str | None = None, wait: timedelta | None = None
) -> bool:
    """Write what became of a delivery: `outcome` ends it, else it is tried again after `wait`. False when it had ended before."""
    now = room.now()
    with room.database.unit() as session:
        return outbox.settle(
            session, delivery.id, outcome=outcome, error=error, next_at=now + wait if wait else None, now=now
        )


def purge(room: Room, *, actor: Actor, limit: int) -> Purged:
    """Remove what the policy keeps no longer, and return how much; each report leaves a line in the audit, and nothing else."""
    room.allow(actor, "purge")
    now, policy = room.now(), room.policy
    gone = versions = 0
    while policy.keep_reports_days is not None and gone < limit:
        with room.database.unit() as session:
            rows = due.to_purge(
                session, before=now - timedelta(days=policy.keep_reports_days), limit=min(_BATCH, limit - gone)
            )
            for row in rows:
                count = reports.count_versions(session, row)
                details = {
                    "versions": count,
                    "received_at": row.received_at.isoformat(),
                    "days": policy.keep_reports_days,
                }
                room.audit(session, actor, "purged", object_id=row.public_id, details=details)
                audit.forget_reasons(session, object_id=row.public_id)
                shelves.drop(session, row)
                due.remove(session, row)
                gone, versions = gone + 1, versions + count
            if len(rows) < _BATCH:
                break
    with room.database.unit() as session:
        keys = idempotency.forget(session, before=now - timedelta(days=policy.keep_keys_days))
        sent = outbox.forget(session, before=now - timedelta(days=policy.keep_deliveries_days))
        if keys or sent:
            details = {"keys": keys, "deliveries": sent}
            room.audit(session, actor, "purged", object_kind="store", object_id=None, details=details)
    return Purged(gone, versions, keys, sent)


def rotate_keys(room: Room, *, actor: Actor) -> int:
    """Seal everything that is sealed with the newest key, and return how much was not. Afterwards the older keys may be taken away."""
    room.allow(actor, "keys")
    newest = room.vault.newest.id
    after = count = 0
    while True:
        with room.database.unit() as session:
            rows = due.patients_to_seal(session, key_id=newest, after=after, limit=_BATCH)
            for row in rows:
                patients.seal_anew(row, patients.patient_of(row, room.vault), room.vault)
                row.updated_at = room.now()
            addresses = reseal_all(session, room.vault) if len(rows) < _BATCH else 0
            count += len(rows) + addresses
            if rows or addresses:
                details = {"patients": len(rows), "webhooks": addresses}
                room.audit(session, actor, "keys_rotated", object_kind="store", object_id=newest, details=details)
        if len(rows) < _BATCH:
            return count + _rotate_sources(room, actor=actor)
        after = rows[-1].id


def _rotate_sources(room: Room, *, actor: Actor) -> int:
    """Seal what brought the reports anew, a few at a time: some are large."""
    newest, count = room.vault.newest.id, 0
    while True:
        with room.database.unit() as session:
            rows = sources_to_seal(session, key_id=newest, limit=_FEW)
            for row in rows:
                seal_source_anew(row, room.vault)
            count += len(rows)
            if rows:
                details = {"sources": len(rows)}
                room.audit(session, actor, "keys_rotated", object_kind="store", object_id=newest, details=details)
        if len(rows) < _FEW:
            return count


def verify_audit(room: Room, *, head: tuple[int, str] | None) -> tuple[int, str]:
    """Return number and hash of the last line of the audit; raises AuditBrokenError."""
    with room.database.reading() as session:
        return audit.verify(session, head=head)


def audit_entries(room: Room, *, actor: Actor, report_id: str | None) -> Iterator[AuditEntry]:
    """Yield the audit in its order, of all or of one report; that it was read is its newest line."""
    room.allow(actor, "audit")
    with room.database.unit() as session:
        room.audit(session, actor, "audit_read", object_kind="audit", object_id=report_id)
    with room.database.reading() as session:
        for one in audit.entries(session, object_id=report_id):
            if actor.organisation is None or one.organisation in (actor.organisation, None):
                yield one
