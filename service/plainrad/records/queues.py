"""The queues of the editors: words that nobody explains, readings that were wrong, what patients thought.

Editors do not look after patients. They see one sentence, without names and long numbers, and never whose report it is in; every
look into a queue is in the audit.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, get_args

from plainrad.domain.board import Case, Queue, QueueItem, QueuePage, WordPage
from plainrad.domain.patient import PatientReport
from plainrad.domain.reading import Assertion, Certainty, Change, Extent, Mention, SectionKind, Side
from plainrad.domain.records import Actor
from plainrad.errors import RecordInvalidError, ReportNotFoundError, StaleError
from plainrad.explain.hidden import own_words_id, said_by
from plainrad.records.counted import with_patient
from plainrad.records.nameless import BLANK, finding_words, names_of, without_names
from plainrad.records.room import Room, words
from plainrad.store import annotations, missing, reports, work_items
from plainrad.store.board_tables import WorkItemRow
from plainrad.store.engine import Session
from plainrad.store.tables import NoteRow, ReportRow, VersionRow

A_PAGE: Final = 20
_WORDS_A_PAGE: Final = 50
_ITEM: Final = re.compile(r"([a-z][a-z0-9-]{0,119}):\s*(.*)", re.DOTALL)
_LONG_NUMBER: Final = re.compile(r"\d{4,}|\d\d[/.-]\d\d[/.-]\d\d")
_MOST_SENTENCE: Final = 600
_SHORT: Final = 4  # a sentence of fewer words stands in many reports
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "assertion": get_args(Assertion),
    "certainty": get_args(Certainty),
    "laterality": get_args(Side),
    "change": get_args(Change),
    "section": get_args(SectionKind),
}


# ---- words ---------------------------------------------------------------------------------------------------------


def word_page(room: Room, *, actor: Actor, page: int, state: str = "open") -> WordPage:
    """Return the unexplained words of the actor's organisation that enough patients share."""
    room.allow(actor, "queues")
    with room.database.reading() as session:
        organisation = reports.organisation_id(session, actor.organisation or "")
        if organisation is None:
            return WordPage((), 0, 1, 1)
        count = missing.count(session, organisation=organisation, state=state)
        page, pages = _within(page, count, _WORDS_A_PAGE)
        found = missing.ranked(
            session, organisation=organisation, state=state, limit=_WORDS_A_PAGE, offset=(page - 1) * _WORDS_A_PAGE
        )
        return WordPage(tuple(found), count, page, pages)


def settle_word(room: Room, *, actor: Actor, word: str, state: str) -> None:
    """Take a word off the queue ("aside"), put it back ("open"), or forget it for good ("never": it could be a name)."""
    room.allow(actor, "queues")
    if state not in ("open", "aside", "never"):
        raise RecordInvalidError("state: open, aside or never.")
    with room.database.unit() as session:
        organisation = reports.organisation_id(session, actor.organisation or "")
        if organisation is None or not missing.settle(session, organisation=organisation, word=word, state=state):
            raise StaleError
        # The word itself is left out: the audit is never forgotten, and this could be a name.
        room.audit(session, actor, "word_settled", object_kind="word", details={"state": state})


# ---- what people wrote ----------------------------------------------------------------------------------------------


def add_note(session: Session, report: ReportRow, *, note_id: str, kind: str, text: str, item: str | None) -> None:
    """Put a note where the editors find it: a reading that is wrong, or feedback that says something."""
    if kind == "reading_wrong":
        match = _ITEM.fullmatch(text)
        about = item or (match[1] if match else None)
        work_items.add(session, note_id, organisation=report.organisation_id, queue="reading_wrong", item=about)
    elif kind in ("not_helpful", "worried", "free_text") or (kind == "helpful" and text):
        work_items.add(session, note_id, organisation=report.organisation_id, queue="feedback", item=item)


