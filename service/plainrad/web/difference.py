"""What a deed would change on the patient's page: only the parts that change, what goes and what comes, and from when it can be read."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Prospect
from plainrad.domain.release import ReleaseDecision
from plainrad.explain.along import goes_along, same_sentence
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

    def said(self, shown: Callable[[str], str]) -> "PartChange":
        """Return it with every line as `shown` makes it, for those who may not read names."""
        return replace(self, goes=tuple(map(shown, self.goes)), comes=tuple(map(shown, self.comes)))


@dataclass(frozen=True, slots=True)
class StateChange:
    """Whether it can be read: by whom, now and then."""

    who: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """All that a deed would change for the patient. `readable`: the patient can read it now; `opens`: then, and not now.

    `along` are the statements that go because they quote the words of the one that is hidden; `shares` those that stay and rest on the same
    sentence, by their ids.
    """

    states: tuple[StateChange, ...]
    parts: tuple[PartChange, ...]
    state_now: str
    readable: bool
    opens: bool
    along: tuple[str, ...] = ()
    shares: tuple[tuple[str, str], ...] = ()

    @property
    def nothing(self) -> bool:
        """Return True when the patient would notice nothing."""
        return not self.states and not self.parts


def difference(prospect: Prospect, *, words: StaffWords, hides: str = "") -> DifferenceView:
    """Return the difference between what the patient has before and after. `hides`: the item that is hidden by it, if one is."""
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
    parts = part_changes(before.patient_report, after.patient_report, words=words)
    return DifferenceView(
        states,
        parts,
        state_words(before.decision, words),
        before.decision.visible,
        after.decision.visible and not before.decision.visible,
        tuple(text for _, text in _statements(before.patient_report, goes_along, hides)),
        tuple(_statements(before.patient_report, same_sentence, hides)),
    )


def _statements(
    patient: PatientReport | None, which: Callable[[PatientReport, Collection[str]], Collection[str]], hides: str
) -> Iterator[tuple[str, str]]:
    """Yield id and text of the statements that hiding an item has to do with."""
    if patient is not None and hides:
        found = which(patient, {hides})
        yield from ((one.id, one.text) for one in patient.statements if one.id in found)


def state_words(decision: ReleaseDecision, words: StaffWords) -> str:
    """Return in a line whether and from when it can be read, and why."""
    state = words.state.get(decision.state, decision.state)
    when = f" {words.readable_from} {decision.available_from.strftime(_DAY)}." if decision.available_from else ""
    return f"{state}.{when} {decision.reason}".strip()


def part_changes(
    before: PatientReport | None, after: PatientReport | None, *, words: StaffWords
) -> tuple[PartChange, ...]:
    """Return the parts of the patient page that differ, in the order of the page."""
    return tuple(_changes(before, after, words))


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
    yield say.words, [f"{one.term}: {f'{one.plain}. ' if one.plain else ''}{one.definition}" for one in page.words]
