"""What is published says what is done: the files in docs/fhir are those that the code makes, and answers fit them."""

import json
from typing import Any

import pytest

from plainrad.formats.fhir.annotated import annotated
from plainrad.formats.fhir.incoming import read_resource
from plainrad.formats.fhir.names import BASE
from plainrad.wire.fhir.conformance import published, structure_definitions
from tests.support.fhir import NOW, Resource, check, uk_report
from tests.support.patient import patient_report
from tests.support.reports import ROOT

PUBLISHED = published()


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_definition_is_valid_and_published(name: str) -> None:
    check(PUBLISHED[name])
    file = ROOT / "docs" / "fhir" / f"{name}.json"
    assert json.loads(file.read_text(encoding="utf-8")) == PUBLISHED[name], "run: plainrad fhir conformance docs/fhir"


def test_nothing_else_is_published() -> None:
    assert {file.stem for file in (ROOT / "docs" / "fhir").glob("*.json")} == set(PUBLISHED)


def values(one: Resource) -> list[str]:
    return [name for name in one if name.startswith("value")]


def conforms(one: Resource, definition: Resource) -> None:
    """Fail unless an extension has the parts, as often and of the types, that its definition says."""
    elements = {element["id"]: element for element in definition["differential"]["element"]}
    parts: dict[str, list[Resource]] = {}
    for part in one.get("extension", []):
        parts.setdefault(part["url"], []).append(part)
    slices = {
        element["sliceName"]: element
        for name, element in elements.items()
        if "sliceName" in element and name.count(":") == 1
    }
    assert parts.keys() <= slices.keys()
    for name, element in slices.items():
        found = parts.get(name, [])
        assert len(found) >= element["min"]
        assert element["max"] == "*" or len(found) <= int(element["max"])
        value = elements[f"{element['id']}.value[x]"]
        for part in found:
            kinds = [kind["code"] for kind in value.get("type", [])]
            assert values(part) == [f"value{kind[0].upper()}{kind[1:]}" for kind in kinds]


def test_every_extension_that_is_written_fits_its_definition() -> None:
    made = annotated(read_resource(uk_report()), patient_report(), html="x", text="x", recorded=NOW)
    definitions: dict[str, Any] = {one["url"]: one for one in structure_definitions().values()}
    ours = [one for one in made["extension"] if one["url"].startswith(BASE)]
    assert len({one["url"] for one in ours}) == 3
    for one in ours:
        conforms(one, definitions[one["url"]])
