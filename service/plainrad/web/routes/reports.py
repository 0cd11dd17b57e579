"""The radiologist's work list and report view. What can be done with a report is in `deeds`; the original is never edited."""

from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from plainrad.api.kept import RecordsOf, actor_of, in_thread, report_id_of
from plainrad.api.security.staff import StaffOf
from plainrad.domain.release import ReleaseState
from plainrad.errors import RequestError
from plainrad.render import render_html
from plainrad.render.templates import content_security_policy
from plainrad.web.dependencies import FrameOf
from plainrad.web.pages import staff_page
from plainrad.web.report_page import report_page, visible
from plainrad.web.words import staff_words

router = APIRouter(include_in_schema=False)
TABS: Final[tuple[tuple[str, str], ...]] = (
    ("", "All"), ("held", "Held"), ("embargoed", "Waiting for their time"), ("released", "Released"), ("retracted", "Retracted"),
)  # fmt: skip
_A_PAGE: Final = 30


@router.get("/staff/reports")
async def work_list(
    frame: FrameOf,
    staff: StaffOf,
    records: RecordsOf,
    state: Annotated[str, Query(max_length=20)] = "",
    accession: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Return the reports of one's organisation, newest first."""
    wanted: ReleaseState | None = state if state in get_args(ReleaseState) else None  # type: ignore[assignment]
    number = accession.strip() or None
    page = await in_thread(
        lambda: records.list(
            actor=actor_of(staff.principal), state=wanted, accession=number, cursor=cursor, limit=_A_PAGE
        )
    )
    return staff_page(
        "reports.html", frame=frame, page=page, tabs=TABS, state=wanted or "", accession=accession, words=staff_words()
    )


@router.get("/staff/reports/{report_id}")
async def report(
    frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str, done: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Return a report beside what its patient reads, with the evidence, its state, and what can be done."""
    number = report_id_of(report_id)
    return await in_thread(lambda: report_page(frame, actor_of(staff.principal), records, number, done=done))


@router.get("/staff/reports/{report_id}/phone")
async def phone(staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Return the page exactly as the patient sees it, or would: as it was chosen for them, with the notes to them."""
    number = report_id_of(report_id)
    found = await in_thread(lambda: visible(records, actor_of(staff.principal), number))
    if found is None:
        raise RequestError("not_found", "This report could not be explained, so there is no patient page.")
    html = render_html(found.as_patient)
    policy = f"{content_security_policy()}; frame-ancestors 'self'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"})
