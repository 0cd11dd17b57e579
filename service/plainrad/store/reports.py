"""Finding and adding reports, their versions and their patients. Sessions are given; nothing commits here."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, defer

from plainrad.domain.people import Patient
from plainrad.domain.release import ReleaseState
from plainrad.domain.report import Report
from plainrad.domain.snapshot import from_values, to_values
from plainrad.errors import ReportNotFoundError
from plainrad.store.annotations import Packed, add_annotation
from plainrad.store.tables import OrganisationRow, ReportRow, VersionRow

_ROWS = (
    select(ReportRow, VersionRow)
    .join(VersionRow, (VersionRow.report_id == ReportRow.id) & (VersionRow.number == ReportRow.current))
    .where(ReportRow.public_id == bindparam("public_id"))
)
_OWN = _ROWS.join(OrganisationRow, OrganisationRow.id == ReportRow.organisation_id).where(
    OrganisationRow.code == bindparam("code")
)
_WORDS = (defer(VersionRow.text), defer(VersionRow.stated))
# By whether the organisation is known, and whether the words are needed. Made once: they are asked at every reading.
_CURRENT = {
    (False, True): _ROWS, (True, True): _OWN, (False, False): _ROWS.options(*_WORDS), (True, False): _OWN.options(*_WORDS),
}  # fmt: skip
_REVISIONS = select(ReportRow.id, ReportRow.revision).where(ReportRow.id.in_(bindparam("ids", expanding=True)))


def organisation_id(session: Session, code: str) -> int | None:
    """Return the number of an organisation, or None for one of which nothing was ever kept."""
    return session.scalar(select(OrganisationRow.id).where(OrganisationRow.code == code))


def organisation_number(session: Session, code: str, *, now: datetime) -> int:
    """Return the number of an organisation, which is added when it is new."""
    found = organisation_id(session, code)
    if found is not None:
        return found
    row = OrganisationRow(code=code, name=None, created_at=now)
    session.add(row)
    session.flush()
    return row.id


def organisation_code(session: Session, number: int) -> str:
    """Return the ODS code of an organisation."""
    return session.scalars(select(OrganisationRow.code).where(OrganisationRow.id == number)).one()


def report_key(report: Report) -> str | None:
    """Return what makes two submissions one report: the filler order number, or else the accession number."""
    if report.report_id:
        return f"report:{report.report_id}"
    return f"accession:{report.accession}" if report.accession else None


def by_key(session: Session, *, organisation: int, key: str | None) -> ReportRow | None:
    """Return the report of an organisation with this key."""
    if key is None:
        return None
    return session.scalar(
        select(ReportRow).where(ReportRow.organisation_id == organisation, ReportRow.report_key == key)
    )


def known(session: Session, report: Report, *, organisation: int) -> ReportRow | None:
    """Return the report that a submission is a version of.

    A copy may come with the accession number alone and another one with the filler number too (over HL7 and over FHIR, say): where
    one side has no filler number, the same accession number makes them one. Two filler numbers are two reports, always; and where
    several reports have the accession number, nobody can tell which one a copy without a filler number is.
    """
    found = by_key(session, organisation=organisation, key=report_key(report))
    if found is not None or not report.accession:
        return found
    if report.report_id:
        return by_key(session, organisation=organisation, key=f"accession:{report.accession}")
    wanted = select(ReportRow).where(ReportRow.organisation_id == organisation, ReportRow.accession == report.accession)
    several = session.scalars(wanted.where(ReportRow.report_id.is_not(None)).limit(2)).all()
    return several[0] if len(several) == 1 else None


def take_number(row: ReportRow, report: Report) -> bool:
    """Take over the filler number of a report that was known by its accession number alone; returns whether there was one."""
    if row.report_id or not report.report_id:
        return False
    row.report_id, row.report_key = report.report_id, report_key(report)
    return True


def by_id(session: Session, public_id: str, *, organisation: str | None) -> ReportRow:
    """Return the report; raises ReportNotFoundError, also for one of another organisation (None: of any)."""
    wanted = select(ReportRow).where(ReportRow.public_id == public_id)
    if organisation is not None:
        wanted = wanted.join(OrganisationRow, OrganisationRow.id == ReportRow.organisation_id)
        wanted = wanted.where(OrganisationRow.code == organisation)
    found = session.scalar(wanted)
    if found is None:
        raise ReportNotFoundError
    return found


def current(
    session: Session, public_id: str, *, organisation: str | None, text: bool = True
) -> tuple[ReportRow, VersionRow]:
    """Return a report and its current version in one look, without the words if they are not needed; raises ReportNotFoundError."""
    named = {"public_id": public_id} if organisation is None else {"public_id": public_id, "code": organisation}
    found = session.execute(_CURRENT[organisation is not None, text], named).one_or_none()
    if found is None:
        raise ReportNotFoundError
    return found[0], found[1]


def revisions(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Return the present revisions of reports by their rows; what was removed is not among them."""
    return dict(session.execute(_REVISIONS, {"ids": numbers}).all())


def version(session: Session, report: ReportRow, number: int | None = None) -> VersionRow:
    """Return a version of a report, the current one by default; raises ReportNotFoundError."""
    found = session.scalar(
        select(VersionRow).where(VersionRow.report_id == report.id, VersionRow.number == (number or report.current))
    )
    if found is None:
        raise ReportNotFoundError
    return found


