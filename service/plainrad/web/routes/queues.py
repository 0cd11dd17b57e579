"""The queues of the editors: missing words, readings that were wrong, feedback, links, entries to be read again."""

import json
from datetime import UTC, datetime
from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from plainrad.api.dependencies import EngineOf
from plainrad.api.kept import actor_of
from plainrad.api.security.staff import StaffOf
from plainrad.authoring.desk import AuthoringDesk
from plainrad.authoring.due import bad_links, due_entries, unread_entries, unseen_links
from plainrad.domain.board import FEWEST_PATIENTS, Queue
from plainrad.domain.reading import Assertion, Certainty, Change, Side
from plainrad.domain.records import Actor
from plainrad.errors import RecordError, ReportNotFoundError
from plainrad.records.board import Board
from plainrad.web.dependencies import BoardOf, DeskOf, FrameOf
from plainrad.web.forms import read_form
from plainrad.web.pages import Frame, staff_page
from plainrad.web.queue_views import QUEUES, tabs, word_rows
from plainrad.web.words import staff_words

router = APIRouter(include_in_schema=False)
_HERE: Final = "/staff/queues"
_MOST_BYTES: Final = 30_000
_MOST_UNREAD: Final = 25
_EXPECTED: Final = ("assertion", "certainty", "laterality", "change")
_CASE_FIELDS: Final = ("csrf", "sentence", "quoted", *_EXPECTED)
_GONE: Final = "Somebody has settled this already. Nothing was changed."
DONE: Final = {
    "aside": "The word is put aside. It is under Put aside, and can be put back.",
    "open": "The word is back in the queue.",
    "never": "The word is forgotten. It will not come back.",
    "not_wrong": "Closed: the reading was not wrong.",
    "case": "The case is kept. It is in the file of cases.",
    "read": "Closed: the feedback was read.",
}
Page = Annotated[int, Query(ge=1, le=100_000)]
Done = Annotated[str, Query(max_length=20)]


