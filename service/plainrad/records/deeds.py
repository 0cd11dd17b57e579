"""What professionals do with a kept report, each as a value: which right it needs, what the audit calls it, and the work itself.

`change` does a deed; `foresee` shows what it would do and does nothing. That both are given the same deed is what makes the preview true.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Actor, Choice
from plainrad.domain.release import HoldKind
from plainrad.errors import RecordInvalidError
from plainrad.explain.along import goes_along
from plainrad.explain.hidden import items, other_half
from plainrad.explain.neutral import in_neutral_words, neutral_items
from plainrad.records.room import Room, words
from plainrad.store import annotations, decided, reports
from plainrad.store.engine import Session
from plainrad.store.tables import ReportRow, VersionRow

Work = Callable[[Session, ReportRow, VersionRow], dict[str, Any] | None]
MOST_NOTE = 1_200  # characters: a note is read on a phone, above everything else
_MOST_NAME = 100


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a professional does. `work` does it and gives the details for the audit. `rewords`: it may change what the patient reads."""

    right: str
    action: str
    work: Work
    reason: str | None = None
    rewords: bool = False


def withdrawing(room: Room, *, reason: str) -> Deed:
    """Retract the current version. It stays kept; only other words can follow it."""

    def work(_: Session, __: ReportRow, version: VersionRow) -> None:
        version.withdrawn_at = version.withdrawn_at or room.now()

    return Deed("withdraw", "withdrawn", work, words("reason", reason))


def holding(room: Room, actor: Actor, *, kind: str, reason: str) -> Deed:
    """Place a hold. One that is in force already stays as it is."""
    known, why = hold_kind(kind), words("reason", reason)

    def work(session: Session, row: ReportRow, _: VersionRow) -> dict[str, Any]:
        if not decided.in_force(session, row, known):
            decided.add_hold(session, row, kind=known, reason=why, by=actor.id, at=room.now())
        return {"kind": known}

    return Deed("hold", "held", work, why)


def lifting(room: Room, actor: Actor, *, kind: str, reason: str) -> Deed:
    """Lift the holds of a kind; RecordInvalidError when none is in force."""
    known, why = hold_kind(kind), words("reason", reason)

    def work(session: Session, row: ReportRow, _: VersionRow) -> dict[str, Any]:
        found = decided.in_force(session, row, known)
        if not found:
            raise RecordInvalidError("kind: no such hold is in force.")
        for one in found:
            one.lifted_at, one.lifted_by, one.lift_reason = room.now(), actor.id, why
        return {"kind": known}

    return Deed("lift", "lifted", work, why)


def approving(room: Room, actor: Actor, *, reason: str | None) -> Deed:
    """Note that a professional has looked at the current version."""
    why = words("reason", reason) if reason is not None else None

    def work(session: Session, _: ReportRow, version: VersionRow) -> None:
        decided.add_approval(session, version, reason=why, by=actor.id, at=room.now())

    return Deed("approve", "approved", work, why)


def releasing(room: Room, actor: Actor, *, reason: str) -> Deed:
    """Let the current version out before its time. Holds and exclusions stay in force."""
    why = words("reason", reason)

    def work(session: Session, _: ReportRow, version: VersionRow) -> None:
        decided.add_early(session, version, reason=why, by=actor.id, at=room.now())

    return Deed("release_early", "released_early", work, why)


def choosing(room: Room, actor: Actor, *, choice: Choice, item: str, reason: str) -> Deed:
    """Hide a part of the current version from the patient, or have it told in neutral words only."""
    why = words("reason", reason)

    def work(session: Session, _: ReportRow, version: VersionRow) -> dict[str, Any]:
        explained = annotations.explained_of(session, version, reports.report_of(version, None))
        if explained is None:
            raise RecordInvalidError("item: this version has no patient version.")
        if choice == "neutral" and item not in neutral_items(explained, book=room.book()):
            raise RecordInvalidError(
                "item: give the id of a statement or explained term that can be told in neutral words."
            )
        if choice == "hidden" and item not in items(explained):
            raise RecordInvalidError(
                "item: give the id of a statement, an explained term or own words of this version."
            )
        if choice == "hidden":
            _not_by_halves(explained, item, hidden=_hidden(session, version, explained))
        else:
            _no_hidden_words(room, session, version, explained, item)
        decided.choose(session, version, choice=choice, item=item, reason=why, by=actor.id, at=room.now())
        return {"item": item}

    return Deed("hide", "hidden" if choice == "hidden" else "told_neutrally", work, why, rewords=True)


