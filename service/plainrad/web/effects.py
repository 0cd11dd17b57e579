"""What a change to the content would do to patient versions, worked out while the page that shows it is being sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from plainrad.domain.authoring import EntryChange
from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Actor
from plainrad.domain.report import Report
from plainrad.errors import BusyError, NotReadyError, PlainradError
from plainrad.glossary.overlay import Placed
from plainrad.glossary.schema import TermSchema
from plainrad.records.nameless import finding_words, without_names
from plainrad.records.recent import Recent, Sight, newest, read_of, sight_of, told_count
from plainrad.records.room import Room
from plainrad.web.content import ContentRoom, Explain
from plainrad.web.difference import PartChange, part_changes
from plainrad.web.words import staff_words

MOST_REPORTS: Final = 60
_EVERY: Final = 5  # reports between two words of how far it is


@dataclass(frozen=True, slots=True)
class EffectView:
    """What would change on the page of one patient. `name` is that of an example; `url` leads to a report of ours, for those who may open it."""

    title: str
    parts: tuple[PartChange, ...]
    name: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class RecentView:
    """What would change in the newest kept reports: of how many were looked at, in how many (None: too few to be told), and in which."""

    looked_at: int
    count: int | None
    fewest: int
    sight: Sight
    effects: tuple[EffectView, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class FoundView:
    """All that was found. `recent` is None where no report is kept."""

    looked_at: int
    effects: tuple[EffectView, ...]
    recent: RecentView | None


@dataclass(frozen=True, slots=True)
class Step:
    """How far the looking is. The last one has what was found, or why nothing could be."""

    done: int = 0
    of: int = 0
    found: FoundView | None = None
    error: str | None = None


def looking(
    content: ContentRoom,
    change: EntryChange,
    *,
    kept: Room | None,
    actor: Actor,
    examples: Sequence[tuple[str, Report]],
) -> Iterator[Step]:
    """Yield how far it is and at last what was found. Blocks between two steps; raises nothing that a person could be told."""
    try:
        yield from _looked(content, change, kept, actor, examples)
    except PlainradError as error:
        yield Step(error=str(error))


def _looked(
    content: ContentRoom, change: EntryChange, kept: Room | None, actor: Actor, examples: Sequence[tuple[str, Report]]
) -> Iterator[Step]:
    recent = newest(kept, actor=actor, limit=MOST_REPORTS) if kept is not None else ()
    of = len(examples) + len(recent)
    yield Step(0, of)
    overlay = dict(content.desk.current().overlay)
    overlay[change.entry_id] = Placed(change.path, TermSchema.model_validate(dict(change.entry)))
    invented: list[EffectView] = []
    differ: list[tuple[Recent, EffectView]] = []
    with content.trying(overlay) as (now, then):
        for done, (name, report) in enumerate(examples, start=1):
            before, after = now(report), then(report)
            parts = part_changes(before, after, words=staff_words())
            if parts:
                invented.append(EffectView(_title(before), parts, name=name))
            if done % _EVERY == 0:
                yield Step(done, of)
        for done, one in enumerate(recent, start=len(examples) + 1):
            effect = _effect(one, now, then)
            if effect is not None:
                differ.append((one, effect))
            if done % _EVERY == 0:
                yield Step(done, of)
    told = _told(kept, actor, change, differ, looked_at=len(recent)) if kept is not None else None
    yield Step(of, of, FoundView(len(examples), tuple(invented), told))


def _effect(one: Recent, now: Explain, then: Explain) -> EffectView | None:
    """Return what would change in a kept report, without names and long numbers, or None; None too for one that cannot be explained."""
    try:
        before, after = now(one.report), then(one.report)
    except (BusyError, NotReadyError):
        raise
    except Exception:  # its reason may hold words of the report; a report that cannot be explained is held, and says so where it is listed
        return None
    names, known = one.names or frozenset(), finding_words(before) | finding_words(after)

    def shown(text: str) -> str:
        return without_names(text, names, known=known)

    parts = part_changes(before, after, words=staff_words())
    return EffectView(shown(_title(before)), tuple(part.said(shown) for part in parts)) if parts else None


def _told(
    kept: Room, actor: Actor, change: EntryChange, differ: Sequence[tuple[Recent, EffectView]], *, looked_at: int
) -> RecentView:
    """Return what this actor may know of the kept reports that differ. What they read of them is in the audit before it is sent."""
    reports, sight = [one for one, _ in differ], sight_of(kept, actor)
    read = read_of(kept, reports, actor=actor, change=change.id, looked_at=looked_at)
    shown = tuple(
        replace(effect, url=f"/staff/reports/{one.report_id}" if sight == "reads" else None)
        for one, effect in differ
        if one.report_id in read
    )
    count = told_count(kept, reports) if sight == "counts" else len(reports)
    return RecentView(looked_at, count, kept.fewest_patients, sight, shown, len(reports) - len(shown))


def _title(patient: PatientReport) -> str:
    return " ".join((patient.report.exam.title or patient.reading.exam.title or staff_words().no_title).split())
