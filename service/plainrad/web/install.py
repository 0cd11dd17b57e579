"""The staff pages, put into the service."""

from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from plainrad.api.engine import Engine
from plainrad.api.problems import CODES, answer_problem
from plainrad.api.security.back import sign_in_from, way_back_from
from plainrad.api.security.staff import StaffOf
from plainrad.authoring.memory import MemoryContent
from plainrad.authoring.ports import ContentStore
from plainrad.bootstrap import authoring_desk, build
from plainrad.domain.access import Role
from plainrad.errors import (
    AccessError,
    AuthoringError,
    CredentialsError,
    PlainradError,
    RecordError,
    RequestError,
    StoreError,
)
from plainrad.settings import Settings
from plainrad.web import static
from plainrad.web.content import ContentRoom
from plainrad.web.forms import typed_in
from plainrad.web.pages import frame, staff_fragment, staff_page
from plainrad.web.routes import changes, dashboard, deeds, glossary, preview, queues, reports, worklist
from plainrad.web.words import staff_words

# Where one begins, by role: the first that fits.
_FIRST: Final[tuple[tuple[Role | None, str], ...]] = (
    (Role.RADIOLOGIST, "/staff/reports"),
    (Role.APPROVER, "/staff/reports"),
    (Role.EDITOR, "/staff/queues"),
    (None, "/staff/dashboard"),
)


def install_staff_pages(app: FastAPI, settings: Settings, *, store: ContentStore | None = None) -> None:
    """Give `app` the pages under /staff. Without a store what editors do is forgotten when the service stops."""
    engine: Engine = app.state.engine
    kept = store or MemoryContent()
    app.state.content = ContentRoom(
        engine=engine,
        store=kept,
        make_desk=lambda: authoring_desk(settings, kept),
        build=lambda overlay, number: build(settings, overlay=overlay, number=number),
    )
    for routes in (static, preview, worklist, reports, deeds, glossary, changes, queues, dashboard):
        app.include_router(routes.router)
    for path in ("/staff", "/staff/"):
        app.add_api_route(path, _front, include_in_schema=False)
    for kind in (AccessError, AuthoringError, RecordError, RequestError, StoreError):
        app.add_exception_handler(kind, _refused)


async def _front(request: Request, staff: StaffOf) -> RedirectResponse:
    """Send everybody to where their work is."""
    if request.app.state.records is None:
        return RedirectResponse("/staff/preview", status_code=303)
    first = next(url for role, url in _FIRST if role is None or role in staff.roles)
    return RedirectResponse(first, status_code=303)


async def _refused(request: Request, error: Exception) -> Response:
    """Answer a person with a page, and send who has not signed in to where one can; programs get the problem as ever."""
    assert isinstance(error, PlainradError)  # noqa: S101  registered for these alone
    if not request.url.path.startswith("/staff") or error.code not in CODES:
        return answer_problem(request, error)
    lost = isinstance(error, CredentialsError) or error.code == "csrf_failed"
    if lost and "hx-request" in request.headers:  # asked for while somebody writes: the page stays, and says so
        answer = staff_fragment("signed-out.html", words=staff_words(), sign_in=sign_in_from(request))
        answer.status_code = CODES[error.code][0]
        return answer
    if "text/html" not in request.headers.get("accept", ""):
        return answer_problem(request, error)
    if isinstance(error, CredentialsError) and request.method == "GET":
        return RedirectResponse(sign_in_from(request), status_code=303)
    settings: Settings = request.app.state.settings
    around = frame(here=request.url.path, demo=settings.demo)
    status, title = CODES[error.code]
    if not lost:
        return staff_page("message.html", frame=around, status=status, heading=title, said=str(error))
    words, signed_out = staff_words(), isinstance(error, CredentialsError)
    typed = await typed_in(request, limit=settings.max_body_bytes)
    return staff_page(
        "lost.html", frame=around, status=status, heading=words.signed_out if signed_out else words.old_page,
        typed=typed, words=words, sign_in=sign_in_from(request) if signed_out else None, page=way_back_from(request),
    )  # fmt: skip
