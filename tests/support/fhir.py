"""FHIR resources for the tests: invented patients, NHS numbers of the test range, and independent checks of what comes out."""

import base64
import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhirclient.models.fhirelementfactory import FHIRElementFactory  # type: ignore[import-untyped]

from plainrad.formats.fhir.wire import dumps
from tests.support.reports import ROOT

Resource = dict[str, Any]
TEXT = "Findings: Small left pleural effusion. No pneumothorax.\r\n\r\nConclusion: Small left pleural effusion.\n"
HEADERS = {"content-type": "application/fhir+json"}
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
# Samples that others published stand beside the checkout of the developers, and nowhere else.
SAMPLES = next(
    (folder for one in ROOT.parents if (folder := one / "shared" / "data" / "formats").is_dir()), Path("absent")
)


def form(words: str | bytes, content_type: str = "text/plain", **others: Any) -> Resource:
    """Return an attachment."""
    data = words.encode() if isinstance(words, str) else words
    return {"contentType": content_type, "data": base64.b64encode(data).decode(), **others}


def patient(**others: Any) -> Resource:
    """Return an invented patient."""
    return {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [
            {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9912003888"},
            {"system": "urn:oid:1.2.3", "value": "H0001", "type": {"coding": [{"code": "MR"}]}},
        ],
        "name": [
            {"use": "old", "family": "Oldname"},
            {"use": "official", "family": "Testpatient", "given": ["Alex", "Kim"]},
        ],
        "gender": "female",
        "birthDate": "1970-01-31",
        **others,
    }


def uk_report(**others: Any) -> Resource:
    """Return a report as UK Core and the NHS England imaging profile shape it, with None taking an element away."""
    made: Resource = {
        "resourceType": "DiagnosticReport",
        "id": "example",
        "meta": {"profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-DiagnosticReport"]},
        "contained": [
            patient(),
            {
                "resourceType": "ServiceRequest", "id": "order", "status": "completed", "intent": "order",
                "subject": {"reference": "#p"}, "requester": {"display": "Dr F Asker"},
                "identifier": [{"type": _type("ACSN"), "value": "ACC1"}],
            },
            {"resourceType": "Practitioner", "id": "r2", "name": [{"prefix": ["Dr"], "given": ["S"], "family": "Second"}]},
        ],
        "identifier": [{"system": "https://trust.example/reports", "value": "REP1"}],
        "basedOn": [{"reference": "#order"}],
        "status": "final",
        "category": [{"coding": [
            {"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"},
            {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "DX"},
        ]}],
        "code": {"coding": [
            {"system": "http://snomed.info/sct", "code": "399208008", "display": "Plain chest X-ray"},
            {"system": "https://nicip.nhs.uk", "code": "XCHES", "display": "XR Chest"},
        ]},
        "subject": {"reference": "#p"},
        "effectiveDateTime": "2026-10-04T10:00:00+01:00",
        "issued": "2026-10-05T14:20:00.250+01:00",
        "performer": [{"type": "Organization", "identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RXX"}}],
        "resultsInterpreter": [
            {"reference": "#r2", "extension": [_function("SPRF")]},
            {"display": "FIRST, R", "extension": [_function("PPRF")]},
        ],
        "presentedForm": [form(TEXT)],
    }  # fmt: skip
    made |= others
    return {name: value for name, value in made.items() if value is not None}


def _type(code: str) -> Resource:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": code}]}


def _function(code: str) -> Resource:
    coding = {"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": code}
    return {
        "url": "http://hl7.org/fhir/StructureDefinition/event-performerFunction",
        "valueCodeableConcept": {"coding": [coding]},
    }


def observation(number: int, label: str | None, status: str = "final", **value: Any) -> Resource:
    """Return a result."""
    code = {"text": label} if label else {"coding": [{"system": "urn:x", "code": "x"}]}
    return {"resourceType": "Observation", "id": f"o{number}", "status": status, "code": code, **value}


def bundle(*resources: Resource, kind: str = "collection", **others: Any) -> Resource:
    """Return a Bundle with these entries."""
    entries = []
    for number, one in enumerate(resources):
        entry: Resource = {"fullUrl": f"urn:uuid:0000000{number}-0000-4000-8000-000000000000", "resource": one}
        if kind in ("transaction", "batch"):
            entry["request"] = {"method": "POST", "url": one["resourceType"]}
        entries.append(entry)
    return {"resourceType": "Bundle", "type": kind, "entry": entries, **others}


def check(resource: Resource) -> None:
    """Fail unless two independent libraries take it: fhir.resources (R4B) and fhirclient (R4)."""
    sent = json.loads(dumps(resource))
    get_fhir_model_class(resource["resourceType"]).model_validate(deepcopy(sent))
    FHIRElementFactory.instantiate(resource["resourceType"], sent)
