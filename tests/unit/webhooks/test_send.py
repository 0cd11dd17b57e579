"""One call: what goes out, to where, and what each answer means."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from plainrad.domain.access import Webhook
from plainrad.errors import WebhookInvalidError
from plainrad.webhooks.send import Result, make_sender
from plainrad.webhooks.signature import HEADER, genuine
from plainrad.webhooks.target import Target
from tests.support.access import NOW

WEBHOOK = Webhook("w1", "portal-one", "RXX", "https://portal.example:8443/hook?a=b", "whsec_of-a-test", NOW)
PAYLOAD: dict[str, object] = {"event": "report.released", "report": "r1", "version": 1}


def at(url: str, *, private: bool) -> Target:
    return Target(url, "portal.example", 8443, "93.184.216.34")


def call(
    answer: Callable[[httpx.Request], httpx.Response], look_up: Callable[..., Target] = at
) -> tuple[Result, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    send = make_sender(private=False, transport=httpx.MockTransport(handle), look_up=look_up)
    return send(WEBHOOK, message_id="m1", payload=PAYLOAD, now=NOW), seen


def test_the_message_is_signed_and_goes_to_the_address_that_was_checked() -> None:
    result, (request,) = call(lambda _: httpx.Response(204))
    assert result == Result("delivered", 204)
    assert str(request.url) == "https://93.184.216.34:8443/hook?a=b"
    assert request.headers["host"] == "portal.example:8443"
    assert request.extensions["sni_hostname"] == "portal.example"
    assert json.loads(request.content) == {"id": "m1", **PAYLOAD}
    assert genuine(request.headers[HEADER], request.content, secret=WEBHOOK.secret, now=NOW)
    assert request.headers["plainrad-event-id"] == "m1"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "delivered"), (202, "delivered"), (301, "refused"), (302, "refused"), (307, "refused"), (400, "refused"), (404, "refused"),
     (410, "gone"), (429, "refused"), (500, "refused"), (503, "refused")],
)  # fmt: skip
def test_each_answer_has_its_meaning_and_no_redirect_is_followed(status: int, outcome: str) -> None:
    result, seen = call(lambda _: httpx.Response(status, headers={"location": "http://169.254.169.254/"}))
    assert (result.outcome, result.status, len(seen)) == (outcome, status, 1)
    assert result.code == f"{outcome} {status}"


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x"), OSError("x")]
)
def test_no_answer_is_not_an_error_of_ours(error: Exception) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise error

    assert call(broken)[0] == Result("no_answer")


@pytest.mark.parametrize("error", [WebhookInvalidError("x"), OSError("x")])
def test_an_address_that_may_not_be_called_is_not_called(error: Exception) -> None:
    def refuse(*_: Any, **__: Any) -> Target:
        raise error

    result, seen = call(lambda _: httpx.Response(200), look_up=refuse)
    assert (result, seen) == (Result("address"), [])


def test_a_long_answer_is_not_read() -> None:
    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            raise AssertionError("the answer was read")

    assert call(lambda _: httpx.Response(200, stream=Endless()))[0] == Result("delivered", 200)
