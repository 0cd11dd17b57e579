"""Keys for programs of small sites. The secret has 256 random bits, so a plain SHA-256 of it is safe to keep."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from plainrad.domain.access import ApiKey, Client, Scope
from plainrad.errors import AccessInvalidError

PREFIX = "plainrad_"
MOST_DAYS = 366
_KEY = re.compile(r"plainrad_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)


def digest(secret: str) -> str:
    """Return the SHA-256 of a random secret, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_key(client: Client, *, scopes: frozenset[Scope], days: int, now: datetime) -> tuple[ApiKey, str]:
    """Return a new key of `client` and the secret text, which is shown once; raises AccessInvalidError."""
    if not scopes or not scopes <= client.scopes:
        raise AccessInvalidError("scope: a key has one or more of the scopes of its client.")
    if not 1 <= days <= MOST_DAYS:
        raise AccessInvalidError(f"days: a key lives 1 to {MOST_DAYS} days.")
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    key = ApiKey(key_id, client.id, digest(secret), scopes, now, now + timedelta(days=days))
    return key, f"{PREFIX}{key_id}_{secret}"


def split_key(text: str) -> tuple[str, str] | None:
    """Return the id and the secret of what a caller sent as a key, or None when it is none."""
    match = _KEY.fullmatch(text)
    return (match[1], match[2]) if match else None


def fits(key: ApiKey, secret: str) -> bool:
    """Return True when `secret` is that of `key`; takes the same time for every wrong one."""
    return hmac.compare_digest(key.secret_sha256, digest(secret))
