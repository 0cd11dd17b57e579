"""What the routes for kept reports share: the records, who acts, bodies, and the answer when something may not be read."""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import anyio.to_thread
from fastapi import Depends, Request, Response
from pydantic import BaseModel, ValidationError

from plainrad.api.bodies import read_body
from plainrad.api.pages import JSON
from plainrad.api.problems import problem
from plainrad.domain.access import Principal, Scope
from plainrad.domain.people import NhsNumber
from plainrad.domain.records import Actor, ActorKind, NotReleased, ReportView
from plainrad.domain.release import Audience
from plainrad.errors import RecordInvalidError, ReportNotFoundError, RequestError
from plainrad.formats.incoming import Incoming, parse_json
from plainrad.records.records import Records
from plainrad.settings import Settings

Sent = TypeVar("Sent", bound=Incoming)
Found = TypeVar("Found")
_ID = re.compile(r"[0-9a-f-]{36}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FORBIDDEN_TO_KNOW = "There is no such report."


def _records(request: Request) -> Records:
    found: Records | None = request.app.state.records
    if found is None:
        raise RequestError("records_off", "No reports are kept here: the service was started without a database.")
    return found


RecordsOf = Annotated[Records, Depends(_records)]


async def in_thread(work: Callable[[], Found]) -> Found:
    """Return what `work` returns, done beside other requests."""
    return await anyio.to_thread.run_sync(work)


def actor_of(principal: Principal) -> Actor:
    """Return who acts, as the audit writes it."""
    kind: ActorKind = "staff" if principal.kind == "staff" else "portal"
    return Actor(kind, principal.id, principal.organisation, frozenset(str(role) for role in principal.roles))


def audience_of(principal: Principal, asked: str) -> Audience:
    """Return for whom it is read: a program reads for a patient or a proxy, staff read as professionals."""
    if principal.kind == "staff":
        return "professional"
    return "proxy" if asked == "proxy" else "patient"


def report_id_of(text: str) -> str:
    """Return an id that may be one of ours; raises ReportNotFoundError."""
    if not _ID.fullmatch(text):
        raise ReportNotFoundError
    return text


def known_to(principal: Principal, view: ReportView) -> ReportView:
    """Return the view; raises ReportNotFoundError where the patient may not know and the caller is not who hands in reports."""
    hidden = not view.decision.visible and view.decision.tell == "nothing"
    if principal.kind != "staff" and hidden and Scope.SUBMIT not in principal.scopes:
        raise ReportNotFoundError
    return view


def not_released(request: Request, found: NotReleased, principal: Principal) -> Response:
    """Return 403 with the release time where the policy lets it be said; 404 where not even that there is one may be known."""
    request_id = request.state.request_id
    if not found.told and Scope.SUBMIT not in principal.scopes:
        return problem("report_not_found", _FORBIDDEN_TO_KNOW, request_id=request_id)
    moment = found.available_from.isoformat() if found.available_from else None
    return problem(
        "not_released", "It cannot be read now.", request_id=request_id,
        more={"state": found.state, "available_from": moment} if moment else {"state": found.state},
    )  # fmt: skip


def nhs_number_of(text: str | None) -> NhsNumber | None:
    """Return an NHS number; raises NhsNumberError, which does not show it."""
    return NhsNumber.parse(text) if text is not None else None


def plain_text(name: str, value: str | None) -> str | None:
    """Return a short text without control characters; raises RecordInvalidError, which names the field."""
    if value is not None and (not value.strip() or _CONTROL.search(value)):
        raise RecordInvalidError(f"{name}: give characters that can be seen.")
    return value


async def sent(request: Request, schema: type[Sent], settings: Settings) -> Sent:
    """Return the body as `schema`; raises RequestError, JsonInvalidError or RecordInvalidError, none of which repeats it."""
    body = await read_body(request, media_type=JSON, limit=min(settings.max_body_bytes, 50_000))
    try:
        return schema.model_validate(parse_json(body))
    except ValidationError as error:
        known = set(schema.model_fields)
        names = dict.fromkeys(
            str(item["loc"][0]) for item in error.errors(include_input=False) if item["loc"] and item["loc"][0] in known
        )
        detail = (
            f"Cannot be used: {', '.join(names)}."
            if names
            else "The body has a field that is not known, or is no object."
        )
        raise RecordInvalidError(detail) from None


def body_of(schema: type[BaseModel]) -> dict[str, Any]:
    """Return what the OpenAPI document says of a body that the route reads itself."""
    content = {JSON: {"schema": {"$ref": f"#/components/schemas/{schema.__name__}"}}}
    return {"requestBody": {"required": True, "content": content}}


def json_answer(answer: BaseModel, *, status: int = 200) -> Response:
    """Return an answer as JSON."""
    return Response(answer.model_dump_json().encode(), status_code=status, media_type=JSON)
