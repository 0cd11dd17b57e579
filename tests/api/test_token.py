"""POST /oauth2/token: a signed assertion in, a token for five minutes out; and what the tokens and keys are worth afterwards."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from plainrad.access.tokens import Tokens, signing_key
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Scope
from tests.support.access import ASSERTION_TYPE, assertion, claims, encoded, form
from tests.support.kept import Kept, kept_service
from tests.support.reports import MARKER

URL = "/oauth2/token"


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


def ask(kept: Kept, sent: dict[str, str] | None = None) -> Any:
    return kept.http.post(URL, data=sent or form())


def listed(kept: Kept, token: str) -> int:
    return int(kept.http.get("/v1/reports", headers={"authorization": f"Bearer {token}"}).status_code)


@pytest.mark.parametrize("alg", ["RS512", "ES256"])
def test_a_client_gets_a_token_and_comes_in_with_it(kept: Kept, alg: str) -> None:
    answer = ask(kept, form(assertion(alg=alg)))
    assert answer.status_code == 200
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 300)
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()["scope"].split()) == {str(one) for one in Scope}
    assert listed(kept, answer.json()["access_token"]) == 200


def test_a_token_ends_after_five_minutes(kept: Kept) -> None:
    token = ask(kept).json()["access_token"]
    kept.clock.on(minutes=5, seconds=-1)
    assert listed(kept, token) == 200
    kept.clock.on(seconds=1)
    assert listed(kept, token) == 401


def test_an_assertion_gives_one_token(kept: Kept) -> None:
    text = assertion()
    assert [ask(kept, form(text)).status_code for _ in range(3)] == [200, 401, 401]


def test_of_many_at_once_one_gets_the_token(kept: Kept) -> None:
    text = assertion()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ask(kept, form(text)).status_code, range(16)))
    assert sorted(found) == [200] + [401] * 15


def test_a_token_has_the_scopes_that_were_asked_for(kept: Kept) -> None:
    answer = ask(kept, form(scope="reports:read")).json()
    assert answer["scope"] == "reports:read"
    headers = {"authorization": f"Bearer {answer['access_token']}", "idempotency-key": "k"}
    refused = kept.http.post("/v1/reports", json={"text": "x", "status": "final"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "access_denied")


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": "other"}, 400, "invalid_request"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"scope": "reports:read everything"}, 400, "invalid_scope"),
        ({"client_id": "portal-other"}, 401, "invalid_client"),
        ({"client_assertion": MARKER}, 401, "invalid_client"),
        ({"client_assertion": assertion(claims(aud="https://elsewhere.example"))}, 401, "invalid_client"),
        ({"client_assertion": assertion(claims("nobody"))}, 401, "invalid_client"),
        (
            {"client_assertion": "e30.eyJzdWIiOiJcdWQ4MDAifQ.x"},
            401,
            "invalid_client",
        ),  # half of a surrogate pair for a name
    ],
    ids=lambda sent: str(sent)[:60],
)
def test_anything_else_is_refused_in_the_words_of_oauth(
    kept: Kept, sent: dict[str, str], status: int, error: str
) -> None:
    answer = ask(kept, form(**sent))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert MARKER not in answer.text + kept.service.written


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"grant_type=client_credentials&grant_type=client_credentials",
        b"%FF=%FF",
        b"\xff",
        b"&".join([b"a=b"] * 50),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(kept: Kept, body: bytes) -> None:
    answer = kept.http.post(URL, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.json()["error"] in ("invalid_request", "unsupported_grant_type")) == (400, True)


def test_a_body_that_is_no_form_is_refused(kept: Kept) -> None:
    assert kept.http.post(URL, json=form()).status_code == 415
    big = kept.http.post(URL, data=form("x" * 30_000))
    assert (big.status_code, big.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_token_is_refused(kept: Kept, place: int) -> None:
    parts = ask(kept).json()["access_token"].split(".")
    for at in range(0, len(parts[place]) - 1, 7):
        changed = parts[place][:at] + ("A" if parts[place][at] != "A" else "B") + parts[place][at + 1 :]
        assert listed(kept, ".".join([*parts[:place], changed, *parts[place + 1 :]])) == 401


def test_other_tokens_are_not_access_tokens(kept: Kept) -> None:
    own = {
        "iss": kept.access.public_url,
        "aud": kept.access.public_url,
        "sub": "portal-one",
        "scope": "reports:read",
        "exp": 4_000_000_000,
    }
    key = kept.access.tokens.keys[0]
    foreign = Tokens([signing_key(b"another site" * 3)], kept.access.public_url)
    elsewhere = Tokens([key], "https://elsewhere.example")
    for text in (
        assertion(), assertion(own), assertion(own, alg="ES256", typ="at+jwt"), f"{encoded({'alg': 'none', 'typ': 'at+jwt'})}.{encoded(own)}.",
        assertion(own, alg="ES256", key=key), foreign.issue(kept.portal, scopes=kept.portal.scopes, now=kept.clock()),
        elsewhere.issue(kept.portal, scopes=kept.portal.scopes, now=kept.clock()), "x" * 10_000, "é",
    ):  # fmt: skip
        sent = [(b"authorization", b"Bearer " + text.encode())]
        assert kept.http.get("/v1/reports", headers=sent).status_code == 401
    good = assertion(own, alg="ES256", key=key, typ="at+jwt")
    assert listed(kept, good) == 200  # and this is why the others were refused


def test_a_new_key_of_the_site_signs_and_the_older_one_still_counts(kept: Kept) -> None:
    before = kept.access.tokens
    after = Tokens([signing_key(b"a newer key" * 3), *before.keys], before.issuer)
    now = kept.clock()
    old = before.issue(kept.portal, scopes=kept.portal.scopes, now=now)
    new = after.issue(kept.portal, scopes=kept.portal.scopes, now=now)
    assert (after.read(old, now=now) is not None, after.read(new, now=now) is not None, before.read(new, now=now)) == (
        True,
        True,
        None,
    )


def test_revoking_a_client_ends_its_tokens_and_keys_at_once(kept: Kept) -> None:
    token = ask(kept).json()["access_token"]
    _, key = kept.key()
    assert listed(kept, token) == 200
    kept.access.store.revoke_client("portal-one", at=kept.clock())
    assert listed(kept, token) == 401
    assert kept.http.get("/v1/reports", headers=key).status_code == 401
    assert ask(kept).status_code == 401


def test_a_client_that_loses_a_scope_loses_it_in_its_tokens_too(kept: Kept) -> None:
    from dataclasses import replace

    narrower = replace(kept.portal, id="portal-narrow", scopes=frozenset({Scope.ANNOTATE}))
    kept.access.store.add_client(narrower)
    assert kept.http.get("/v1/reports", headers=kept.bearer(narrower, *Scope)).status_code == 403


def test_a_key_opens_until_it_expires_or_is_revoked(kept: Kept) -> None:
    key_id, header = kept.key(days=30)

    def status() -> int:
        return int(kept.http.get("/v1/reports", headers=header).status_code)

    assert status() == 200
    kept.clock.on(days=30, seconds=-1)
    assert status() == 200
    kept.clock.on(seconds=1)
    assert status() == 401
    key_id, header = kept.key()
    assert kept.access.store.revoke_key(key_id, at=kept.clock())
    assert status() == 401


def test_a_key_does_what_its_scopes_say_and_no_more(kept: Kept) -> None:
    _, header = kept.key(Scope.READ)
    assert kept.http.get("/v1/reports", headers=header).status_code == 200
    assert kept.http.get("/v1/webhooks", headers=header).status_code == 403


def test_a_wrong_secret_of_a_known_key_is_refused(kept: Kept) -> None:
    _, header = kept.key()
    text = header["authorization"]
    for changed in (
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        text[:-5],
        text + "x",
        text.replace("_", "-"),
        text.upper(),
    ):
        assert kept.http.get("/v1/reports", headers={"authorization": changed}).status_code == 401


def test_no_secret_is_kept(kept: Kept, tmp_path: Path) -> None:
    _, header = kept.key()
    token = ask(kept).json()["access_token"]
    secret = header["authorization"].split("_", 2)[2]  # a secret may itself hold the mark
    kept.http.get("/v1/reports", headers=header)
    kept.database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("plainrad.db*"))
    assert stored
    for word in (secret, token, "999 000 0018"):
        assert word.encode() not in stored
        assert word not in kept.service.written


def test_a_client_that_comes_too_often_is_told_when_to_come_again(plainrad: Plainrad, tmp_path: Path) -> None:
    with kept_service(plainrad, tmp_path, requests_burst=5, requests_per_minute=60) as kept:
        answers = [kept.http.get("/v1/reports", headers=kept.bearer()) for _ in range(8)]
        assert {one.status_code for one in answers[:5]} == {200}
        assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "rate_limited")
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert kept.http.get("/v1/reports", headers=kept.bearer(kept.other)).status_code == 200
        assert 'plainrad_refusals_total{code="rate_limited"}' in kept.service.client.get("/metrics").text


def test_401_says_how_to_come_in(kept: Kept) -> None:
    answer = kept.http.get("/v1/reports")
    assert answer.headers["www-authenticate"] == 'Bearer realm="plainrad"'
    assert ASSERTION_TYPE.endswith("jwt-bearer")
