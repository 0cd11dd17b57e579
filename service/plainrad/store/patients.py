"""Patients: sealed, found by a blind index, brought up to date by what is said of them. Sessions are given; nothing commits here."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.snapshot import from_values, to_values
from plainrad.store.seal import Vault
from plainrad.store.tables import PatientRow


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


def patient_numbers(session: Session, number: NhsNumber, *, organisation: int | None, vault: Vault) -> list[int]:
    """Return the rows of a patient, of one organisation or of all."""
    wanted = select(PatientRow.id).where(PatientRow.blind_index.in_(vault.indexes(nhs_name(number))))
    if organisation is not None:
        wanted = wanted.where(PatientRow.organisation_id == organisation)
    return list(session.scalars(wanted))


def patient_public_id(session: Session, patient: int) -> str:
    """Return the id of a patient that says nothing about the person."""
    return session.get_one(PatientRow, patient).public_id


def seal_anew(row: PatientRow, patient: Patient, vault: Vault) -> None:
    """Seal and index a patient with the newest key."""
    names = patient_names(patient)
    row.key_id, row.sealed = vault.seal(to_values(patient), row=row.public_id)
    row.blind_index = vault.index(names[0]) if names else None
