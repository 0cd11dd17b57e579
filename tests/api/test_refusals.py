"""What is not a verified report is refused: a stable code, a detail that helps, and nothing of what was sent."""

import json

import anyio
import pytest
from starlette.types import Message

from plainrad.api.problems import CODES
from plainrad.bootstrap import Plainrad
from tests.support.reports import BAD, MARKER, TEXT, Bad, fields
from tests.support.service import Service, make_service

URL = "/v1/annotate"
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_bad_input_is_refused_with_its_code(service: Service, bad: Bad) -> None:
    answer = service.client.post(URL, content=bad.body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (bad.status, bad.code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == {"type", "title", "status", "detail", "code", "request_id"}
    assert answer.json()["status"] == bad.status
    assert answer.json()["type"] == f"urn:plainrad:problem:{bad.code}"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.json()["detail"].endswith((".", ")"))


@pytest.mark.parametrize(
    "sent",
    ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=latin-1", "application/jsonx"],
)
def test_another_content_type_is_refused(service: Service, sent: str) -> None:
    answer = service.client.post(URL, content=json.dumps(fields()), headers={"content-type": sent})
    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_unsupported")


def test_a_compressed_body_is_refused(service: Service) -> None:
    answer = service.client.post(URL, content=b"x", headers=JSON | {"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_unsupported")


@pytest.mark.parametrize("accept", ["image/png", "application/xml", "text/html;q=0", "*/*;q=0", MARKER])
def test_a_format_that_is_not_given_is_refused(service: Service, accept: str) -> None:
    answer = service.client.post(URL, json=fields(), headers={"accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("headers", "reads"), [([(b"content-length", b"5000")], 0), ([], 11), ([(b"content-length", b"100")], 11)]
)
def test_a_body_over_the_limit_is_refused_before_it_is_read(
    plainrad: Plainrad, headers: list[tuple[bytes, bytes]], reads: int
) -> None:
    """A declared size is believed when it is too large; otherwise reading stops at the chunk that goes over the limit."""
    service = make_service(plainrad, max_body_bytes=1_000)
    received = 0
    sent: list[Message] = []

    async def receive() -> Message:
        nonlocal received
        received += 1
        return {"type": "http.request", "body": b"x" * 100, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": URL, "raw_path": URL.encode(), "query_string": b"", "root_path": "",
        "http_version": "1.1", "scheme": "http", "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), *headers],
        "client": ("127.0.0.1", 50_000), "server": None,
    }  # fmt: skip
    anyio.run(service.app, scope, receive, send)
    assert received == reads
    assert sent[0]["status"] == 413
    assert json.loads(sent[1]["body"])["code"] == "body_too_large"


def test_the_longest_report_fits_into_the_largest_body(service: Service) -> None:
    """200,000 characters of which each needs three bytes are read; that they hold no known word is not an error."""
    answer = service.client.post(
        URL, content=json.dumps(fields("\u2014" * 200_001), ensure_ascii=False).encode(), headers=JSON
    )
    assert answer.json()["code"] == "report_too_large"


def test_unknown_addresses_and_methods_are_problems(service: Service) -> None:
    missing = service.client.get(f"/{MARKER}")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    wrong = service.client.delete(URL)
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["allow"]) == (405, "method_not_allowed", "POST")
    assert service.client.get("/v1/terms/").status_code == 404


def test_before_it_is_ready_nothing_is_explained() -> None:
    answer = make_service(None).client.post(URL, json=fields())
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "not_ready", "5")


def test_every_code_has_a_status_of_an_error_and_a_title() -> None:
    for code, (status, title) in CODES.items():
        assert 400 <= status < 600
        assert title
        assert code.islower()


def test_the_text_of_the_refusals_was_really_sent() -> None:
    assert MARKER in TEXT
    assert sum(MARKER.encode() in bad.body for bad in BAD) > 30
