"""Who may do what: roles of people, scopes of programs, and the values that stand for callers. Secrets never show in `repr`."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from plainrad.errors import AccessInvalidError

_CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}[a-z0-9]", re.ASCII)
_ORGANISATION = re.compile(r"[A-Z0-9]{3,10}", re.ASCII)
DEMO_ORGANISATION = "DEMO"


class Role(StrEnum):
    """What somebody is here for. A portal is a program, the others are people."""

    PORTAL = "portal"
    RADIOLOGIST = "radiologist"
    EDITOR = "editor"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


STAFF_ROLES: tuple[Role, ...] = tuple(role for role in Role if role is not Role.PORTAL)


class Scope(StrEnum):
    """What a program may do, part by part."""

    ANNOTATE = "annotate"  # the stateless calls and the glossary
    SUBMIT = "reports:write"  # hand in and withdraw reports
    READ = "reports:read"  # list and read reports of its organisation
    RESPOND = "responses:write"  # feedback, questions, the patient's preference
    WEBHOOKS = "webhooks:manage"
    METRICS = "metrics:read"


def organisation_code(value: str) -> str:
    """Return the ODS code of an organisation, in capitals; raises AccessInvalidError."""
    code = value.strip().upper()
    if not _ORGANISATION.fullmatch(code):
        raise AccessInvalidError("organisation: give an ODS code, 3 to 10 letters and digits.")
    return code


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever a request comes from, once that has been proved."""

    id: str
    kind: Literal["client", "staff", "loopback"]
    organisation: str
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Scope] = frozenset()

    def __post_init__(self) -> None:
        if not self.id or not _ORGANISATION.fullmatch(self.organisation):
            raise AccessInvalidError("A principal needs an id and an organisation.")
        if (self.kind == "staff") == (Role.PORTAL in self.roles):
            raise AccessInvalidError("A program has the role portal, and nobody else has.")


@dataclass(frozen=True, slots=True)
class Client:
    """A program that is known here: whose it is, what it may do, and the public keys that it signs with (a JWKS as JSON)."""

    id: str
    organisation: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    jwks: str | None = None
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        if not _CLIENT_ID.fullmatch(self.id):
            raise AccessInvalidError("client: 3 to 64 small letters, digits and hyphens, no hyphen first or last.")
        if not _ORGANISATION.fullmatch(self.organisation):
            raise AccessInvalidError("organisation: give an ODS code, 3 to 10 letters and digits.")
        if not self.scopes:
            raise AccessInvalidError("scope: a client without one could do nothing.")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a client, of which only a hash is known. It may do no more than its client."""

    id: str
    client_id: str
    secret_sha256: str = field(repr=False)
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def usable(self, now: datetime) -> bool:
        """Return True until it expires or is revoked."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Account:
    """A local account of a member of staff. `failures` and `locked_until` hold back those who guess."""

    name: str
    organisation: str
    roles: frozenset[Role]
    password_hash: str = field(repr=False)
    created_at: datetime
    failures: int = 0
    locked_until: datetime | None = None
    disabled_at: datetime | None = None

    def __post_init__(self) -> None:
        if not _CLIENT_ID.fullmatch(self.name):
            raise AccessInvalidError("account: 3 to 64 small letters, digits and hyphens, no hyphen first or last.")
        if not self.roles or Role.PORTAL in self.roles:
            raise AccessInvalidError("role: give at least one, and not portal.")
        if not _ORGANISATION.fullmatch(self.organisation):
            raise AccessInvalidError("organisation: give an ODS code, 3 to 10 letters and digits.")


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in member of staff, kept here. The browser holds only a random id, of which this holds the hash."""

    id_sha256: str = field(repr=False)
    subject: str
    organisation: str
    roles: frozenset[Role]
    csrf: str = field(repr=False)
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """A sign-in that has begun and is bound to one browser: what has to come back, and what proves it."""

    id_sha256: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of a client that is told when a report is released, reads differently, or is taken back. The secret signs what is sent to it."""

    id: str
    client_id: str
    organisation: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None = None
