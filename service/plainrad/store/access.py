"""The AccessStore of `access.ports` in the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from plainrad.domain.access import Account, ApiKey, Client, Role, Scope, Session, SignInAttempt
from plainrad.store.access_tables import (
    ApiKeyRow,
    ClientRow,
    SignInAttemptRow,
    StaffRow,
    StaffSessionRow,
    UsedTokenRow,
)
from plainrad.store.engine import Database


@dataclass(frozen=True, slots=True)
class DatabaseAccessStore:
    """Keeps programs, keys, accounts and sessions where all workers see them."""

    database: Database

    def configured(self) -> bool:
        """Return True once a client was added."""
        with self.database.reading() as unit:
            return unit.scalar(select(ClientRow.id).limit(1)) is not None

    def client(self, client_id: str) -> Client | None:
        """Return the client."""
        with self.database.reading() as unit:
            row = unit.get(ClientRow, client_id)
            return _client(row) if row else None

    def clients(self) -> Sequence[Client]:
        """Return all clients by id."""
        with self.database.reading() as unit:
            return [_client(row) for row in unit.scalars(select(ClientRow).order_by(ClientRow.id))]

    def add_client(self, client: Client) -> bool:
        """Keep a new client; False when the id is taken."""
        with self.database.unit() as unit:
            if unit.get(ClientRow, client.id) is not None:
                return False
            unit.add(
                ClientRow(
                    id=client.id, organisation=client.organisation, name=client.name, scopes=_texts(client.scopes),
                    jwks=client.jwks, created_at=client.created_at, revoked_at=client.revoked_at,
                )
            )  # fmt: skip
            return True

    def set_jwks(self, client_id: str, jwks: str) -> bool:
        """Replace the keys of a client."""
        return self._changed(update(ClientRow).where(ClientRow.id == client_id).values(jwks=jwks))

    def revoke_client(self, client_id: str, *, at: datetime) -> bool:
        """End a client and its keys."""
        with self.database.unit() as unit:
            row = unit.get(ClientRow, client_id)
            if row is None or row.revoked_at is not None:
                return False
            row.revoked_at = at
            unit.execute(
                update(ApiKeyRow)
                .where(ApiKeyRow.client_id == client_id, ApiKeyRow.revoked_at.is_(None))
                .values(revoked_at=at)
            )
            return True

    def key(self, key_id: str) -> ApiKey | None:
        """Return the key."""
        with self.database.reading() as unit:
            row = unit.get(ApiKeyRow, key_id)
            return _key(row) if row else None

    def keys(self) -> Sequence[ApiKey]:
        """Return all keys by client."""
        order = (ApiKeyRow.client_id, ApiKeyRow.created_at, ApiKeyRow.id)
        with self.database.reading() as unit:
            return [_key(row) for row in unit.scalars(select(ApiKeyRow).order_by(*order))]

    def add_key(self, key: ApiKey) -> None:
        """Keep a new key."""
        with self.database.unit() as unit:
            unit.add(
                ApiKeyRow(
                    id=key.id, client_id=key.client_id, secret_sha256=key.secret_sha256, scopes=_texts(key.scopes),
                    created_at=key.created_at, expires_at=key.expires_at, revoked_at=key.revoked_at,
                )
            )  # fmt: skip

    def revoke_key(self, key_id: str, *, at: datetime) -> bool:
        """End a key."""
        return self._changed(
            update(ApiKeyRow).where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None)).values(revoked_at=at)
        )

    def use_once(self, *, client_id: str, jti_sha256: str, until: datetime, now: datetime) -> bool:
        """Return True the first time; the primary key decides, not what was read before."""
        with self.database.unit() as unit:
            unit.execute(delete(UsedTokenRow).where(UsedTokenRow.expires_at <= now))
            try:
                with unit.begin_nested():
                    unit.add(UsedTokenRow(issuer=client_id, jti=jti_sha256, expires_at=until))
            except IntegrityError:
                return False
            return True

    def account(self, name: str) -> Account | None:
        """Return the account."""
        with self.database.reading() as unit:
            row = unit.get(StaffRow, name)
            return _account(row) if row else None

    def accounts(self) -> Sequence[Account]:
        """Return all accounts by name."""
        with self.database.reading() as unit:
            return [_account(row) for row in unit.scalars(select(StaffRow).order_by(StaffRow.name))]

    def put_account(self, account: Account) -> None:
        """Add or replace an account."""
        with self.database.unit() as unit:
            unit.merge(
                StaffRow(
                    name=account.name, organisation=account.organisation, roles=_texts(account.roles),
                    password_hash=account.password_hash, created_at=account.created_at, failures=account.failures,
                    locked_until=account.locked_until, disabled_at=account.disabled_at,
                )
            )  # fmt: skip

    def count_failure(self, name: str) -> int:
        """Count a failure in one step."""
        with self.database.unit() as unit:
            unit.execute(update(StaffRow).where(StaffRow.name == name).values(failures=StaffRow.failures + 1))
            return unit.scalar(select(StaffRow.failures).where(StaffRow.name == name)) or 0

    def lock_account(self, name: str, *, until: datetime | None, failures: int) -> None:
        """Lock or unlock an account."""
        self._changed(update(StaffRow).where(StaffRow.name == name).values(locked_until=until, failures=failures))

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
                    roles=_texts(session.roles), csrf=session.csrf, created_at=session.created_at, seen_at=session.seen_at,
                )
            )  # fmt: skip

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
        self._changed(update(StaffSessionRow).where(StaffSessionRow.id_sha256 == id_sha256).values(seen_at=at))

    def end_session(self, id_sha256: str) -> None:
        """Forget a session."""
        self._changed(delete(StaffSessionRow).where(StaffSessionRow.id_sha256 == id_sha256))

    def end_sessions_of(self, subject: str) -> None:
        """Forget the sessions of somebody."""
        self._changed(delete(StaffSessionRow).where(StaffSessionRow.subject == subject))

    def forget_before(self, *, sessions: datetime, attempts: datetime, now: datetime) -> None:
        """Forget what is over."""
        with self.database.unit() as unit:
            unit.execute(delete(StaffSessionRow).where(StaffSessionRow.seen_at < sessions))
            unit.execute(delete(SignInAttemptRow).where(SignInAttemptRow.created_at < attempts))
            unit.execute(delete(UsedTokenRow).where(UsedTokenRow.expires_at <= now))

    def _changed(self, statement: Any) -> bool:
        with self.database.unit() as unit:
            return _rows(unit, statement) > 0


def _rows(unit: Unit, statement: Any) -> int:
    found = unit.execute(statement)
    return found.rowcount if isinstance(found, CursorResult) else 0


def _texts(values: frozenset[Scope] | frozenset[Role]) -> list[str]:
    return sorted(str(one) for one in values)


def _known(stated: Sequence[str]) -> frozenset[Scope]:
    """Return the scopes that this version knows: one that was taken away gives nothing."""
    names: Callable[[str], bool] = {str(one) for one in Scope}.__contains__
    return frozenset(Scope(one) for one in stated if names(one))


def _client(row: ClientRow) -> Client:
    return Client(row.id, row.organisation, row.name, _known(row.scopes), row.created_at, row.jwks, row.revoked_at)


def _key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        row.id, row.client_id, row.secret_sha256, _known(row.scopes), row.created_at, row.expires_at, row.revoked_at
    )


def _account(row: StaffRow) -> Account:
    return Account(
        row.name, row.organisation, frozenset(Role(one) for one in row.roles), row.password_hash, row.created_at,
        row.failures, row.locked_until, row.disabled_at,
    )  # fmt: skip
