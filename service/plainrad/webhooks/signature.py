"""How a message is signed: HMAC-SHA256 over its time and its bytes, so that it can neither be changed nor sent again later."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

HEADER = "Plainrad-Signature"
TOLERANCE = timedelta(minutes=5)
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def make_secret() -> str:
    """Return a new secret of 256 random bits."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """Return the header for a body that is sent at `at`: t=SECONDS,v1=HEX."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_mac(body, secret, seconds)}"


def genuine(header: str, body: bytes, *, secret: str, now: datetime, tolerance: timedelta = TOLERANCE) -> bool:
    """Return True when `header` is that of `body` and not older (or newer) than `tolerance`. For those who receive."""
    match = _FORM.fullmatch(header)
    if match is None or abs(now.timestamp() - int(match[1])) > tolerance.total_seconds():
        return False
    return hmac.compare_digest(match[2], _mac(body, secret, int(match[1])))


def _mac(body: bytes, secret: str, seconds: int) -> str:
    return hmac.new(secret.encode(), str(seconds).encode() + b"." + body, hashlib.sha256).hexdigest()
