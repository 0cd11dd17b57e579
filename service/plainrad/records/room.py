"""What every use case stands on: the database, the policy, the keys, the clock, and who may do what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from plainrad.content import content_folder
from plainrad.domain.board import FEWEST_PATIENTS
from plainrad.domain.patient import PatientReport
from plainrad.domain.phrases import PhraseBook
from plainrad.domain.records import Actor
from plainrad.domain.release import Audience, ReleaseDecision, ReleaseFacts
from plainrad.domain.report import Report
from plainrad.errors import CharactersError, ForbiddenError, RecordInvalidError
from plainrad.glossary.phrases import load_phrases
from plainrad.glossary.words import EverydayWords
from plainrad.release.decide import decide
from plainrad.release.policy import ReleasePolicy
from plainrad.store.audit import append
from plainrad.store.base import keepable
from plainrad.store.engine import Database, Session
from plainrad.store.facts import facts_of
from plainrad.store.seal import Vault
from plainrad.store.tables import ReportRow, VersionRow

_LOOKERS = frozenset({"radiologist", "approver"})
_READERS = _LOOKERS | {"portal"}
# Who may do what, beside the system itself. Routes have a table of their own in front of this one.
RIGHTS: Mapping[str, frozenset[str]] = {
    "submit": frozenset({"portal"}),
    "read": _READERS,
    "read_as_professional": _LOOKERS,
    "withdraw": _READERS,
    "hold": _LOOKERS,
    "lift": _LOOKERS,
    "approve": _LOOKERS,
    "release_early": _LOOKERS,
    "comment": _LOOKERS,
    "hide": _LOOKERS,
    "preference": _READERS,
    "feedback": frozenset({"portal"}),
    "question": frozenset({"portal"}),
    "audit": frozenset({"auditor", "administrator"}),
    "purge": frozenset({"administrator"}),
    "keys": frozenset({"administrator"}),
    "queues": frozenset({"editor", "approver"}),
    "try": frozenset({"radiologist", "editor", "approver"}),
    "figures": frozenset({"radiologist", "editor", "approver", "auditor", "administrator"}),
}
MOST_WORDS = 4_000


@cache
def _shipped_book() -> PhraseBook:
    return load_phrases(content_folder("glossary"))


@cache
def _shipped_words() -> EverydayWords:
    return EverydayWords.load(content_folder("glossary"))


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Room:
    """The parts. `explain` makes a patient version; it is called outside of every transaction. `book` gives the words that frame it.

    `everyday` gives the words that need no explaining; `fewest_patients` have to share a word before an editor sees it. `editors_see_reports`: the
    site lets editors read what reports would say with a change.
    """

    database: Database
    policy: ReleasePolicy
    explain: Callable[[Report], PatientReport]
    vault: Vault = field(default_factory=Vault)
    now: Callable[[], datetime] = _now
    book: Callable[[], PhraseBook] = _shipped_book
    everyday: Callable[[], EverydayWords] = _shipped_words
    fewest_patients: int = FEWEST_PATIENTS
    editors_see_reports: bool = False

    def allow(self, actor: Actor, right: str) -> None:
        """Raise ForbiddenError, and write so into the audit, when the actor may not do this."""
        if actor.kind == "system" or actor.roles & RIGHTS[right]:
            return
        with self.database.unit() as session:
            self.audit(session, actor, "refused", object_kind="right", object_id=right)
        raise ForbiddenError

    def audit(
        self,
        session: Session,
        actor: Actor,
        action: str,
        *,
        object_kind: str = "report",
        object_id: str | None = None,
        details: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        """Add a line to the audit, in this transaction."""
        append(
            session,
            actor=actor,
            action=action,
            at=self.now(),
            object_kind=object_kind,
            object_id=object_id,
            details=details,
            reason=reason,
        )

    def decisions(
        self, session: Session, pairs: list[tuple[ReportRow, VersionRow]], *, audience: Audience = "patient"
    ) -> list[ReleaseDecision]:
        """Return what holds now for each version."""
        now = self.now()
        facts = facts_of(session, pairs)
        return [decide(facts[version.id], self.policy, audience=audience, now=now) for _, version in pairs]

    def decision(
        self, session: Session, report: ReportRow, version: VersionRow, *, audience: Audience = "patient"
    ) -> ReleaseDecision:
        """Return what holds now."""
        return self.weighed(session, report, version, audience=audience)[1]

    def weighed(
        self, session: Session, report: ReportRow, version: VersionRow, *, audience: Audience = "patient"
    ) -> tuple[ReleaseFacts, ReleaseDecision]:
        """Return what holds now, and the facts that it rests on."""
        facts = facts_of(session, [(report, version)])[version.id]
        return facts, decide(facts, self.policy, audience=audience, now=self.now())


def words(field_name: str, text: str, *, needed: bool = True) -> str:
    """Return text of a person without white space around it; raises RecordInvalidError, which names the field only."""
    if not keepable(text):
        raise CharactersError(field_name)
    found = text.strip()
    if (needed and not found) or len(found) > MOST_WORDS:
        raise RecordInvalidError(f"{field_name}: write 1 to {MOST_WORDS:,} characters.")
    return found
