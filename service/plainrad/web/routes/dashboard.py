"""The dashboard: how the service does, in figures that tell of nobody."""

from fastapi import APIRouter, Response

from plainrad.api.dependencies import EngineOf
from plainrad.api.kept import actor_of
from plainrad.api.security.staff import StaffOf
from plainrad.authoring.due import coverage
from plainrad.domain.board import BY_YEAR
from plainrad.web.dependencies import BoardOf, DeskOf, FrameOf
from plainrad.web.figures import dashboard
from plainrad.web.pages import staff_page
from plainrad.web.words import staff_words

router = APIRouter(include_in_schema=False)


@router.get("/staff/dashboard")
async def figures(engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Return the figures of one's organisation and of the content."""

    def work() -> Response:
        content = desk.current()
        flags = {code: one.heading for code, one in staff_words().flags.items()}
        found = board.figures(actor=actor_of(staff.principal))
        terms = {
            name: content.entries[name].entry.term
            for kind in BY_YEAR
            for name in found.tallies.get(kind, ())
            if name in content.entries
        }
        view = dashboard(found, coverage(content), terms=terms, flags=flags)
        return staff_page("dashboard.html", frame=frame, view=view)

    return await engine.in_thread(work)
