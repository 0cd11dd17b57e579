"""Deliveries that are due -> calls, and what becomes of each. What the outbox holds is sent at least once, and never forgotten."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Literal, Protocol

from plainrad.domain.access import Webhook
from plainrad.domain.records import Delivery
from plainrad.webhooks.backoff import next_try
from plainrad.webhooks.send import Sender

Settled = Literal["delivered", "retried", "given_up", "gone", "abandoned"]
AT_ONCE = 8


class Outbox(Protocol):
    """Gives deliveries that are due, and is told what became of them (`records`)."""

    def take(self, *, limit: int = 20) -> Sequence[Delivery]:
        """Return deliveries that are due; each is ours for a while."""

    def settle(
        self, delivery: Delivery, *, outcome: str | None, error: str | None = None, wait: timedelta | None = None
    ) -> bool:
        """Write what became of one."""


class Addresses(Protocol):
    """Knows where clients want to be told."""

    def find(self, webhook_id: str) -> Webhook | None:
        """Return one."""

    def disable(self, webhook_id: str, *, at: datetime) -> bool:
        """End one."""


def dispatch(
    outbox: Outbox,
    addresses: Addresses,
    sender: Sender,
    *,
    now: Callable[[], datetime],
    limit: int = 20,
    jitter: Callable[[], float] = random.random,
) -> list[Settled]:
    """Send what is due, a few at once, and return what became of each. A slow address keeps back no other."""

    def one(delivery: Delivery) -> Settled:
        webhook = addresses.find(delivery.target)
        if webhook is None or webhook.disabled_at is not None:
            outbox.settle(delivery, outcome="abandoned")
            return "abandoned"
        result = sender(webhook, message_id=delivery.id, payload=delivery.payload, now=now())
        if result.outcome == "delivered":
            outbox.settle(delivery, outcome="delivered")
            return "delivered"
        if result.outcome == "gone":
            addresses.disable(webhook.id, at=now())
            outbox.settle(delivery, outcome="gone", error=result.code)
            return "gone"
        moment = now()
        again = next_try(attempt=delivery.attempt, created_at=delivery.created_at, now=moment, jitter=jitter)
        if again is None:
            outbox.settle(delivery, outcome="given_up", error=result.code)
            return "given_up"
        outbox.settle(delivery, outcome=None, error=result.code, wait=again - moment)
        return "retried"

    due = outbox.take(limit=limit)
    if len(due) < 2:
        return [one(delivery) for delivery in due]
    with ThreadPoolExecutor(min(AT_ONCE, len(due))) as pool:
        return list(pool.map(one, due))
