"""A file of any format that is read here -> its report: which format it is stands in the file."""

from plainrad.domain.report import Report
from plainrad.errors import FhirInvalidError
from plainrad.formats.dicom.read import read_file
from plainrad.formats.fhir.entries import read_bundle
from plainrad.formats.fhir.incoming import read_resource
from plainrad.formats.fhir.wire import parse
from plainrad.formats.incoming import parse_json, parse_report


def read_report(data: bytes) -> Report:
    """Return the report of a DICOM file, a FHIR DiagnosticReport or Bundle of one, or the JSON of `POST /v1/annotate`; raises a ReportError."""
    if data[128:132] == b"DICM":
        return read_file(data).report
    sent = parse_json(data)
    kind = sent.get("resourceType") if isinstance(sent, dict) else None
    if kind == "Bundle":
        reports = read_bundle(parse(data))
        if len(reports) > 1:
            raise FhirInvalidError("One report is wanted here.", where="Bundle.entry")
        return reports[0].report
    return read_resource(parse(data)).report if kind is not None else parse_report(sent)
