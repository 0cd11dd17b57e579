"""What a deed would change on the patient's page: only the parts that change, what goes and what comes, and from when it can be read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Prospect
from plainrad.domain.release import ReleaseDecision
from plainrad.render.build import build_page
from plainrad.web.words import StaffWords

_DAY = "%-d %B %Y"


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part of the page that changes: what stands only before, what stands only after, and how much stays as it is."""

    heading: str
    goes: tuple[str, ...]
    comes: tuple[str, ...]
    stays: int


@dataclass(frozen=True, slots=True)
class StateChange:
    """Whether it can be read: by whom, now and then."""

    who: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """All that a deed would change for the patient. `readable`: the patient can read it now; `opens`: then, and not now."""

    states: tuple[StateChange, ...]
    parts: tuple[PartChange, ...]
    state_now: str
    readable: bool
    opens: bool

    @property
    def nothing(self) -> bool:
        """Return True when the patient would notice nothing."""
        return not self.states and not self.parts


def difference(prospect: Prospect, *, words: StaffWords) -> DifferenceView:
    """Return the difference between what the patient has before and after."""
    before, after = prospect.before, prospect.after
    pairs = (
        (words.patient, before.decision, after.decision),
        (words.proxy, before.proxy, after.proxy),
    )
    states = tuple(
        StateChange(who, state_words(one, words), state_words(two, words))
        for who, one, two in pairs
        if (one.state, one.available_from, one.code) != (two.state, two.available_from, two.code)
    )
    if len(states) == 2 and (states[0].before, states[0].after) == (states[1].before, states[1].after):
        states = states[:1]
    parts = tuple(_changes(before.patient_report, after.patient_report, words))
    return DifferenceView(
        states,
        parts,
        state_words(before.decision, words),
        before.decision.visible,
        after.decision.visible and not before.decision.visible,
    )


def state_words(decision: ReleaseDecision, words: StaffWords) -> str:
    """Return in a line whether and from when it can be read, and why."""
    state = words.state.get(decision.state, decision.state)
    when = f" {words.readable_from} {decision.available_from.strftime(_DAY)}." if decision.available_from else ""
    return f"{state}.{when} {decision.reason}".strip()


def _changes(before: PatientReport | None, after: PatientReport | None, words: StaffWords) -> Iterator[PartChange]:
    one = dict(_parts(before, words)) if before is not None else {}
    two = dict(_parts(after, words)) if after is not None else {}
    for heading in dict.fromkeys((*one, *two)):
        was, will = Counter(one.get(heading, ())), Counter(two.get(heading, ()))
        if was != will:
            yield PartChange(
                heading, tuple((was - will).elements()), tuple((will - was).elements()), (was & will).total()
            )


def _parts(patient: PatientReport, words: StaffWords) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of the patient page in its order, each under its heading, as the lines that the patient reads."""
    page = build_page(patient, styled=False)
    say = page.say
    yield words.top_lines, list(page.leads)
    yield say.note, [f"{' '.join(one.paragraphs)} {one.written}" for one in page.notes]
    for group in page.groups:
        yield group.heading, [one.text for one in group.statements]
    yield say.own_words, [f"“{' '.join(one.quote.split())}”" for one in page.own_words]
    yield say.parts, [f"{part.name}: {group.heading}" for group in page.parts for part in group.parts]
    yield say.questions, list(page.questions)
    yield say.links, [one.title for one in page.links]
    yield say.words, [f"{one.term}: {one.plain or one.definition}" for one in page.words]
