"""The demonstration with something in every queue: what invented people did with the example reports, marked as invented."""

from datetime import datetime
from typing import Final, Literal

from plainrad.domain.access import DEMO_ORGANISATION, Role
from plainrad.domain.board import LinkSeen
from plainrad.domain.patient import Statement
from plainrad.domain.records import Actor, NotReleased, Visible
from plainrad.records.board import Board
from plainrad.records.records import Records

_INVENTED: Final = "(invented for the demonstration)"
_PORTAL: Final = Actor("portal", "demonstration", DEMO_ORGANISATION, frozenset({"portal"}))
_RADIOLOGIST: Final = Actor("staff", "demo:radiologist", DEMO_ORGANISATION, frozenset({str(Role.RADIOLOGIST)}))
_FEEDBACK: Final[tuple[tuple[Literal["helpful", "not_helpful", "worried", "free_text"], str, bool], ...]] = (
    ("helpful", "", False),
    ("worried", "", True),
    ("not_helpful", f"I still do not know what this word means. {_INVENTED}", True),
    ("free_text", f"The picture helped me to ask the right question. {_INVENTED}", False),
)


def stage(records: Records, *, link: tuple[str, str] | None, now: datetime) -> None:
    """Hold, release, retract and mark some of the kept examples, as people would; `link` (id and address) is shown as gone."""
    rows = Board(records.room).work_list(actor=_RADIOLOGIST, limit=100).rows
    waiting = [one.id for one in rows if one.decision.state in ("embargoed", "released") and not one.sensitive]
    if len(waiting) < 5:
        return
    held, gone, wrong, *seen = waiting[:5]
    records.hold(held, actor=_RADIOLOGIST, kind="clinical", reason=f"I want to ring the patient first {_INVENTED}")
    records.withdraw(gone, actor=_RADIOLOGIST, reason=f"Sent in error {_INVENTED}")
    found = records.patient_version(wrong, actor=_RADIOLOGIST, audience="professional")
    said = next((one for one in _statements(found) if one.group == "found"), None)
    if said is not None:
        records.mark_wrong(
            wrong, actor=_RADIOLOGIST, item=said.id, text=f"This was there on the last scan too: as before. {_INVENTED}"
        )
    for number, (kind, text, about) in enumerate(_FEEDBACK):
        name = seen[number % len(seen)]
        records.release_early(name, actor=_RADIOLOGIST, reason=f"Clinic today {_INVENTED}")
        told = records.patient_version(name, actor=_PORTAL, audience="patient")
        words = _statements(told)
        records.feedback(name, actor=_PORTAL, kind=kind, text=text, item=words[-1].id if about and words else None)
    if link is not None:
        note = f"answers 404 {_INVENTED}"
        Board(records.room).keep_links([LinkSeen(link[0], link[1], "gone", note, now)])


def _statements(found: Visible | NotReleased) -> tuple[Statement, ...]:
    return found.patient_report.statements if isinstance(found, Visible) else ()
