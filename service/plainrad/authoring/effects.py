"""What a change to the content would do: the reports whose patient version would differ, before anybody publishes it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report

Annotate = Callable[[Report], PatientReport]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that only the version now has ("before"), or only the one to come ("after"), or both ("same")."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What would change for the patient of one report. `name` is that of an example, or our own id of a report."""

    name: str
    title: str
    statements: tuple[Line, ...]
    words: tuple[Line, ...]


def effects(reports: Iterable[tuple[str, Report]], *, now: Annotate, then: Annotate) -> tuple[Effect, ...]:
    """Return the reports whose statements or explained words differ between `now` and `then`, in the order of `reports`."""
    found = []
    for name, report in reports:
        before, after = now(report), then(report)
        statements = differences([one.text for one in before.statements], [one.text for one in after.statements])
        words = differences(_words(before), _words(after))
        if any(line.kind != "same" for line in (*statements, *words)):
            title = " ".join((report.exam.title or name).split())
            found.append(Effect(name, title, tuple(statements), tuple(one for one in words if one.kind != "same")))
    return tuple(found)


def differences(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """Return both lists as one, in order, each line marked."""
    made: list[Line] = []
    for kind, a_start, a_end, b_start, b_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            made += [Line("same", text) for text in before[a_start:a_end]]
        else:
            made += [Line("before", text) for text in before[a_start:a_end]]
            made += [Line("after", text) for text in after[b_start:b_end]]
    return made


def _words(patient: PatientReport) -> list[str]:
    return sorted(f"{one.term}: {one.plain}. {one.definition}" for one in patient.explanations)
