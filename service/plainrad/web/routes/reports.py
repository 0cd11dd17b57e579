"""The radiologist's work list and report view, and what can be done with a report. The original is never edited."""

from collections.abc import Callable
from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plainrad.api.kept import RecordsOf, actor_of, in_thread, report_id_of
from plainrad.api.security.staff import Staff, StaffOf
from plainrad.domain.records import Actor, Visible
from plainrad.domain.release import HoldKind, ReleaseState
from plainrad.errors import RecordError, RecordInvalidError, RequestError
from plainrad.records.records import Records
from plainrad.render import render_html
from plainrad.render.templates import content_security_policy
from plainrad.web.compare import compare
from plainrad.web.dependencies import FrameOf
from plainrad.web.forms import read_form
from plainrad.web.pages import Frame, staff_page
from plainrad.web.words import staff_words

router = APIRouter(include_in_schema=False)
TABS: Final[tuple[tuple[str, str], ...]] = (
    ("", "All"), ("held", "Held"), ("embargoed", "Waiting for their time"), ("released", "Released"), ("retracted", "Retracted"),
)  # fmt: skip
_FIELDS: Final = ("csrf", "revision", "reason", "kind", "text", "item")
_MOST_BYTES: Final = 60_000
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
    return await in_thread(lambda: _page(frame, staff, records, number, done=done))


@router.get("/staff/reports/{report_id}/phone")
async def phone(staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Return the page exactly as the patient sees it, or would: without what was hidden."""
    number = report_id_of(report_id)
    found = await in_thread(lambda: _visible(records, actor_of(staff.principal), number))
    if found is None:
        raise RequestError("not_found", "This report could not be explained, so there is no patient page.")
    html = render_html(found.as_patient)
    policy = f"{content_security_policy()}; frame-ancestors 'self'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"})


@router.post("/staff/reports/{report_id}/approve")
async def approve(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Note that a professional has looked."""
    return await _act(
        request, frame, staff, records, report_id, "approved",
        lambda one, actor, sent, at: records.approve(one, actor=actor, reason=sent["reason"] or None, revision=at),
    )  # fmt: skip


@router.post("/staff/reports/{report_id}/hold")
async def hold(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Keep it back."""
    return await _act(
        request, frame, staff, records, report_id, "held",
        lambda one, actor, sent, at: records.hold(one, actor=actor, kind=_kind(sent["kind"]), reason=sent["reason"], revision=at),
    )  # fmt: skip


@router.post("/staff/reports/{report_id}/lift")
async def lift(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Lift the holds of one kind."""
    return await _act(
        request, frame, staff, records, report_id, "lifted",
        lambda one, actor, sent, at: records.lift(one, actor=actor, kind=_kind(sent["kind"]), reason=sent["reason"], revision=at),
    )  # fmt: skip


@router.post("/staff/reports/{report_id}/release")
async def release(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Let it out before its time."""
    return await _act(
        request, frame, staff, records, report_id, "released",
        lambda one, actor, sent, at: records.release_early(one, actor=actor, reason=sent["reason"], revision=at),
    )  # fmt: skip


@router.post("/staff/reports/{report_id}/withdraw")
async def withdraw(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Retract it at once."""
    return await _act(
        request, frame, staff, records, report_id, "withdrawn",
        lambda one, actor, sent, at: records.withdraw(one, actor=actor, reason=sent["reason"], revision=at),
    )  # fmt: skip


@router.post("/staff/reports/{report_id}/comment")
async def comment(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Write a comment for colleagues."""
    return await _act(
        request, frame, staff, records, report_id, "commented",
        lambda one, actor, sent, _: records.comment(one, actor=actor, text=sent["text"]),
    )  # fmt: skip


@router.post("/staff/reports/{report_id}/hide")
async def hide(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Hide one statement or explanation of this report."""
    return await _act(
        request, frame, staff, records, report_id, "hidden",
        lambda one, actor, sent, at: records.hide(one, actor=actor, item=sent["item"], reason=sent["reason"], revision=at),
    )  # fmt: skip


@router.post("/staff/reports/{report_id}/wrong")
async def wrong(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Tell the editors that a reading is wrong."""
    return await _act(
        request, frame, staff, records, report_id, "told",
        lambda one, actor, sent, _: records.mark_wrong(one, actor=actor, item=sent["item"][:40], text=sent["text"]),
    )  # fmt: skip


async def _act(
    request: Request,
    frame: Frame,
    staff: Staff,
    records: Records,
    report_id: str,
    done: str,
    work: Callable[[str, Actor, dict[str, str], int], object],
) -> Response:
    """Do it and show the report again, or the report with why it was not done. Who read an older state does nothing."""
    number = report_id_of(report_id)
    sent = await read_form(request, fields=_FIELDS, limit=_MOST_BYTES)
    revision = (
        int(sent["revision"])
        if sent["revision"].isascii() and sent["revision"].isdigit() and len(sent["revision"]) < 10
        else -1
    )

    def run() -> Response:
        try:
            work(number, actor_of(staff.principal), sent, revision)
        except RecordError as error:
            if error.code == "report_not_found":
                raise
            return _page(frame, staff, records, number, error=str(error), status=409 if error.code == "stale" else 422)
        return RedirectResponse(f"/staff/reports/{number}?done={done}", status_code=303)

    return await in_thread(run)


def _page(
    frame: Frame,
    staff: Staff,
    records: Records,
    number: str,
    *,
    done: str = "",
    error: str | None = None,
    status: int = 200,
) -> Response:
    actor, words = actor_of(staff.principal), staff_words()
    kept = records.get(number, actor=actor)
    found = _visible(records, actor, number)
    return staff_page(
        "report.html", frame=frame, status=status, kept=kept, error=error, done=words.done.get(done), words=words,
        compared=compare(found.patient_report, words=words, hidden={one.item for one in found.chosen if one.choice == "hidden"}) if found else None,
        original=None if found else _original(records, actor, number),
        notes=records.notes(number, actor=actor), versions=records.versions(number, actor=actor),
        holds=[one for one in kept.holds if one.lifted_at is None], kinds=get_args(HoldKind),
        phone_url=f"/staff/reports/{number}/phone", phone_html=None, hide_url=f"/staff/reports/{number}",
    )  # fmt: skip


def _visible(records: Records, actor: Actor, number: str) -> Visible | None:
    found = records.patient_version(number, actor=actor, audience="professional")
    return found if isinstance(found, Visible) else None


def _original(records: Records, actor: Actor, number: str) -> str:
    found = records.original(number, actor=actor, audience="professional")
    return getattr(getattr(found, "report", None), "text", "")


def _kind(text: str) -> HoldKind:
    if text not in get_args(HoldKind):
        raise RecordInvalidError("kind: choose one of the kinds of hold that are offered.")
    return text  # type: ignore[return-value]
