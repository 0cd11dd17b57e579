"""POST /hl7-v2: an HL7 v2 message in, its acknowledgement out. Only the route: what is done with it is the same as over MLLP."""

from fastapi import APIRouter, Request, Response

from plainrad.api.bodies import read_body
from plainrad.api.dependencies import EngineOf, SettingsOf
from plainrad.api.documentation import problems
from plainrad.domain.access import Principal
from plainrad.errors import DemoOnlyError, DeniedError, RequestError
from plainrad.records.records import Records
from plainrad.wire.intake import Intake
from plainrad.wire.records import only_invented

ER7 = "application/hl7-v2+er7"
router = APIRouter(tags=["hl7"])


@router.post(
    "/hl7-v2",
    summary="Take an HL7 v2 result (ORU^R01)",
    response_class=Response,
    openapi_extra={"requestBody": {"required": True, "content": {ER7: {"schema": {"type": "string"}}}}},
    responses={
        200: {
            "description": "The acknowledgement. AA: it is on disk. AR: do not send it again as it is. AE: send it again later.",
            "content": {ER7: {"schema": {"type": "string"}}},
        },
        413: {"description": "AR: the message is too large.", "content": {ER7: {"schema": {"type": "string"}}}},
        **problems(
            "request_broken", "content_type_unsupported", "access_denied", "demo_only", "internal_error", "hl7_off"
        ),
    },
)
async def take_message(request: Request, engine: EngineOf, settings: SettingsOf) -> Response:
    """Return the ACK of the message; HTTP says only whether there was one."""
    intake: Intake | None = request.app.state.hl7
    if intake is None:
        raise RequestError("hl7_off", "This service takes no HL7 v2. Set PLAINRAD_HL7_SPOOL to turn it on.")
    sender: Principal | None = request.state.principal
    if sender is not None and sender.kind != "loopback" and sender.organisation != settings.organisation:
        raise DeniedError  # the feed belongs to one organisation, and what it brings is kept as that one's
    try:
        body = await read_body(request, media_type=ER7, limit=intake.limit)
    except RequestError as error:
        if error.code != "body_too_large":
            raise
        return Response(intake.reject("message_too_large", b""), status_code=413, media_type=ER7)
    records: Records | None = getattr(request.app.state, "records", None)
    stored = records is not None and settings.hl7_out is None
    nobody = stored and sender is not None and sender.kind == "loopback"

    def take() -> bytes:
        if nobody and records is not None:
            sent = intake.look_into(body)
            if not only_invented(sent, records, organisation=settings.organisation or ""):
                raise DemoOnlyError
        return intake.receive(body)

    answer = await engine.in_thread(take)
    return Response(answer, media_type=ER7)
