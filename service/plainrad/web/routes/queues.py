"""The queues of the editors: missing words, readings that were wrong, feedback, links, entries to be read again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from plainrad.api.dependencies import EngineOf
from plainrad.api.engine import Engine
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
_PAGES: Final[dict[Queue, str]] = {"reading_wrong": "wrong", "feedback": "feedback"}
DONE: Final = {
    "aside": "The word is put aside. It is under Put aside, and can be put back.",
    "open": "The word is back in the queue.",
    "never": "The word is forgotten. It will not come back.",
    "not_wrong": "Closed: the reading was not wrong.",
    "case": "The case is kept. It is in the file of cases.",
    "read": "Closed: the feedback was read.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works on the queues: all that one of their pages is made from."""

    engine: Engine
    desk: AuthoringDesk
    board: Board
    frame: Frame
    actor: Actor

    def counts(self) -> dict[str, int]:
        """Return how much waits in each queue."""
        content = self.desk.current()
        return self.board.counts(actor=self.actor) | {
            "links": len(bad_links(content, self.board.links())),
            "entries": len(due_entries(content, today=_today())),
        }

    def page(self, template: str, *, tab: str, status: int = 200, **context: Any) -> Response:
        """Return a page with the row of queues, `tab` chosen."""
        return staff_page(template, frame=self.frame, status=status, tabs=tabs(self.counts(), tab), **context)

    async def give(self, work: Callable[[], Response]) -> Response:
        """Return what `work` returns, worked out beside other requests."""
        return await self.engine.in_thread(work)


def _place(engine: EngineOf, desk: DeskOf, board: BoardOf, frame: FrameOf, staff: StaffOf) -> Place:
    return Place(engine, desk, board, frame, actor_of(staff.principal))


PlaceOf = Annotated[Place, Depends(_place)]
Page = Annotated[int, Query(ge=1, le=100_000)]
Done = Annotated[str, Query(max_length=20)]


@router.get(_HERE)
async def front(place: PlaceOf) -> Response:
    """Return the queues with how much waits in each."""
    return await place.give(lambda: staff_page("queues.html", frame=place.frame, queues=QUEUES, counts=place.counts()))


@router.get(f"{_HERE}/words")
async def words(
    place: PlaceOf, page: Page = 1, state: Annotated[str, Query(max_length=10)] = "open", done: Done = ""
) -> Response:
    """Return the words of reports that no entry explains, those of most reports first."""
    wanted = "aside" if state == "aside" else "open"

    def work() -> Response:
        found = place.board.words(actor=place.actor, page=page, state=wanted)
        return place.page(
            "queue-words.html", tab="words", listed=found, state=wanted, rows=word_rows(found.words, place.desk),
            done=DONE.get(done), fewest=place.board.room.fewest_patients, usual=FEWEST_PATIENTS,
        )  # fmt: skip

    return await place.give(work)


@router.post(f"{_HERE}/words")
async def settle_word(request: Request, place: PlaceOf) -> Response:
    """Put a word aside, back, or forget it for good."""
    sent = await read_form(request, fields=("csrf", "word", "state"), limit=_MOST_BYTES)

    def work() -> Response:
        try:
            place.board.settle_word(sent["word"], actor=place.actor, state=sent["state"])
        except RecordError as refused:
            return _refused(place, refused, "words")
        return RedirectResponse(f"{_HERE}/words?done={sent['state']}", status_code=303)

    return await place.give(work)


@router.get(f"{_HERE}/wrong")
async def wrong(place: PlaceOf, page: Page = 1, done: Done = "") -> Response:
    """Return the readings that professionals marked as wrong."""
    return await place.give(lambda: _items(place, "reading_wrong", page, done=done))


@router.get(f"{_HERE}/wrong/cases")
async def cases(place: PlaceOf) -> Response:
    """Return the cases as a file that the golden tests read: a sentence with what is expected of it on each line."""
    headers = {"Content-Disposition": 'attachment; filename="marked_wrong.jsonl"'}

    def work() -> Response:
        found = place.board.cases(actor=place.actor)
        lines = [json.dumps({"id": one.id, "kind": "marked_wrong", **one.values}, ensure_ascii=False) for one in found]
        return Response(
            "".join(f"{line}\n" for line in lines).encode(), media_type="application/jsonl", headers=headers
        )

    return await place.give(work)


@router.get(f"{_HERE}/wrong/{{item}}")
async def one_wrong(place: PlaceOf, item: str) -> Response:
    """Return one reading that was marked as wrong, with the form of a case."""
    return await place.give(lambda: _case_page(place, _number(item)))


