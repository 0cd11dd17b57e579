"""Where changes to the content and its versions are kept, beside the reports and in the same audit."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Select, func, select

from plainrad.domain.authoring import ChangeState, ContentVersion, EntryChange
from plainrad.domain.records import Actor
from plainrad.store import audit
from plainrad.store.content_tables import ContentVersionRow, EntryChangeRow
from plainrad.store.engine import Database, Session

_OPEN: tuple[ChangeState, ...] = ("draft", "in_review", "approved")


@dataclass(frozen=True, slots=True)
class DatabaseContent:
    """The changes and versions of one site. `organisation` is what the audit names beside the editor."""

    database: Database
    organisation: str
    now: Callable[[], datetime]

    @contextmanager
    def unit(self) -> Iterator["DatabaseContentUnit"]:
        """Give a transaction that is alone and commits at its end."""
        with self.database.unit() as session:
            yield DatabaseContentUnit(session, self.organisation, self.now)

    @contextmanager
    def reading(self) -> Iterator["DatabaseContentUnit"]:
        """Give a transaction for reading only."""
        with self.database.reading() as session:
            yield DatabaseContentUnit(session, self.organisation, self.now)


@dataclass(frozen=True, slots=True)
class DatabaseContentUnit:
    """One transaction."""

    session: Session
    organisation: str
    now: Callable[[], datetime]

    def change(self, change_id: str) -> EntryChange | None:
        """Return the change of this id."""
        row = self.session.get(EntryChangeRow, change_id)
        return _change(row) if row else None

    def changes(self, *, states: Sequence[ChangeState], limit: int) -> tuple[EntryChange, ...]:
        """Return the changes in these states, the ones last touched first."""
        wanted = select(EntryChangeRow).where(EntryChangeRow.state.in_(states))
        return self._all(wanted.order_by(EntryChangeRow.updated_at.desc(), EntryChangeRow.id).limit(limit))

    def open_for(self, entry_id: str) -> EntryChange | None:
        """Return the change to this entry that is neither published nor withdrawn."""
        wanted = select(EntryChangeRow).where(EntryChangeRow.entry_id == entry_id, EntryChangeRow.state.in_(_OPEN))
        found = self._all(wanted.limit(1))
        return found[0] if found else None

    def history(self, entry_id: str, *, limit: int) -> tuple[EntryChange, ...]:
        """Return every change to this entry, newest first."""
        wanted = select(EntryChangeRow).where(EntryChangeRow.entry_id == entry_id)
        return self._all(wanted.order_by(EntryChangeRow.updated_at.desc(), EntryChangeRow.id).limit(limit))

    def put(self, change: EntryChange) -> None:
        """Keep the change in the place of the one of its id."""
        self.session.merge(
            EntryChangeRow(
                id=change.id, entry_id=change.entry_id, path=change.path, entry=dict(change.entry), base=change.base,
                state=change.state, author=change.author, hands=list(change.hands), note=change.note,
                revision=change.revision, created_at=change.created_at, updated_at=change.updated_at,
                reviewer=change.reviewer, next_review=change.next_review.isoformat() if change.next_review else None,
                approved_by=change.approved_by, version=change.version,
            )
        )  # fmt: skip

    def version(self, number: int | None = None) -> ContentVersion | None:
        """Return the version of this number, or the latest."""
        if number is not None:
            row = self.session.get(ContentVersionRow, number)
        else:
            row = self.session.scalar(select(ContentVersionRow).order_by(ContentVersionRow.number.desc()).limit(1))
        return _version(row) if row else None

    def number(self) -> int:
        """Return the number of the latest version, 0 for none, without reading what is in it."""
        return self.session.scalar(select(func.max(ContentVersionRow.number))) or 0

    def versions(self, *, limit: int) -> tuple[ContentVersion, ...]:
        """Return the latest versions, newest first."""
        rows = self.session.scalars(select(ContentVersionRow).order_by(ContentVersionRow.number.desc()).limit(limit))
        return tuple(_version(row) for row in rows)

    def add_version(self, version: ContentVersion) -> None:
        """Keep a new version."""
        self.session.add(
            ContentVersionRow(
                number=version.number, at=version.at, by=version.by, note=version.note,
                overlay={name: dict(one) for name, one in version.overlay.items()}, restored=version.restored,
            )
        )  # fmt: skip
        self.session.flush()

    def record(self, *, actor: str, action: str, object_id: str, details: dict[str, str]) -> None:
        """Write into the audit who did what."""
        who = Actor("staff", actor, self.organisation)
        audit.append(
            self.session,
            actor=who,
            action=action,
            at=self.now(),
            object_kind="content",
            object_id=object_id,
            details=details,
        )

    def _all(self, wanted: Select[EntryChangeRow]) -> tuple[EntryChange, ...]:
        return tuple(_change(row) for row in self.session.scalars(wanted))


def _change(row: EntryChangeRow) -> EntryChange:
    return EntryChange(
        id=row.id, entry_id=row.entry_id, path=row.path, entry=row.entry, base=row.base,
        state=cast(ChangeState, row.state), author=row.author, hands=tuple(row.hands), note=row.note,
        revision=row.revision, created_at=row.created_at, updated_at=row.updated_at, reviewer=row.reviewer,
        next_review=date.fromisoformat(row.next_review) if row.next_review else None, approved_by=row.approved_by,
        version=row.version,
    )  # fmt: skip


def _version(row: ContentVersionRow) -> ContentVersion:
    return ContentVersion(row.number, row.at, row.by, row.note, row.overlay, row.restored)
