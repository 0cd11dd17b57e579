"""The page of one kept report, as staff see it: its flags, its state, what was chosen for the patient, and both versions in step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from fastapi import Response

from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Actor, HiddenView, Visible, WrongKind
from plainrad.domain.release import HoldKind
from plainrad.explain.neutral import neutral_items
from plainrad.records.records import Records
from plainrad.web.compare import compare
from plainrad.web.note_check import check_note
from plainrad.web.pages import Frame, staff_page
from plainrad.web.views import ChosenView
from plainrad.web.words import StaffWords, staff_words

_STATEMENT, _OWN = re.compile(r"s\d+"), re.compile(r"w\d+")


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed that was not kept: it is shown again, so that nothing typed is lost."""

    text: str = ""
    signed: str = ""


def report_page(
    frame: Frame,
    actor: Actor,
    records: Records,
    number: str,
    *,
    done: str = "",
    error: str | None = None,
    status: int = 200,
    draft: Draft | None = None,
) -> Response:
    """Return the page."""
    words = staff_words()
    kept = records.get(number, actor=actor)
    found = visible(records, actor, number)
    notes = records.notes(number, actor=actor)
    shown = [one for one in notes if one.shown and one.version == kept.version]
    typed = draft or Draft()
    return staff_page(
        "report.html", frame=frame, status=status, kept=kept, error=error, done=words.done.get(done), words=words,
        original=None if found else _original(records, actor, number),
        notes=notes, shown_notes=shown, older_notes=[one for one in notes if one.shown and one.version != kept.version],
        versions=records.versions(number, actor=actor), draft=typed, note=check_note(typed.text),
        holds=[one for one in kept.holds if one.lifted_at is None], kinds=get_args(HoldKind), wrongs=get_args(WrongKind),
        chosen=tuple(_chosen(one, words) for one in kept.chosen), hide_url=f"/staff/reports/{number}",
        **_compared(records, number, found, words),
    )  # fmt: skip


def _compared(records: Records, number: str, found: Visible | None, words: StaffWords) -> Mapping[str, Any]:
    if found is None:
        return {"compared": None, "phone_url": None, "phone_html": None}
    whole: PatientReport = found.patient_report
    can = neutral_items(whole, book=records.room.book())
    return {
        "compared": compare(whole, words=words, as_patient=found.as_patient, neutral=can),
        "phone_url": f"/staff/reports/{number}/phone",
        "phone_html": None,
    }


def _chosen(one: HiddenView, words: StaffWords) -> ChosenView:
    part = "statement" if _STATEMENT.fullmatch(one.item) else "own" if _OWN.fullmatch(one.item) else "word"
    return ChosenView(
        one.item, one.choice, f"{words.chosen[one.choice]}, {words.part[part]}", one.text, one.reason, one.by, one.at.strftime("%-d %B %Y"),
        words.undo[one.choice],
    )  # fmt: skip


def visible(records: Records, actor: Actor, number: str) -> Visible | None:
    """Return both versions of a report for professionals, or None where it was not explained."""
    found = records.patient_version(number, actor=actor, audience="professional")
    return found if isinstance(found, Visible) else None


def _original(records: Records, actor: Actor, number: str) -> str:
    found = records.original(number, actor=actor, audience="professional")
    return getattr(getattr(found, "report", None), "text", "")
