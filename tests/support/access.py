"""Callers in tests: clients with keys of their own, assertions right and wrong, a clock that is set by hand."""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from plainrad.domain.access import Client, Scope

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TOKEN_ADDRESS = "http://127.0.0.1:8000/oauth2/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Clock:
    """A clock that is set by hand."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def on(self, **span: float) -> None:
        """Move on."""
        self.at += timedelta(**span)


@cache
def rsa_key() -> RSAKey:
    """A key for RS512, made once: it takes a while."""
    return RSAKey.generate_key(2048, parameters={"kid": "rsa"})


@cache
def light_hash(password: str) -> str:
    """An argon2id hash that is checked in a millisecond: for tests of what follows, not of how hard it is to guess."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)).hash(password)


@cache
def ec_key() -> ECKey:
    """A key for ES256."""
    return ECKey.generate_key("P-256", parameters={"kid": "ec"})


def public_keys(*keys: RSAKey | ECKey) -> str:
    """The JWKS of keys."""
    return json.dumps(KeySet(list(keys)).as_dict(private=False))


def client(name: str = "portal-one", organisation: str = "RXX", **fields: Any) -> Client:
    """A client with both keys and every scope."""
    given: dict[str, Any] = {
        "scopes": frozenset(Scope),
        "jwks": public_keys(rsa_key(), ec_key()),
        "created_at": NOW,
    } | fields
    return Client(name, organisation, f"Portal of {organisation}", **given)


def claims(name: str = "portal-one", *, now: datetime = NOW, **others: Any) -> dict[str, Any]:
    """The claims of a good assertion, some of them replaced; None leaves one out."""
    seconds = int(now.timestamp())
    found = {
        "iss": name, "sub": name, "aud": TOKEN_ADDRESS, "iat": seconds, "exp": seconds + 240, "jti": secrets.token_hex(12),
    } | others  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def assertion(
    sent: dict[str, Any] | None = None, *, alg: str = "RS512", key: RSAKey | ECKey | OctKey | None = None, **header: Any
) -> str:
    """A signed assertion."""
    signing = key or (rsa_key() if alg.startswith(("RS", "PS")) else ec_key())
    return jwt.encode({"alg": alg, **header}, sent or claims(), signing, algorithms=[alg])


def encoded(value: object) -> str:
    """A part of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def form(text: str | None = None, **others: str) -> dict[str, str]:
    """The form of POST /oauth2/token."""
    return {
        "grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": text or assertion(),
    } | others  # fmt: skip
