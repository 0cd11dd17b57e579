"""A change on its way: handed in, given back, approved by somebody else, published, taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from plainrad.api.dependencies import EngineOf
from plainrad.api.examples import Example
from plainrad.api.kept import actor_of
from plainrad.api.security.staff import Staff, StaffOf
from plainrad.authoring.desk import AuthoringDesk
from plainrad.authoring.transfer import export_zip, read_import
from plainrad.domain.access import Role
from plainrad.domain.authoring import EntryChange
from plainrad.domain.board import LinkSeen
from plainrad.errors import AuthoringError, ContentError, ReportInvalidError, RuleError
from plainrad.records.records import Records
from plainrad.web.dependencies import DeskOf, FrameOf, LinksSeenOf, RoomOf
from plainrad.web.effects import MOST_REPORTS, looking
from plainrad.web.entry_form import fields_from
from plainrad.web.forms import read_form
from plainrad.web.pages import Frame, staff_page, staff_stream
from plainrad.web.routes.glossary import MOST_BYTES, TRIERS, WRITERS, checked_view, form_page

router = APIRouter(include_in_schema=False)
_NAMES = ("term", "plain", "plural", "noun", "definition", "kind", "forms", "abbreviations", "anatomy", "links", "sensitivity", "evidence", "sense", "same_as", "replaced_by")  # fmt: skip
_LIST = "/staff/glossary/changes"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that differs: as published, and as changed."""

    name: str
    before: str
    after: str


