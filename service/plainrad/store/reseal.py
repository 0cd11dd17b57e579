"""Sealed parts of webhooks, sealed anew with the newest key."""

import base64

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainrad.store.access_tables import WebhookRow
from plainrad.store.seal import Vault


def reseal_all(session: Session, vault: Vault) -> int:
    """Seal address and secret of each webhook with the newest key, and return how many webhooks had an older one."""
    count = 0
    for row in session.scalars(select(WebhookRow).order_by(WebhookRow.id)):
        if row.url.startswith(f"{vault.newest.id}:") and row.secret.startswith(f"{vault.newest.id}:"):
            continue
        bound = f"webhook:{row.id}"
        row.url, row.secret = (_again(text, vault, bound) for text in (row.url, row.secret))
        count += 1
    return count


def _again(text: str, vault: Vault, bound: str) -> str:
    key_id, _, sealed = text.partition(":")
    new_id, again = vault.seal(vault.open(key_id, base64.b64decode(sealed), row=bound), row=bound)
    return f"{new_id}:{base64.b64encode(again).decode()}"
