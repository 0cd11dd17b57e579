"""A change to the glossary on its way from an editor to patients, and the numbered versions of content that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from plainrad.errors import ChangeStateError, FourEyesError, ReviewerMissingError

ChangeState = Literal["draft", "in_review", "approved", "published", "withdrawn"]


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry as somebody wants it. `base` is the digest of the wording that it was begun from ("" for a new entry).

    `hands` are the ids of everybody who has written in it: none of them may approve it.
    """

    id: str
    entry_id: str
    path: str
    entry: Mapping[str, Any]
    base: str
    state: ChangeState
    author: str
    hands: tuple[str, ...]
    note: str
    revision: int
    created_at: datetime
    updated_at: datetime
    reviewer: str | None = None
    next_review: date | None = None
    approved_by: str | None = None
    version: int | None = None

    def edited(
        self, *, path: str, entry: Mapping[str, Any], base: str, by: str, note: str, at: datetime
    ) -> "EntryChange":
        """Return it with another wording: whatever had been approved has to be read again."""
        self._must_be("draft", "in_review", "approved")
        hands = self.hands if by in self.hands else (*self.hands, by)
        return replace(
            self, path=path, entry=entry, base=base, state="draft", hands=hands, note=note, updated_at=at,
            reviewer=None, next_review=None, approved_by=None, revision=self.revision + 1,
        )  # fmt: skip

    def submitted(self, *, at: datetime) -> "EntryChange":
        """Return it handed in for review."""
        self._must_be("draft")
        return replace(self, state="in_review", updated_at=at, revision=self.revision + 1)

    def returned(self, *, note: str, at: datetime) -> "EntryChange":
        """Return it given back to its author, with what is to be done."""
        self._must_be("in_review", "approved")
        return replace(
            self, state="draft", note=note, updated_at=at, reviewer=None, next_review=None, approved_by=None,
            revision=self.revision + 1,
        )  # fmt: skip

    def approved(self, *, by: str, reviewer: str | None, next_review: date | None, at: datetime) -> "EntryChange":
        """Return it approved by a second person.

        `reviewer` is the professional who has read it for medical truth; without one the entry stays a draft to patients, and
        says so. Raises FourEyesError when `by` has written in it, ReviewerMissingError when only half of the review is given.
        """
        self._must_be("in_review")
        if by in self.hands:
            raise FourEyesError
        if (reviewer is None) != (next_review is None):
            raise ReviewerMissingError
        return replace(
            self, state="approved", approved_by=by, reviewer=reviewer, next_review=next_review, updated_at=at,
            revision=self.revision + 1,
        )  # fmt: skip

    def published(self, *, version: int, at: datetime) -> "EntryChange":
        """Return it published in the content of that number."""
        self._must_be("approved")
        return replace(self, state="published", version=version, updated_at=at, revision=self.revision + 1)

    def withdrawn(self, *, at: datetime) -> "EntryChange":
        """Return it given up; it stays on record."""
        self._must_be("draft", "in_review", "approved")
        return replace(self, state="withdrawn", updated_at=at, revision=self.revision + 1)

    def _must_be(self, *states: ChangeState) -> None:
        if self.state not in states:
            raise ChangeStateError(self.state)


@dataclass(frozen=True, slots=True)
class ContentVersion:
    """What a site shows to patients from `at` on: the shipped glossary with `overlay` (entry id -> path and entry) over it.

    `restored` is the number of the version that a roll-back brought back.
    """

    number: int
    at: datetime
    by: str
    note: str
    overlay: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    restored: int | None = None
