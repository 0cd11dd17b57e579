"""POST /hl7-v2: an HL7 v2 message in, its acknowledgement out. Only the route: what is done with it is the same as over MLLP."""

from fastapi import APIRouter, FastAPI, Request, Response

from plainrad.api.bodies import read_body
from plainrad.api.dependencies import EngineOf
from plainrad.api.documentation import problems
from plainrad.errors import RequestError
from plainrad.wire.intake import Intake

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
        **problems("request_broken", "content_type_unsupported", "internal_error"),
    },
)
async def take_message(request: Request, engine: EngineOf) -> Response:
    """Return the ACK of the message; HTTP says only whether there was one."""
    intake: Intake = request.app.state.hl7
    try:
        body = await read_body(request, media_type=ER7, limit=intake.limit)
    except RequestError as error:
        if error.code != "body_too_large":
            raise
        return Response(intake.reject("message_too_large", b""), status_code=413, media_type=ER7)
    answer = await engine.in_thread(lambda: intake.receive(body))
    return Response(answer, media_type=ER7)


def install_hl7(app: FastAPI, intake: Intake) -> None:
    """Give `app` the route."""
    app.state.hl7 = intake
    app.include_router(router)
