"""The guard before every route: the table decides, then the bucket. A route that is not in the table is closed."""

from typing import Annotated

import anyio.to_thread
from fastapi import Depends, Request

from plainrad.access.build import Access
from plainrad.access.gate import SAFE_METHODS
from plainrad.access.rules import rule_for
from plainrad.api.metrics import Metrics
from plainrad.api.security.caller import SESSION_COOKIE, caller_of, cookie
from plainrad.api.security.staff import csrf_of_form
from plainrad.domain.access import Principal
from plainrad.errors import AccessError, CredentialsError
from plainrad.settings import Settings


async def guarded(request: Request) -> None:
    """Let the request through and remember whose it is; raises CredentialsError, DeniedError or RateLimitedError."""
    access: Access = request.app.state.access
    settings: Settings = request.app.state.settings
    metrics: Metrics = request.app.state.metrics
    rule = rule_for(request.method, getattr(request.scope.get("route"), "path", ""))
    try:
        if rule is not None and rule.openness == "open":
            request.state.principal = None
            return
        if cookie(request, SESSION_COOKIE) and request.method not in SAFE_METHODS:
            request.state.csrf = await csrf_of_form(request, limit=settings.max_body_bytes)
        caller = caller_of(request, trust_loopback=settings.trust_loopback)
        principal = await anyio.to_thread.run_sync(access.gate.admit, caller, rule)
        if principal is not None and principal.kind != "loopback":
            request.state.principal = principal
            access.clients.take(f"{principal.kind} {principal.id}")
    except AccessError as error:
        metrics.refused(error.code)
        raise
    request.state.principal = principal


def _principal(request: Request) -> Principal:
    found: Principal | None = request.state.principal
    if found is None:
        raise CredentialsError("credentials_missing")
    return found


def _access(request: Request) -> Access:
    found: Access = request.app.state.access
    return found


PrincipalOf = Annotated[Principal, Depends(_principal)]
AccessOf = Annotated[Access, Depends(_access)]