def item_page(room: Room, *, actor: Actor, queue: Queue, page: int) -> QueuePage:
    """Return what is open in a queue, the oldest first."""
    room.allow(actor, "queues")
    with room.database.unit() as session:
        organisation = reports.organisation_id(session, actor.organisation or "")
        if organisation is None:
            return QueuePage((), 0, 1, 1)
        count = work_items.count(session, organisation=organisation, queue=queue)
        page, pages = _within(page, count, A_PAGE)
        rows = work_items.waiting(
            session, organisation=organisation, queue=queue, limit=A_PAGE, offset=(page - 1) * A_PAGE
        )
        found = tuple(_item(room, session, actor, *row) for row in rows)
        details = {"queue": queue, "items": [one.id for one in found]}
        room.audit(session, actor, "queue_read", object_kind="queue", details=details)
        return QueuePage(found, count, page, pages)


def one_item(room: Room, number: int, *, actor: Actor, queue: Queue) -> QueueItem:
    """Return an open item; raises ReportNotFoundError, or StaleError for one that somebody has settled."""
    room.allow(actor, "queues")
    with room.database.unit() as session:
        row = _open(session, actor, number, queue)
        room.audit(session, actor, "queue_read", object_kind="queue", details={"queue": queue, "items": [number]})
        return _item(room, session, actor, *row)


def settle_item(room: Room, number: int, *, actor: Actor, queue: Queue, reason: str) -> None:
    """Close an item without more: the reading was not wrong, or the feedback was read."""
    room.allow(actor, "queues")
    said = words("reason", reason, needed=queue == "reading_wrong")
    with room.database.unit() as session:
        row = _open(session, actor, number, queue)[0]
        _settle(room, session, actor, row, "not_wrong" if queue == "reading_wrong" else "read", said)


def make_case(room: Room, number: int, *, actor: Actor, text: str, quoted: str, expected: dict[str, str]) -> str:
    """Close a reading that was wrong with a case for the golden tests, and return its id.

    `text` is a sentence with invented words that is read wrongly in the same way, `quoted` what stands in it, and `expected` what should
    be read there. Raises RecordInvalidError where it is the sentence of the report, or holds a blank, a long number or a name of it.
    """
    room.allow(actor, "queues")
    with room.database.unit() as session:
        item, note, report, version = _open(session, actor, number, "reading_wrong")
        whole = with_patient(room, session, version, reports.report_of(version, None))
        _own_words(text, _item(room, session, actor, item, note, report, version).sentence)
        values = _case(text, quoted, expected, people=names_of(whole) if whole is not None else frozenset())
        made = work_items.add_case(
            session, organisation=item.organisation_id, values=values, by=actor.id, at=room.now()
        )
        _settle(room, session, actor, item, "case", "")
        return f"site-{made:04d}"


def all_cases(room: Room, *, actor: Actor) -> list[Case]:
    """Return every case that editors of the organisation have written."""
    room.allow(actor, "queues")
    with room.database.reading() as session:
        organisation = reports.organisation_id(session, actor.organisation or "")
        return work_items.cases(session, organisation=organisation) if organisation is not None else []


def counts(room: Room, *, actor: Actor) -> dict[str, int]:
    """Return how much waits in each queue."""
    room.allow(actor, "queues")
    with room.database.reading() as session:
        number = reports.organisation_id(session, actor.organisation or "")
        if number is None:
            return {"words": 0, "reading_wrong": 0, "feedback": 0}
        return {"words": missing.count(session, organisation=number, state="open")} | {
            queue: work_items.count(session, organisation=number, queue=queue) for queue in get_args(Queue)
        }


# ---- inside ---------------------------------------------------------------------------------------------------------


