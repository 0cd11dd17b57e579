"""Samples that others published, where they are at hand: each is read, and comes back with its original bytes."""

import base64
import json
import re
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.formats.fhir.incoming import read_resource
from plainrad.formats.fhir.wire import dumps, parse
from plainrad.wire.fhir.annotate import annotate
from tests.support.fhir import NOW, SAMPLES, Resource, check, form, uk_report

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the published samples (shared/data/formats) are not beside this checkout"
)


def round_trip(sent: Resource, plainrad: Plainrad) -> Resource:
    made = annotate(parse(dumps(sent)), plainrad.annotate, now=NOW)
    check(made)
    return made


def test_the_report_of_veterans_affairs_comes_back_byte_for_byte(plainrad: Plainrad) -> None:
    raw = (SAMPLES / "va_diagnosticreport_r4_example.json").read_bytes()
    sent = json.loads(raw)
    made = round_trip(sent, plainrad)
    assert made["presentedForm"][0] == sent["presentedForm"][0]
    assert read_resource(sent).report.text.encode() == base64.b64decode(sent["presentedForm"][0]["data"])
    for name, value in sent.items():
        if name not in ("presentedForm", "contained", "extension"):
            assert made[name] == value
    assert made["contained"][:3] == sent["contained"]


def test_the_html_of_ihe_comes_back_byte_for_byte(plainrad: Plainrad) -> None:
    text = (SAMPLES / "ihe_imr_diagnosticreport.fsh").read_text(encoding="utf-8")
    form_ = {"contentType": "text/html"}
    for name, kind in (("data", '"([^"]*)"'), ("hash", '"([^"]*)"'), ("size", "(\\d+)")):
        found = re.search(rf"presentedForm\[html\]\.{name} = {kind}", text)
        assert found is not None
        form_[name] = found[1]
    sent: dict[str, Any] = uk_report(presentedForm=[form_ | {"size": int(form_["size"])}])
    made = round_trip(sent, plainrad)
    assert made["presentedForm"][0] == sent["presentedForm"][0]
    words = read_resource(sent).report.text
    assert "FINDINGS:" in words
    assert "IMPRESSION:\n1. Multifocal pneumonia" in " ".join(words.split(" ")).replace("\n\n", "\n")
    assert "<" not in words


def test_the_report_of_the_college_of_radiologists_is_read(plainrad: Plainrad) -> None:
    """The shape of the NHS England imaging profile, with the conclusion as the only words, an order and a patient by number alone."""
    sent = uk_report(
        contained=None, category=[{"coding": [{"system": "http://snomed.info/sct", "code": "16310003", "display": "Ultrasound"}]}],
        basedOn=[{"type": "ServiceRequest", "identifier": {
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN"}]}, "value": "123456789"}}],
        subject={"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9912003888"}, "display": "Alex Testpatient"},
        resultsInterpreter=[{"type": "Practitioner", "identifier": {"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": "C1234567"}}],
        presentedForm=None, conclusion="Normal - no action",
    )  # fmt: skip
    report = read_resource(sent).report
    assert (report.accession, report.organisation, report.exam.modality) == ("123456789", "RXX", "US")
    assert report.reported_by == ("C1234567",)
    assert base64.b64decode(round_trip(sent, plainrad)["presentedForm"][0]["data"]) == b"Normal - no action"


def test_the_text_of_ihe_is_read_as_it_is(plainrad: Plainrad) -> None:
    one = json.loads((SAMPLES / "ihe_imr_ct_chest.jsonl").read_text(encoding="utf-8").splitlines()[0])
    made = round_trip(uk_report(presentedForm=[form(one["text"])]), plainrad)
    assert base64.b64decode(made["presentedForm"][0]["data"]).decode() == one["text"]
