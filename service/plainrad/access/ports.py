"""What this room needs of a store. The store is told, never asked to decide.

A store that lasts writes every change, every sign-in and every refusal of somebody known into the audit, in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from plainrad.domain.access import Account, ApiKey, Client, Session, SignInAttempt


class ClientStore(Protocol):
    """Keeps programs and their keys."""

    def configured(self) -> bool:
        """Return True once any client was ever added: revoking the last one does not open the door again."""

    def client(self, client_id: str) -> Client | None:
        """Return the client, a revoked one too."""

    def clients(self) -> Sequence[Client]:
        """Return all clients in the order of their ids."""

    def add_client(self, client: Client) -> bool:
        """Keep a new client; False when the id is taken."""

    def set_jwks(self, client_id: str, jwks: str) -> bool:
        """Replace the public keys of a client; False when there is none."""

    def revoke_client(self, client_id: str, *, at: datetime) -> bool:
        """End a client and all of its keys; False when there is none or it has ended."""

    def key(self, key_id: str) -> ApiKey | None:
        """Return the key, an unusable one too."""

    def keys(self) -> Sequence[ApiKey]:
        """Return all keys in the order of their clients."""

    def add_key(self, key: ApiKey) -> None:
        """Keep a new key."""

    def revoke_key(self, key_id: str, *, at: datetime) -> bool:
        """End a key; False when there is none or it has ended."""

    def refused(self, client_id: str, *, why: str) -> None:
        """Write down that a client that is known was not let in; `why` is one of our codes."""

    def use_once(self, *, client_id: str, jti_sha256: str, until: datetime, now: datetime) -> bool:
        """Remember until `until` that a token was used; False when it had been, whichever process saw it first."""


class StaffStore(Protocol):
    """Keeps local accounts, sign-ins that have begun, and sessions."""

    def account(self, name: str) -> Account | None:
        """Return the account."""

    def accounts(self) -> Sequence[Account]:
        """Return all accounts in the order of their names."""

    def put_account(self, account: Account) -> None:
        """Add or replace an account."""

    def count_failure(self, name: str) -> int:
        """Add one to the failures of an account, in one step, write it down, and return the sum."""

    def sign_in_failed(self, *, way: str, why: str, account: str | None = None) -> None:
        """Write down that nobody was signed in; `why` is one of our codes. What was typed is not kept: it may be a password."""

    def lock_account(self, name: str, *, until: datetime | None, failures: int, by_hand: bool = False) -> None:
        """Set until when an account is locked, and its failures; `by_hand`: an administrator unlocks it."""

    def add_attempt(self, attempt: SignInAttempt) -> None:
        """Keep a sign-in that has begun."""

    def take_attempt(self, id_sha256: str) -> SignInAttempt | None:
        """Return a sign-in that has begun and forget it, so that it can be ended once."""

    def add_session(self, session: Session) -> None:
        """Keep a session."""

    def session(self, id_sha256: str) -> Session | None:
        """Return a session."""

    def touch_session(self, id_sha256: str, *, at: datetime) -> None:
        """Remember that a session was used."""

    def end_session(self, id_sha256: str, *, why: str = "signed_out") -> None:
        """Forget a session, and write down why: signed_out, expired, or replaced by a new one."""

    def end_sessions_of(self, subject: str) -> None:
        """Forget every session of somebody."""

    def forget_before(self, *, sessions: datetime, attempts: datetime, now: datetime) -> None:
        """Forget sessions not seen since, sign-ins begun before, and used tokens that have expired."""


class AccessStore(ClientStore, StaffStore, Protocol):
    """Both."""
