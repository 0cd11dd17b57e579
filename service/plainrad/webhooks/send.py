"""One call of a portal's address, and what became of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import httpx

from plainrad.domain.access import Webhook
from plainrad.errors import WebhookInvalidError
from plainrad.webhooks.signature import HEADER, sign
from plainrad.webhooks.target import Target, look_up

Outcome = Literal["delivered", "refused", "no_answer", "address", "gone"]
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a call; `status` is that of the answer, if there was one."""

    outcome: Outcome
    status: int | None = None

    @property
    def code(self) -> str:
        """Return it in a word or two, for the outbox."""
        return self.outcome if self.status is None else f"{self.outcome} {self.status}"


class Sender(Protocol):
    """Calls an address."""

    def __call__(self, webhook: Webhook, *, message_id: str, payload: dict[str, object], now: datetime) -> Result:
        """Return what became of it; raises nothing."""


def make_sender(
    *, private: bool, transport: httpx.BaseTransport | None = None, look_up: Callable[..., Target] = look_up
) -> Sender:
    """Return a sender that follows no redirect, believes no proxy setting, and reads nothing of the answer but its status."""
    client = httpx.Client(
        transport=transport, timeout=TIMEOUT, follow_redirects=False, trust_env=False,
        limits=httpx.Limits(max_keepalive_connections=0), headers={"User-Agent": "plainrad-webhook/1"},
    )  # fmt: skip

    def send(webhook: Webhook, *, message_id: str, payload: dict[str, object], now: datetime) -> Result:
        body = json.dumps({"id": message_id, **payload}, separators=(",", ":"), sort_keys=True).encode()
        try:
            target = look_up(webhook.url, private=private)
        except (WebhookInvalidError, OSError, UnicodeError):
            return Result("address")
        headers = {
            "Host": _host(target),
            "Content-Type": "application/json",
            "Plainrad-Event-Id": message_id,
            HEADER: sign(body, secret=webhook.secret, at=now),
        }
        url = httpx.URL(target.url).copy_with(host=target.address, port=target.port)
        try:
            with client.stream(
                "POST", url, content=body, headers=headers, extensions={"sni_hostname": target.host}
            ) as answer:
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            return Result("no_answer")
        return Result("delivered" if 200 <= status < 300 else "gone" if status == 410 else "refused", status)

    return send


def _host(target: Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    return name if target.port in (80, 443) else f"{name}:{target.port}"