def _within(page: int, count: int, size: int) -> tuple[int, int]:
    pages = max(1, -(-count // size))
    return min(max(1, page), pages), pages


def _open(
    session: Session, actor: Actor, number: int, queue: Queue
) -> tuple[WorkItemRow, NoteRow, ReportRow, VersionRow]:
    organisation = reports.organisation_id(session, actor.organisation or "")
    found = None if organisation is None else work_items.find(session, number, organisation=organisation, queue=queue)
    if found is None:
        raise ReportNotFoundError
    if found[0].state != "open":
        raise StaleError
    return found


def _settle(room: Room, session: Session, actor: Actor, row: WorkItemRow, state: str, reason: str) -> None:
    row.state, row.settled_by, row.settled_at, row.reason = state, actor.id, room.now(), reason or None
    details = {"item": row.id, "queue": row.queue, "outcome": state}
    room.audit(session, actor, "queue_settled", object_kind="queue", details=details, reason=reason or None)


def _item(
    room: Room, session: Session, actor: Actor, row: WorkItemRow, note: NoteRow, report: ReportRow, version: VersionRow
) -> QueueItem:
    bare = reports.report_of(version, None)
    whole = with_patient(room, session, version, bare)
    match = _ITEM.fullmatch(note.text) if row.queue == "reading_wrong" else None
    about = row.item or (match[1] if match else None)
    text = match[2] if match is not None and match[1] == about else note.text
    reads = actor.roles & {"radiologist", "approver"}
    made = QueueItem(row.id, note.kind, note.at, "", about, report_id=report.public_id if reads else None)
    if whole is None:  # names cannot be told from other words without the key: nothing of it is shown
        return made
    people = names_of(whole)
    explained = annotations.explained_of(session, version, bare)
    if explained is None or about is None:
        return replace(made, text=without_names(text, people))
    found = _mentions(explained, about)
    known = finding_words(explained)
    sentence = _sentences(explained, about, found)
    return replace(
        made,
        text=without_names(text, people, known=known),
        sentence=without_names(sentence, people, known=known)[:_MOST_SENTENCE],
        said=without_names(said_by(explained, about), people, known=known)[:_MOST_SENTENCE],
        quoted=without_names(found[0].text, people, known=known) if found else "",
        read=_read(found[0]) if found else (),
    )


def _mentions(explained: PatientReport, about: str) -> list[Mention]:
    """Return the mentions that an item is about: of a statement, of an explained word, or the mention itself."""
    by_id = explained.reading.by_id
    if about in by_id:
        return [by_id[about]]
    said = next((one.mentions for one in explained.statements if one.id == about), None)
    if said is None:
        said = next((one.shown_for for one in explained.explanations if one.term_id == about), ())
    return [by_id[one] for one in said if one in by_id]


def _sentences(explained: PatientReport, about: str, found: Iterable[Mention]) -> str:
    """Return the sentence of the report that an item is about, on one line."""
    text = explained.report.text
    spans: list[Extent] = []
    for one in explained.statements:
        if one.id == about:
            spans = list(one.source)
    if not spans:
        spans = [Extent(one.start, one.end) for one in list(found)[:1]]
    for number, own in enumerate(explained.own_words, start=1):
        if own_words_id(number) == about:
            spans = [Extent(own.start, own.end)]
    quoted = dict.fromkeys(
        " ".join(text[one.start : one.end].split())
        for one in explained.reading.sentences
        if any(span.start < one.end and one.start < span.end for span in spans)
    )
    return " ".join(quoted)


def _read(mention: Mention) -> tuple[str, ...]:
    facts: list[str | None] = [
        mention.concept,
        mention.assertion,
        mention.certainty,
        mention.change,
        mention.laterality,
    ]
    return tuple(one for one in facts if one)


def _case(text: str, quoted: str, expected: dict[str, str], *, people: frozenset[str]) -> dict[str, Any]:
    line, words_read = " ".join(text.split()), " ".join(quoted.split())
    if not line or len(line) > _MOST_SENTENCE:
        raise RecordInvalidError(f"sentence: write 1 to {_MOST_SENTENCE} characters.")
    if not words_read or words_read not in line:
        raise RecordInvalidError("words: give words exactly as they stand in the sentence.")
    if BLANK in line or _LONG_NUMBER.search(line) or without_names(line, people, known=_tokens(line) - people) != line:
        raise RecordInvalidError(
            "sentence: put invented words in the place of blanks, names and long numbers. A case leaves this house."
        )
    wrong = [name for name, value in expected.items() if value and value not in _CHOICES.get(name, ())]
    given = {name: value for name, value in expected.items() if value}
    if wrong or "assertion" not in given:
        raise RecordInvalidError(f"{(wrong or ['assertion'])[0]}: choose one of the values that are offered.")
    return {"text": line, "expect": [{"text": words_read, **given}]}


def _own_words(text: str, sentence: str) -> None:
    """Raise RecordInvalidError for the sentence of the report itself: no part of a real report leaves this house."""
    written, real = (re.findall(r"\w+", one.lower()) for one in (text, sentence))
    if len(real) >= _SHORT and " ".join(real) in " ".join(written):
        raise RecordInvalidError("sentence: write it in other words than the report. A case leaves this house.")


def _tokens(line: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", line.lower()))
