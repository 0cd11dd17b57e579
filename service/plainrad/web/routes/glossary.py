"""The glossary for editors: the list, the form of an entry with the law as one types, and saving."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from plainrad.api.dependencies import EngineOf
from plainrad.api.security.staff import StaffOf
from plainrad.authoring.desk import AuthoringDesk
from plainrad.authoring.due import links_of
from plainrad.domain.access import Role
from plainrad.domain.board import LinkSeen
from plainrad.domain.phrases import PhraseBook
from plainrad.errors import AuthoringError, ChangeUnknownError
from plainrad.explain.carriers import carriers
from plainrad.glossary.entry_check import grade_of
from plainrad.glossary.schema import REGIONS
from plainrad.web.browse import AGES, Wanted, browse
from plainrad.web.dependencies import DeskOf, FrameOf, LinksSeenOf
from plainrad.web.entry_form import (
    FIELDS,
    KINDS,
    MODALITIES,
    NOUNS,
    SECTIONS,
    SENSITIVITIES,
    EntryFields,
    fields_from,
    fields_of,
    parse_entry,
)
from plainrad.web.forms import read_form
from plainrad.web.pages import Frame, staff_fragment, staff_page

router = APIRouter(include_in_schema=False)
WRITERS = frozenset({Role.EDITOR, Role.APPROVER})
TRIERS = WRITERS | {Role.RADIOLOGIST}
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class CheckedView:
    """What the law says of an entry, and how it reads."""

    wrong: tuple[tuple[str, str], ...]
    problems: tuple[tuple[str, str], ...]
    carriers: tuple[str, ...]
    grade: float | None

    @property
    def lawful(self) -> bool:
        """Return True when it can be handed in."""
        return not self.wrong and not self.problems


@router.get("/staff/glossary")
async def entries(
    engine: EngineOf,
    desk: DeskOf,
    frame: FrameOf,
    staff: StaffOf,
    q: Annotated[str, Query(max_length=100)] = "",
    region: Annotated[str, Query(max_length=30)] = "",
    kind: Annotated[str, Query(max_length=30)] = "",
    state: Annotated[str, Query(max_length=30)] = "",
    age: Annotated[str, Query(max_length=30)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Return the list of entries that fit."""
    wanted = Wanted(q, region, kind, state, page, age if age in dict(AGES) else "")

    def work() -> Response:
        changing = {one.entry_id for one in desk.open_changes(limit=1_000)}
        return staff_page(
            "glossary.html", frame=frame, wanted=wanted, listed=browse(desk.current(), wanted, changing=changing, today=datetime.now(UTC).date()),
            regions=REGIONS, kinds=KINDS, states=("draft", "reviewed", "approved", "changing"), ages=AGES,
            may_write=bool(staff.roles & WRITERS),
        )  # fmt: skip

    return await engine.in_thread(work)


@router.get("/staff/glossary/new")
async def new(
    engine: EngineOf, frame: FrameOf, desk: DeskOf, term: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Return the form of a new entry; `term` is a word that reports use and nobody has explained."""
    words = " ".join(term.split())
    slug = "-".join("".join(one if one.isalnum() and one.isascii() else " " for one in words.lower()).split())
    fields = fields_of({"term": words, "id": slug, "kind": "finding", "noun": "count", "sensitivity": "none"}, new=True)
    return await engine.in_thread(lambda: form_page(engine.plainrad.book, desk, frame, fields, check=False))


@router.get("/staff/glossary/entries/{term_id}")
async def entry(engine: EngineOf, frame: FrameOf, desk: DeskOf, seen: LinksSeenOf, term_id: str) -> Response:
    """Return the form of an entry: as somebody is changing it, or as it is published."""

    def work() -> Response:
        change = desk.open_for(term_id)
        if change is not None:
            return RedirectResponse(f"/staff/glossary/changes/{change.id}", status_code=303)
        placed = desk.current().entries.get(term_id)
        if placed is None:
            raise ChangeUnknownError
        fields = fields_from(placed.entry.model_dump(mode="json"), placed.path)
        return form_page(engine.plainrad.book, desk, frame, fields, seen=seen)

    return await engine.in_thread(work)


@router.post("/staff/glossary/check")
async def check(request: Request, engine: EngineOf, desk: DeskOf) -> Response:
    """Return what the law says of the form as it stands: asked for while one types."""
    fields = fields_of(await read_form(request, fields=FIELDS, limit=MOST_BYTES), new=False)
    return await engine.in_thread(
        lambda: staff_fragment("entry-checked.html", checked=checked_view(engine.plainrad.book, desk, fields))
    )


@router.post("/staff/glossary/save")
async def save(request: Request, engine: EngineOf, desk: DeskOf, frame: FrameOf, staff: StaffOf) -> Response:
    """Keep the form as a draft and show it; what cannot be kept comes back with the reason, and nothing typed is lost."""
    sent = await read_form(request, fields=FIELDS, limit=MOST_BYTES)

    def work() -> Response:
        fields = fields_of(sent, new=not sent.get("change"))
        parsed = parse_entry(fields)
        error = None
        if parsed.entry is not None:
            try:
                change = desk.save(
                    actor=staff.id, path=fields.path, entry=parsed.entry, note=fields.note[:2_000],
                    change_id=fields.change or None, revision=int(fields.revision) if fields.revision.isascii() and fields.revision.isdigit() and len(fields.revision) < 9 else None,
                )  # fmt: skip
                return RedirectResponse(f"/staff/glossary/changes/{change.id}", status_code=303)
            except AuthoringError as refused:
                error = str(refused)
        return form_page(engine.plainrad.book, desk, frame, fields, error=error, status=409 if error else 422)

    return await engine.in_thread(work)


def checked_view(book: PhraseBook, desk: AuthoringDesk, fields: EntryFields) -> CheckedView:
    """Return what the law says of the fields."""
    parsed = parse_entry(fields)
    if parsed.entry is None:
        return CheckedView(tuple((one.name, one.message) for one in parsed.wrong), (), (), None)
    made = parsed.entry
    said = carriers(term=made.term, plain=made.plain, noun=made.noun, book=book)
    problems = tuple((one.message, one.remedy) for one in desk.problems(fields.path, made))
    return CheckedView((), problems, said, grade_of(made))


def form_page(
    book: PhraseBook,
    desk: AuthoringDesk,
    frame: Frame,
    fields: EntryFields,
    *,
    error: str | None = None,
    check: bool = True,
    status: int = 200,
    seen: Mapping[str, LinkSeen] | None = None,
) -> Response:
    """Return the page with the form of an entry. `seen` says what became of its links when they were last asked for."""
    checked = checked_view(book, desk, fields) if check else None
    topics = sorted({placed.path.split("/")[2].removesuffix(".toml") for placed in desk.current().entries.values()})
    return staff_page(
        "entry.html", frame=frame, status=status, fields=fields, error=error, checked=checked,
        choices={
            "regions": REGIONS, "kinds": KINDS, "nouns": NOUNS, "sensitivities": SENSITIVITIES, "topics": topics,
            "modalities": MODALITIES, "sections": SECTIONS,
        },
        health=links_of(desk.current(), fields.lines["links"].split("\n"), seen) if seen is not None else (),
        history=desk.history(fields.words["id"]) if not fields.new else (),
    )  # fmt: skip