@router.get(_HERE)
async def front(engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Return the queues with how much waits in each."""
    return await engine.in_thread(
        lambda: staff_page(
            "queues.html", frame=frame, queues=QUEUES, counts=_counts(board, desk, actor_of(staff.principal))
        )
    )


@router.get(f"{_HERE}/words")
async def words(
    engine: EngineOf,
    desk: DeskOf,
    board: BoardOf,
    frame: FrameOf,
    staff: StaffOf,
    page: Page = 1,
    state: Annotated[str, Query(max_length=10)] = "open",
    done: Done = "",
) -> Response:
    """Return the words of reports that no entry explains, those of most reports first."""
    wanted = "aside" if state == "aside" else "open"

    def work() -> Response:
        actor = actor_of(staff.principal)
        found = board.words(actor=actor, page=page, state=wanted)
        return staff_page(
            "queue-words.html", frame=frame, tabs=tabs(_counts(board, desk, actor), "words"), listed=found, state=wanted,
            rows=word_rows(found.words, desk), done=DONE.get(done), fewest=board.room.fewest_patients, usual=FEWEST_PATIENTS,
        )  # fmt: skip

    return await engine.in_thread(work)


@router.post(f"{_HERE}/words")
async def settle_word(request: Request, engine: EngineOf, board: BoardOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Put a word aside, back, or forget it for good."""
    sent = await read_form(request, fields=("csrf", "word", "state"), limit=_MOST_BYTES)

    def work() -> Response:
        try:
            board.settle_word(sent["word"], actor=actor_of(staff.principal), state=sent["state"])
        except RecordError as refused:
            return _refused(frame, refused, "words")
        return RedirectResponse(f"{_HERE}/words?done={sent['state']}", status_code=303)

    return await engine.in_thread(work)


@router.get(f"{_HERE}/wrong")
async def wrong(
    engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf, page: Page = 1, done: Done = ""
) -> Response:
    """Return the readings that professionals marked as wrong."""
    return await engine.in_thread(
        lambda: _items(desk, board, frame, actor_of(staff.principal), "reading_wrong", page, done=done)
    )


@router.get(f"{_HERE}/wrong/cases")
async def cases(engine: EngineOf, board: BoardOf, staff: StaffOf) -> Response:
    """Return the cases as a file that the golden tests read: a sentence with what is expected of it on each line."""
    found = await engine.in_thread(lambda: board.cases(actor=actor_of(staff.principal)))
    lines = [json.dumps({"id": one.id, "kind": "marked_wrong", **one.values}, ensure_ascii=False) for one in found]
    headers = {"Content-Disposition": 'attachment; filename="marked_wrong.jsonl"'}
    return Response("".join(f"{line}\n" for line in lines).encode(), media_type="application/jsonl", headers=headers)


@router.get(f"{_HERE}/wrong/{{item}}")
async def one_wrong(
    engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf, item: str
) -> Response:
    """Return one reading that was marked as wrong, with the form of a case."""
    return await engine.in_thread(lambda: _case_page(desk, board, frame, actor_of(staff.principal), _number(item)))


@router.post(f"{_HERE}/wrong/{{item}}/case")
async def make_case(
    request: Request, engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf, item: str
) -> Response:
    """Close a reading with a case for the golden tests; what cannot be used comes back, and nothing typed is lost."""
    sent = await read_form(request, fields=_CASE_FIELDS, limit=_MOST_BYTES)

    def work() -> Response:
        actor, number = actor_of(staff.principal), _number(item)
        expected = {name: sent[name] for name in _EXPECTED}
        try:
            board.make_case(number, actor=actor, text=sent["sentence"], quoted=sent["quoted"], expected=expected)
        except RecordError as refused:
            if refused.code != "record_invalid":
                return _refused(frame, refused, "wrong")
            return _case_page(desk, board, frame, actor, number, sent=sent, error=str(refused), status=422)
        return RedirectResponse(f"{_HERE}/wrong?done=case", status_code=303)

    return await engine.in_thread(work)


@router.post(f"{_HERE}/wrong/{{item}}/close")
async def not_wrong(
    request: Request, engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf, item: str
) -> Response:
    """Close a reading that was not wrong, with the reason."""
    return await _close(request, engine, desk, board, frame, actor_of(staff.principal), "reading_wrong", item)


@router.get(f"{_HERE}/feedback")
async def feedback(
    engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf, page: Page = 1, done: Done = ""
) -> Response:
    """Return what patients thought, as far as nobody has read it."""
    return await engine.in_thread(
        lambda: _items(desk, board, frame, actor_of(staff.principal), "feedback", page, done=done)
    )


@router.post(f"{_HERE}/feedback/{{item}}/close")
async def read_feedback(
    request: Request, engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf, item: str
) -> Response:
    """Close feedback that was read."""
    return await _close(request, engine, desk, board, frame, actor_of(staff.principal), "feedback", item)


@router.get(f"{_HERE}/links")
async def links(engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Return the links whose pages are gone, do not answer or have moved."""

    def work() -> Response:
        seen, content = board.links(), desk.current()
        return staff_page(
            "queue-links.html", frame=frame, tabs=tabs(_counts(board, desk, actor_of(staff.principal)), "links"),
            links=bad_links(content, seen), unseen=unseen_links(content, seen), all=len(content.raw.links),
            last=max((one.at for one in seen.values()), default=None),
        )  # fmt: skip

    return await engine.in_thread(work)


@router.get(f"{_HERE}/entries")
async def entries(engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Return the entries that are to be read again, and those that nobody has read and patients see most."""

    def work() -> Response:
        actor, content = actor_of(staff.principal), desk.current()
        shown = board.figures(actor=actor).tallies.get("term", {})
        drafts = len(content.entries) - len(content.read)
        return staff_page(
            "queue-entries.html", frame=frame, tabs=tabs(_counts(board, desk, actor), "entries"),
            due=due_entries(content, today=datetime.now(UTC).date()), drafts=drafts, all=len(content.entries),
            unread=unread_entries(content, shown, limit=_MOST_UNREAD),
        )  # fmt: skip

    return await engine.in_thread(work)


# ---- pages -----------------------------------------------------------------------------------------------------------


def _counts(board: Board, desk: AuthoringDesk, actor: Actor) -> dict[str, int]:
    content = desk.current()
    return board.counts(actor=actor) | {
        "links": len(bad_links(content, board.links())),
        "entries": len(due_entries(content, today=datetime.now(UTC).date())),
    }


def _items(
    desk: AuthoringDesk,
    board: Board,
    frame: Frame,
    actor: Actor,
    queue: Queue,
    page: int,
    *,
    done: str = "",
    error: str | None = None,
    status: int = 200,
) -> Response:
    found = board.items(actor=actor, queue=queue, page=page)
    here = "wrong" if queue == "reading_wrong" else "feedback"
    return staff_page(
        f"queue-{here}.html", frame=frame, status=status, tabs=tabs(_counts(board, desk, actor), here), listed=found,
        words=staff_words(), done=DONE.get(done), error=error, cases=len(board.cases(actor=actor)) if here == "wrong" else 0,
    )  # fmt: skip


def _case_page(
    desk: AuthoringDesk,
    board: Board,
    frame: Frame,
    actor: Actor,
    number: int,
    *,
    sent: dict[str, str] | None = None,
    error: str | None = None,
    status: int = 200,
) -> Response:
    item = board.item(number, actor=actor, queue="reading_wrong")
    given = sent or {"sentence": "", "quoted": item.quoted, **dict.fromkeys(_EXPECTED, "")}
    return staff_page(
        "queue-case.html", frame=frame, status=status, tabs=tabs(_counts(board, desk, actor), "wrong"), item=item,
        sent=given, error=error, words=staff_words(),
        choices=(("assertion", "What it should be read as", get_args(Assertion), staff_words().assertion),
                 ("certainty", "How certain", get_args(Certainty), staff_words().certainty),
                 ("laterality", "Which side", get_args(Side), staff_words().side),
                 ("change", "Against before", get_args(Change), staff_words().change)),
    )  # fmt: skip


async def _close(
    request: Request,
    engine: EngineOf,
    desk: AuthoringDesk,
    board: Board,
    frame: Frame,
    actor: Actor,
    queue: Queue,
    item: str,
) -> Response:
    sent = await read_form(request, fields=("csrf", "reason"), limit=_MOST_BYTES)
    here, done = ("wrong", "not_wrong") if queue == "reading_wrong" else ("feedback", "read")

    def work() -> Response:
        try:
            board.settle(_number(item), actor=actor, queue=queue, reason=sent["reason"])
        except RecordError as refused:
            if refused.code != "record_invalid":
                return _refused(frame, refused, here)
            return _items(desk, board, frame, actor, queue, 1, error=str(refused), status=422)
        return RedirectResponse(f"{_HERE}/{here}?done={done}", status_code=303)

    return await engine.in_thread(work)


def _refused(frame: Frame, error: RecordError, here: str) -> Response:
    """Return a page that says why nothing was done, and where to go on."""
    if error.code not in ("stale", "report_not_found"):
        raise error
    return staff_page(
        "message.html", frame=frame, status=409 if error.code == "stale" else 404, heading="Nothing was changed",
        said=_GONE if error.code == "stale" else "There is nothing of this number in the queue.", back=f"{_HERE}/{here}",
    )  # fmt: skip


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ReportNotFoundError
    return int(text)
