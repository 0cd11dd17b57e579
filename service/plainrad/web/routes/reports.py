"""The radiologist's report view. What can be done with a report is in `deeds`; the original is never edited."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from plainrad.api.kept import RecordsOf, actor_of, in_thread, report_id_of
from plainrad.api.security.staff import StaffOf
from plainrad.errors import RequestError
from plainrad.render import render_html
from plainrad.render.templates import content_security_policy
from plainrad.web.dependencies import FrameOf
from plainrad.web.report_page import report_page, visible

router = APIRouter(include_in_schema=False)


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
