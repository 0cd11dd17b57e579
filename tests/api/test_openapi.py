"""The OpenAPI document describes what is there, and its examples work."""

from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from plainrad.access.rules import RULES
from plainrad.api.problems import CODES
from plainrad.bootstrap import Plainrad
from tests.support.service import Service, from_here, make_service

load_all_checks()


@pytest.fixture
def document(service: Service) -> dict[str, Any]:
    document: dict[str, Any] = service.client.get("/openapi.json").json()
    return document


def test_every_route_for_callers_is_described(document: dict[str, Any]) -> None:
    for_programs = {
        (rule.method.lower(), rule.path)
        for rule in RULES
        if rule.path.startswith(("/v1/", "/oauth2/", "/fhir", "/dicom-web/"))
        or rule.path in ("/healthz", "/readyz", "/metrics", "/hl7-v2")
    } - {(rule.method.lower(), rule.path) for rule in RULES if rule.path in ("/fhir/", "/fhir/{path:path}")}
    assert {(method, path) for path, methods in document["paths"].items() for method in methods} == for_programs


def test_every_worked_example_gives_the_answer_that_is_printed(service: Service, document: dict[str, Any]) -> None:
    operation = document["paths"]["/v1/annotate"]["post"]
    sent = operation["requestBody"]["content"]["application/json"]["examples"]
    for one in sent.values():
        assert service.client.post("/v1/annotate", json=one["value"]).status_code == 200
    printed = operation["responses"]["200"]["content"]["application/json"]["example"]
    assert service.client.post("/v1/annotate", json=sent["report"]["value"]).json() == printed
    schema = {"$ref": "#/components/schemas/PatientReportSchema", "components": document["components"]}
    jsonschema.validate(printed, schema)


def test_the_example_is_not_counted_as_a_report(service: Service, document: dict[str, Any]) -> None:
    assert "plainrad_reports_annotated_total 0.0" in service.client.get("/metrics").text


def test_errors_are_described_as_problems(document: dict[str, Any]) -> None:
    answers = document["paths"]["/v1/annotate"]["post"]["responses"]
    assert {int(status) for status in answers} == {200, 400, 401, 403, 406, 413, 415, 422, 429, 500, 501, 503}
    for status, answer in answers.items():
        if status != "200":
            assert list(answer["content"]) == ["application/problem+json"]
    described = " ".join(answer["description"] for answer in answers.values())
    for code in ("report_not_verified", "report_status_missing", "report_empty", "report_too_large", "report_encoding"):
        assert f"`{code}`" in described
        assert code in CODES


def test_the_document_is_there_before_the_service_is_ready() -> None:
    service = make_service(None)
    assert "/v1/annotate" in service.client.get("/openapi.json").json()["paths"]


FUZZED = make_service(None)

SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", from_here(FUZZED.app))
OPERATIONS = [
    *((path, "GET", GenerationMode.POSITIVE) for path in ("/v1/terms", "/v1/terms/{term_id}", "/healthz", "/readyz", "/metrics")),
    ("/v1/annotate", "POST", GenerationMode.POSITIVE),
    ("/v1/annotate", "POST", GenerationMode.NEGATIVE),
    ("/v1/terms", "GET", GenerationMode.NEGATIVE),
]  # fmt: skip
WANTED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    plainrad: Plainrad, path: str, method: str, mode: GenerationMode
) -> None:
    FUZZED.app.state.engine.install(plainrad)
    checks = [CHECKS.get_one(name) for name in WANTED]
    operation = SCHEMA[path][method]

    @examples(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        case.call_and_validate(checks=checks)

    call()
