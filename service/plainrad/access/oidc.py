"""Sign-in of staff with the site's own provider: OpenID Connect, code flow with PKCE (Authlib), ID token checked with its keys.

What the provider says of a person becomes a subject, an organisation and roles; groups that the site has not mapped give no role.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client.errors import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749 import OAuth2Error  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from plainrad.domain.access import Role, SignInAttempt, organisation_code
from plainrad.errors import AccessInvalidError, SignInError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SKEW_SECONDS = 60
_FAILURES = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    OAuthError,
    OAuth2Error,
    JoseError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Provider:
    """How the site's provider is reached, and what its words mean here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    organisation: str | None
    organisation_claim: str | None
    roles_claim: str
    role_map: Mapping[str, Role]
    scope: str = "openid profile"

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
            raise AccessInvalidError("oidc: the issuer must be an https address.")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has proved to the provider who they are."""

    subject: str
    organisation: str
    roles: frozenset[Role]


class SignIn:
    """Begins and ends sign-ins with one provider. Blocks while the provider answers."""

    def __init__(
        self, provider: Provider, *, now: Callable[[], datetime], http: Callable[[], Any] | None = None
    ) -> None:
        self.provider = provider
        self._now = now
        self._http = http or (lambda: None)

    def address(self, attempt: SignInAttempt) -> str:
        """Return where to send the browser; raises SignInError when the provider cannot be asked."""
        try:
            with self._client() as client:
                about = self._about(client)
                address, _ = client.create_authorization_url(
                    about["authorization_endpoint"],
                    state=attempt.state,
                    nonce=attempt.nonce,
                    code_verifier=attempt.verifier,
                )
        except _FAILURES:
            raise SignInError("provider_unreachable") from None
        return str(address)

    def person(self, attempt: SignInAttempt, *, code: str) -> Person:
        """Return who it is, from the code that came back; raises SignInError."""
        try:
            with self._client() as client:
                about = self._about(client)
                answer = client.fetch_token(
                    about["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=attempt.verifier
                )
                keys = client.request("GET", about["jwks_uri"], withhold_token=True)
                keys.raise_for_status()
                key_set = KeySet.import_key_set(keys.json())
                token = jwt.decode(answer["id_token"], key_set, algorithms=list(ALGORITHMS))
        except _FAILURES:
            raise SignInError("provider_refused") from None
        if not self._genuine(token.claims, attempt):
            raise SignInError("provider_refused")
        return self._person(token.claims)

    def _client(self) -> Any:
        given = self._http()
        return OAuth2Client(
            self.provider.client_id, self.provider.client_secret, scope=self.provider.scope,
            redirect_uri=self.provider.redirect_uri, code_challenge_method="S256", timeout=10, follow_redirects=False,
            trust_env=False, **({} if given is None else {"transport": given}),
        )  # fmt: skip

    def _about(self, client: Any) -> dict[str, str]:
        """Return the provider's own description; it must be about the issuer that the site named (OIDC Discovery, 4.3)."""
        answer = client.request(
            "GET", f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration", withhold_token=True
        )
        answer.raise_for_status()
        about: dict[str, str] = answer.json()
        if about["issuer"] != self.provider.issuer:
            raise ValueError("another issuer")
        return about

    def _genuine(self, claims: Mapping[str, Any], attempt: SignInAttempt) -> bool:
        """Check the ID token (OIDC Core, 3.1.3.7)."""
        seconds = self._now().timestamp()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires, issued = claims.get("exp"), claims.get("iat")
        return (
            claims.get("iss") == self.provider.issuer
            and self.provider.client_id in audiences
            and (len(audiences) == 1 or claims.get("azp") == self.provider.client_id)
            and claims.get("nonce") == attempt.nonce
            and isinstance(expires, int | float)
            and expires > seconds - SKEW_SECONDS
            and isinstance(issued, int | float)
            and issued < seconds + SKEW_SECONDS
            and isinstance(claims.get("sub"), str)
            and 0 < len(claims["sub"]) <= 255
        )

    def _person(self, claims: Mapping[str, Any]) -> Person:
        groups = claims.get(self.provider.roles_claim)
        named = groups if isinstance(groups, list) else [groups]
        roles = frozenset(
            self.provider.role_map[one] for one in named if isinstance(one, str) and one in self.provider.role_map
        )
        if not roles:
            raise SignInError("no_role")
        stated = claims.get(self.provider.organisation_claim) if self.provider.organisation_claim else None
        try:
            organisation = organisation_code(str(stated) if stated is not None else self.provider.organisation or "")
        except AccessInvalidError:
            raise SignInError("no_role") from None
        return Person(f"oidc:{claims['sub']}", organisation, roles)
