"""The addresses by which FHIR knows code systems, identifiers and extensions."""

from typing import Any, Final

Resource = dict[str, Any]

MEDIA_TYPE: Final = "application/fhir+json"
FHIR_VERSION: Final = "4.0.1"

# `.example` is kept for examples for ever (RFC 2606): nobody can own it, and no site is claimed. A site may publish them elsewhere.
BASE: Final = "https://plainrad.example/fhir"
MADE_BY: Final = f"{BASE}/StructureDefinition/made-by"
PATIENT_VERSION: Final = f"{BASE}/StructureDefinition/patient-version"
ANNOTATED_TERM: Final = f"{BASE}/StructureDefinition/annotated-term"
PLAIN_STATEMENT: Final = f"{BASE}/StructureDefinition/plain-statement"
ERROR_SYSTEM: Final = f"{BASE}/CodeSystem/error"
OWN_EXTENSIONS: Final = frozenset({MADE_BY, PATIENT_VERSION, ANNOTATED_TERM, PLAIN_STATEMENT})
NOTE: Final = "http://hl7.org/fhir/5.0/StructureDefinition/extension-DiagnosticReport.note"

NHS_NUMBER: Final = "https://fhir.nhs.uk/Id/nhs-number"
NHS_NUMBER_STATUS: Final = (
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
    "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1",
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1",
)
NHS_NUMBER_STATUS_SYSTEM: Final = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland"
TRACED: Final = frozenset({"01", "number-present-and-verified"})
# The second spelling stands in the notes of the NHS England imaging profile.
ODS: Final = (
    "https://fhir.nhs.uk/Id/ods-organization-code",
    "https://fhir.nhs.uk/Id/ods-organisation-code",
    "https://fhir.nhs.uk/Id/ods-site-code",
)
IDENTIFIER_TYPE: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"
NICIP: Final = "https://nicip.nhs.uk"
SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
DCM: Final = "http://dicom.nema.org/resources/ontology/DCM"
SECTION: Final = "http://terminology.hl7.org/CodeSystem/v2-0074"
PERFORMER_FUNCTION: Final = "http://hl7.org/fhir/StructureDefinition/event-performerFunction"
