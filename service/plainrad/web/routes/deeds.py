"""What professionals do with a report: each deed is shown as a difference first, and done with a reason.

Without a script all of it works: a form asks what would change (`before`), the page that shows it holds the form that does it.
"""

import secrets
from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from plainrad.api.kept import RecordsOf, actor_of, in_thread, report_id_of
from plainrad.api.security.staff import StaffOf
from plainrad.domain.records import Actor
from plainrad.errors import RecordError, RecordInvalidError
from plainrad.records import deeds
from plainrad.records.deeds import Deed
from plainrad.records.records import Records
from plainrad.records.room import Room
from plainrad.web.dependencies import FrameOf
from plainrad.web.difference import difference
from plainrad.web.forms import read_form
from plainrad.web.note_check import check_note
from plainrad.web.pages import Frame, staff_fragment, staff_page
from plainrad.web.report_page import Draft, report_page
from plainrad.web.words import staff_words

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("csrf", "revision", "once", "action", "reason", "kind", "text", "signed", "item", "note")
MOST_BYTES: Final = 60_000
_NOT_YET: Final = "not given yet"
Sent = dict[str, str]
# The deeds that change what a patient has, and what the page says when they are done.
DEEDS: Final[dict[str, tuple[str, Callable[[Room, Actor, Sent], Deed]]]] = {
    "approve": ("approved", lambda room, actor, sent: deeds.approving(room, actor, reason=sent["reason"].strip() or None)),
    "hold": ("held", lambda room, actor, sent: deeds.holding(room, actor, kind=sent["kind"], reason=sent["reason"])),
    "lift": ("lifted", lambda room, actor, sent: deeds.lifting(room, actor, kind=sent["kind"], reason=sent["reason"])),
    "release": ("released", lambda room, actor, sent: deeds.releasing(room, actor, reason=sent["reason"])),
    "withdraw": ("withdrawn", lambda room, _, sent: deeds.withdrawing(room, reason=sent["reason"])),
    "hide": ("hidden", lambda room, actor, sent: deeds.choosing(room, actor, choice="hidden", item=sent["item"], reason=sent["reason"])),
    "show": ("shown", lambda room, actor, sent: deeds.unchoosing(room, actor, choice="hidden", item=sent["item"], reason=sent["reason"])),
    "neutral": ("neutral", lambda room, actor, sent: deeds.choosing(room, actor, choice="neutral", item=sent["item"], reason=sent["reason"])),
    "as-read": ("as-read", lambda room, actor, sent: deeds.unchoosing(room, actor, choice="neutral", item=sent["item"], reason=sent["reason"])),
    "note": ("noted", lambda room, actor, sent: deeds.noting(room, actor, text=sent["text"], signed=sent["signed"], reason=sent["reason"])),
    "note-back": ("note-taken-back", lambda room, actor, sent: deeds.taking_back(room, actor, note=sent["note"], reason=sent["reason"])),
}  # fmt: skip


@router.post("/staff/reports/{report_id}/before")
async def before(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Return what a deed would change for the patient, side by side, with the form that does it. Nothing is done."""
    number = report_id_of(report_id)
    sent = await read_form(request, fields=FIELDS, limit=MOST_BYTES)
    actor = actor_of(staff.principal)

    def run() -> Response:
        try:
            name = sent["action"]
            if name not in DEEDS:
                raise RecordInvalidError("action: choose one of those that are offered.")
            given = sent | {"reason": sent["reason"].strip() or _NOT_YET}
            deed = DEEDS[name][1](records.room, actor, given)
            found = records.foresee(number, deed, actor=actor, revision=_revision(sent))
            title = records.get(number, actor=actor).exam_title
        except RecordError as error:
            return _refused(error, frame, actor, records, number, sent)
        words = staff_words()
        return staff_page(
            "difference.html", frame=frame, words=words, deed=words.deeds[name], action=name, sent=sent, title=title,
            revision=found.revision, once=secrets.token_urlsafe(12), back=f"/staff/reports/{number}",
            difference=difference(found, words=words, hides=sent["item"] if name == "hide" else ""), reason_needed=name != "approve",
        )  # fmt: skip

    return await in_thread(run)


@router.post("/staff/reports/{report_id}/note-check")
async def note_check(request: Request, report_id: str) -> Response:
    """Return how a note to the patient reads: asked for while one types."""
    report_id_of(report_id)
    sent = await read_form(request, fields=FIELDS, limit=MOST_BYTES)
    return await in_thread(lambda: staff_fragment("note-checked.html", note=check_note(sent["text"])))


def _doing(name: str) -> Callable[..., Any]:
    done, make = DEEDS[name]

    async def do(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
        return await _act(
            request, frame, staff, records, report_id, done,
            lambda number, actor, sent: records.do(
                number, make(records.room, actor, sent), actor=actor, revision=_revision(sent), once=sent["once"][:40] or None
            ),
        )  # fmt: skip

    return do


for _name in DEEDS:
    router.add_api_route(f"/staff/reports/{{report_id}}/{_name}", _doing(_name), methods=["POST"], name=_name)


@router.post("/staff/reports/{report_id}/comment")
async def comment(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Write a comment for colleagues: it changes nothing for the patient."""
    return await _act(
        request, frame, staff, records, report_id, "commented",
        lambda number, actor, sent: records.comment(number, actor=actor, text=sent["text"]),
    )  # fmt: skip


@router.post("/staff/reports/{report_id}/wrong")
async def wrong(request: Request, frame: FrameOf, staff: StaffOf, records: RecordsOf, report_id: str) -> Response:
    """Tell the editors that a reading is wrong: it changes nothing for the patient."""
    return await _act(
        request, frame, staff, records, report_id, "told",
        lambda number, actor, sent: records.mark_wrong(
            number, actor=actor, item=sent["item"], kind=sent["kind"] or "other", text=sent["text"]  # type: ignore[arg-type]
        ),
    )  # fmt: skip


async def _act(
    request: Request,
    frame: Frame,
    staff: StaffOf,
    records: Records,
    report_id: str,
    done: str,
    work: Callable[[str, Actor, Sent], object],
) -> Response:
    """Do it and show the report again, or the report with why it was not done. Who read an older state does nothing."""
    number = report_id_of(report_id)
    sent = await read_form(request, fields=FIELDS, limit=MOST_BYTES)
    actor = actor_of(staff.principal)

    def run() -> Response:
        try:
            work(number, actor, sent)
        except RecordError as error:
            return _refused(error, frame, actor, records, number, sent)
        return RedirectResponse(f"/staff/reports/{number}?done={done}", status_code=303)

    return await in_thread(run)


def _refused(error: RecordError, frame: Frame, actor: Actor, records: Records, number: str, sent: Sent) -> Response:
    """Return the report as it stands, with why nothing was done and with what was typed."""
    if error.code == "report_not_found":
        raise error
    stale = error.code == "stale"
    said = staff_words().stale if stale else str(error)
    draft = Draft(sent["text"], sent["signed"]) if sent["action"] == "note" else Draft()
    return report_page(frame, actor, records, number, error=said, status=409 if stale else 422, draft=draft)


def _revision(sent: Sent) -> int:
    text = sent["revision"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