def versions(session: Session, report: ReportRow, *, text: bool = True) -> Sequence[VersionRow]:
    """Return all versions of a report, the first one first, without the words if they are not needed."""
    wanted = select(VersionRow).where(VersionRow.report_id == report.id).order_by(VersionRow.number)
    return session.scalars(wanted if text else wanted.options(*_WORDS)).all()


def count_versions(session: Session, report: ReportRow) -> int:
    """Return how many versions a report has."""
    return session.scalars(select(func.count(VersionRow.id)).where(VersionRow.report_id == report.id)).one()


def add_report(session: Session, report: Report, *, organisation: int, patient: int | None, now: datetime) -> ReportRow:
    """Add a report without versions."""
    row = ReportRow(
        public_id=str(uuid.uuid4()),
        organisation_id=organisation,
        report_key=report_key(report),
        report_id=report.report_id,
        accession=report.accession,
        patient_id=patient,
        current=0,
        revision=0,
        received_at=now,
        updated_at=now,
        check_at=None,
    )
    session.add(row)
    session.flush()
    return row


def add_version(
    session: Session,
    row: ReportRow,
    report: Report,
    *,
    packed: Packed | None,
    patient: int | None,
    source: str,
    out_of_order: bool,
    now: datetime,
) -> VersionRow:
    """Add a version, with what it was explained as if that is known, and make it the current one."""
    read = packed.exam if packed is not None else report.exam
    added = VersionRow(
        report_id=row.id,
        number=row.current + 1,
        text=report.text,
        sha256=report.sha256,
        status=report.status.value,
        patient_id=patient,
        stated=stated(report),
        exam_code=report.exam.code.value if report.exam.code else None,
        exam_system=report.exam.code.system if report.exam.code else None,
        exam_title=report.exam.title or read.title,
        modality=report.exam.modality or read.modality,
        body_regions=sorted({*report.exam.body_regions, *read.body_regions}),
        requester=report.requester,
        verified_at=report.verified_at,
        received_at=now,
        source=source,
        out_of_order=out_of_order,
        episode=0,
    )
    session.add(added)
    session.flush()
    if packed is not None:
        add_annotation(session, added, packed, now=now)
    row.current = added.number
    row.patient_id = patient
    return added


def stated(report: Report) -> dict[str, Any]:
    """Return everything of a report but its text and its patient."""
    values: dict[str, Any] = to_values(replace(report, text="-", patient=None, targets=()))
    values["targets"] = to_values(report.targets)
    del values["text"], values["patient"]
    return values


def report_of(row: VersionRow, patient: Patient | None) -> Report:
    """Return the Report of a version as it was sent."""
    return replace(from_values(Report, {**row.stated, "text": row.text, "patient": None}), patient=patient)


def newest(
    session: Session,
    *,
    organisation: int | None,
    patients: Sequence[int] | None,
    accession: str | None,
    before: int | None,
    limit: int,
    rows: Sequence[int] | None = None,
    text: bool = False,
) -> list[tuple[ReportRow, VersionRow]]:
    """Return reports with their current versions, newest first, from before a row on; `rows`: of these alone, `text`: with the words."""
    wanted = (
        select(ReportRow, VersionRow)
        .join(VersionRow, (VersionRow.report_id == ReportRow.id) & (VersionRow.number == ReportRow.current))
        .options(*(() if text else _WORDS))
        .order_by(ReportRow.id.desc())
        .limit(limit)
    )
    if organisation is not None:
        wanted = wanted.where(ReportRow.organisation_id == organisation)
    if patients is not None:
        wanted = wanted.where(ReportRow.patient_id.in_(patients))
    if accession is not None:
        wanted = wanted.where(ReportRow.accession == accession)
    if before is not None:
        wanted = wanted.where(ReportRow.id < before)
    if rows is not None:
        wanted = wanted.where(ReportRow.id.in_(rows))
    return [(row, version) for row, version in session.execute(wanted)]


def standing(
    session: Session, *, organisation: int, state: ReleaseState, before: int | None, limit: int, now: datetime
) -> list[int]:
    """Return the rows of reports that stand so, as far as the hints know, newest first. Each is to be decided anew.

    Time alone makes one step: what was embargoed is released. A hint that is missing may be anything.
    """
    kinds: list[tuple[str | None, Any]] = [(state, None), (None, None)]
    if state == "released":
        kinds.append(("embargoed", ReportRow.opens_at <= now))
    elif state == "embargoed":
        kinds[0] = (state, ReportRow.opens_at > now)
    found: list[int] = []
    for hint, open_or_not in kinds:
        wanted = select(ReportRow.id).where(ReportRow.organisation_id == organisation, ReportRow.standing == hint)
        if open_or_not is not None:
            wanted = wanted.where(open_or_not)
        if before is not None:
            wanted = wanted.where(ReportRow.id < before)
        found += session.scalars(wanted.order_by(ReportRow.id.desc()).limit(limit))
    return sorted(found, reverse=True)[:limit]


def organisation_codes(session: Session) -> dict[int, str]:
    """Return the ODS codes of all organisations by their numbers."""
    return dict(session.execute(select(OrganisationRow.id, OrganisationRow.code)).all())


def of_patient(session: Session, patient: int) -> Sequence[ReportRow]:
    """Return all reports of a patient."""
    return session.scalars(select(ReportRow).where(ReportRow.patient_id == patient).order_by(ReportRow.id)).all()


def find(session: Session, public_id: str) -> ReportRow | None:
    """Return the report of an id, of whatever organisation, or None."""
    return session.scalar(select(ReportRow).where(ReportRow.public_id == public_id))
