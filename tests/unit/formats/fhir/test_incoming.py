"""FHIR resources become reports: who, what, when, by whom, for whom; everything that is not certain is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from plainrad.domain.people import Sex
from plainrad.errors import (
    FhirInvalidError,
    FhirReferenceError,
    FhirVersionError,
    NhsNumberError,
    NotRadiologyError,
    PatientMismatchError,
    ReportEmptyError,
    ReportError,
    ReportInvalidError,
    ReportNotVerifiedError,
    ReportStatusMissingError,
    WordsUnclearError,
)
from plainrad.formats.fhir.entries import read_bundle
from plainrad.formats.fhir.incoming import read_resource
from plainrad.formats.fhir.names import NHS_NUMBER, NHS_NUMBER_STATUS, SECTION
from tests.support.fhir import TEXT, Resource, bundle, form, observation, patient, uk_report


def test_a_uk_report_arrives_whole() -> None:
    report = read_resource(uk_report()).report
    assert report.text == TEXT
    assert (report.status, report.report_id, report.accession) == ("final", "REP1", "ACC1")
    assert (report.exam.title, report.exam.modality) == ("XR Chest", "XR")
    assert report.exam.code is not None
    assert (report.exam.code.value, report.exam.code.system) == ("XCHES", "https://nicip.nhs.uk")
    assert report.exam.performed_at == datetime(2026, 10, 4, 9, tzinfo=UTC)
    assert report.verified_at == datetime(2026, 10, 5, 13, 20, 0, 250_000, tzinfo=UTC)
    assert (report.requester, report.organisation) == ("Dr F Asker", "RXX")
    assert report.reported_by == ("FIRST, R", "Dr S Second"), "the primary reporter first"
    who = report.patient
    assert who is not None
    assert who.nhs_number is not None
    assert (who.nhs_number.value, who.traced, who.family, who.given) == (
        "9912003888",
        True,
        "Testpatient",
        ("Alex", "Kim"),
    )
    assert (who.sex, who.birth_date) == (Sex.FEMALE, date(1970, 1, 31))
    assert [(one.value, one.system, one.kind) for one in who.identifiers] == [("H0001", "urn:oid:1.2.3", "MR")]


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "appended"])
def test_verified_reports_are_read(status: str) -> None:
    assert read_resource(uk_report(status=status)).report.status == status


@pytest.mark.parametrize("status", ["registered", "partial", "preliminary", "cancelled", "entered-in-error", "unknown"])
def test_others_are_refused(status: str) -> None:
    with pytest.raises(ReportNotVerifiedError):
        read_resource(uk_report(status=status))


def test_a_number_that_is_not_traced_says_so() -> None:
    for code, traced in (("01", True), ("number-present-and-verified", True), ("02", False), ("03", False)):
        extension = {"url": NHS_NUMBER_STATUS[0], "valueCodeableConcept": {"coding": [{"code": code}]}}
        number = {"system": NHS_NUMBER, "value": "991 200 3888", "extension": [extension]}
        who = read_resource(
            uk_report(contained=None, basedOn=None, resultsInterpreter=None, subject={"identifier": number})
        ).report.patient
        assert who is not None
        assert who.traced is traced


def test_a_patient_who_lives_elsewhere_keeps_the_address() -> None:
    who = read_resource(
        uk_report(basedOn=None, subject={"reference": "Patient/123", "display": "Alex Testpatient"})
    ).report.patient
    assert who is not None
    assert (who.identifiers[0].value, who.identifiers[0].kind, who.family) == (
        "Patient/123",
        "reference",
        "Alex Testpatient",
    )


@pytest.mark.parametrize(
    ("system", "code", "modality"),
    [
        ("http://dicom.nema.org/resources/ontology/DCM", "CT", "CT"), ("http://snomed.info/sct", "16310003", "US"),
        (SECTION, "NMR", "MR"), (SECTION, "RAD", None), ("http://loinc.org", "LP29684-5", None),
    ],
)  # fmt: skip
def test_the_category_may_be_radiology_or_a_modality(system: str, code: str, modality: str | None) -> None:
    category = [{"coding": [{"system": system, "code": code}]}]
    assert read_resource(uk_report(category=category)).report.exam.modality == modality


def test_without_a_category_the_study_says_the_modality() -> None:
    study = {
        "resourceType": "ImagingStudy", "id": "s", "status": "available", "subject": {"reference": "#p"}, "started": "2026-10-04T10:00:00Z",
        "modality": [{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "SR"}, {"code": "MR"}], "description": "MR Brain",
    }  # fmt: skip
    sent = uk_report(
        category=None, effectiveDateTime=None, imagingStudy=[{"reference": "#s"}],
        code={"coding": [{"system": "http://snomed.info/sct", "code": "722124004", "display": "Radiology studies report"}]},
    )  # fmt: skip
    sent["contained"].append(study)
    exam = read_resource(sent).report.exam
    assert (exam.title, exam.modality, exam.performed_at) == ("MR Brain", "MR", datetime(2026, 10, 4, 10, tzinfo=UTC))


# ---- words that came as conclusion and results ----------------------------------------------------------------------


def results(*many: Resource, **others: Any) -> Resource:
    sent = uk_report(presentedForm=None, result=[{"reference": f"#{one['id']}"} for one in many], **others)
    sent["contained"].extend(many)
    return sent


def test_a_conclusion_alone_is_the_report() -> None:
    found = read_resource(uk_report(presentedForm=None, conclusion="No fracture.\n"))
    assert (found.report.text, found.form) == ("No fracture.\n", None)


def test_results_stand_in_their_order_before_the_conclusion() -> None:
    sent = results(
        observation(1, "Findings", valueString="Small pleural effusion."),
        observation(2, "Pneumothorax", valueBoolean=False),
        observation(3, "Nodule size", valueQuantity={"value": 12, "unit": "mm", "comparator": "<"}),
        observation(4, "Side", valueCodeableConcept={"coding": [{"code": "L", "display": "Left"}]}),
        observation(5, "Kidney", component=[{"code": {"text": "Right"}, "valueString": "normal"}]),
        observation(6, None, note=[{"text": "No fracture."}]),
        conclusion="Small effusion.",
    )
    assert read_resource(sent).report.text == (
        "Findings:\nSmall pleural effusion.\nPneumothorax: absent\nNodule size: < 12 mm\nSide: Left\nKidney:\nRight: normal\nNo fracture.\n"
        "\nConclusion:\nSmall effusion.\n"
    )


@pytest.mark.parametrize(
    ("one", "error"),
    [
        (observation(1, "Pneumothorax", status="preliminary", valueBoolean=True), ReportNotVerifiedError),
        (observation(1, "Pneumothorax", status="entered-in-error", valueBoolean=True), ReportNotVerifiedError),
        (observation(1, "Pneumothorax"), WordsUnclearError),
        (observation(1, "Pneumothorax", dataAbsentReason={"text": "unknown"}), WordsUnclearError),
        (observation(1, "Pneumothorax", valueCodeableConcept={"text": "Unknown"}), WordsUnclearError),
        (observation(1, "Absent findings", valueString="pneumothorax"), WordsUnclearError),
        (observation(1, "Size", valueQuantity={"unit": "mm"}), WordsUnclearError),
        (observation(1, "Curve", valueSampledData={"origin": {"value": 0}, "period": 1, "dimensions": 1}), ReportError),
        (observation(1, "x", hasMember=[{"reference": "#o1"}]), FhirReferenceError),
        (observation(1, "x", hasMember=[{"reference": "Observation/elsewhere"}]), FhirReferenceError),
    ],
)
def test_a_result_that_is_not_certain_refuses_the_report(one: Resource, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_resource(results(one))


def test_results_that_were_not_sent_refuse_the_report_only_where_the_words_are_in_them() -> None:
    sent = uk_report(result=[{"reference": "Observation/elsewhere"}])
    assert read_resource(sent).report.text == TEXT
    with pytest.raises(FhirReferenceError):
        read_resource(sent | {"presentedForm": [], "conclusion": "Normal."})


# ---- what is refused ------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, object, type[Exception]]] = [
    ("a list", [], FhirInvalidError),
    ("null", None, FhirInvalidError),
    ("no type", {}, FhirInvalidError),
    ("another resource", patient(), FhirInvalidError),
    ("no status", uk_report(status=None), ReportStatusMissingError),
    ("a status that is none", uk_report(status="finalised"), FhirInvalidError),
    ("a status of another type", uk_report(status=["final"]), FhirInvalidError),
    ("no code", uk_report(code=None), FhirInvalidError),
    ("no words", uk_report(presentedForm=None), ReportEmptyError),
    ("blank words", uk_report(presentedForm=[form(" \r\n")]), ReportEmptyError),
    ("a time without a zone", uk_report(issued="2026-10-05T14:20:00"), FhirInvalidError),
    ("the end of time", uk_report(issued="9999-12-31T23:59:59Z"), ReportInvalidError),
    ("two effective times", uk_report(effectivePeriod={"start": "2026-01-01"}), FhirInvalidError),
    ("a laboratory report", uk_report(category=[{"coding": [{"system": SECTION, "code": "LAB"}]}]), NotRadiologyError),
    ("R5", uk_report(note=[{"text": "x"}]), FhirVersionError),
    ("STU3", uk_report(codedDiagnosis=[]), FhirVersionError),
    ("a meaning that may be turned", uk_report(modifierExtension=[{"url": "urn:x", "valueBoolean": True}]), FhirInvalidError),
    ("implicit rules", uk_report(implicitRules="urn:x"), FhirInvalidError),
    ("a contained reference to nothing", uk_report(subject={"reference": "#nobody"}), FhirReferenceError),
    ("a uuid to nothing", uk_report(subject={"reference": "urn:uuid:1"}), FhirReferenceError),
    ("a patient who is a practitioner", uk_report(subject={"reference": "#r2"}), FhirReferenceError),
    ("a contained thing of no type", uk_report(contained=[{"id": "x"}]), FhirInvalidError),
    ("a contained word", uk_report(contained=["x"]), FhirInvalidError),
    ("a contained thing of unknown type", uk_report(contained=[{"resourceType": "Zyxwq", "id": "x"}]), FhirInvalidError),
    ("a box in a box", uk_report(contained=[patient(contained=[patient()])]), FhirInvalidError),
    ("an NHS number that is none", uk_report(contained=None, basedOn=None, resultsInterpreter=None, subject={"identifier": {"system": NHS_NUMBER, "value": "9912003889"}}), NhsNumberError),
    ("two NHS numbers", uk_report(subject={"reference": "#p", "identifier": {"system": NHS_NUMBER, "value": "9999999999"}}), PatientMismatchError),
    ("an order for another patient", uk_report(subject={"identifier": {"system": NHS_NUMBER, "value": "9999999999"}}), PatientMismatchError),
    ("a sex that is none", uk_report(contained=[patient(gender="F")], basedOn=None, resultsInterpreter=None), FhirInvalidError),
    ("forms of another shape", uk_report(presentedForm="x"), FhirInvalidError),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "error"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_bad_input_is_refused(sent: object, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        read_resource(sent)
    assert type(caught.value) is error


def test_an_error_says_where_and_nothing_of_what_was_sent() -> None:
    sent = uk_report(
        presentedForm=[form("Zyxwqomarker")],
        issued="Zyxwqomarker",
        subject={"display": "Zyxwqomarker", "Zyxwqomarker": 1},
    )
    with pytest.raises(FhirInvalidError) as caught:
        read_resource(sent)
    assert caught.value.where == "DiagnosticReport.issued"
    assert "Zyxwqomarker" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


# ---- Bundles --------------------------------------------------------------------------------------------------------


def composition(status: str = "final") -> Resource:
    return {
        "resourceType": "Composition", "status": status, "type": {"text": "x"}, "date": "2026-10-05", "title": "x", "author": [{"display": "x"}],
    }  # fmt: skip


def split() -> list[Resource]:
    """The same report with everything in entries of its own."""
    sent = uk_report(contained=None, subject={"reference": "Patient/p"}, basedOn=[{"reference": "urn:uuid:00000002-0000-4000-8000-000000000000"}],
                     resultsInterpreter=[{"reference": "https://ris.example/fhir/Practitioner/r2"}])  # fmt: skip
    order = uk_report()["contained"][1] | {"subject": {"reference": "Patient/p"}}
    return [sent, patient(), order]


@pytest.mark.parametrize("kind", ["collection", "message", "transaction", "batch"])
def test_references_between_entries_are_followed(kind: str) -> None:
    made = bundle(*split(), kind=kind)
    who = {"resourceType": "Practitioner", "id": "r2", "name": [{"text": "Dr S Second"}]}
    made["entry"].append({"fullUrl": "https://ris.example/fhir/Practitioner/r2", "resource": who})
    if kind in ("transaction", "batch"):
        made["entry"][-1]["request"] = {"method": "PUT", "url": "Practitioner/r2"}
    (found,) = read_bundle(made)
    assert found.entry == 0
    assert found.report.patient == read_resource(uk_report()).report.patient
    assert (found.report.requester, found.report.accession, found.report.reported_by) == (
        "Dr F Asker",
        "ACC1",
        ("Dr S Second",),
    )


def test_a_document_begins_with_a_finished_composition() -> None:
    assert len(read_bundle(bundle(composition(), *split(), kind="document"))) == 1
    with pytest.raises(ReportNotVerifiedError):
        read_bundle(bundle(composition("preliminary"), *split(), kind="document"))
    with pytest.raises(FhirInvalidError):
        read_bundle(bundle(*split(), kind="document"))


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (bundle(), FhirInvalidError),
        (bundle(patient()), FhirInvalidError),
        (bundle(uk_report(), kind="searchset"), FhirInvalidError),
        (bundle(uk_report(), uk_report(id="b", status="preliminary")), ReportNotVerifiedError),
        (bundle(patient(), patient(gender="male"), uk_report(contained=None, basedOn=None, resultsInterpreter=None)), FhirInvalidError),
        ({"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:1", "resource": patient()}, {"fullUrl": "urn:uuid:1", "resource": uk_report()}]}, FhirInvalidError),
    ],
)  # fmt: skip
def test_a_bundle_of_which_a_part_cannot_be_read_is_refused(sent: Resource, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_bundle(sent)


def test_an_address_that_two_entries_have_leads_nowhere() -> None:
    sent = bundle(
        patient(),
        patient(gender="male"),
        uk_report(contained=None, basedOn=None, resultsInterpreter=None, subject={"reference": "Patient/p"}),
    )
    with pytest.raises(FhirReferenceError):
        read_bundle(sent)
    sent["entry"][2]["resource"]["subject"]["reference"] = sent["entry"][1]["fullUrl"]
    who = read_bundle(sent)[0].report.patient
    assert who is not None
    assert who.sex is Sex.MALE
