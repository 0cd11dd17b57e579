"""One decision for every request: who is it, and may it use this route? Closed where nothing says otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from plainrad.access import keys, sessions
from plainrad.access.ports import AccessStore
from plainrad.access.rules import Rule
from plainrad.access.tokens import Tokens
from plainrad.domain.access import DEMO_ORGANISATION, Principal, Role, Scope, Session
from plainrad.errors import CredentialsError, DeniedError

SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
LOOPBACK: Final = Principal("loopback", "loopback", DEMO_ORGANISATION, frozenset({Role.PORTAL}), frozenset(Scope))
CLOSED: Final = (
    "No client has been set up here, so only this machine is served, and only with invented patients (an NHS number that begins "
    "with 9, or none). Set one up: plainrad clients add."
)


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request brings: its bearer token, its session cookie with the CSRF token, and whether it comes from this machine."""

    bearer: str | None
    session_id: str | None
    csrf: str | None
    loopback: bool
    method: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Knows callers by the store and our own tokens."""

    store: AccessStore
    tokens: Tokens
    now: Callable[[], datetime]

    def admit(self, caller: Caller, rule: Rule | None) -> Principal | None:
        """Return who may go on (None: nobody in particular, on an open route); raises CredentialsError or DeniedError."""
        if rule is None:
            raise DeniedError
        if rule.openness == "open":
            return None
        if caller.bearer is not None:
            principal = self._program(caller.bearer)
        elif caller.session_id is not None and (session := self._session(caller)) is not None:
            principal = sessions.principal_of(session)
        else:
            return self._without_credentials(caller, rule)
        return permitted(principal, rule)

    def _without_credentials(self, caller: Caller, rule: Rule) -> Principal:
        people_only = rule.openness == "stored" and rule.scope is None
        if caller.loopback and rule.openness == "stateless":
            return LOOPBACK
        if self.store.configured() or people_only:
            raise CredentialsError("credentials_missing")
        if not caller.loopback:
            raise DeniedError("access_not_configured", CLOSED)
        return LOOPBACK

    def _program(self, bearer: str) -> Principal:
        if bearer.startswith(keys.PREFIX):
            found = self._key(bearer)
        else:
            grant = self.tokens.read(bearer, now=self.now()) if len(bearer) < 4_000 else None
            found = (grant.client_id, grant.scopes) if grant else None
        client = self.store.client(found[0]) if found else None
        if found is None or client is None or client.revoked_at is not None:
            raise CredentialsError
        return Principal(client.id, "client", client.organisation, frozenset({Role.PORTAL}), found[1] & client.scopes)

    def _key(self, bearer: str) -> tuple[str, frozenset[Scope]] | None:
        parts = keys.split_key(bearer)
        key = self.store.key(parts[0]) if parts else None
        if parts is None or key is None or not keys.fits(key, parts[1]) or not key.usable(self.now()):
            return None
        return key.client_id, key.scopes

    def _session(self, caller: Caller) -> Session | None:
        session = sessions.find(caller.session_id or "", store=self.store, now=self.now())
        if (
            session is not None
            and caller.method not in SAFE_METHODS
            and not sessions.same(session.csrf, caller.csrf or "")
        ):
            raise DeniedError(
                "csrf_failed", "The page is too old, or the request came from another site. Load the page again."
            )
        return session


def permitted(principal: Principal, rule: Rule) -> Principal:
    """Return the principal when the rule lets it through; raises DeniedError."""
    if principal.kind == "staff":
        if principal.roles & rule.staff:
            return principal
        raise DeniedError(detail="This needs another role.")
    if rule.scope is not None and rule.scope in principal.scopes:
        return principal
    raise DeniedError(
        detail=f"This needs the scope {rule.scope}." if rule.scope else "This is for people who have signed in."
    )
