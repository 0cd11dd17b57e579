"""R4B stands in for R4 (docs/adr/0012): for the resources that we read and write, both have the same elements."""

import importlib

import pytest
from fhir.resources.R4B import get_fhir_model_class

KINDS = [
    "DiagnosticReport", "Observation", "Patient", "Practitioner", "PractitionerRole", "Organization", "ServiceRequest", "ImagingStudy", "Bundle",
    "Composition", "Provenance", "Device", "OperationOutcome", "CapabilityStatement", "StructureDefinition", "OperationDefinition",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_r4_and_r4b_have_the_same_elements(kind: str) -> None:
    r4 = getattr(importlib.import_module(f"fhirclient.models.{kind.lower()}"), kind)()
    ours = {name for _, name, *_ in r4.elementProperties()}
    theirs = {name for name in get_fhir_model_class(kind).elements_sequence() if name != "resourceType"}
    assert ours == theirs
