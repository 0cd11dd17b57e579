"""Finding and adding reports, their versions and their patients. Sessions are given; nothing commits here."""

import json
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from plainrad.domain.patient import PatientReport
from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.report import Report
from plainrad.domain.snapshot import from_values, to_values
from plainrad.errors import ReportNotFoundError
from plainrad.store.seal import Vault
from plainrad.store.tables import AnnotationRow, OrganisationRow, PatientRow, ReportRow, VersionRow


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


def version(session: Session, report: ReportRow, number: int | None = None) -> VersionRow:
    """Return a version of a report, the current one by default; raises ReportNotFoundError."""
    found = session.scalar(
        select(VersionRow).where(VersionRow.report_id == report.id, VersionRow.number == (number or report.current))
    )
    if found is None:
        raise ReportNotFoundError
    return found


def versions(session: Session, report: ReportRow) -> Sequence[VersionRow]:
    """Return all versions of a report, the first one first."""
    return session.scalars(
        select(VersionRow).where(VersionRow.report_id == report.id).order_by(VersionRow.number)
    ).all()


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
    explained: PatientReport | None,
    contract: bytes | None,
    patient: int | None,
    source: str,
    out_of_order: bool,
    now: datetime,
) -> VersionRow:
    """Add a version, with what it was explained as if that is known, and make it the current one."""
    read = explained.reading.exam if explained is not None else report.exam
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
    if explained is not None and contract is not None:
        add_annotation(session, added, explained, contract=contract, now=now)
    row.current = added.number
    row.patient_id = patient
    return added


def add_annotation(
    session: Session, row: VersionRow, explained: PatientReport, *, contract: bytes, now: datetime
) -> None:
    """Keep what a version was explained as. The words of the report and its patient stand in their own places only."""
    bare = replace(explained, report=replace(explained.report, text="-", patient=None, targets=()))
    values = json.dumps(to_values(bare), ensure_ascii=True, separators=(",", ":")).encode()
    session.add(
        AnnotationRow(
            version_id=row.id,
            contract=zlib.compress(contract),
            snapshot=zlib.compress(values),
            plainrad=explained.provenance.plainrad,
            glossary=explained.provenance.glossary,
            pipeline=explained.provenance.pipeline,
            created_at=now,
        )
    )
    row.explained_at = now
    row.sensitive = sorted(sensitive_categories(explained))


def sensitive_categories(explained: PatientReport) -> frozenset[str]:
    """Return the kinds of sensitive things that the report says or asks about, as the pipeline's flags name them."""
    marked = (one.code.removeprefix("sensitive_") for one in explained.flags if one.code.startswith("sensitive_"))
    return frozenset(one.replace("_", "-") for one in marked)


def stated(report: Report) -> dict[str, Any]:
    """Return everything of a report but its text and its patient."""
    values: dict[str, Any] = to_values(replace(report, text="-", patient=None, targets=()))
    values["targets"] = to_values(report.targets)
    del values["text"], values["patient"]
    return values


def report_of(row: VersionRow, patient: Patient | None) -> Report:
    """Return the Report of a version as it was sent."""
    return replace(from_values(Report, {**row.stated, "text": row.text, "patient": None}), patient=patient)


def explained_of(session: Session, row: VersionRow, report: Report) -> PatientReport | None:
    """Return what a version was explained as, with its words put back, or None as long as it was not explained."""
    kept = session.get(AnnotationRow, row.id)
    if kept is None:
        return None
    found = from_values(PatientReport, json.loads(zlib.decompress(kept.snapshot)))
    return replace(found, report=report)


def patient_names(patient: Patient) -> tuple[str, ...]:
    """Return what a patient can be found by: the NHS number, or else the numbers that organisations gave."""
    if patient.nhs_number is not None:
        return (nhs_name(patient.nhs_number),)
    return tuple(f"id|{one.system or ''}|{one.value}" for one in patient.identifiers[:1])


def nhs_name(number: NhsNumber) -> str:
    """Return the name that an NHS number is indexed under."""
    return f"nhs|{number.value}"


def patients_by_name(session: Session, name: str, *, organisation: int, vault: Vault) -> Sequence[PatientRow]:
    """Return the patients of an organisation with this name; more than one only while keys are being changed."""
    return session.scalars(
        select(PatientRow).where(
            PatientRow.organisation_id == organisation, PatientRow.blind_index.in_(vault.indexes(name))
        )
    ).all()


