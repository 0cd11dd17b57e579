"""Who may come in is kept the same way in memory, in SQLite and in PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from plainrad.access.keys import make_key
from plainrad.access.memory import MemoryAccessStore
from plainrad.access.ports import AccessStore
from plainrad.domain.access import Account, Role, Scope, Session, SignInAttempt
from plainrad.store.access import DatabaseAccessStore
from plainrad.store.engine import open_database
from tests.support.access import NOW, client
from tests.support.databases import postgres_address, sqlite_database


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AccessStore]:
    if request.param == "memory":
        yield MemoryAccessStore()
        return
    database = sqlite_database(tmp_path) if request.param == "sqlite" else open_database(postgres_address())
    try:
        yield DatabaseAccessStore(database)
    finally:
        database.close()


def test_the_door_is_shut_until_a_client_is_added_and_stays_open_after_the_last_is_revoked(store: AccessStore) -> None:
    assert not store.configured()
    assert store.add_client(client())
    assert store.configured()
    assert store.revoke_client("portal-one", at=NOW)
    assert store.configured()


def test_a_client_comes_back_as_it_was_kept(store: AccessStore) -> None:
    kept = client(scopes=frozenset({Scope.READ, Scope.RESPOND}))
    store.add_client(kept)
    assert store.client("portal-one") == kept
    assert store.client("nobody") is None
    assert not store.add_client(replace(kept, organisation="RYY"))
    assert store.client("portal-one") == kept
    assert [one.id for one in store.clients()] == ["portal-one"]


def test_new_public_keys_replace_the_old_ones(store: AccessStore) -> None:
    store.add_client(client())
    assert store.set_jwks("portal-one", "new")
    assert not store.set_jwks("nobody", "new")
    found = store.client("portal-one")
    assert found is not None
    assert found.jwks == "new"


def test_revoking_a_client_revokes_its_keys_once(store: AccessStore) -> None:
    one = client()
    store.add_client(one)
    store.add_client(client("portal-two"))
    mine, _ = make_key(one, scopes=one.scopes, days=30, now=NOW)
    other, _ = make_key(client("portal-two"), scopes=one.scopes, days=30, now=NOW)
    store.add_key(mine)
    store.add_key(other)
    assert store.key(mine.id) == mine
    assert (store.revoke_client("portal-one", at=NOW), store.revoke_client("portal-one", at=NOW)) == (True, False)
    kept = store.keys()
    assert [(key.client_id, key.revoked_at) for key in kept] == [("portal-one", NOW), ("portal-two", None)]
    assert (store.revoke_key(other.id, at=NOW), store.revoke_key(other.id, at=NOW), store.revoke_key("x", at=NOW)) == (
        True,
        False,
        False,
    )


def test_a_token_is_used_once_until_it_has_expired(store: AccessStore) -> None:
    until = NOW + timedelta(minutes=6)
    later = until + timedelta(seconds=1)

    def use(name: str = "portal-one", jti: str = "a" * 64, now: object = NOW) -> bool:
        return store.use_once(client_id=name, jti_sha256=jti, until=until, now=now)  # type: ignore[arg-type]

    assert [use(), use(), use("portal-two"), use(jti="b" * 64)] == [True, False, True, True]
    assert use(now=later)  # forgotten: by then it is refused for its age


def test_of_many_at_once_one_uses_the_token(store: AccessStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda _: store.use_once(client_id="c", jti_sha256="a" * 64, until=NOW + timedelta(minutes=5), now=NOW),
                range(24),
            )
        )
    assert found.count(True) == 1


def account() -> Account:
    return Account("anna", "RXX", frozenset({Role.RADIOLOGIST, Role.AUDITOR}), "hash", NOW)


def test_failures_are_counted_one_by_one_and_forgotten_together(store: AccessStore) -> None:
    store.put_account(account())
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: store.count_failure("anna"), range(8))) == list(range(1, 9))
    store.lock_account("anna", until=NOW, failures=8)
    found = store.account("anna")
    assert found == replace(account(), failures=8, locked_until=NOW)
    store.put_account(account())
    assert store.accounts() == [account()]
    assert store.account("nobody") is None


def session(name: str, subject: str = "local:anna") -> Session:
    return Session(name * 64, subject, "RXX", frozenset({Role.RADIOLOGIST}), "csrf", NOW, NOW)


def test_sessions_are_kept_touched_and_ended(store: AccessStore) -> None:
    for one in (session("a"), session("b"), session("c", "local:bert")):
        store.add_session(one)
    store.touch_session("a" * 64, at=NOW + timedelta(minutes=5))
    assert store.session("a" * 64) == replace(session("a"), seen_at=NOW + timedelta(minutes=5))
    store.end_session("a" * 64)
    assert store.session("a" * 64) is None
    store.end_sessions_of("local:anna")
    assert (store.session("b" * 64), store.session("c" * 64)) == (None, session("c", "local:bert"))


def test_a_sign_in_that_has_begun_is_taken_once(store: AccessStore) -> None:
    begun = SignInAttempt("a" * 64, "state", "nonce", "verifier", NOW)
    store.add_attempt(begun)
    assert (store.take_attempt("a" * 64), store.take_attempt("a" * 64)) == (begun, None)


def test_what_is_over_is_forgotten(store: AccessStore) -> None:
    store.add_session(session("a"))
    store.add_session(replace(session("b"), seen_at=NOW + timedelta(hours=1)))
    store.add_attempt(SignInAttempt("a" * 64, "s", "n", "v", NOW))
    later = NOW + timedelta(minutes=31)
    store.forget_before(sessions=later, attempts=later, now=later)
    assert (store.session("a" * 64), store.session("b" * 64) is not None, store.take_attempt("a" * 64)) == (
        None,
        True,
        None,
    )