@router.post(f"{_HERE}/wrong/{{item}}/case")
async def make_case(request: Request, place: PlaceOf, item: str) -> Response:
    """Close a reading with a case for the golden tests; what cannot be used comes back, and nothing typed is lost."""
    sent = await read_form(request, fields=_CASE_FIELDS, limit=_MOST_BYTES)

    def work() -> Response:
        number, expected = _number(item), {name: sent[name] for name in _EXPECTED}
        try:
            place.board.make_case(
                number, actor=place.actor, text=sent["sentence"], quoted=sent["quoted"], expected=expected
            )
        except RecordError as refused:
            if refused.code != "record_invalid":
                return _refused(place, refused, "wrong")
            return _case_page(place, number, sent=sent, error=str(refused), status=422)
        return RedirectResponse(f"{_HERE}/wrong?done=case", status_code=303)

    return await place.give(work)


@router.post(f"{_HERE}/wrong/{{item}}/close")
async def not_wrong(request: Request, place: PlaceOf, item: str) -> Response:
    """Close a reading that was not wrong, with the reason."""
    return await _close(request, place, "reading_wrong", item, done="not_wrong")


@router.get(f"{_HERE}/feedback")
async def feedback(place: PlaceOf, page: Page = 1, done: Done = "") -> Response:
    """Return what patients thought, as far as nobody has read it."""
    return await place.give(lambda: _items(place, "feedback", page, done=done))


@router.post(f"{_HERE}/feedback/{{item}}/close")
async def read_feedback(request: Request, place: PlaceOf, item: str) -> Response:
    """Close feedback that was read."""
    return await _close(request, place, "feedback", item, done="read")


@router.get(f"{_HERE}/links")
async def links(place: PlaceOf) -> Response:
    """Return the links whose pages are gone, do not answer or have moved."""

    def work() -> Response:
        seen, content = place.board.links(), place.desk.current()
        return place.page(
            "queue-links.html", tab="links", links=bad_links(content, seen), unseen=unseen_links(content, seen),
            all=len(content.raw.links), last=max((one.at for one in seen.values()), default=None),
        )  # fmt: skip

    return await place.give(work)


@router.get(f"{_HERE}/entries")
async def entries(place: PlaceOf) -> Response:
    """Return the entries that are to be read again, and those that nobody has read and patients see most."""

    def work() -> Response:
        content = place.desk.current()
        shown = place.board.figures(actor=place.actor).tallies.get("term", {})
        return place.page(
            "queue-entries.html", tab="entries", due=due_entries(content, today=_today()),
            drafts=len(content.entries) - len(content.read), all=len(content.entries),
            unread=unread_entries(content, shown, limit=_MOST_UNREAD),
        )  # fmt: skip

    return await place.give(work)


# ---- pages -----------------------------------------------------------------------------------------------------------


def _items(
    place: Place, queue: Queue, page: int, *, done: str = "", error: str | None = None, status: int = 200
) -> Response:
    found, here = place.board.items(actor=place.actor, queue=queue, page=page), _PAGES[queue]
    return place.page(
        f"queue-{here}.html", tab=here, status=status, listed=found, words=staff_words(), done=DONE.get(done), error=error,
        cases=len(place.board.cases(actor=place.actor)) if here == "wrong" else 0,
    )  # fmt: skip


def _case_page(
    place: Place, number: int, *, sent: dict[str, str] | None = None, error: str | None = None, status: int = 200
) -> Response:
    item, say = place.board.item(number, actor=place.actor, queue="reading_wrong"), staff_words()
    given = sent or {"sentence": "", "quoted": item.quoted, **dict.fromkeys(_EXPECTED, "")}
    return place.page(
        "queue-case.html", tab="wrong", status=status, item=item, sent=given, error=error, words=say,
        choices=(("assertion", "What it should be read as", get_args(Assertion), say.assertion),
                 ("certainty", "How certain", get_args(Certainty), say.certainty),
                 ("laterality", "Which side", get_args(Side), say.side),
                 ("change", "Against before", get_args(Change), say.change)),
    )  # fmt: skip


async def _close(request: Request, place: Place, queue: Queue, item: str, *, done: str) -> Response:
    sent = await read_form(request, fields=("csrf", "reason"), limit=_MOST_BYTES)
    here = _PAGES[queue]

    def work() -> Response:
        try:
            place.board.settle(_number(item), actor=place.actor, queue=queue, reason=sent["reason"])
        except RecordError as refused:
            if refused.code != "record_invalid":
                return _refused(place, refused, here)
            return _items(place, queue, 1, error=str(refused), status=422)
        return RedirectResponse(f"{_HERE}/{here}?done={done}", status_code=303)

    return await place.give(work)


def _refused(place: Place, error: RecordError, here: str) -> Response:
    """Return a page that says why nothing was done, and where to go on."""
    if error.code not in ("stale", "report_not_found"):
        raise error
    return staff_page(
        "message.html", frame=place.frame, status=409 if error.code == "stale" else 404, heading="Nothing was changed",
        said=_GONE if error.code == "stale" else "There is nothing of this number in the queue.", back=f"{_HERE}/{here}",
    )  # fmt: skip


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ReportNotFoundError
    return int(text)


def _today() -> date:
    return datetime.now(UTC).date()
