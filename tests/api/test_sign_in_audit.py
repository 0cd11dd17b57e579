"""Who came in, who was refused, who was locked out, who left, and whose keys were made and ended: all of it is in the audit."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from plainrad.access.keys import split_key
from plainrad.access.passwords import FREE_TRIES
from plainrad.access.sessions import IDLE
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Account, Role, Scope
from plainrad.domain.records import AuditEntry
from tests.support.access import assertion, claims, form, light_hash
from tests.support.databases import postgres_address
from tests.support.kept import Kept, kept_service
from tests.support.service import HERE

PASSWORD = "three unlikely words"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def kept(request: pytest.FixtureRequest, plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    url = None if request.param == "sqlite" else postgres_address()
    with kept_service(plainrad, tmp_path, url=url, local_accounts=True) as found:
        roles = frozenset({Role.RADIOLOGIST})
        found.access.store.put_account(Account("anna", "RXX", roles, light_hash(PASSWORD), found.clock()))
        yield found


def said(kept: Kept, *actions: str) -> list[AuditEntry]:
    """The lines of these actions."""
    kept.records.verify_audit()
    return [one for one in kept.records.audit() if one.action in actions]


def browser(kept: Kept) -> TestClient:
    return TestClient(kept.service.app, follow_redirects=False, **HERE)


def sign_in(one: TestClient, name: str = "anna", password: str = PASSWORD) -> Any:
    found = re.search(r'name="csrf" value="([^"]+)"', one.get("/staff/sign-in").text)
    assert found is not None
    return one.post("/staff/sign-in", data={"csrf": found[1], "name": name, "password": password})


def test_a_sign_in_and_a_sign_out_say_who_and_in_which_roles(kept: Kept) -> None:
    one = browser(kept)
    assert sign_in(one).status_code == 303
    csrf = one.get("/staff/session").json()["csrf"]
    assert one.post("/staff/sign-out", headers={"x-csrf-token": csrf}).status_code == 303
    came, left = said(kept, "signed_in", "signed_out")
    assert (came.action, came.actor_kind, came.actor_id, came.organisation) == (
        "signed_in", "staff", "local:anna", "RXX",
    )  # fmt: skip
    assert came.details == {"way": "local", "roles": ["radiologist"]}
    assert (left.action, left.actor_id) == ("signed_out", "local:anna")
    assert came.at == kept.clock()


def test_a_session_that_ends_by_itself_or_by_a_new_one_is_said_to(kept: Kept) -> None:
    one = browser(kept)
    sign_in(one)
    sign_in(one)
    kept.clock.on(seconds=IDLE.total_seconds())
    assert one.get("/staff/session").status_code == 401
    assert [line.details["why"] for line in said(kept, "session_ended")] == ["replaced", "expired"]


def test_refusals_are_there_and_what_was_typed_is_not(kept: Kept) -> None:
    secret = "zyxqwvia the password"
    for name in ("anna", "nobody", secret, "anna\x00"):
        assert sign_in(browser(kept), name, secret).status_code == 401
    lines = said(kept, "sign_in_failed")
    assert [(one.object_id, one.details["why"]) for one in lines] == [
        ("anna", "password"), (None, "unknown"), (None, "unknown"), (None, "unknown"),
    ]  # fmt: skip
    everything = repr(list(kept.records.audit()))
    assert "zyxqwvia" not in everything
    assert "nobody" not in everything


def test_who_guesses_and_is_locked_out_can_be_seen_and_so_can_who_lets_them_in_again(kept: Kept) -> None:
    for _ in range(FREE_TRIES):
        sign_in(browser(kept), password="a wrong guess of it")
    assert sign_in(browser(kept)).status_code == 401
    lines = said(kept, "sign_in_failed", "account_locked", "account_unlocked", "signed_in")
    assert [one.details["failures"] for one in lines[:FREE_TRIES]] == list(range(1, FREE_TRIES + 1))
    assert [(one.action, one.object_id) for one in lines[FREE_TRIES:]] == [
        ("account_locked", "anna"), ("sign_in_failed", "anna"),
    ]  # fmt: skip
    assert lines[-1].details["why"] == "locked"
    kept.access.store.lock_account("anna", until=None, failures=0, by_hand=True)
    assert sign_in(browser(kept)).status_code == 303
    assert [one.action for one in said(kept, "account_unlocked", "signed_in")] == ["account_unlocked", "signed_in"]


def test_programs_come_in_are_refused_and_replayed_by_name(kept: Kept) -> None:
    good = assertion(claims(now=kept.clock(), aud=kept.access.token_address))
    head, body, proof = good.split(".")
    assert kept.http.post("/oauth2/token", data=form(good)).status_code == 200
    assert kept.http.post("/oauth2/token", data=form(good)).status_code == 401
    assert kept.http.post("/oauth2/token", data=form(f"{head}.{body}.{proof[:-4]}AAAA")).status_code == 401
    stranger = assertion(claims("nobody-here", now=kept.clock(), aud=kept.access.token_address))
    assert kept.http.post("/oauth2/token", data=form(stranger)).status_code == 401
    lines = said(kept, "signed_in", "sign_in_failed")
    assert [(one.action, one.object_id, one.details.get("why")) for one in lines] == [
        ("signed_in", "portal-one", None),
        ("sign_in_failed", "portal-one", "assertion_replayed"),
        ("sign_in_failed", "portal-one", "assertion_wrong"),
    ]
    assert lines[0].actor_kind == "portal"


def test_a_flood_of_wrong_assertions_does_not_fill_the_audit(kept: Kept) -> None:
    head, body, proof = assertion(claims(now=kept.clock())).split(".")
    for _ in range(60):
        assert kept.http.post("/oauth2/token", data=form(f"{head}.{body}.{proof[:-4]}AAAA")).status_code == 401
    assert 5 <= len(said(kept, "sign_in_failed")) <= 25
    good = assertion(claims(now=kept.clock(), aud=kept.access.token_address))
    assert kept.http.post("/oauth2/token", data=form(good)).status_code == 200, "and keeps nobody out"


def test_clients_keys_and_webhooks_are_written_down_without_their_secrets(kept: Kept) -> None:
    key_id, header = kept.key(Scope.READ)
    made = kept.http.post(
        "/v1/webhooks", json={"url": "https://zyxqwvia.example/x"}, headers=kept.bearer(kept.portal, Scope.WEBHOOKS)
    ).json()
    kept.http.delete(f"/v1/webhooks/{made['id']}", headers=kept.bearer())
    store = kept.access.store
    assert store.revoke_key(key_id, at=kept.clock())
    assert store.set_jwks("portal-one", "{}")
    assert store.revoke_client("portal-other", at=kept.clock())
    assert not store.revoke_client("portal-other", at=kept.clock())
    lines = said(
        kept, "client_added", "client_keys_set", "client_revoked", "key_added", "key_revoked", "webhook_added", "webhook_ended"
    )  # fmt: skip
    assert [(one.action, one.object_id) for one in lines] == [
        ("client_added", "portal-one"), ("client_added", "portal-other"), ("key_added", key_id), ("webhook_added", made["id"]),
        ("webhook_ended", made["id"]), ("key_revoked", key_id), ("client_keys_set", "portal-one"),
        ("client_revoked", "portal-other"),
    ]  # fmt: skip
    everything = repr(lines)
    sent = split_key(header["authorization"].removeprefix("Bearer "))
    assert sent is not None
    for secret in (sent[1], made["secret"], "zyxqwvia"):
        assert secret not in everything
