"""STOW-RS: structured reports into the inbox of the DICOM listener, by HTTP. On where PLAINRAD_DICOM_DIR names its folder."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from plainrad.api.bodies import read_body
from plainrad.api.dependencies import EngineOf, SettingsOf
from plainrad.api.documentation import problems
from plainrad.domain.access import Principal
from plainrad.errors import DemoOnlyError, DeniedError, RequestError
from plainrad.wire.box import make_box
from plainrad.wire.dicom.inbox import Inbox
from plainrad.wire.dicom.multipart import parts
from plainrad.wire.dicom.stow import MEDIA_TYPE, dumps, only_invented, store

router = APIRouter(tags=["DICOM"], prefix="/dicom-web")
KIND: Final = "multipart/related"
_ANSWER: Final = {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "All are kept.", **_ANSWER},
    202: {"description": "Some are kept; FailedSOPSequence says which are not, and why.", **_ANSWER},
    409: {"description": "None is kept; FailureReason has the status that C-STORE would have.", **_ANSWER},
    **problems(
        "body_too_large",
        "content_type_unsupported",
        "request_invalid",
        "request_broken",
        "access_denied",
        "demo_only",
        "internal_error",
        "dicom_off",
    ),
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {KIND: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post(
    "/studies", summary="Store structured reports", response_class=Response, openapi_extra=_BODY, responses=_RESPONSES
)
async def store_all(request: Request, engine: EngineOf, settings: SettingsOf) -> Response:
    """Return for each file whether it is on disk. Its patient version follows by `plainrad dicom listen` on the same folder."""
    return await _store(request, engine, settings, study=None)


@router.post(
    "/studies/{study}", summary="Store structured reports of one study", response_class=Response, openapi_extra=_BODY, responses=_RESPONSES
)  # fmt: skip
async def store_study(request: Request, study: str, engine: EngineOf, settings: SettingsOf) -> Response:
    """Return the same; a file of another study is refused."""
    return await _store(request, engine, settings, study=study)


async def _store(request: Request, engine: EngineOf, settings: SettingsOf, *, study: str | None) -> Response:
    folder = settings.dicom_dir
    if folder is None:
        raise RequestError("dicom_off", "This service takes no DICOM. Set PLAINRAD_DICOM_DIR.")
    sender: Principal | None = request.state.principal
    if sender is not None and sender.kind != "loopback" and sender.organisation != settings.organisation:
        raise DeniedError  # what comes this way is one organisation's
    body = await read_body(request, media_type=KIND, limit=settings.max_document_bytes)
    files = parts(request.headers.get("content-type", ""), body)
    nobody = sender is not None and sender.kind == "loopback"

    def keep() -> tuple[int, dict[str, Any]]:
        if nobody and not all(map(only_invented, files)):
            raise DemoOnlyError
        return store(files, Inbox(folder, box=make_box(settings.keys.get_secret_value())), study=study)

    status, answer = await engine.in_thread(keep)
    return Response(dumps(answer), status_code=status, headers={"Content-Type": MEDIA_TYPE})
