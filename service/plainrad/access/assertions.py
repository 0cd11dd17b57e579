"""What a program proves itself with: a JWT that it signed (RFC 7523, private_key_jwt). Only RS512 and ES256.

Everything that can be wrong gives the same error: a caller who has no key learns nothing about which clients there are.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, KeySet, RSAKey

from plainrad.access.keys import digest
from plainrad.access.ports import ClientStore
from plainrad.domain.access import Client
from plainrad.errors import AccessInvalidError, TokenRequestError

LONGEST_LIFE = timedelta(minutes=5)
SKEW = timedelta(seconds=60)
_REMEMBERED = timedelta(days=1)  # long after it has expired: a clock that is put back must not make it good again
_LONGEST = 8_000
_SMALLEST_RSA = 2_048
_MOST_KEYS = 10


def read_jwks(text: str) -> KeySet:
    """Return the public keys of a client; raises AccessInvalidError for anything that RS512 and ES256 cannot use.

    A private key is refused: it has no business here, and whoever sent it must make a new one.
    """
    try:
        sent = json.loads(text)
        keys = KeySet.import_key_set(sent)
    except (ValueError, TypeError, KeyError, AttributeError, JoseError, SecurityWarning):
        raise AccessInvalidError('jwks: give a JSON Web Key Set, {"keys": [...]}, with RSA or P-256 keys.') from None
    if not 1 <= len(keys.keys) <= _MOST_KEYS:
        raise AccessInvalidError(f"jwks: 1 to {_MOST_KEYS} keys.")
    for key in keys.keys:
        if key.is_private or key.key_type == "oct":
            raise AccessInvalidError("jwks: give public keys only. A private key that was shown must be replaced.")
        if isinstance(key, RSAKey):
            if key.public_key.key_size < _SMALLEST_RSA:
                raise AccessInvalidError(f"jwks: an RSA key has at least {_SMALLEST_RSA} bits.")
        elif not isinstance(key, ECKey) or key.curve_name != "P-256":
            raise AccessInvalidError("jwks: give RSA keys (for RS512) or P-256 keys (for ES256).")
    return keys


def check_assertion(text: str, *, store: ClientStore, audience: str, now: datetime) -> Client:
    """Return the client that signed `text` for `audience`, once; raises TokenRequestError `invalid_client`."""
    refused = TokenRequestError("invalid_client", "The client assertion was not accepted.")
    if len(text) > _LONGEST or not text.isascii() or text.count(".") != 2:
        raise refused
    try:
        unproved = json.loads(jwt_payload(text))
        name = unproved["sub"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise refused from None
    client = store.client(name) if isinstance(name, str) and len(name) <= 64 and name.isprintable() else None
    if client is None or client.revoked_at is not None or client.jwks is None:
        raise refused
    claims = _signed_claims(text, read_jwks(client.jwks))
    until = _check_claims(claims, client=client, audience=audience, now=now) if claims is not None else None
    if claims is None or until is None:
        raise TokenRequestError(refused.error, str(refused), client_id=client.id, why="assertion_wrong")
    if not store.use_once(
        client_id=client.id, jti_sha256=digest(str(claims["jti"])), until=until + _REMEMBERED, now=now
    ):
        raise TokenRequestError(refused.error, str(refused), client_id=client.id, why="assertion_replayed")
    return client


def _signed_claims(text: str, keys: KeySet) -> Mapping[str, Any] | None:
    """Return the claims when one of the keys signed them. The kind of a key decides on its algorithm, the header does not."""
    for key in keys.keys:
        algorithm = "RS512" if isinstance(key, RSAKey) else "ES256"
        try:
            token = jwt.decode(text, key, algorithms=[algorithm])
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        return token.claims if key.kid in (None, token.header.get("kid", key.kid)) else None
    return None


def jwt_payload(text: str) -> bytes:
    """Return the middle part of a compact JWT, unproved; raises ValueError."""
    from base64 import urlsafe_b64decode

    middle = text.split(".")[1]
    return urlsafe_b64decode(middle + "=" * (-len(middle) % 4))


def _check_claims(claims: Mapping[str, Any], *, client: Client, audience: str, now: datetime) -> datetime | None:
    """Return when the token expires, or None when one of its claims does not fit."""
    if claims.get("iss") != client.id or claims.get("sub") != client.id:
        return None
    if claims.get("aud") not in (audience, [audience]):
        return None
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 8 <= len(jti) <= 255:
        return None
    times = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    if "exp" not in times or any(
        isinstance(one, bool) or not isinstance(one, int | float) or not 0 < one < 1e11 for one in times.values()
    ):
        return None
    seconds, skew = now.timestamp(), SKEW.total_seconds()
    expires = float(times["exp"])
    if expires <= seconds - skew or expires > seconds + LONGEST_LIFE.total_seconds() + skew:
        return None
    if any(float(times.get(name, 0)) > seconds + skew for name in ("iat", "nbf")):
        return None
    return datetime.fromtimestamp(expires, tz=now.tzinfo)
