"""The style sheets and scripts of the staff pages."""

from functools import cache
from typing import Final

from fastapi import APIRouter, Response

from plainrad.content import content_folder
from plainrad.errors import RequestError

router = APIRouter(include_in_schema=False)
_TYPES: Final = {
    "nhsuk-frontend.css": "text/css",
    "staff.css": "text/css",
    "htmx.min.js": "text/javascript",
    "staff.js": "text/javascript",
}


@cache
def _bytes(name: str) -> bytes:
    return content_folder("templates").joinpath("static", name).read_bytes()


@router.get("/staff/static/{name}")
async def static(name: str) -> Response:
    """Return one of our own files. The list is closed: no path of a caller reaches the disk."""
    if name not in _TYPES:
        raise RequestError("not_found", "There is no such file.")
    return Response(_bytes(name), media_type=_TYPES[name], headers={"Cache-Control": "public, max-age=3600"})
