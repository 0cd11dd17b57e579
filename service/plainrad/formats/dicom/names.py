"""The numbers by which DICOM knows what we read and write."""

from typing import Final

BASIC_TEXT_SR: Final = "1.2.840.10008.5.1.4.1.1.88.11"
ENHANCED_SR: Final = "1.2.840.10008.5.1.4.1.1.88.22"
COMPREHENSIVE_SR: Final = "1.2.840.10008.5.1.4.1.1.88.33"
ENCAPSULATED_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"
READ: Final = (BASIC_TEXT_SR, ENHANCED_SR, COMPREHENSIVE_SR)

IMPLICIT_LITTLE: Final = "1.2.840.10008.1.2"
EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"
SYNTAXES: Final = (EXPLICIT_LITTLE, IMPLICIT_LITTLE)

# Our own codes: a coding scheme whose name begins with 99 is private (PS3.3, 8.2).
SCHEME: Final = "99PLAINRAD"
TITLE: Final = ("patient-version", SCHEME, "Patient version of a radiology report")
ABOUT: Final = ("original", SCHEME, "About the original report")
WORDS: Final = ("words", SCHEME, "Patient version")
PARAGRAPH: Final = ("paragraph", SCHEME, "Paragraph")
REPORTED_BY: Final = ("reported-by", SCHEME, "Reported by")
ASKED_BY: Final = ("asked-by", SCHEME, "Asked for by")
VERIFIED: Final = ("verified", SCHEME, "Original report verified")
REPORT_NUMBER: Final = ("report-number", SCHEME, "Number of the original report")
ORIGINAL: Final = ("original-doc", SCHEME, "Original report")
SOFTWARE: Final = ("software", SCHEME, "Versions of code and content")

LANGUAGE: Final = "121049"
OBSERVER_NAME: Final = "121008"
SUBJECT_ID: Final = "121030"
# Elements of a report whose name says no more than the heading that they stand under (CID 7002 and TID 2000).
BARE: Final = frozenset({"121060", "121062", "121069", "121071", "121073", "121075", "121077", "121111"})
NHS_ISSUERS: Final = frozenset(
    {"NHS", "NHSNUMBER", "NHS NUMBER", "2.16.840.1.113883.2.1.4.1", "https://fhir.nhs.uk/Id/nhs-number"}
)
ODS_SCHEMES: Final = frozenset(
    {"ODS", "2.16.840.1.113883.2.1.3.2.4.18.48", "https://fhir.nhs.uk/Id/ods-organization-code"}
)
# Storage SOP classes of images: how they begin, and the modality. A report names the images that it was made from.
IMAGES: Final = (
    ("1.2.840.10008.5.1.4.1.1.128", "PT"), ("1.2.840.10008.5.1.4.1.1.130", "PT"), ("1.2.840.10008.5.1.4.1.1.20", "NM"),
    ("1.2.840.10008.5.1.4.1.1.12.1", "IR"), ("1.2.840.10008.5.1.4.1.1.12.2", "RF"), ("1.2.840.10008.5.1.4.1.1.13.1.3", "MG"),
    ("1.2.840.10008.5.1.4.1.1.1.2", "MG"), ("1.2.840.10008.5.1.4.1.1.1", "XR"), ("1.2.840.10008.5.1.4.1.1.2", "CT"),
    ("1.2.840.10008.5.1.4.1.1.4", "MR"), ("1.2.840.10008.5.1.4.1.1.6", "US"), ("1.2.840.10008.5.1.4.1.1.3", "US"),
)  # fmt: skip
