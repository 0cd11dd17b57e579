"""Whatever is sent to the FHIR routes, the answer is one that is described, and never a failure of ours."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from plainrad.bootstrap import Plainrad
from tests.support.fhir import Resource, bundle, check, patient, uk_report
from tests.support.fhir_calls import ANNOTATE, post
from tests.support.fhir_kept import Memory
from tests.support.service import make_service

load_all_checks()
FUZZED = make_service(None)
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", FUZZED.app)
WANTED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
PATHS = [
    (path, method, mode)
    for path, methods in SCHEMA.raw_schema["paths"].items()
    if path.startswith("/fhir")
    for method in methods
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if method != "get"
    or mode is GenerationMode.POSITIVE  # an address without a body or parameters cannot be asked wrongly
]


@pytest.mark.parametrize(("path", "method", "mode"), PATHS)
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    plainrad: Plainrad, path: str, method: str, mode: GenerationMode
) -> None:
    FUZZED.app.state.engine.install(plainrad)
    FUZZED.app.state.kept = Memory(plainrad)
    operation = SCHEMA[path][method]
    checks = [CHECKS.get_one(name) for name in WANTED]

    @examples(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        case.call_and_validate(checks=checks)

    call()


SMALL = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["", "x", "#p", "#order", "final", "2026-01-01", "Patient/p"])
)
ANYTHING = st.recursive(
    SMALL,
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["reference", "identifier", "coding", "code", "value", "system", "data", "id", "resourceType"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def is_valid(resource: Resource) -> bool:
    """Whether the strict libraries take it: elements that R4 does not know pass through us, and not through them."""
    try:
        check(resource)
    except Exception:
        return False
    return True


def test_whatever_stands_in_an_element_it_is_read_or_refused(plainrad: Plainrad) -> None:
    FUZZED.app.state.engine.install(plainrad)
    FUZZED.app.state.kept = None

    @examples(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(element=st.sampled_from(sorted(uk_report())), value=ANYTHING, boxed=st.booleans())
    def send(element: str, value: Any, boxed: bool) -> None:
        sent = uk_report() | {element: [value] if boxed else value}
        for body, path in ((sent, ANNOTATE), (bundle(sent, patient()), "/fhir")):
            answer = post(FUZZED, path, body)
            assert answer.status_code < 500, answer.text
            if answer.status_code != 200 or is_valid(body):
                check(answer.json())

    send()