def keep_patient(
    session: Session, patient: Patient | None, *, organisation: int, vault: Vault, now: datetime
) -> int | None:
    """Return the number of the row of a patient, added or brought up to date; None when nobody was named."""
    if patient is None or patient == Patient(sex=patient.sex):
        return None
    names = patient_names(patient)
    found = patients_by_name(session, names[0], organisation=organisation, vault=vault) if names else ()
    if found:
        row = found[0]
        known = patient_of(row, vault)
        merged = _merged(known, patient)
        if merged != known:
            seal_anew(row, merged, vault)
            row.updated_at = now
        return row.id
    public_id = str(uuid.uuid4())
    key_id, sealed = vault.seal(to_values(patient), row=public_id)
    row = PatientRow(
        public_id=public_id,
        organisation_id=organisation,
        blind_index=vault.index(names[0]) if names else None,
        sealed=sealed,
        key_id=key_id,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _merged(known: Patient, said: Patient) -> Patient:
    """Return what is known, with what was said anew over it."""
    return Patient(
        nhs_number=said.nhs_number or known.nhs_number,
        traced=said.traced,
        identifiers=tuple(dict.fromkeys((*said.identifiers, *known.identifiers))),
        family=said.family or known.family,
        given=said.given or known.given,
        birth_date=said.birth_date or known.birth_date,
        sex=said.sex or known.sex,
    )


def patient_of(row: PatientRow, vault: Vault) -> Patient:
    """Return the patient of a row; raises KeysMissingError or SealBrokenError."""
    return from_values(Patient, vault.open(row.key_id, row.sealed, row=row.public_id))


def newest(
    session: Session,
    *,
    organisation: int | None,
    patients: Sequence[int] | None,
    accession: str | None,
    before: int | None,
    limit: int,
) -> list[tuple[ReportRow, VersionRow]]:
    """Return reports with their current versions, newest first, from before a row on."""
    wanted = (
        select(ReportRow, VersionRow)
        .join(VersionRow, (VersionRow.report_id == ReportRow.id) & (VersionRow.number == ReportRow.current))
        .options(defer(VersionRow.text), defer(VersionRow.stated))
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
    return [(row, version) for row, version in session.execute(wanted).tuples()]


def patient_numbers(session: Session, number: NhsNumber, *, organisation: int | None, vault: Vault) -> list[int]:
    """Return the rows of a patient, of one organisation or of all."""
    wanted = select(PatientRow.id).where(PatientRow.blind_index.in_(vault.indexes(nhs_name(number))))
    if organisation is not None:
        wanted = wanted.where(PatientRow.organisation_id == organisation)
    return list(session.scalars(wanted))


def organisation_codes(session: Session) -> dict[int, str]:
    """Return the ODS codes of all organisations by their numbers."""
    return dict(session.execute(select(OrganisationRow.id, OrganisationRow.code)).tuples().all())


def explained_by(session: Session, row: VersionRow) -> tuple[str, str, str] | None:
    """Return the versions of plainrad, glossary and pipeline that explained a version."""
    found = session.execute(
        select(AnnotationRow.plainrad, AnnotationRow.glossary, AnnotationRow.pipeline).where(
            AnnotationRow.version_id == row.id
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1], found[2])


def contract_of(session: Session, row: VersionRow) -> bytes | None:
    """Return the JSON of version 1 as it was made, for the record."""
    kept = session.get(AnnotationRow, row.id)
    return None if kept is None else zlib.decompress(kept.contract)


def of_patient(session: Session, patient: int) -> Sequence[ReportRow]:
    """Return all reports of a patient."""
    return session.scalars(select(ReportRow).where(ReportRow.patient_id == patient).order_by(ReportRow.id)).all()


def patient_public_id(session: Session, patient: int) -> str:
    """Return the id of a patient that says nothing about the person."""
    return session.get_one(PatientRow, patient).public_id


def find(session: Session, public_id: str) -> ReportRow | None:
    """Return the report of an id, of whatever organisation, or None."""
    return session.scalar(select(ReportRow).where(ReportRow.public_id == public_id))


def seal_anew(row: PatientRow, patient: Patient, vault: Vault) -> None:
    """Seal and index a patient with the newest key."""
    names = patient_names(patient)
    row.key_id, row.sealed = vault.seal(to_values(patient), row=row.public_id)
    row.blind_index = vault.index(names[0]) if names else None
