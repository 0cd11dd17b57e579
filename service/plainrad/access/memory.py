"""An AccessStore in this process only: for a service that keeps nothing, and for tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock

from plainrad.domain.access import Account, ApiKey, Client, Session, SignInAttempt


class MemoryAccessStore:
    """Keeps everything until the process ends; may be used by many threads."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._clients: dict[str, Client] = {}
        self._keys: dict[str, ApiKey] = {}
        self._used: dict[tuple[str, str], datetime] = {}
        self._accounts: dict[str, Account] = {}
        self._attempts: dict[str, SignInAttempt] = {}
        self._sessions: dict[str, Session] = {}

    def configured(self) -> bool:
        """Return True once a client was added."""
        return bool(self._clients)

    def client(self, client_id: str) -> Client | None:
        """Return the client."""
        return self._clients.get(client_id)

    def clients(self) -> Sequence[Client]:
        """Return all clients by id."""
        return [self._clients[name] for name in sorted(self._clients)]

    def add_client(self, client: Client) -> bool:
        """Keep a new client; False when the id is taken."""
        with self._lock:
            return self._clients.setdefault(client.id, client) is client

    def set_jwks(self, client_id: str, jwks: str) -> bool:
        """Replace the keys of a client."""
        with self._lock:
            found = self._clients.get(client_id)
            if found is not None:
                self._clients[client_id] = replace(found, jwks=jwks)
            return found is not None

    def revoke_client(self, client_id: str, *, at: datetime) -> bool:
        """End a client and its keys."""
        with self._lock:
            found = self._clients.get(client_id)
            if found is None or found.revoked_at is not None:
                return False
            self._clients[client_id] = replace(found, revoked_at=at)
            for key in list(self._keys.values()):
                if key.client_id == client_id:
                    self.revoke_key(key.id, at=at)
            return True

    def key(self, key_id: str) -> ApiKey | None:
        """Return the key."""
        return self._keys.get(key_id)

    def keys(self) -> Sequence[ApiKey]:
        """Return all keys by client."""
        return sorted(self._keys.values(), key=lambda key: (key.client_id, key.created_at, key.id))

    def add_key(self, key: ApiKey) -> None:
        """Keep a new key."""
        self._keys[key.id] = key

    def revoke_key(self, key_id: str, *, at: datetime) -> bool:
        """End a key."""
        with self._lock:
            found = self._keys.get(key_id)
            if found is None or found.revoked_at is not None:
                return False
            self._keys[key_id] = replace(found, revoked_at=at)
            return True

    def refused(self, client_id: str, *, why: str) -> None:
        """Nothing is written down: this process keeps no audit."""

    def use_once(self, *, client_id: str, jti_sha256: str, until: datetime, now: datetime) -> bool:
        """Return True the first time."""
        with self._lock:
            self._used = {name: moment for name, moment in self._used.items() if moment > now}
            if (client_id, jti_sha256) in self._used:
                return False
            self._used[client_id, jti_sha256] = until
            return True

    def account(self, name: str) -> Account | None:
        """Return the account."""
        return self._accounts.get(name)

    def accounts(self) -> Sequence[Account]:
        """Return all accounts by name."""
        return [self._accounts[name] for name in sorted(self._accounts)]

    def put_account(self, account: Account) -> None:
        """Add or replace an account."""
        self._accounts[account.name] = account

    def count_failure(self, name: str) -> int:
        """Count a failure."""
        with self._lock:
            found = self._accounts[name]
            self._accounts[name] = replace(found, failures=found.failures + 1)
            return found.failures + 1

    def sign_in_failed(self, *, way: str, why: str, account: str | None = None) -> None:
        """Nothing is written down: this process keeps no audit."""

    def lock_account(self, name: str, *, until: datetime | None, failures: int, by_hand: bool = False) -> None:  # noqa: ARG002
        """Lock or unlock an account."""
        with self._lock:
            self._accounts[name] = replace(self._accounts[name], locked_until=until, failures=failures)

    def add_attempt(self, attempt: SignInAttempt) -> None:
        """Keep a sign-in that has begun."""
        self._attempts[attempt.id_sha256] = attempt

    def take_attempt(self, id_sha256: str) -> SignInAttempt | None:
        """Return it once."""
        return self._attempts.pop(id_sha256, None)

    def add_session(self, session: Session) -> None:
        """Keep a session."""
        self._sessions[session.id_sha256] = session

    def session(self, id_sha256: str) -> Session | None:
        """Return a session."""
        return self._sessions.get(id_sha256)

    def touch_session(self, id_sha256: str, *, at: datetime) -> None:
        """Remember that a session was used."""
        with self._lock:
            if id_sha256 in self._sessions:
                self._sessions[id_sha256] = replace(self._sessions[id_sha256], seen_at=at)

    def end_session(self, id_sha256: str, *, why: str = "signed_out") -> None:  # noqa: ARG002
        """Forget a session."""
        self._sessions.pop(id_sha256, None)

    def end_sessions_of(self, subject: str) -> None:
        """Forget the sessions of somebody."""
        with self._lock:
            self._sessions = {name: one for name, one in self._sessions.items() if one.subject != subject}

    def forget_before(self, *, sessions: datetime, attempts: datetime, now: datetime) -> None:
        """Forget what is over."""
        with self._lock:
            self._sessions = {name: one for name, one in self._sessions.items() if one.seen_at >= sessions}
            self._attempts = {name: one for name, one in self._attempts.items() if one.created_at >= attempts}
            self._used = {name: moment for name, moment in self._used.items() if moment > now}
