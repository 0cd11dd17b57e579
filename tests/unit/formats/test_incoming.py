"""What callers send becomes a Report, exactly, or an error that helps."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.domain.report import Report
from plainrad.errors import ReportEncodingError, ReportError, ReportInvalidError, ReportTooLargeError
from plainrad.formats.incoming import decode, parse_json, parse_modality, parse_report
from tests.support.reports import BAD, NASTY, Bad, fields


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_bad_input_is_refused_with_its_code(bad: Bad) -> None:
    with pytest.raises(ReportError) as caught:
        parse_report(parse_json(bad.body))
    assert caught.value.code == bad.code


@given(st.text(min_size=1).filter(lambda text: text.strip("\x00 \t\r\n\f\v\u00a0\ufeff\u200b") != ""))
def test_any_text_arrives_as_it_was_sent(text: str) -> None:
    assert decode(text.encode()) == text
    for escaped in (True, False):
        assert parse_report(parse_json(json.dumps(fields(text), ensure_ascii=escaped).encode())).text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_a_report_or_a_refusal(data: bytes) -> None:
    for read in (decode, parse_json):
        with suppress(ReportError):
            read(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["text", "status", "exam", "modality", "verified_at", "requester", "targets", "other"])


@given(st.dictionaries(NAMES, JSON))
def test_any_fields_are_a_report_or_a_refusal(sent: dict[str, object]) -> None:
    with suppress(ReportError):
        assert isinstance(parse_report(sent), Report)


def test_a_byte_order_mark_belongs_to_a_text_and_not_to_json() -> None:
    assert decode("\ufeffNo fracture.".encode()) == "\ufeffNo fracture."
    assert parse_json(b"\xef\xbb\xbf{}") == {}


def test_nasty_characters_are_kept() -> None:
    assert parse_report(fields(NASTY)).text == NASTY


def test_too_many_bytes_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(ReportTooLargeError):
        decode(b"\xff" * 800_001)
    with pytest.raises(ReportEncodingError):
        decode(b"\xff")


@pytest.mark.parametrize("sent", ["CT", "ct", " Mri ", "PET/CT", "x-ray"])
def test_modalities_are_known_by_many_names(sent: str) -> None:
    assert parse_modality(sent) in {"CT", "MR", "PT", "XR"}


def test_an_unknown_modality_is_left_for_the_text_to_tell() -> None:
    assert parse_report(fields(modality="laser")).exam.modality is None


def test_an_exam_may_be_its_title() -> None:
    assert parse_report(fields(exam="CT head")).exam == parse_report(fields(exam={"title": "CT head"})).exam


def test_a_refusal_names_the_field_in_our_words() -> None:
    with pytest.raises(
        ReportInvalidError,
        match=r"^targets\.1\.start must be a whole number\. exam\.title is too long\.$|^exam\.title is too long\. targets\.1\.start must be a whole number\.$",
    ):
        parse_report(fields(exam="x" * 301, targets=[{"start": 0, "end": 1}, {"start": 0.5, "end": 1}]))


PERSON = {
    "nhs_number": "999 999 9999",
    "identifiers": [{"value": "H4711", "system": "RXX", "kind": "MR"}],
    "family": "Zebrawood",
    "given": ["Quill"],
    "birth_date": "1951-02-28",
    "sex": "female",
}


def test_who_and_what_a_report_is_about_arrives_whole() -> None:
    sent = fields("No fracture.") | {
        "patient": PERSON,
        "report_id": "R1",
        "accession": "A1",
        "reported_by": ["C1234567"],
        "organisation": "RXX",
        "exam": {
            "title": "XR Wrist",
            "code": {"value": "XWRIL", "system": "NICIP"},
            "performed_at": "2026-10-05T14:20:00+01:00",
        },
    }
    report = parse_report(sent)
    assert report.patient is not None
    assert report.patient.nhs_number is not None
    assert report.patient.nhs_number.value == "9999999999"
    assert (report.patient.family, report.patient.given, report.patient.sex) == ("Zebrawood", ("Quill",), "female")
    assert report.patient.identifiers[0].value == "H4711"
    assert (report.report_id, report.accession, report.reported_by, report.organisation) == (
        "R1",
        "A1",
        ("C1234567",),
        "RXX",
    )
    assert report.exam.code is not None
    assert (report.exam.code.value, report.exam.code.system) == ("XWRIL", "NICIP")
    assert report.exam.performed_at is not None


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"nhs_number": "9999999998"}, "nhs_number"),
        ({"birth_date": "28/02/1951"}, "birth_date"),
        ({"birth_date": 19510228}, "birth_date"),
        ({"birth_date": "1951-02-30"}, "birth_date"),
        ({"sex": "F"}, "sex"),
        ({"family": "Z" * 301}, "family"),
    ],
)
def test_a_wrong_field_of_a_patient_is_named_and_not_repeated(wrong: dict[str, object], name: str) -> None:
    with pytest.raises(ReportInvalidError) as caught:
        parse_report(fields("No fracture.") | {"patient": PERSON | wrong})
    assert name in str(caught.value)
    assert str(next(iter(wrong.values()))) not in str(caught.value)
