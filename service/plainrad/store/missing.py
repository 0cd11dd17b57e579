"""Unexplained words of kept reports: seen, shared by enough patients, settled. Sessions are given; nothing commits here."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from plainrad.domain.board import MissingWord
from plainrad.store.board_tables import MissingWordRow, WordSeenRow
from plainrad.store.tables import ReportRow


def see(session: Session, report: ReportRow, words: Collection[str], *, fewest: int, now: datetime) -> None:
    """Count the words of a report once.

    A word is written down for editors only when `fewest` patients share it; a report of which the patient is not known
    counts as a patient of its own. Until then it stands beside the report alone, and goes with it.
    """
    if not words:
        return
    organisation = report.organisation_id
    keys = {word: (word, never(word)) for word in words}
    known = {
        row.word: row
        for row in session.scalars(
            select(MissingWordRow).where(
                MissingWordRow.organisation_id == organisation,
                MissingWordRow.word.in_([one for pair in keys.values() for one in pair]),
            )
        )
    }
    fresh = []
    for word in sorted(words):
        row = next((known[key] for key in keys[word] if key in known), None)
        if row is None:
            fresh.append(word)
        elif row.state != "never":
            row.reports += 1
            row.last_at = now
    session.add_all(WordSeenRow(report_id=report.id, word=word, organisation_id=organisation) for word in fresh)
    session.flush()
    for word, holders, count in _shared(session, organisation, fresh):
        if holders >= fewest:
            session.add(
                MissingWordRow(
                    organisation_id=organisation, word=word, state="open", reports=count, first_at=now, last_at=now
                )
            )
            session.execute(
                delete(WordSeenRow).where(WordSeenRow.organisation_id == organisation, WordSeenRow.word == word)
            )


def _shared(session: Session, organisation: int, words: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return how many patients share each word, and in how many reports."""
    if not words:
        return []
    holder = func.coalesce(ReportRow.patient_id, -ReportRow.id)
    wanted = (
        select(WordSeenRow.word, func.count(holder.distinct()), func.count())
        .join(ReportRow, ReportRow.id == WordSeenRow.report_id)
        .where(WordSeenRow.organisation_id == organisation, WordSeenRow.word.in_(words))
        .group_by(WordSeenRow.word)
    )
    return [(word, holders, count) for word, holders, count in session.execute(wanted)]


def never(word: str) -> str:
    """Return what is left of a word that is not to come back."""
    return f"#{hashlib.sha256(word.encode()).hexdigest()}"


def ranked(session: Session, *, organisation: int, state: str, limit: int, offset: int) -> list[MissingWord]:
    """Return the words in a state, those of most reports first."""
    wanted = (
        select(MissingWordRow)
        .where(MissingWordRow.organisation_id == organisation, MissingWordRow.state == state)
        .order_by(MissingWordRow.reports.desc(), MissingWordRow.word)
        .limit(limit)
        .offset(offset)
    )
    return [MissingWord(row.word, row.reports, row.last_at) for row in session.scalars(wanted)]


def count(session: Session, *, organisation: int, state: str) -> int:
    """Return how many words are in a state."""
    wanted = select(func.count()).where(MissingWordRow.organisation_id == organisation, MissingWordRow.state == state)
    return session.scalars(wanted).one()


def settle(session: Session, *, organisation: int, word: str, state: str) -> bool:
    """Put a word into a state ("open", "aside", or "never": then only its hash stays); False when there is no such word."""
    row = session.get(MissingWordRow, (organisation, word))
    if row is None or row.state == "never":
        return False
    if state == "never":
        session.add(
            MissingWordRow(
                organisation_id=organisation, word=never(word), state=state, reports=0, first_at=row.first_at,
                last_at=row.last_at,
            )
        )  # fmt: skip
        session.delete(row)
    else:
        row.state = state
    session.flush()
    return True
