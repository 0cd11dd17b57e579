"""Callers in tests: clients with keys of their own, assertions right and wrong, a clock that is set by hand."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from plainrad.access.build import Access, make_access
from plainrad.access.keys import make_key
from plainrad.access.memory import MemoryAccessStore
from plainrad.access.ports import AccessStore
from plainrad.domain.access import Client, Scope
from plainrad.settings import Settings

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
def ec_key() -> ECKey:
    """A key for ES256."""
    return ECKey.generate_key("P-256", parameters={"kid": "ec"})


def public_keys(*keys: RSAKey | ECKey) -> str:
    """The JWKS of keys."""
    import json

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


def form(text: str | None = None, **others: str) -> dict[str, str]:
    """The form of POST /oauth2/token."""
    return {
        "grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": text or assertion(),
    } | others  # fmt: skip


@dataclass
class Doors:
    """Access with a clock, and ways to become somebody."""

    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=Clock)
    store: AccessStore = field(default_factory=MemoryAccessStore)
    access: Access = field(init=False)

    def __post_init__(self) -> None:
        self.access = make_access(
            self.settings, self.store, secrets_of_site=(b"a secret of the site" * 2,), now=self.clock
        )

    def bearer(self, one: Client, *scopes: Scope) -> dict[str, str]:
        """The header of a token for `scopes` (all of the client's when none is named)."""
        text = self.access.tokens.issue(one, scopes=frozenset(scopes) or one.scopes, now=self.clock())
        return {"authorization": f"Bearer {text}"}

    def key(self, one: Client, *scopes: Scope, days: int = 30) -> tuple[str, dict[str, str]]:
        """The id and the header of an API key."""
        key, text = make_key(one, scopes=frozenset(scopes) or one.scopes, days=days, now=self.clock())
        self.store.add_key(key)
        return key.id, {"authorization": f"Bearer {text}"}
