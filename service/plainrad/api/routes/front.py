"""The front door of a service without a demonstration: where to go."""

from fastapi import APIRouter, Request, Response

from plainrad import __version__
from plainrad.api.accept import preferred
from plainrad.api.pages import HTML, JSON, page
from plainrad.api.schemas import Pointer
from plainrad.render.home import home_policy, render_pointer

router = APIRouter()


@router.get("/", include_in_schema=False)
async def front(request: Request) -> Response:
    """Return where the addresses of the service are described, as JSON or as a short page."""
    if preferred(request.headers.get("accept"), (JSON, HTML)) == HTML:
        return page(render_pointer(), policy=home_policy())
    return Response(Pointer(version=__version__).model_dump_json(), media_type=JSON)
