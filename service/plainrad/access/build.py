"""Settings and a store -> everything that decides about access."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plainrad.access.buckets import Buckets, Levels
from plainrad.access.gate import Gate
from plainrad.access.oidc import Provider, SignIn
from plainrad.access.ports import AccessStore
from plainrad.access.sessions import IDLE
from plainrad.access.tokens import Tokens, signing_key
from plainrad.domain.access import Role
from plainrad.errors import SettingsInvalidError
from plainrad.settings import Settings

ATTEMPT_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Access:
    """Who calls, how often they may, how staff sign in."""

    store: AccessStore
    gate: Gate
    tokens: Tokens
    clients: Buckets
    sign_ins: Buckets
    public_url: str
    sign_in: SignIn | None
    now: Callable[[], datetime]

    @property
    def token_address(self) -> str:
        """Return what client assertions must be made for."""
        return f"{self.public_url}/oauth2/token"

    def tidy(self) -> None:
        """Forget sessions, sign-ins and used tokens that are over."""
        now = self.now()
        self.store.forget_before(sessions=now - IDLE, attempts=now - ATTEMPT_LIFE, now=now)


def make_access(
    settings: Settings, store: AccessStore, *, secrets_of_site: Sequence[bytes], now: Callable[[], datetime]
) -> Access:
    """Return the parts for these settings; raises SettingsInvalidError.

    Without a secret of the site tokens are signed with one that lives as long as this process.
    """
    public_url = (settings.public_url or f"http://127.0.0.1:{settings.port}").rstrip("/")
    keys = [signing_key(one) for one in secrets_of_site or (secrets.token_bytes(32),)]
    tokens = Tokens(keys, public_url)
    per_minute, burst = settings.requests_per_minute, settings.requests_burst
    return Access(
        store=store,
        gate=Gate(store, tokens, now),
        tokens=tokens,
        clients=Buckets(per_minute=per_minute, burst=burst, levels=_levels(settings, "clients")),
        sign_ins=Buckets(per_minute=10, burst=20, levels=_levels(settings, "sign-ins")),
        public_url=public_url,
        sign_in=_sign_in(settings, public_url, now),
        now=now,
    )


def _levels(settings: Settings, name: str) -> Levels | None:
    """Return the levels that the workers of a service share, or None for a process that serves alone."""
    if settings.limits_dir is None:
        return None
    from plainrad.access.shared import SharedLevels  # it needs a system with file locks of POSIX

    return SharedLevels(settings.limits_dir / name)


def _sign_in(settings: Settings, public_url: str, now: Callable[[], datetime]) -> SignIn | None:
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_client_id is None or settings.oidc_client_secret is None or not settings.oidc_role_map:
        raise SettingsInvalidError(
            "PLAINRAD_OIDC_ISSUER needs PLAINRAD_OIDC_CLIENT_ID, PLAINRAD_OIDC_CLIENT_SECRET and PLAINRAD_OIDC_ROLE_MAP beside it."
        )
    if settings.organisation is None and settings.oidc_organisation_claim is None:
        raise SettingsInvalidError(
            "PLAINRAD_ORGANISATION or PLAINRAD_OIDC_ORGANISATION_CLAIM must say whose staff sign in."
        )
    provider = Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{public_url}/staff/sign-in/callback",
        organisation=settings.organisation,
        organisation_claim=settings.oidc_organisation_claim,
        roles_claim=settings.oidc_roles_claim,
        role_map={group: Role(role) for group, role in settings.oidc_role_map.items()},
    )
    return SignIn(provider, now=now)
