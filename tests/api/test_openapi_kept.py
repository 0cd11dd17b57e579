"""Whatever is sent to the routes for kept reports, the answer is one that is described; nothing breaks, nothing leaks."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from plainrad.access.rules import RULES
from plainrad.bootstrap import Plainrad
from tests.support.kept import NHS_NUMBER, Kept, kept_service

load_all_checks()
WANTED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
KEPT = [rule for rule in RULES if rule.path.startswith(("/v1/reports", "/v1/patients", "/v1/webhooks", "/oauth2"))]
CASES = [
    pytest.param(rule.path, rule.method, mode, id=f"{mode.value} {rule.method} {rule.path}")
    for rule in KEPT
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or rule.method in ("POST", "PUT") or rule.path == "/v1/reports"
]


@pytest.fixture(scope="module")
def kept(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path_factory.mktemp("kept"), requests_burst=1_000_000) as found:
        yield found


@pytest.mark.parametrize(("path", "method", "mode"), CASES)
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    kept: Kept, path: str, method: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", kept.service.app)
    name = f"{mode.value} {method} {path}"
    report = kept.submit(name.replace(" ", "_"), report_id=name, patient={"nhs_number": NHS_NUMBER}).json()["id"]
    kept.clock.on(days=28)
    checks = [CHECKS.get_one(name) for name in WANTED]

    @examples(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        case.headers = {**(case.headers or {}), **kept.bearer()}
        case.call_and_validate(checks=checks)
        if "report_id" in path:
            case.path_parameters = {**(case.path_parameters or {}), "report_id": report}
            case.call_and_validate(checks=checks)

    call()
    assert "internal_error" not in kept.service.written
    assert '"request_failed"' not in kept.service.written
