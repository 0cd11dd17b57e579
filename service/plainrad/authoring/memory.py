"""A store of changes and versions in memory, for the demonstration and for tests: a unit that ends with an error keeps nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from plainrad.domain.authoring import ChangeState, ContentVersion, EntryChange


@dataclass
class MemoryContent:
    """Both the store and its unit."""

    kept: dict[str, EntryChange] = field(default_factory=dict)
    made: list[ContentVersion] = field(default_factory=list)
    audit: list[tuple[str, str, str, dict[str, str]]] = field(default_factory=list)

    @contextmanager
    def unit(self) -> Iterator["MemoryContent"]:
        """Give a transaction."""
        before = dict(self.kept), list(self.made), list(self.audit)
        try:
            yield self
        except BaseException:
            self.kept, self.made, self.audit = before
            raise

    @contextmanager
    def reading(self) -> Iterator["MemoryContent"]:
        """Give a transaction for reading."""
        yield self

    def change(self, change_id: str) -> EntryChange | None:
        """Return the change of this id."""
        return self.kept.get(change_id)

    def changes(self, *, states: Sequence[ChangeState], limit: int) -> tuple[EntryChange, ...]:
        """Return the changes in these states, the last touched first."""
        found = [one for one in self.kept.values() if one.state in states]
        return tuple(sorted(found, key=lambda one: one.updated_at, reverse=True)[:limit])

    def open_for(self, entry_id: str) -> EntryChange | None:
        """Return the change to this entry that is on its way."""
        states = ("draft", "in_review", "approved")
        return next((one for one in self.kept.values() if one.entry_id == entry_id and one.state in states), None)

    def history(self, entry_id: str, *, limit: int) -> tuple[EntryChange, ...]:
        """Return every change to this entry, newest first."""
        found = [one for one in self.kept.values() if one.entry_id == entry_id]
        return tuple(sorted(found, key=lambda one: one.updated_at, reverse=True)[:limit])

    def put(self, change: EntryChange) -> None:
        """Keep the change."""
        self.kept[change.id] = change

    def version(self, number: int | None = None) -> ContentVersion | None:
        """Return the version of this number, or the latest."""
        if number is None:
            return self.made[-1] if self.made else None
        return next((one for one in self.made if one.number == number), None)

    def number(self) -> int:
        """Return the number of the latest version."""
        return self.made[-1].number if self.made else 0

    def versions(self, *, limit: int) -> tuple[ContentVersion, ...]:
        """Return the latest versions, newest first."""
        return tuple(reversed(self.made))[:limit]

    def add_version(self, version: ContentVersion) -> None:
        """Keep a new version."""
        self.made.append(version)

    def record(self, *, actor: str, action: str, object_id: str, details: dict[str, str]) -> None:
        """Write into the audit."""
        self.audit.append((actor, action, object_id, details))