@router.get(_LIST)
async def changes(engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Return what is being written, waits to be read, and waits to be published."""
    return await engine.in_thread(lambda: _list_page(desk, frame, staff))


@router.get(f"{_LIST}/{{change_id}}")
async def change(
    engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf, seen: LinksSeenOf, change_id: str
) -> Response:
    """Return a change: its differences, what the law says, and what can be done with it."""
    return await engine.in_thread(
        lambda: _change_page(engine.plainrad.book, desk, frame, staff, desk.change(change_id), seen=seen)
    )


@router.get(f"{_LIST}/{{change_id}}/effects")
async def effects_of(
    request: Request, engine: EngineOf, room: RoomOf, frame: FrameOf, staff: StaffOf, change_id: str
) -> Response:
    """Return the reports whose patient version would differ: the examples, and as far as one may read them the newest that are kept.

    It takes up to a minute. The page is sent while it is worked out, and says how far that is.
    """
    examples: dict[str, Example] = getattr(request.app.state, "examples", {})
    records: Records | None = request.app.state.records
    one = await engine.in_thread(lambda: room.desk.change(change_id))
    steps = looking(
        room, one, kept=records.room if records is not None else None, actor=actor_of(staff.principal),
        examples=[(example.name, example.report()) for example in islice(examples.values(), MOST_REPORTS)],
    )  # fmt: skip
    return staff_stream("effects.html", frame=frame, change=one, steps=steps, gone=request.is_disconnected)


@router.post(f"{_LIST}/{{change_id}}/submit")
async def submit(
    request: Request, engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf, change_id: str
) -> Response:
    """Hand it in for review."""
    return await _act(
        request, engine, desk, frame, staff, change_id,
        lambda sent: desk.submit(change_id, actor=staff.id, revision=_revision(sent)),
    )  # fmt: skip


@router.post(f"{_LIST}/{{change_id}}/withdraw")
async def withdraw(
    request: Request, engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf, change_id: str
) -> Response:
    """Give it up."""
    return await _act(
        request, engine, desk, frame, staff, change_id,
        lambda sent: desk.withdraw(change_id, actor=staff.id, revision=_revision(sent)),
    )  # fmt: skip


@router.post(f"{_LIST}/{{change_id}}/give-back")
async def give_back(
    request: Request, engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf, change_id: str
) -> Response:
    """Give it back with what is to be done."""
    return await _act(
        request, engine, desk, frame, staff, change_id,
        lambda sent: desk.give_back(change_id, actor=staff.id, revision=_revision(sent), note=sent["note"][:2_000]),
    )  # fmt: skip


@router.post(f"{_LIST}/{{change_id}}/approve")
async def approve(
    request: Request, engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf, change_id: str
) -> Response:
    """Approve it; nobody approves their own."""
    return await _act(
        request, engine, desk, frame, staff, change_id,
        lambda sent: desk.approve(
            change_id, actor=staff.id, revision=_revision(sent),
            reviewer=" ".join(sent["reviewer"].split())[:200] or None, next_review=_day(sent["next_review"]),
        ),
    )  # fmt: skip


@router.post("/staff/glossary/publish")
async def publish(request: Request, engine: EngineOf, room: RoomOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Publish what is approved and chosen, and let this service take it up at once."""
    sent = await read_form(request, fields=("csrf", "note", "changes"), limit=MOST_BYTES, many=("changes",))

    def work() -> Response:
        try:
            chosen = sent["changes"].split()
            room.trial(room.desk.prospect(chosen))  # nothing is published of which no service can be made
            room.desk.publish(chosen, actor=staff.id, note=sent["note"][:2_000])
        except (AuthoringError, ContentError, RuleError) as refused:
            return _list_page(room.desk, frame, staff, error=str(refused), status=409)
        room.take_up()
        return RedirectResponse("/staff/glossary/versions", status_code=303)

    return await engine.in_thread(work)


@router.get("/staff/glossary/versions")
async def versions(engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Return the versions that were published."""
    return await engine.in_thread(lambda: _versions_page(desk, frame, staff))


@router.post("/staff/glossary/roll-back")
async def roll_back(request: Request, engine: EngineOf, room: RoomOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Make a new version that holds what an earlier one held."""
    sent = await read_form(request, fields=("csrf", "note", "number"), limit=MOST_BYTES)

    def work() -> Response:
        number = (
            int(sent["number"])
            if sent["number"].isascii() and sent["number"].isdigit() and len(sent["number"]) < 9
            else -1
        )
        try:
            room.desk.roll_back(number, actor=staff.id, note=sent["note"][:2_000])
        except AuthoringError as refused:
            return _versions_page(room.desk, frame, staff, error=str(refused), status=409)
        room.take_up()
        return RedirectResponse("/staff/glossary/versions", status_code=303)

    return await engine.in_thread(work)


@router.get("/staff/glossary/export")
async def export(engine: EngineOf, desk: DeskOf) -> Response:
    """Return the files of the glossary that differ from the shipped ones, as they belong into its folder (zip)."""
    data = await engine.in_thread(lambda: export_zip(desk.current().overlay))
    headers = {"Content-Disposition": 'attachment; filename="glossary-changes.zip"'}
    return Response(data, media_type="application/zip", headers=headers)


@router.post("/staff/glossary/import")
async def bring_in(request: Request, engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Take entries written as TOML as drafts: all of them, or none and every mistake."""
    sent = await read_form(request, fields=("csrf", "region", "topic", "toml"), limit=10 * MOST_BYTES)

    def work() -> Response:
        found, mistakes = read_import(
            sent["toml"], f"terms/{sent['region'].strip()}/{sent['topic'].strip()}.toml", desk
        )
        if not mistakes:
            try:
                desk.take_in(found, actor=staff.id, note="From a file.")
            except AuthoringError as refused:
                mistakes.append(str(refused))
        error = "\n".join(mistakes) or None
        return _list_page(desk, frame, staff, error=error, status=422 if error else 200)

    return await engine.in_thread(work)


# ---- pages -----------------------------------------------------------------------------------------------------------


async def _act(
    request: Request,
    engine: EngineOf,
    desk: AuthoringDesk,
    frame: Frame,
    staff: Staff,
    change_id: str,
    act: Callable[[dict[str, str]], EntryChange],
) -> Response:
    sent = await read_form(request, fields=("csrf", "revision", "note", "reviewer", "next_review"), limit=MOST_BYTES)

    def work() -> Response:
        try:
            act(sent)
        except (AuthoringError, ReportInvalidError) as refused:
            book = engine.plainrad.book
            return _change_page(book, desk, frame, staff, desk.change(change_id), error=str(refused), status=409)
        return RedirectResponse(f"{_LIST}/{change_id}", status_code=303)

    return await engine.in_thread(work)


def _list_page(
    desk: AuthoringDesk, frame: Frame, staff: Staff, *, error: str | None = None, status: int = 200
) -> Response:
    waiting = desk.open_changes()
    groups = {state: [one for one in waiting if one.state == state] for state in ("approved", "in_review", "draft")}
    return staff_page(
        "changes.html", frame=frame, groups=groups, error=error, status=status,
        may_write=bool(staff.roles & WRITERS), may_publish=Role.APPROVER in staff.roles,
    )  # fmt: skip


def _versions_page(
    desk: AuthoringDesk, frame: Frame, staff: Staff, *, error: str | None = None, status: int = 200
) -> Response:
    return staff_page(
        "versions.html", frame=frame, versions=desk.versions(), error=error, status=status,
        may_publish=Role.APPROVER in staff.roles,
    )  # fmt: skip


def _change_page(
    book: Any,
    desk: AuthoringDesk,
    frame: Frame,
    staff: Staff,
    one: EntryChange,
    *,
    error: str | None = None,
    status: int = 200,
    seen: Mapping[str, LinkSeen] | None = None,
) -> Response:
    fields = fields_from(one.entry, one.path, note=one.note, change=one.id, revision=str(one.revision))
    if one.state == "draft" and staff.roles & WRITERS and error is None and staff.id in one.hands:
        return form_page(book, desk, frame, fields, seen=seen)
    return staff_page(
        "change.html", frame=frame, change=one, error=error, status=status,
        differences=tuple(_differences(desk.before(one), one.entry)), checked=checked_view(book, desk, fields),
        own=staff.id in one.hands, may_write=bool(staff.roles & WRITERS), may_approve=Role.APPROVER in staff.roles,
        may_try=bool(staff.roles & TRIERS),
    )  # fmt: skip


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldDifference]:
    pairs = [FieldDifference(name, _shown(before.get(name)), _shown(after.get(name))) for name in _NAMES]
    return [one for one in pairs if one.before != one.after]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(one)}" for key, one in value.items() if one)
    return str(value) if value else ""


def _revision(sent: Mapping[str, str]) -> int:
    return (
        int(sent["revision"])
        if sent["revision"].isascii() and sent["revision"].isdigit() and len(sent["revision"]) < 9
        else -1
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ReportInvalidError("The day of the next review is not a date such as 2027-11-02.") from None
