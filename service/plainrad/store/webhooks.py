"""Where clients want to be told: addresses and secrets, sealed with the keys of the site."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from plainrad.domain.access import Webhook
from plainrad.domain.records import SYSTEM, Actor
from plainrad.errors import SealBrokenError
from plainrad.store import outbox
from plainrad.store.access_tables import WebhookRow
from plainrad.store.audit import append
from plainrad.store.engine import Database
from plainrad.store.seal import Vault


@dataclass(frozen=True, slots=True)
class WebhookStore:
    """Keeps webhooks in the database. Raises KeysMissingError without a key of the site."""

    database: Database
    vault: Vault = field(repr=False)

    def add(self, webhook: Webhook, *, most: int) -> bool:
        """Keep a new one; False when its client has `most` already."""
        with self.database.unit() as unit:
            count = unit.scalars(
                select(func.count(WebhookRow.id)).where(
                    WebhookRow.client_id == webhook.client_id, WebhookRow.disabled_at.is_(None)
                )
            ).one()
            if count >= most:
                return False
            unit.add(
                WebhookRow(
                    id=webhook.id, client_id=webhook.client_id, organisation=webhook.organisation,
                    url=self._seal(webhook.url, webhook.id), secret=self._seal(webhook.secret, webhook.id),
                    created_at=webhook.created_at, disabled_at=webhook.disabled_at,
                )
            )  # fmt: skip
            actor = Actor("portal", webhook.client_id, webhook.organisation)
            append(
                unit,
                actor=actor,
                action="webhook_added",
                at=webhook.created_at,
                object_kind="webhook",
                object_id=webhook.id,
            )
            return True

    def of_client(self, client_id: str) -> Sequence[Webhook]:
        """Return those of a client that are in force, the oldest first."""
        with self.database.reading() as unit:
            rows = unit.scalars(
                select(WebhookRow)
                .where(WebhookRow.client_id == client_id, WebhookRow.disabled_at.is_(None))
                .order_by(WebhookRow.created_at, WebhookRow.id)
            )
            return [self._open(row) for row in rows]

    def find(self, webhook_id: str) -> Webhook | None:
        """Return one, in force or not."""
        with self.database.reading() as unit:
            row = unit.get(WebhookRow, webhook_id)
            return self._open(row) if row else None

    def disable(self, webhook_id: str, *, at: datetime, client_id: str | None = None) -> bool:
        """End one (of this client, if one is named); False when there is none in force."""
        with self.database.unit() as unit:
            row = unit.get(WebhookRow, webhook_id)
            if row is None or row.disabled_at is not None or client_id not in (None, row.client_id):
                return False
            row.disabled_at = at
            actor = Actor("portal", row.client_id, row.organisation) if client_id is not None else SYSTEM
            append(unit, actor=actor, action="webhook_ended", at=at, object_kind="webhook", object_id=webhook_id)
            return True

    def waiting(self) -> int:
        """Return how many messages have not been delivered."""
        with self.database.reading() as unit:
            return outbox.waiting(unit)

    def _seal(self, text: str, webhook_id: str) -> str:
        key_id, sealed = self.vault.seal(text, row=f"webhook:{webhook_id}")
        return f"{key_id}:{base64.b64encode(sealed).decode()}"

    def _unseal(self, text: str, webhook_id: str) -> str:
        key_id, _, sealed = text.partition(":")
        opened = self.vault.open(key_id, base64.b64decode(sealed), row=f"webhook:{webhook_id}")
        if not isinstance(opened, str):
            raise SealBrokenError
        return opened

    def _open(self, row: WebhookRow) -> Webhook:
        return Webhook(
            row.id, row.client_id, row.organisation, self._unseal(row.url, row.id), self._unseal(row.secret, row.id),
            row.created_at, row.disabled_at,
        )  # fmt: skip
