"""The AccessStore of `access.ports` in the database. Each change and its line in the audit are one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from plainrad.domain.access import Account, ApiKey, Client, Role, Session, SignInAttempt
from plainrad.domain.records import Actor
from plainrad.store.access_tables import (
    ApiKeyRow,
    ClientRow,
    SignInAttemptRow,
    StaffRow,
    StaffSessionRow,
    UsedTokenRow,
)
from plainrad.store.access_values import account_of, client_of, key_of, texts
from plainrad.store.audit import append
from plainrad.store.base import keepable
from plainrad.store.engine import Database

_COMMANDS = Actor("system", "command line")  # programs, keys and accounts are changed there and nowhere else
_DOOR = Actor("system", "sign-in")


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DatabaseAccessStore:
    """Keeps programs, keys, accounts and sessions where all workers see them. Secrets, passwords and what was typed are in no line."""

    database: Database
    now: Callable[[], datetime] = _utc_now

    def configured(self) -> bool:
        """Return True once a client was added."""
        with self.database.reading() as unit:
            return unit.scalar(select(ClientRow.id).limit(1)) is not None

    def client(self, client_id: str) -> Client | None:
        """Return the client."""
        with self.database.reading() as unit:
            row = unit.get(ClientRow, client_id)
            return client_of(row) if row else None

    def clients(self) -> Sequence[Client]:
        """Return all clients by id."""
        with self.database.reading() as unit:
            return [client_of(row) for row in unit.scalars(select(ClientRow).order_by(ClientRow.id))]

    def add_client(self, client: Client) -> bool:
        """Keep a new client; False when the id is taken."""
        with self.database.unit() as unit:
            if unit.get(ClientRow, client.id) is not None:
                return False
            unit.add(
                ClientRow(
                    id=client.id, organisation=client.organisation, name=client.name, scopes=texts(client.scopes),
                    jwks=client.jwks, created_at=client.created_at, revoked_at=client.revoked_at,
                )
            )  # fmt: skip
            details: dict[str, Any] = {"organisation": client.organisation, "scopes": texts(client.scopes)}
            self._note(unit, "client_added", "client", client.id, **details)
            return True

    def set_jwks(self, client_id: str, jwks: str) -> bool:
        """Replace the keys of a client."""
        return self._changed(
            update(ClientRow).where(ClientRow.id == client_id).values(jwks=jwks), "client_keys_set", "client", client_id
        )

    def revoke_client(self, client_id: str, *, at: datetime) -> bool:
        """End a client and its keys."""
        with self.database.unit() as unit:
            row = unit.get(ClientRow, client_id)
            if row is None or row.revoked_at is not None:
                return False
            row.revoked_at = at
            wanted = select(ApiKeyRow).where(ApiKeyRow.client_id == client_id, ApiKeyRow.revoked_at.is_(None))
            keys = unit.scalars(wanted).all()
            for key in keys:
                key.revoked_at = at
            self._note(unit, "client_revoked", "client", client_id, keys=sorted(key.id for key in keys))
            return True

    def key(self, key_id: str) -> ApiKey | None:
        """Return the key."""
        with self.database.reading() as unit:
            row = unit.get(ApiKeyRow, key_id)
            return key_of(row) if row else None

    def keys(self) -> Sequence[ApiKey]:
        """Return all keys by client."""
        order = (ApiKeyRow.client_id, ApiKeyRow.created_at, ApiKeyRow.id)
        with self.database.reading() as unit:
            return [key_of(row) for row in unit.scalars(select(ApiKeyRow).order_by(*order))]

    def add_key(self, key: ApiKey) -> None:
        """Keep a new key."""
        with self.database.unit() as unit:
            unit.add(
                ApiKeyRow(
                    id=key.id, client_id=key.client_id, secret_sha256=key.secret_sha256, scopes=texts(key.scopes),
                    created_at=key.created_at, expires_at=key.expires_at, revoked_at=key.revoked_at,
                )
            )  # fmt: skip
            details: dict[str, Any] = {
                "client": key.client_id,
                "scopes": texts(key.scopes),
                "expires_at": key.expires_at.isoformat(),
            }
            self._note(unit, "key_added", "key", key.id, **details)

    def revoke_key(self, key_id: str, *, at: datetime) -> bool:
        """End a key."""
        statement = update(ApiKeyRow).where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
        return self._changed(statement.values(revoked_at=at), "key_revoked", "key", key_id)

    def refused(self, client_id: str, *, why: str) -> None:
        """Write down that a client that is known was not let in."""
        with self.database.unit() as unit:
            self._note(unit, "sign_in_failed", "client", client_id, actor=_DOOR, why=why)

    def use_once(self, *, client_id: str, jti_sha256: str, until: datetime, now: datetime) -> bool:
        """Return True the first time; the primary key decides, not what was read before."""
        with self.database.unit() as unit:
            unit.execute(delete(UsedTokenRow).where(UsedTokenRow.expires_at <= now))
            try:
                with unit.begin_nested():
                    unit.add(UsedTokenRow(issuer=client_id, jti=jti_sha256, expires_at=until))
            except IntegrityError:
                return False
            client = unit.get(ClientRow, client_id)
            if client is not None:
                actor = Actor("portal", client_id, client.organisation)
                self._note(unit, "signed_in", "client", client_id, actor=actor, way="assertion")
            return True

    def account(self, name: str) -> Account | None:
        """Return the account; a name that no database can hold is nobody's."""
        if not keepable(name):
            return None
        with self.database.reading() as unit:
            row = unit.get(StaffRow, name)
            return account_of(row) if row else None

    def accounts(self) -> Sequence[Account]:
        """Return all accounts by name."""
        with self.database.reading() as unit:
            return [account_of(row) for row in unit.scalars(select(StaffRow).order_by(StaffRow.name))]

    def put_account(self, account: Account) -> None:
        """Add or replace an account."""
        with self.database.unit() as unit:
            unit.merge(
                StaffRow(
                    name=account.name, organisation=account.organisation, roles=texts(account.roles),
                    password_hash=account.password_hash, created_at=account.created_at, failures=account.failures,
                    locked_until=account.locked_until, disabled_at=account.disabled_at,
                )
            )  # fmt: skip
            action = "account_put" if account.disabled_at is None else "account_disabled"
            details: dict[str, Any] = {"organisation": account.organisation, "roles": texts(account.roles)}
            self._note(unit, action, "account", account.name, **details)

    def count_failure(self, name: str) -> int:
        """Count a failure in one step."""
        with self.database.unit() as unit:
            unit.execute(update(StaffRow).where(StaffRow.name == name).values(failures=StaffRow.failures + 1))
            failures = unit.scalar(select(StaffRow.failures).where(StaffRow.name == name)) or 0
            self._note(unit, "sign_in_failed", "account", name, actor=_DOOR, why="password", failures=failures)
            return failures

    def sign_in_failed(self, *, way: str, why: str, account: str | None = None) -> None:
        """Write down that nobody was signed in."""
        with self.database.unit() as unit:
            self._note(unit, "sign_in_failed", "account", account, actor=_DOOR, way=way, why=why)

    def lock_account(self, name: str, *, until: datetime | None, failures: int, by_hand: bool = False) -> None:
        """Lock or unlock an account. That a right password forgets the failures is told by the sign-in alone."""
        statement = update(StaffRow).where(StaffRow.name == name).values(locked_until=until, failures=failures)
        if until is not None:
            self._changed(statement, "account_locked", "account", name, actor=_DOOR, until=until.isoformat())
        elif by_hand:
            self._changed(statement, "account_unlocked", "account", name)
        else:
            with self.database.unit() as unit:
                unit.execute(statement)

    def add_attempt(self, attempt: SignInAttempt) -> None:
        """Keep a sign-in that has begun."""
        with self.database.unit() as unit:
            unit.add(
                SignInAttemptRow(
                    id_sha256=attempt.id_sha256, state=attempt.state, nonce=attempt.nonce, verifier=attempt.verifier,
                    created_at=attempt.created_at,
                )
            )  # fmt: skip

    def take_attempt(self, id_sha256: str) -> SignInAttempt | None:
        """Return it once."""
        with self.database.unit() as unit:
            row = unit.get(SignInAttemptRow, id_sha256)
            if row is None:
                return None
            unit.delete(row)
            return SignInAttempt(row.id_sha256, row.state, row.nonce, row.verifier, row.created_at)

    def add_session(self, session: Session) -> None:
        """Keep a session."""
        with self.database.unit() as unit:
            unit.add(
                StaffSessionRow(
                    id_sha256=session.id_sha256, subject=session.subject, organisation=session.organisation,
                    roles=texts(session.roles), csrf=session.csrf, created_at=session.created_at, seen_at=session.seen_at,
                )
            )  # fmt: skip
            actor = Actor("staff", session.subject, session.organisation)
            way = session.subject.partition(":")[0]
            self._note(unit, "signed_in", "session", None, actor=actor, way=way, roles=texts(session.roles))

    def session(self, id_sha256: str) -> Session | None:
        """Return a session."""
        with self.database.reading() as unit:
            row = unit.get(StaffSessionRow, id_sha256)
            if row is None:
                return None
            roles = frozenset(Role(one) for one in row.roles)
            return Session(row.id_sha256, row.subject, row.organisation, roles, row.csrf, row.created_at, row.seen_at)

    def touch_session(self, id_sha256: str, *, at: datetime) -> None:
        """Remember that a session was used."""
        with self.database.unit() as unit:
            unit.execute(update(StaffSessionRow).where(StaffSessionRow.id_sha256 == id_sha256).values(seen_at=at))

    def end_session(self, id_sha256: str, *, why: str = "signed_out") -> None:
        """Forget a session."""
        with self.database.unit() as unit:
            row = unit.get(StaffSessionRow, id_sha256)
            if row is not None:
                self._ended(unit, row, why=why)

    def end_sessions_of(self, subject: str) -> None:
        """Forget the sessions of somebody."""
        with self.database.unit() as unit:
            for row in unit.scalars(select(StaffSessionRow).where(StaffSessionRow.subject == subject)):
                self._ended(unit, row, why="account_changed")

    def _ended(self, unit: Unit, row: StaffSessionRow, *, why: str) -> None:
        unit.delete(row)
        actor = Actor("staff", row.subject, row.organisation)
        self._note(
            unit, "signed_out" if why == "signed_out" else "session_ended", "session", None, actor=actor, why=why
        )

    def forget_before(self, *, sessions: datetime, attempts: datetime, now: datetime) -> None:
        """Forget what is over."""
        with self.database.unit() as unit:
            for row in unit.scalars(select(StaffSessionRow).where(StaffSessionRow.seen_at < sessions)):
                self._ended(unit, row, why="expired")
            unit.execute(delete(SignInAttemptRow).where(SignInAttemptRow.created_at < attempts))
            unit.execute(delete(UsedTokenRow).where(UsedTokenRow.expires_at <= now))

    def _changed(
        self, statement: Any, action: str, kind: str, name: str, *, actor: Actor = _COMMANDS, **details: Any
    ) -> bool:
        with self.database.unit() as unit:
            found = _rows(unit, statement) > 0
            if found:
                self._note(unit, action, kind, name, actor=actor, **details)
            return found

    def _note(
        self, unit: Unit, action: str, kind: str, name: str | None, *, actor: Actor = _COMMANDS, **details: Any
    ) -> None:
        append(unit, actor=actor, action=action, at=self.now(), object_kind=kind, object_id=name, details=details)


def _rows(unit: Unit, statement: Any) -> int:
    found = unit.execute(statement)
    return found.rowcount if isinstance(found, CursorResult) else 0
