"""The access tokens that we give out: JWTs signed with ES256, five minutes long, for this service only.

The signing key is worked out of the secret of the site, so every worker has the same one and no private key lies in the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from plainrad.domain.access import Client, Scope

LIFE = timedelta(minutes=5)
_ALGORITHM = "ES256"
_TYPE = "at+jwt"  # RFC 9068: no other token of ours can be taken for one
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-4, D.1.2.3)


def signing_key(secret: bytes) -> ECKey:
    """Return the P-256 key of a secret of the site (HKDF-SHA256; 48 bytes reduced, so that every key is as likely)."""
    wide = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"plainrad access token ES256 v1").derive(secret)
    number = int.from_bytes(wide, "big") % (_ORDER - 1) + 1
    private = ec.derive_private_key(number, ec.SECP256R1())
    key_id = sha256(number.to_bytes(32, "big") + b"kid").hexdigest()[:16]
    return ECKey(private, private, parameters={"kid": key_id})


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token says: which client, which of its scopes."""

    client_id: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Gives out and checks access tokens. The first key signs; the others are those that are being rotated out."""

    keys: Sequence[ECKey] = field(repr=False)
    issuer: str

    def issue(self, client: Client, *, scopes: frozenset[Scope], now: datetime) -> str:
        """Return a token of `client` for `scopes`."""
        seconds = int(now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": client.id,
            "scope": " ".join(sorted(scopes)),
            "iat": seconds,
            "exp": seconds + int(LIFE.total_seconds()),
            "jti": token_urlsafe(12),
        }
        key = self.keys[0]
        return jwt.encode({"alg": _ALGORITHM, "typ": _TYPE, "kid": key.kid}, claims, key, algorithms=[_ALGORITHM])

    def read(self, text: str, *, now: datetime) -> Grant | None:
        """Return what a token of ours says, or None when it is not ours, was changed or has expired."""
        for key in self.keys:
            try:
                token = jwt.decode(text, key, algorithms=[_ALGORITHM])
            except (JoseError, ValueError, TypeError):
                continue
            claims, seconds = token.claims, now.timestamp()
            if token.header.get("typ") != _TYPE or claims.get("iss") != self.issuer or claims.get("aud") != self.issuer:
                return None
            expires, subject, scope = claims.get("exp"), claims.get("sub"), claims.get("scope")
            if not isinstance(expires, int) or expires <= seconds or not isinstance(subject, str):
                return None
            known = {str(one) for one in Scope}
            return Grant(subject, frozenset(Scope(one) for one in str(scope).split() if one in known))
        return None
