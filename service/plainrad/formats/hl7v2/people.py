"""PID -> Patient; names of those who asked and those who reported."""

from collections.abc import Sequence

from plainrad.domain.people import Identifier, NhsNumber, Patient, Sex
from plainrad.formats.hl7v2.message import Segment
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.formats.hl7v2.times import parse_day

# HL7 table 0001.
_SEX = {"F": Sex.FEMALE, "M": Sex.MALE, "O": Sex.OTHER, "A": Sex.OTHER, "N": Sex.OTHER, "U": Sex.UNKNOWN}
_MOST_IDENTIFIERS = 100
_IDENTIFIER_FIELDS = (3, 2, 4)  # PID-2 and PID-4 are the old places


def read_patient(segments: Sequence[Segment], site: Hl7Site, *, encoding: str) -> Patient:
    """Return whom the PID segments name; raises MessageError where there is none, or where they name more than one."""
    if not segments:
        raise refused("segment_missing", "PID")
    found = [_patient(one, site, encoding) for one in segments]
    first = found[0]
    numbers = {number for one, pid in zip(found, segments, strict=True) for number in _nhs_numbers(pid, site) if one}
    if len(numbers) > 1 or any(_another(first, one) for one in found[1:]):
        raise refused("patient_mismatch")
    return first


def _another(first: Patient, second: Patient) -> bool:
    """Return True where two segments disagree in anything that says who somebody is."""
    pairs = (
        (first.nhs_number, second.nhs_number),
        (first.family and first.family.casefold(), second.family and second.family.casefold()),
        (first.birth_date, second.birth_date),
    )
    if any(one and other and one != other for one, other in pairs):
        return True
    known = {(one.system, one.kind): one.value for one in first.identifiers}
    return any(known.get((one.system, one.kind), one.value) != one.value for one in second.identifiers)


def _patient(pid: Segment, site: Hl7Site, encoding: str) -> Patient:
    if sum(len(pid.repetitions(field)) for field in _IDENTIFIER_FIELDS) > _MOST_IDENTIFIERS:
        raise refused("report_invalid", "PID-3")
    numbers = _nhs_numbers(pid, site)
    if len(numbers) > 1:
        raise refused("patient_mismatch")
    identifiers = [
        Identifier(value, pid.part(one, 4, 1) or None, pid.part(one, 5) or None)
        for field in _IDENTIFIER_FIELDS
        for one in pid.repetitions(field)
        if (value := pid.part(one, 1)) and not _is_nhs(pid, one, site)
    ]
    reliability = {pid.part(one).upper() for one in pid.repetitions(32)} - set(site.not_about_identity)
    name = next(iter(pid.repetitions(5)), "")
    given = [pid.part(name, place, 1, encoding) for place in (2, 3)]
    birth = parse_day(pid.get(7))
    return Patient(
        nhs_number=numbers[0] if numbers else None,
        traced=not reliability or reliability <= set(site.traced),
        identifiers=tuple(dict.fromkeys(identifiers)),
        family=pid.part(name, 1, 1, encoding) or None,
        given=tuple(one for one in given if one),
        birth_date=birth if birth and birth.year >= 1880 else None,
        sex=_SEX.get(pid.get(8).upper()),
    )


def _nhs_numbers(pid: Segment, site: Hl7Site) -> list[NhsNumber]:
    """Return the different NHS numbers of a PID; raises NhsNumberError for one that is none: it could be another patient's."""
    sent = [
        pid.part(one, 1) for field in _IDENTIFIER_FIELDS for one in pid.repetitions(field) if _is_nhs(pid, one, site)
    ]
    return list(dict.fromkeys(NhsNumber.parse(one) for one in sent if one))


def _is_nhs(pid: Segment, repetition: str, site: Hl7Site) -> bool:
    authority = {pid.part(repetition, 4, place).upper() for place in (1, 2)}
    return pid.part(repetition, 5).upper() == "NH" or bool(authority & set(site.nhs_authorities))


def read_people(segment: Segment, number: int, *, encoding: str) -> tuple[str, ...]:
    """Return the names in a field of type XCN, or NDL (OBR-32 to 35), which senders fill in either way."""
    return tuple(dict.fromkeys(name for one in segment.repetitions(number) if (name := _name(segment, one, encoding))))


def _name(segment: Segment, repetition: str, encoding: str) -> str:
    mark = segment.delimiters
    first = repetition.split(mark.component, 1)[0]
    inner = first if mark.subcomponent in first else None
    if inner is not None:  # NDL: the name is component 1, in subcomponents
        parts = [segment.part(inner, 1, place, encoding) for place in range(1, 7)]
    else:
        parts = [segment.part(repetition, place, 1, encoding) for place in range(1, 7)]
    _, family, given, middle, suffix, prefix = parts
    words = [one for one in (prefix, given, middle, family, suffix) if one]
    return " ".join(words)
