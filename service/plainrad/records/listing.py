"""Lists of kept reports, newest first, a page at a time."""

from dataclasses import dataclass, replace

from plainrad.domain.people import NhsNumber
from plainrad.domain.records import Actor, Page, ReportView
from plainrad.domain.release import Audience, ReleaseState
from plainrad.errors import RecordInvalidError
from plainrad.records.cursor import read_cursor, write_cursor
from plainrad.records.read import listed
from plainrad.records.room import Room, words
from plainrad.records.seen import Seen, seen
from plainrad.release.decide import told
from plainrad.store import due, patients, reports
from plainrad.store.engine import Session
from plainrad.store.tables import ReportRow, VersionRow

_MOST_ROWS = 200
_SCANNED = 500  # so many reports are looked at for one page of a list that leaves some out
_AT_ONCE = 100
# The states whose hints hold for an audience: what a patient or a proxy is told can be another state than the one that is known.
_HINTED: dict[Audience, frozenset[ReleaseState]] = {
    "professional": frozenset({"embargoed", "released", "held", "retracted"}),
    "patient": frozenset({"embargoed", "released", "retracted"}),
    "proxy": frozenset({"released", "retracted"}),
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    patient: NhsNumber | None
    accession: str | None
    state: ReleaseState | None
    audience: Audience
    before: int | None
    limit: int

    @property
    def for_staff(self) -> bool:
        return self.audience == "professional"


def list_reports(
    room: Room,
    *,
    actor: Actor,
    patient: NhsNumber | None,
    accession: str | None,
    state: ReleaseState | None,
    audience: Audience,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of reports, newest first. See `Records.list`."""
    room.allow(actor, "read")
    if not 1 <= limit <= _MOST_ROWS:
        raise RecordInvalidError(f"limit: 1 to {_MOST_ROWS}.")
    if accession is not None:
        words("accession", accession)
    wanted = _Wanted(patient, accession, state, audience, read_cursor(cursor), limit)

    def look(session: Session) -> Seen[Page]:
        found, rows = _page(room, session, actor, wanted)
        by = [name for name, given in (("patient", patient), ("accession", accession), ("state", state)) if given]
        details = {"by": by, "audience": audience, "reports": [one.id for one in found.reports]}
        return Seen(found, rows, "listed", details, object_kind="reports")

    return seen(room, actor, look)


def _page(room: Room, session: Session, actor: Actor, wanted: _Wanted) -> tuple[Page, list[ReportRow]]:
    organisation = None if actor.organisation is None else reports.organisation_id(session, actor.organisation)
    if actor.organisation is not None and organisation is None:
        return Page((), None), []
    people: list[int] | None = None
    if wanted.patient is not None:
        people = patients.patient_numbers(session, wanted.patient, organisation=organisation, vault=room.vault)
        if not people:
            return Page((), None), []
    codes = reports.organisation_codes(session)
    hinted = _hinted(room, session, wanted, organisation=organisation)
    chosen: list[tuple[ReportRow, ReportView]] = []
    # One more than asked for: a page says that it goes on only where something follows that this audience may know of.
    enough = wanted.limit + 1
    picky = wanted.state is not None or not wanted.for_staff
    # A few more where some may be left out: a second look for the one that is missing would cost as much as the first.
    looked, before, many = 0, wanted.before, enough + (max(5, enough // 5) if picky else 0)
    while looked < _SCANNED:
        rows = _next(room, session, wanted, organisation, people, before=before, limit=many, hinted=hinted)
        decisions = room.decisions(session, rows, audience="proxy" if wanted.audience == "proxy" else "patient")
        for (row, version), decision in zip(rows, decisions, strict=True):
            before = row.id
            known = decision if wanted.for_staff else told(decision)
            hidden = not wanted.for_staff and not decision.visible and decision.tell == "nothing"
            if hidden or (wanted.state is not None and known.state != wanted.state):
                continue
            seen_as = listed(row, version, known, code=codes[row.organisation_id])
            if wanted.for_staff:
                seen_as = replace(seen_as, sensitive=tuple(version.sensitive or ()), looked_at=version.looked_at)
            chosen.append((row, seen_as))
            if len(chosen) == enough:
                return _made(chosen[:-1], chosen[-2][0].id)
        if len(rows) < many:
            return _made(chosen, None)
        looked += len(rows)
        many = max(enough, _AT_ONCE)  # most are left out: a page of one must not look at them one by one
    return _made(chosen, before)


def _made(chosen: list[tuple[ReportRow, ReportView]], before: int | None) -> tuple[Page, list[ReportRow]]:
    cursor = write_cursor(before) if before is not None else None
    return Page(tuple(view for _, view in chosen), cursor), [row for row, _ in chosen]


def _hinted(room: Room, session: Session, wanted: _Wanted, *, organisation: int | None) -> bool:
    """Return True where the hints of the table find the reports: they were worked out with the policy of today, and say enough."""
    if wanted.state is None or organisation is None or wanted.patient is not None or wanted.accession is not None:
        return False
    return wanted.state in _HINTED[wanted.audience] and due.site_fact(session, due.POLICY) == room.policy.digest()


def _next(
    room: Room,
    session: Session,
    wanted: _Wanted,
    organisation: int | None,
    people: list[int] | None,
    *,
    before: int | None,
    limit: int,
    hinted: bool,
) -> list[tuple[ReportRow, VersionRow]]:
    rows: list[int] | None = None
    if hinted and organisation is not None and wanted.state is not None:
        rows = reports.standing(
            session, organisation=organisation, state=wanted.state, before=before, limit=limit, now=room.now()
        )
    return reports.newest(
        session, organisation=organisation, patients=people, accession=wanted.accession, before=before, limit=limit, rows=rows
    )  # fmt: skip