def unchoosing(room: Room, actor: Actor, *, choice: Choice, item: str, reason: str) -> Deed:
    """Undo a choice; RecordInvalidError when it is not in force."""
    why = words("reason", reason)

    def work(session: Session, _: ReportRow, version: VersionRow) -> dict[str, Any]:
        undone = decided.unchoose(session, version, choice=choice, item=item, reason=why, by=actor.id, at=room.now())
        if not undone:
            raise RecordInvalidError("item: nothing of the kind is chosen for it.")
        explained = annotations.explained_of(session, version, reports.report_of(version, None))
        if choice == "hidden" and explained is not None:
            _not_by_halves(explained, item, hidden=_hidden(session, version, explained), shown=True)
        return {"item": item}

    return Deed("hide", "shown_again" if choice == "hidden" else "told_as_read", work, why, rewords=True)


def noting(room: Room, actor: Actor, *, text: str, signed: str, reason: str) -> Deed:
    """Write a note to the patient, which is shown with the current version and with no other."""
    said, why, name = note_words(text), words("reason", reason), " ".join(signed.split())
    if len(name) > _MOST_NAME or not all(one.isprintable() for one in name):
        raise RecordInvalidError(f"signed: write at most {_MOST_NAME} characters on one line.")

    def work(session: Session, row: ReportRow, _: VersionRow) -> dict[str, Any]:
        note = decided.add_note(
            session, row, kind="comment", text=said, by=actor.id, at=room.now(), for_patient=True, signed=name or None
        )
        return {"note": note.id, "kind": "comment", "for_patient": True}

    return Deed("comment", "comment_written", work, why, rewords=True)


def taking_back(room: Room, actor: Actor, *, note: str, reason: str) -> Deed:
    """Take a note to the patient back."""
    why = words("reason", reason)

    def work(session: Session, row: ReportRow, _: VersionRow) -> dict[str, Any]:
        found = decided.take_note_back(session, row, note, reason=why, by=actor.id, at=room.now())
        if found is None:
            raise RecordInvalidError("note: no such note is shown to the patient.")
        return {"note": found.id}

    return Deed("comment", "comment_taken_back", work, why, rewords=True)


def note_words(text: str) -> str:
    """Return the words of a note as they are kept: what is pasted along and cannot be seen is left out."""
    plain = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\t", " ").replace("\u00ad", "")
    )
    said = "".join(one for one in plain if one == "\n" or one.isprintable()).strip()
    if not said or len(said) > MOST_NOTE:
        raise RecordInvalidError(f"text: write 1 to {MOST_NOTE:,} characters.")
    return said


def hold_kind(kind: str) -> HoldKind:
    """Return a kind of hold; RecordInvalidError for any other word."""
    if kind not in get_args(HoldKind):
        raise RecordInvalidError(f"kind: one of {', '.join(get_args(HoldKind))}.")
    return kind  # type: ignore[return-value]


def _chosen(session: Session, version: VersionRow, choice: Choice) -> frozenset[str]:
    return frozenset(one.item for one in decided.choices(session, version) if one.choice == choice)


def _hidden(session: Session, version: VersionRow, explained: PatientReport) -> frozenset[str]:
    """Return what is hidden of a version, with what goes along."""
    chosen = _chosen(session, version, "hidden")
    return chosen | goes_along(explained, chosen)


def _no_hidden_words(room: Room, session: Session, version: VersionRow, explained: PatientReport, item: str) -> None:
    """Raise RecordInvalidError where neutral words would quote what is hidden: then the patient would be told nothing at all."""
    hidden, before = _chosen(session, version, "hidden"), _chosen(session, version, "neutral")
    now, then = (in_neutral_words(explained, one, book=room.book()) for one in (before, before | {item}))
    if goes_along(then, hidden) - goes_along(now, hidden):
        raise RecordInvalidError(
            "item: in neutral words it would quote what is hidden of the same sentence. Hide this too, or show the other again first."
        )


def _not_by_halves(explained: PatientReport, item: str, *, hidden: frozenset[str], shown: bool = False) -> None:
    if other_half(explained, item, hidden=hidden) is None:
        return
    if shown:
        raise RecordInvalidError(
            "item: other words of the same sentence are hidden. Show those again first: one half alone would say more than the report."
        )
    raise RecordInvalidError(
        "item: these words belong to a sentence of which the patient is told another half. Hide that first, or hold the report."
    )
