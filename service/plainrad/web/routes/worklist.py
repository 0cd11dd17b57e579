"""The radiologist's work list: what waits for a look, what is held, what is about to be released."""

from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query, Response

from plainrad.api.kept import actor_of, in_thread
from plainrad.api.security.staff import StaffOf
from plainrad.domain.board import Shelf
from plainrad.web.dependencies import BoardOf, FrameOf
from plainrad.web.pages import staff_page
from plainrad.web.words import staff_words

router = APIRouter(include_in_schema=False)
_A_PAGE: Final = 30
TABS: Final[tuple[tuple[str, str, str], ...]] = (
    ("", "All", "No report has come in yet. They arrive over HL7, FHIR or the API; you can preview one that you paste meanwhile."),
    ("look", "Waiting for a look", "Nothing waits for a look. What mentions something sensitive, or what your policy holds until a professional has looked, appears here."),
    ("flagged", "Flagged", "Nothing is flagged. Reports in which left and right, findings and conclusion, or a figure do not agree appear here until somebody has approved them."),
    ("held", "Held", "Nothing is held. Open a report and choose Hold to keep it from its patient until you have spoken to them."),
    ("soon", "Releasing soon", "Nothing is released in the next three days. What waits longer is under Waiting for their time."),
    ("embargoed", "Waiting for their time", "Nothing waits for its time."),
    ("released", "Released", "Nothing is released yet. Reports come here when their time has come, or when somebody releases them early."),
    ("retracted", "Retracted", "Nothing is retracted."),
)  # fmt: skip


@router.get("/staff/reports")
async def work_list(
    frame: FrameOf,
    staff: StaffOf,
    board: BoardOf,
    state: Annotated[str, Query(max_length=20)] = "",
    accession: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Return the reports of one's organisation, by what is to be done with them."""
    shelf: Shelf | None = state if state in get_args(Shelf) else None  # type: ignore[assignment]
    number = accession.strip() or None
    page = await in_thread(
        lambda: board.work_list(
            actor=actor_of(staff.principal), shelf=None if number else shelf, accession=number, cursor=cursor,
            limit=_A_PAGE,
        )
    )  # fmt: skip
    chosen = "" if number else shelf or ""
    return staff_page(
        "reports.html", frame=frame, page=page, tabs=TABS, state=chosen, accession=accession.strip(), cursor=cursor,
        words=staff_words(), empty=next(said for name, _, said in TABS if name == chosen),
    )  # fmt: skip
