"""POST /oauth2/token: an access token for a program that proves itself with a JWT of its own (RFC 6749, RFC 7523)."""

from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from plainrad.access.assertions import check_assertion
from plainrad.access.build import Access
from plainrad.access.tokens import LIFE
from plainrad.api.bodies import read_body
from plainrad.api.dependencies import MetricsOf
from plainrad.api.documentation import problems
from plainrad.api.schemas import TokenAnswer, TokenRefusal
from plainrad.api.security.guarded import AccessOf
from plainrad.domain.access import Scope
from plainrad.errors import RateLimitedError, TokenRequestError

router = APIRouter(tags=["access"])
FORM: Final = "application/x-www-form-urlencoded"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MOST_BYTES = 20_000
_KNOWN = ("grant_type", "client_assertion_type", "client_assertion", "client_id", "scope")
_TEXT: dict[str, Any] = {"type": "string"}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type", "client_assertion_type", "client_assertion"],
                    "properties": dict.fromkeys(_KNOWN, _TEXT)
                    | {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_assertion_type": {"type": "string", "enum": [ASSERTION_TYPE]},
                    },
                }
            }
        },
    }
}


@router.post(
    "/oauth2/token",
    summary="Get an access token",
    response_class=Response,
    openapi_extra=_BODY,
    responses={
        200: {"model": TokenAnswer, "description": "A token for five minutes."},
        400: {"model": TokenRefusal, "description": "The request is not one for a token, or asks for too much."},
        401: {"model": TokenRefusal, "description": "The assertion was not accepted."},
        **problems("body_too_large", "content_type_unsupported", "internal_error", "store_unavailable"),
    },
)
async def token(request: Request, access: AccessOf, metrics: MetricsOf) -> Response:
    """Return an access token for the scopes that are asked for (all of the client's when none is named).

    The assertion is a JWT with RS512 or ES256: `iss` and `sub` the client id, `aud` this address, `exp` within five minutes, and a
    `jti` that was never used.
    """
    body = await read_body(request, media_type=FORM, limit=_MOST_BYTES)
    try:
        answer = await anyio.to_thread.run_sync(_grant, access, body)
    except TokenRequestError as error:
        metrics.token_asked(error.error)
        await anyio.to_thread.run_sync(_write_down, access, error)
        refusal = TokenRefusal(error=error.error, error_description=str(error), request_id=request.state.request_id)
        return JSONResponse(refusal.model_dump(), status_code=401 if error.error == "invalid_client" else 400)
    metrics.token_asked("given")
    return JSONResponse(answer.model_dump(), headers={"Pragma": "no-cache"})


def _write_down(access: Access, error: TokenRequestError) -> None:
    """Have a refusal of a known client in the audit. Who floods us with them is only counted: the audit is for people to read."""
    if error.client_id is None:
        return
    with suppress(RateLimitedError):
        access.sign_ins.take(f"token {error.client_id}")
        access.store.refused(error.client_id, why=error.why)


def _grant(access: Access, body: bytes) -> TokenAnswer:
    fields = _fields(body)
    if fields.get("grant_type") != "client_credentials":
        raise TokenRequestError("unsupported_grant_type", "grant_type: client_credentials is the one that is known.")
    if fields.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in fields:
        raise TokenRequestError(
            "invalid_request", f"Send client_assertion, and client_assertion_type {ASSERTION_TYPE}."
        )
    now = access.now()
    client = check_assertion(fields["client_assertion"], store=access.store, audience=access.token_address, now=now)
    if fields.get("client_id", client.id) != client.id:
        raise TokenRequestError("invalid_client", "The client assertion was not accepted.")
    access.clients.take(f"client {client.id}")
    scopes = _scopes(fields.get("scope"), client.scopes)
    text = access.tokens.issue(client, scopes=scopes, now=now)
    return TokenAnswer(access_token=text, expires_in=int(LIFE.total_seconds()), scope=" ".join(sorted(scopes)))


def _fields(body: bytes) -> dict[str, str]:
    refused = TokenRequestError("invalid_request", "The form cannot be read, or has a field twice.")
    try:
        sent = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError:
        raise refused from None
    if any(len(values) != 1 for values in sent.values()):
        raise refused
    return {name: values[0] for name, values in sent.items() if name in _KNOWN}


def _scopes(asked: str | None, allowed: frozenset[Scope]) -> frozenset[Scope]:
    if asked is None or not asked.strip():
        return allowed
    names = {str(one): one for one in allowed}
    if any(one not in names for one in asked.split()):
        raise TokenRequestError("invalid_scope", "scope: asks for more than the client may have.")
    return frozenset(names[one] for one in asked.split())
