"""The staff pages, put into the service."""

from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from plainrad.api.engine import Engine
from plainrad.api.problems import CODES, answer_problem
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
from plainrad.web.pages import frame, staff_page
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


def _refused(request: Request, error: Exception) -> Response:
    """Answer a person with a page, and send who has not signed in to where one can; programs get the problem as ever."""
    assert isinstance(error, PlainradError)  # noqa: S101  registered for these alone
    wants_page = request.url.path.startswith("/staff") and "text/html" in request.headers.get("accept", "")
    if not wants_page or error.code not in CODES:
        return answer_problem(request, error)
    if isinstance(error, CredentialsError) and request.method == "GET":
        return RedirectResponse("/staff/sign-in", status_code=303)
    demo = bool(request.app.state.settings.demo)
    around = frame(here=request.url.path, demo=demo)
    status, title = CODES[error.code]
    words = staff_words()
    signed_out = isinstance(error, CredentialsError)
    old_page = error.code == "csrf_failed"
    return staff_page(
        "message.html", frame=around, status=status, sign_in=signed_out,
        heading=words.signed_out if signed_out else words.old_page if old_page else title,
        said=words.nothing_done if signed_out or old_page else str(error),
    )  # fmt: skip
