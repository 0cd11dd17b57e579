"""Reports about invented patients, for properties: who, what, when, by whom, for whom."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from plainrad.domain.people import Identifier, NhsNumber, Patient, Sex
from plainrad.domain.report import Code, Exam, Report, ReportStatus


def _with_check_digit(nine: int) -> str | None:
    digits = f"9{nine:08d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    return None if check == 10 else f"{digits}{check}"


def names(longest: int = 30) -> st.SearchStrategy[str]:
    """Names with letters of many alphabets, marks and spaces inside, and none at the ends."""
    letters = st.characters(categories=("L", "N"), include_characters="'-. ", codec="utf-8")
    return st.text(letters, min_size=1, max_size=longest).map(str.strip).filter(bool)


NUMBERS = st.integers(0, 99_999_999).map(_with_check_digit).filter(bool).map(lambda one: NhsNumber(str(one)))
# FHIR and DICOM hold milliseconds or more; HL7 v2 holds four digits of a second. A whole second goes through all.
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(  # noqa: DTZ001
    lambda one: one.replace(microsecond=0, tzinfo=UTC)
)


def codes() -> st.SearchStrategy[str]:
    """What stands in numbers and codes."""
    return st.text("ABCXYZ0123456789-", min_size=1, max_size=12)


def patients() -> st.SearchStrategy[Patient]:
    """Patients of whom at least a name, a number or an identifier is known."""
    return st.builds(
        Patient,
        nhs_number=st.none() | NUMBERS,
        traced=st.booleans(),
        identifiers=st.lists(
            st.builds(Identifier, codes(), st.none() | st.just("urn:oid:1.2.3") | codes(), st.none() | st.sampled_from(["MR", "PI"])),
            max_size=3,
        ).map(tuple),
        family=st.none() | names(),
        given=st.lists(names(), max_size=3).map(tuple),
        birth_date=st.none() | st.dates(date(1890, 1, 1), date(2026, 1, 1)),
        sex=st.none() | st.sampled_from(Sex),
    ).map(_said).filter(lambda one: one != Patient())  # fmt: skip


def _said(one: Patient) -> Patient:
    """A number that is not there is not untraced."""
    return one if one.nhs_number else replace(one, traced=True)


def reports() -> st.SearchStrategy[Report]:
    """Verified reports with everything that a sender may say of one."""
    return st.builds(
        Report,
        text=st.sampled_from(["Findings: Small left pleural effusion.\r\n", "No fracture.", "Nodule of 12 × 9 mm.\n\n"]),
        status=st.sampled_from(ReportStatus),
        exam=st.builds(
            Exam,
            title=st.none() | names(60),
            modality=st.none() | st.sampled_from(["XR", "CT", "MR", "US", "MG", "NM", "PT", "BMD", "RF", "IR"]),
            code=st.none() | st.builds(Code, codes(), st.sampled_from([None, "https://nicip.nhs.uk", "http://snomed.info/sct"])),
            performed_at=st.none() | MOMENTS,
        ),
        verified_at=st.none() | MOMENTS,
        requester=st.none() | names(),
        patient=st.none() | patients(),
        report_id=st.none() | codes(),
        accession=st.none() | codes(),
        reported_by=st.lists(names(), max_size=3, unique=True).map(tuple),
        organisation=st.none() | st.sampled_from(["RXX", "R1H01"]),
    )  # fmt: skip
