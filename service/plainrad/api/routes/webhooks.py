"""/v1/webhooks: where a client wants to be told when a report is released, reads differently, or is taken back."""

import re
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from plainrad.api.dependencies import SettingsOf
from plainrad.api.documentation import problems
from plainrad.api.kept import body_of, in_thread, json_answer, sent
from plainrad.api.portal_schemas import WebhookIn, WebhookList, WebhookMade, webhook_out
from plainrad.api.routes.reports import BODY_CODES, STORE_CODES
from plainrad.api.security.guarded import AccessOf, PrincipalOf
from plainrad.domain.access import Principal, Webhook
from plainrad.errors import DeniedError, RequestError, WebhookInvalidError
from plainrad.store.webhooks import WebhookStore
from plainrad.webhooks.signature import make_secret
from plainrad.webhooks.target import check_url

router = APIRouter(tags=["webhooks"])
MOST = 10
_ID = re.compile(r"[0-9a-f-]{36}", re.ASCII)


def _webhooks(request: Request) -> WebhookStore:
    found: WebhookStore | None = request.app.state.webhooks
    if found is None:
        raise RequestError("records_off", "No reports are kept here: the service was started without a database.")
    return found


WebhooksOf = Annotated[WebhookStore, Depends(_webhooks)]


def _client(principal: Principal) -> str:
    if principal.kind != "client":
        raise DeniedError("access_not_configured", "A webhook belongs to a client. Set one up: plainrad clients add.")
    return principal.id


@router.post(
    "/v1/webhooks", summary="Be told of releases", status_code=201, response_class=Response, openapi_extra=body_of(WebhookIn),
    responses={201: {"model": WebhookMade}, **problems(*BODY_CODES, "record_invalid", "webhook_invalid", *STORE_CODES)},
)  # fmt: skip
async def register(
    request: Request, webhooks: WebhooksOf, access: AccessOf, settings: SettingsOf, principal: PrincipalOf
) -> Response:
    """Keep an address, and return the secret that signs what is sent to it, this once."""
    client = _client(principal)
    asked = await sent(request, WebhookIn, settings)
    check_url(asked.url, private=settings.webhooks_private)
    made = Webhook(str(uuid.uuid4()), client, principal.organisation, asked.url, make_secret(), access.now())
    if not await in_thread(lambda: webhooks.add(made, most=MOST)):
        raise WebhookInvalidError(f"A client has {MOST} webhooks at most. Remove one first.")
    answer = WebhookMade(id=made.id, url=made.url, created_at=made.created_at, secret=made.secret)
    return json_answer(answer, status=201)


@router.get(
    "/v1/webhooks", summary="The addresses of the client", response_class=Response,
    responses={200: {"model": WebhookList}, **problems(*STORE_CODES)},
)  # fmt: skip
async def list_webhooks(webhooks: WebhooksOf, principal: PrincipalOf) -> Response:
    """Return the addresses in force, without their secrets."""
    client = _client(principal)
    found = await in_thread(lambda: webhooks.of_client(client))
    return json_answer(WebhookList(webhooks=[webhook_out(one) for one in found]))


@router.delete(
    "/v1/webhooks/{webhook_id}", summary="Be told no longer", status_code=204, response_class=Response,
    responses=problems("not_found", *STORE_CODES),
)  # fmt: skip
async def remove(webhook_id: str, webhooks: WebhooksOf, access: AccessOf, principal: PrincipalOf) -> Response:
    """End an address of the client. What was not yet sent to it is dropped."""
    client = _client(principal)
    known = _ID.fullmatch(webhook_id) is not None
    if not known or not await in_thread(lambda: webhooks.disable(webhook_id, at=access.now(), client_id=client)):
        raise RequestError("not_found", "There is no such webhook.")
    return Response(status_code=204)
