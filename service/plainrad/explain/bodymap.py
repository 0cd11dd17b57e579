"""What the report says of each part of the body: found, possible, not seen well, normal, looked for and not found, or only named.

It is read from the statements that the patient is shown, which the faithfulness check has let through, and never from words
alone: a part is "found" only where a statement tells of something that is present in it.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from plainrad.domain.patient import AnatomyLabel, PatientReport, Statement
from plainrad.domain.reading import Mention, Reading, Side

State = Literal["found", "possible", "unseen", "normal", "not_found", "named"]
# The strongest first: what was found in a part is not outweighed by what was not.
STATES: tuple[State, ...] = get_args(State)
# A scan of one limb shows that limb: what it tells of a knee is of the knee in its title.
_LIMBS = frozenset({"shoulder", "elbow", "wrist", "hip", "knee", "ankle"})
_LIMB_VESSELS = frozenset(
    {
        "femoral-vein",
        "femoral-artery",
        "popliteal-vein",
        "popliteal-artery",
        "calf-vein",
        "saphenous-vein",
        "tibial-artery",
    }
    | {"arm-vein", "arm-artery"}
)
_MIDDLE = frozenset({"pubic-symphysis"})
_SIDE_WORDS: dict[Side, set[str]] = {"left": {"left", "lt", "l"}, "right": {"right", "rt", "r"}}


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part that the report speaks of, with the strongest thing that it says of it, and the bigger parts around it."""

    part: str
    label: str
    side: Side | None
    state: State
    within: tuple[str, ...] = ()


def body_parts(patient: PatientReport) -> tuple[BodyPart, ...]:
    """Return each labelled part once for each side, the strongest state first, else in the order of the report."""
    told: dict[str, list[Statement]] = {}
    for statement in patient.statements:
        for mention in statement.mentions:
            told.setdefault(mention, []).append(statement)
    limb = exam_side(patient.report.exam.title)
    parts = [
        BodyPart(
            label.id,
            label.label,
            label.laterality or (limb if _of_limb(label) else None),
            _state(label, told, patient.reading),
            label.within,
        )
        for label in patient.anatomy
    ]
    parts = _merged(parts)
    return tuple(sorted(parts, key=lambda part: STATES.index(part.state)))


def exam_side(title: str | None) -> Side | None:
    """Return the side of a scan of one limb: the title names one side and not the other ("XR right knee")."""
    words = set(re.findall(r"[a-z]+", (title or "").lower()))
    sides: list[Side] = [side for side, names in _SIDE_WORDS.items() if words & names]
    return sides[0] if len(sides) == 1 and not words & {"both", "bilateral"} else None


def _of_limb(label: AnatomyLabel) -> bool:
    return (label.region in _LIMBS and label.id not in _MIDDLE) or label.id in _LIMB_VESSELS


def _merged(parts: list[BodyPart]) -> list[BodyPart]:
    """Return each part once for each side, in its strongest state: the side of the exam may have made two into one."""
    found: dict[tuple[str, Side | None], BodyPart] = {}
    for part in parts:
        key = (part.part, part.side)
        if key not in found or STATES.index(part.state) < STATES.index(found[key].state):
            found[key] = part
    return list(found.values())


def _state(label: AnatomyLabel, told: dict[str, list[Statement]], reading: Reading) -> State:
    states = [
        _of_mention(reading.by_id[mention], statement, reading)
        for mention in label.mentions
        if mention in reading.by_id
        for statement in told.get(mention, ())
    ]
    return min(states, key=STATES.index, default="named")


def _of_mention(mention: Mention, statement: Statement, reading: Reading) -> State:
    """Return what `statement` says of the part that `mention` stands for."""
    tellers = [mention] if mention.kind in ("finding", "device") else _findings(statement, reading)
    if statement.group in ("found", "unchanged_or_known"):
        there = any(one.assertion == "present" and one.change != "resolved" for one in tellers)
        described = not tellers and statement.group == "found" and mention.assertion != "neutral"
        return "found" if there or described else "named"
    if statement.group == "possible":
        return "possible"
    if statement.group == "looked_for_not_found":
        return "not_found" if tellers and all(one.assertion == "absent" for one in tellers) else "named"
    if statement.group == "normal":
        return "named" if any(one.assertion in ("present", "possible") for one in tellers) else "normal"
    return "unseen" if statement.group == "limitation" else "named"


def _findings(statement: Statement, reading: Reading) -> list[Mention]:
    mentions = (reading.by_id[one] for one in statement.mentions if one in reading.by_id)
    return [one for one in mentions if one.kind in ("finding", "device")]
