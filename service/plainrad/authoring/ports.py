"""What the authoring of content needs of a store."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from plainrad.domain.authoring import ChangeState, ContentVersion, EntryChange


class ContentUnit(Protocol):
    """One transaction: all of it is kept, or nothing. Whoever is inside is alone."""

    def change(self, change_id: str) -> EntryChange | None:
        """Return the change of this id."""

    def changes(self, *, states: Sequence[ChangeState], limit: int) -> tuple[EntryChange, ...]:
        """Return the changes in these states, the ones last touched first."""

    def open_for(self, entry_id: str) -> EntryChange | None:
        """Return the change to this entry that is neither published nor withdrawn."""

    def history(self, entry_id: str, *, limit: int) -> tuple[EntryChange, ...]:
        """Return every change to this entry, newest first."""

    def put(self, change: EntryChange) -> None:
        """Keep the change in the place of the one of its id."""

    def version(self, number: int | None = None) -> ContentVersion | None:
        """Return the version of this number, or the latest."""

    def number(self) -> int:
        """Return the number of the latest version, 0 for none, without reading what is in it."""

    def versions(self, *, limit: int) -> tuple[ContentVersion, ...]:
        """Return the latest versions, newest first."""

    def add_version(self, version: ContentVersion) -> None:
        """Keep a new version."""

    def record(self, *, actor: str, action: str, object_id: str, details: dict[str, str]) -> None:
        """Write into the audit who did what; never a word of a patient."""


class ContentStore(Protocol):
    """Where changes and versions are kept."""

    def unit(self) -> AbstractContextManager[ContentUnit]:
        """Give a transaction that is alone and commits at its end."""

    def reading(self) -> AbstractContextManager[ContentUnit]:
        """Give a transaction for reading only."""
