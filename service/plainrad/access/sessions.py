"""Sessions of staff, kept here: the browser has a random id and nothing else. A new id at every sign-in."""

import hmac
import secrets
from datetime import datetime, timedelta

from plainrad.access.keys import digest
from plainrad.access.ports import StaffStore
from plainrad.domain.access import Principal, Role, Session

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)
_TOUCH = timedelta(minutes=1)


def begin(
    *, store: StaffStore, subject: str, organisation: str, roles: frozenset[Role], now: datetime, previous: str | None
) -> tuple[Session, str]:
    """Return a new session and its id. `previous`, the id that the browser brought, ends: nobody can plant one."""
    if previous is not None:
        store.end_session(digest(previous), why="replaced")
    session_id = secrets.token_urlsafe(32)
    session = Session(digest(session_id), subject, organisation, roles, secrets.token_urlsafe(32), now, now)
    store.add_session(session)
    return session, session_id


def find(session_id: str, *, store: StaffStore, now: datetime) -> Session | None:
    """Return the session of an id while it lives: 30 minutes after it was last used, 10 hours in all."""
    if not 20 <= len(session_id) <= 100:
        return None
    session = store.session(digest(session_id))
    if session is None:
        return None
    if now - session.seen_at >= IDLE or now - session.created_at >= LONGEST:
        store.end_session(session.id_sha256, why="expired")
        return None
    if now - session.seen_at >= _TOUCH:
        store.touch_session(session.id_sha256, at=now)
    return session


def principal_of(session: Session) -> Principal:
    """Return who is signed in."""
    return Principal(session.subject, "staff", session.organisation, session.roles)


def same(one: str, other: str) -> bool:
    """Return True for the same token, without telling by the time taken how much of it was right."""
    return hmac.compare_digest(one.encode(), other.encode())
