"""The use cases of editors and approvers, in one file because they share what is current. Each is one transaction with its audit line."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from plainrad.authoring.ports import ContentStore, ContentUnit
from plainrad.domain.authoring import ContentVersion, EntryChange
from plainrad.errors import ChangeLawError, ChangeStaleError, ChangeUnknownError
from plainrad.glossary.entry_check import EntryCheck
from plainrad.glossary.overlay import Placed, entry_digest, overlaid
from plainrad.glossary.read import Problem, RawContent
from plainrad.glossary.schema import TermSchema
from plainrad.glossary.words import EverydayWords


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Current:
    """The content as patients have it: the shipped entries with those of the latest version over them."""

    number: int
    overlay: Mapping[str, Placed]
    raw: RawContent
    everyday: EverydayWords

    @cached_property
    def entries(self) -> dict[str, Placed]:
        """Return every entry by id, with its file."""
        return {term.id: Placed(path, term) for path, term in self.raw.terms}

    @cached_property
    def read(self) -> dict[str, Placed]:
        """Return the entries that a named professional has read, by id."""
        return {name: placed for name, placed in self.entries.items() if placed.entry.review.status != "draft"}

    @cached_property
    def regions(self) -> Counter[str]:
        """Return how many entries each region has."""
        return Counter(placed.path.split("/")[1] for placed in self.entries.values())

    @cached_property
    def link_uses(self) -> Counter[str]:
        """Return how many entries use each link."""
        return Counter(name for placed in self.entries.values() for name in set(placed.entry.links))

    @cached_property
    def check(self) -> EntryCheck:
        """Return the law for one entry among all of these."""
        return EntryCheck(self.raw, self.everyday)


class AuthoringDesk:
    """Drafts, reviews, publishes and takes back. `shipped` is the content of the release, which is never written to."""

    def __init__(
        self,
        store: ContentStore,
        *,
        shipped: RawContent,
        everyday: EverydayWords,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._store = store
        self._shipped = shipped
        self._everyday = everyday
        self._now = now
        self._made: Current | None = None

    # ---- reading --------------------------------------------------------------------------------------------------

    def current(self) -> Current:
        """Return the content that is published now."""
        with self._store.reading() as unit:
            made = self._made
            if made is not None and made.number == unit.number():
                return made
            return self._current(unit.version())

    def change(self, change_id: str) -> EntryChange:
        """Return the change; raises ChangeUnknownError."""
        with self._store.reading() as unit:
            return _known(unit.change(change_id))

    def open_changes(self, *, limit: int = 200) -> tuple[EntryChange, ...]:
        """Return what is being written, read or waits to be published, the last touched first."""
        with self._store.reading() as unit:
            return unit.changes(states=("draft", "in_review", "approved"), limit=limit)

    def open_for(self, entry_id: str) -> EntryChange | None:
        """Return the change that somebody has begun to this entry."""
        with self._store.reading() as unit:
            return unit.open_for(entry_id)

    def history(self, entry_id: str, *, limit: int = 50) -> tuple[EntryChange, ...]:
        """Return every change to this entry, newest first."""
        with self._store.reading() as unit:
            return unit.history(entry_id, limit=limit)

    def before(self, one: EntryChange) -> Mapping[str, Any]:
        """Return the entry without this change ({} for none): as it is now, or as it was before the version that published it."""
        if one.version is None:
            placed = self.current().entries.get(one.entry_id)
            return placed.entry.model_dump(mode="json") if placed else {}
        with self._store.reading() as unit:
            version = unit.version(one.version - 1) if one.version > 1 else None
        made = Current(0, {}, overlaid(self._shipped, read_overlay(version.overlay if version else {})), self._everyday)
        placed = made.entries.get(one.entry_id)
        return placed.entry.model_dump(mode="json") if placed else {}

    def versions(self, *, limit: int = 50) -> tuple[ContentVersion, ...]:
        """Return the latest versions, newest first."""
        with self._store.reading() as unit:
            return unit.versions(limit=limit)

    def problems(self, path: str, entry: TermSchema) -> list[Problem]:
        """Return what of the law this entry would break among those that are published."""
        return self.current().check.problems(path, entry)

    # ---- writing --------------------------------------------------------------------------------------------------

    def save(
        self,
        *,
        actor: str,
        path: str,
        entry: TermSchema,
        note: str = "",
        change_id: str | None = None,
        revision: int | None = None,
    ) -> EntryChange:
        """Keep a wording as a draft, and return it. It may still break the law: that is looked at when it is handed in.

        A new draft of an entry that already has an open one is refused with ChangeStaleError, as is a revision that is
        no longer the latest: two editors never write over each other.
        """
        self._not_of_a_series(entry.id)
        with self._store.unit() as unit:
            now = self._now()
            placed = self._current(unit.version()).entries.get(entry.id)
            base = entry_digest(placed.entry if placed else None)
            data = entry.model_dump(mode="json")
            if change_id is None:
                if unit.open_for(entry.id) is not None:
                    raise ChangeStaleError
                change = EntryChange(
                    uuid.uuid4().hex, entry.id, path, data, base, "draft", actor, (actor,), note, 1, now, now
                )
            else:
                before = _fresh(unit.change(change_id), revision)
                if entry.id != before.entry_id:
                    raise ChangeLawError("The id of an entry is never changed. Begin a new entry instead.")
                change = before.edited(path=path, entry=data, base=base, by=actor, note=note, at=now)
            unit.put(change)
            _record(unit, actor, "content.saved", change)
            return change

    def take_in(self, entries: Sequence[Placed], *, actor: str, note: str) -> tuple[EntryChange, ...]:
        """Keep many new drafts, all of them or none; raises ChangeStaleError when one entry is being changed already."""
        for placed in entries:
            self._not_of_a_series(placed.entry.id)
        with self._store.unit() as unit:
            now, content, made = self._now(), self._current(unit.version()), []
            for placed in entries:
                if unit.open_for(placed.entry.id) is not None:
                    raise ChangeStaleError
                published = content.entries.get(placed.entry.id)
                change = EntryChange(
                    uuid.uuid4().hex, placed.entry.id, placed.path, placed.entry.model_dump(mode="json"),
                    entry_digest(published.entry if published else None), "draft", actor, (actor,), note, 1, now, now,
                )  # fmt: skip
                unit.put(change)
                _record(unit, actor, "content.saved", change)
                made.append(change)
            return tuple(made)

    def submit(self, change_id: str, *, actor: str, revision: int) -> EntryChange:
        """Hand a draft in for review. Raises ChangeLawError with every problem when it breaks the law."""
        with self._store.unit() as unit:
            change = _fresh(unit.change(change_id), revision)
            self._lawful([change], self._current(unit.version()))
            return self._move(unit, actor, "content.submitted", change.submitted(at=self._now()))

    def give_back(self, change_id: str, *, actor: str, revision: int, note: str) -> EntryChange:
        """Give a change back to its author with what is to be done."""
        with self._store.unit() as unit:
            change = _fresh(unit.change(change_id), revision)
            return self._move(unit, actor, "content.given_back", change.returned(note=note, at=self._now()))

    def approve(
        self, change_id: str, *, actor: str, revision: int, reviewer: str | None = None, next_review: date | None = None
    ) -> EntryChange:
        """Approve a change of somebody else; see `EntryChange.approved`."""
        with self._store.unit() as unit:
            change = _fresh(unit.change(change_id), revision)
            now = self._now()
            made = change.approved(by=actor, reviewer=reviewer, next_review=next_review, at=now)
            return self._move(unit, actor, "content.approved", made)

    def withdraw(self, change_id: str, *, actor: str, revision: int) -> EntryChange:
        """Give a change up; it stays on record."""
        with self._store.unit() as unit:
            change = _fresh(unit.change(change_id), revision)
            return self._move(unit, actor, "content.withdrawn", change.withdrawn(at=self._now()))

    def prospect(self, change_ids: Sequence[str]) -> dict[str, Placed]:
        """Return the overlay that publishing these changes would make, for trying it out before."""
        with self._store.reading() as unit:
            overlay = dict(self._current(unit.version()).overlay)
            for one in dict.fromkeys(change_ids):
                change = _known(unit.change(one))
                overlay[change.entry_id] = Placed(change.path, TermSchema.model_validate(dict(change.entry)))
            return overlay

    def publish(self, change_ids: Sequence[str], *, actor: str, note: str) -> ContentVersion:
        """Make a new version with these approved changes in it; all of them, or none.

        Raises ChangeStaleError when an entry has been published anew since its change was begun, ChangeLawError when
        the changes break the law together.
        """
        with self._store.unit() as unit:
            latest = unit.version()
            content = self._current(latest)
            changes = [_known(unit.change(one)) for one in dict.fromkeys(change_ids)]
            if not changes:
                raise ChangeUnknownError
            for change in changes:
                placed = content.entries.get(change.entry_id)
                if change.base != entry_digest(placed.entry if placed else None):
                    raise ChangeStaleError
            self._lawful(changes, content)
            number, now = content.number + 1, self._now()
            overlay = dict(latest.overlay if latest else {})
            overlay |= {one.entry_id: {"path": one.path, "entry": _reviewed(one, now)} for one in changes}
            version = self._announce(unit, "content.published", ContentVersion(number, now, actor, note, overlay))
            for change in changes:
                unit.put(change.published(version=number, at=now))
            return version

    def roll_back(self, number: int, *, actor: str, note: str) -> ContentVersion:
        """Make a new version that holds what version `number` held (0: the shipped glossary). Nothing is deleted."""
        with self._store.unit() as unit:
            latest = unit.version()
            wanted = unit.version(number) if number else ContentVersion(0, self._now(), "", "")
            if latest is None or wanted is None or number >= latest.number:
                raise ChangeUnknownError
            version = ContentVersion(latest.number + 1, self._now(), actor, note, dict(wanted.overlay), restored=number)
            return self._announce(unit, "content.rolled_back", version)

    # ---- inside ---------------------------------------------------------------------------------------------------

    def _current(self, version: ContentVersion | None) -> Current:
        number = version.number if version else 0
        if self._made is None or self._made.number != number:
            overlay = read_overlay(version.overlay if version else {})
            self._made = Current(number, overlay, overlaid(self._shipped, overlay), self._everyday)
        return self._made

    def _not_of_a_series(self, entry_id: str) -> None:
        if entry_id in self._shipped.of_series:
            raise ChangeLawError(
                f"{entry_id} is one of a series that is written once for all its numbers. Ask for the series to be changed in its file."
            )

    def _lawful(self, changes: Iterable[EntryChange], content: Current) -> None:
        """Raise ChangeLawError unless the changes keep the law, each among the others."""
        placed = {one.entry_id: Placed(one.path, TermSchema.model_validate(dict(one.entry))) for one in changes}
        check = EntryCheck(overlaid(content.raw, placed), self._everyday)
        found = [str(problem) for one in placed.values() for problem in check.problems(one.path, one.entry)]
        if found:
            raise ChangeLawError("\n".join(found))

    def _move(self, unit: ContentUnit, actor: str, action: str, change: EntryChange) -> EntryChange:
        unit.put(change)
        _record(unit, actor, action, change)
        return change

    def _announce(self, unit: ContentUnit, action: str, version: ContentVersion) -> ContentVersion:
        unit.add_version(version)
        details = {
            "entries": str(len(version.overlay)),
            "restored": str(version.restored if version.restored is not None else ""),
        }
        unit.record(actor=version.by, action=action, object_id=f"content:{version.number}", details=details)
        return version


def read_overlay(overlay: Mapping[str, Mapping[str, Any]]) -> dict[str, Placed]:
    """Return the entries of a version; raises ChangeLawError when one no longer has the shape of an entry."""
    try:
        return {
            name: Placed(str(one["path"]), TermSchema.model_validate(one["entry"])) for name, one in overlay.items()
        }
    except (ValidationError, KeyError):
        raise ChangeLawError(
            "A published entry does not have the shape that this release needs. Roll back, or export and mend it."
        ) from None


def _reviewed(change: EntryChange, now: datetime) -> dict[str, Any]:
    """Return the entry with its review: only what a named professional has read is more than a draft."""
    review = {"status": "draft", "by": "", "on": "", "next": ""}
    if change.reviewer is not None and change.next_review is not None:
        review = {
            "status": "approved",
            "by": change.reviewer,
            "on": now.date().isoformat(),
            "next": change.next_review.isoformat(),
        }
    return {**change.entry, "review": review}


def _known(change: EntryChange | None) -> EntryChange:
    if change is None:
        raise ChangeUnknownError
    return change


def _fresh(change: EntryChange | None, revision: int | None) -> EntryChange:
    found = _known(change)
    if revision != found.revision:
        raise ChangeStaleError
    return found


def _record(unit: ContentUnit, actor: str, action: str, change: EntryChange) -> None:
    details = {"entry": change.entry_id, "state": change.state, "revision": str(change.revision)}
    unit.record(actor=actor, action=action, object_id=f"change:{change.id}", details=details)
