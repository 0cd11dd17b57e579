"""A FHIR resource -> the same resource with its patient version. Used by the routes and by the command line."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.errors import FhirInvalidError
from plainrad.formats.fhir.annotated import annotated
from plainrad.formats.fhir.bundle import answered, refused_response, response
from plainrad.formats.fhir.entries import read_batch, read_bundle
from plainrad.formats.fhir.incoming import Received, read_resource
from plainrad.formats.fhir.names import Resource
from plainrad.formats.fhir.references import each
from plainrad.render import render_html, render_text

Annotate = Callable[[Report], PatientReport]


def annotate(sent: object, explain: Annotate, *, now: datetime) -> Resource:
    """Return a DiagnosticReport, a Bundle, or the one in a Parameters resource, with patient versions; raises a ReportError.

    Of a batch each entry is answered by itself; of every other Bundle all reports are explained or none.
    """
    resource = unwrapped(sent)
    if resource["resourceType"] == "Bundle" and resource.get("type") == "batch":
        return {"resourceType": "Bundle", "type": "batch-response", "entry": _each_of(resource, explain, now)}
    if resource["resourceType"] == "Bundle":
        reports = read_bundle(resource)
        return answered(
            resource,
            {
                one.entry: with_patient_version(one, explain(one.report), now=now)
                for one in reports
                if one.entry is not None
            },
        )
    one = read_resource(resource)
    return with_patient_version(one, explain(one.report), now=now)


def _each_of(batch: Resource, explain: Annotate, now: datetime) -> list[Resource]:
    found = []
    for one, entry in zip(read_batch(batch), each(batch.get("entry")), strict=True):
        if one.error is not None:
            found.append(refused_response(one.error))
        elif one.received is not None:
            made = with_patient_version(one.received, explain(one.received.report), now=now)
            found.append({"resource": made, **response(200)})
        else:
            found.append({"resource": entry["resource"], **response(200)})
    return found


def with_patient_version(received: Received, patient: PatientReport, *, now: datetime) -> Resource:
    """Return the resource with the patient version `patient`, as page and as text."""
    return annotated(received, patient, html=render_html(patient), text=render_text(patient), recorded=now)


def unwrapped(sent: Any) -> Resource:
    """Return the resource that is to be read: the body, or the parameter `resource` of a Parameters body."""
    if not isinstance(sent, dict) or not isinstance(sent.get("resourceType"), str):
        raise FhirInvalidError("This is not a FHIR resource: an object with a resourceType is wanted.")
    if sent["resourceType"] != "Parameters":
        return sent
    inner = [one.get("resource") for one in each(sent.get("parameter")) if one.get("name") == "resource"]
    if len(inner) != 1 or not isinstance(inner[0], dict) or not isinstance(inner[0].get("resourceType"), str):
        raise FhirInvalidError(
            "Parameters hold one parameter `resource` with a resource.", where="Parameters.parameter"
        )
    return inner[0]
