"""Staff sign in with their organisation's provider, or with a local account where the site allows it. Nobody else's session is taken.

This is one file because every way of signing in ends in the same session, which the last part tries.
"""

import base64
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import KeySet, OctKey, RSAKey

from plainrad.access.build import make_access
from plainrad.access.memory import MemoryAccessStore
from plainrad.access.passwords import FREE_TRIES, hash_password, lock_for
from plainrad.api.security.caller import ATTEMPT_COOKIE, BACK_COOKIE, SESSION_COOKIE
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Account, Role
from plainrad.errors import AccessInvalidError
from plainrad.settings import Settings
from tests.support.access import Clock, light_hash
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider, provider
from tests.support.service import HERE, Service, make_service

PASSWORD = "correct horse battery staple"
PUBLIC = "https://127.0.0.1"


@pytest.fixture
def oidc() -> Iterator[Provider]:
    with provider() as found:
        found.redirect_uri = f"{PUBLIC}/staff/sign-in/callback"
        yield found


def service(plainrad: Plainrad, clock: Clock | None = None, **settings: Any) -> Service:
    chosen = Settings(**settings)
    store = MemoryAccessStore()
    clock = clock or Clock(datetime.now(UTC))
    store.put_account(Account("anna", "RXX", frozenset({Role.RADIOLOGIST}), light_hash(PASSWORD), clock()))
    access = make_access(chosen, store, secrets_of_site=(b"x" * 32,), now=clock)
    return make_service(plainrad, access=access, **settings)


def with_provider(plainrad: Plainrad, oidc: Provider, **more: Any) -> Service:
    return service(
        plainrad, public_url=PUBLIC, organisation="RXX", oidc_issuer=oidc.issuer, oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET, oidc_role_map={"Radiology consultants": "radiologist", "Auditors": "auditor"}, **more,
    )  # fmt: skip


def to_provider(browser: TestClient) -> str:
    """Where the provider sends the browser back to."""
    sent = browser.get("/staff/sign-in/start")
    assert sent.status_code == 303
    back = httpx2.get(sent.headers["location"], follow_redirects=False, trust_env=False)
    return str(back.headers["location"])


def test_somebody_signs_in_with_their_provider(plainrad: Plainrad, oidc: Provider) -> None:
    browser = with_provider(plainrad, oidc).client
    answer = browser.get(to_provider(browser))
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/")
    who = browser.get("/staff/session").json()
    assert (who["id"], who["organisation"], who["roles"]) == ("oidc:u-1", "RXX", ["radiologist"])


def test_the_cookie_is_bound_to_this_host_and_hidden_from_scripts(plainrad: Plainrad, oidc: Provider) -> None:
    browser = with_provider(plainrad, oidc).client
    given = browser.get(to_provider(browser)).headers.get_list("set-cookie")
    (session,) = [one for one in given if one.startswith(SESSION_COOKIE + "=")][-1:]
    assert session.startswith("__Host-")
    for part in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=lax"):
        assert part in session
    assert "Domain" not in session


def refused(browser: TestClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 401
    assert browser.get("/staff/session").status_code == 401
    found = re.search(r'role="alert"><strong>([^<]+)', answer.text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"}, {"aud": "another"}, {"aud": [CLIENT_ID, "another"]}, {"nonce": "another"}, {"nonce": None},
        {"exp": 1}, {"exp": None}, {"iat": 4_000_000_000}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"exp": "later"},
    ],
    ids=str,
)  # fmt: skip
def test_an_id_token_that_does_not_fit_signs_nobody_in(
    plainrad: Plainrad, oidc: Provider, claims: dict[str, Any]
) -> None:
    oidc.claims = claims
    browser = with_provider(plainrad, oidc).client
    assert "did not confirm" in refused(browser, to_provider(browser))


def test_an_id_token_signed_by_somebody_else_signs_nobody_in(plainrad: Plainrad, oidc: Provider) -> None:
    oidc.published = KeySet([RSAKey.generate_key(2048, parameters={"kid": "one"})])
    browser = with_provider(plainrad, oidc).client
    assert "did not confirm" in refused(browser, to_provider(browser))


def test_a_public_key_is_not_a_shared_secret(plainrad: Plainrad, oidc: Provider) -> None:
    assert isinstance(oidc.key, RSAKey)
    oidc.published = KeySet([oidc.key])
    pem = b"".join(oidc.key.as_pem(private=False).splitlines()[1:-1])
    oidc.key, oidc.alg = OctKey.import_key(pem), "HS256"
    browser = with_provider(plainrad, oidc).client
    assert "did not confirm" in refused(browser, to_provider(browser))


def test_a_provider_that_speaks_for_another_is_not_believed(plainrad: Plainrad, oidc: Provider) -> None:
    oidc.stated_issuer = "https://elsewhere.example"
    answer = with_provider(plainrad, oidc).client.get("/staff/sign-in/start")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_failed")


@pytest.mark.parametrize("roles", [None, [], ["Everybody"], "Everybody", [7], {"Radiology consultants": 1}])
def test_somebody_without_a_mapped_group_has_no_role_here(plainrad: Plainrad, oidc: Provider, roles: Any) -> None:
    oidc.claims = {"roles": roles}
    browser = with_provider(plainrad, oidc).client
    assert "no role here" in refused(browser, to_provider(browser))


def test_the_organisation_can_be_a_claim(plainrad: Plainrad, oidc: Provider) -> None:
    oidc.claims = {"ods": "ryy"}
    browser = with_provider(plainrad, oidc, oidc_organisation_claim="ods").client
    browser.get(to_provider(browser))
    assert browser.get("/staff/session").json()["organisation"] == "RYY"


def test_a_sign_in_ends_once_and_only_in_the_browser_that_began_it(plainrad: Plainrad, oidc: Provider) -> None:
    made = with_provider(plainrad, oidc)
    address = to_provider(made.client)
    stranger = TestClient(made.app, follow_redirects=False, **HERE)
    assert "not begun" in refused(stranger, address)
    stranger.get("/staff/sign-in/start")  # a sign-in of its own does not help
    assert "not begun" in refused(stranger, address)
    assert made.client.get(address).status_code == 303
    made.client.cookies.delete(SESSION_COOKIE)
    assert "not begun" in refused(made.client, address)


@pytest.mark.parametrize("change", ["state=x", "state=", "code=x", "code="])
def test_what_comes_back_must_be_what_was_sent(plainrad: Plainrad, oidc: Provider, change: str) -> None:
    browser = with_provider(plainrad, oidc).client
    query = {name: values[0] for name, values in parse_qs(urlsplit(to_provider(browser)).query).items()}
    name, _, value = change.partition("=")
    address = "/staff/sign-in/callback?" + "&".join(f"{key}={one}" for key, one in (query | {name: value}).items())
    refused(browser, address)


def test_a_sign_in_that_takes_too_long_is_over(plainrad: Plainrad, oidc: Provider) -> None:
    clock = Clock(datetime.now(UTC))
    browser = with_provider(plainrad, oidc, clock=clock).client
    address = to_provider(browser)
    clock.on(minutes=10)
    assert "not begun" in refused(browser, address)


def test_a_provider_that_is_down_is_said_to_be(plainrad: Plainrad, oidc: Provider) -> None:
    oidc.issuer = "http://127.0.0.1:9"
    answer = with_provider(plainrad, oidc).client.get("/staff/sign-in/start")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_failed")
    assert "did not answer" in answer.json()["detail"]


# ---- local accounts -------------------------------------------------------------------------------------------------


def sign_in(browser: TestClient, name: str = "anna", password: str = PASSWORD, **others: str) -> Any:
    page = browser.get("/staff/sign-in")
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    form = {"csrf": found[1] if found else "", "name": name, "password": password} | others
    return browser.post("/staff/sign-in", data=form)


def test_local_accounts_are_off_unless_the_site_wants_them(plainrad: Plainrad) -> None:
    off, on = service(plainrad).client, service(plainrad, local_accounts=True).client
    assert "password" not in off.get("/staff/sign-in").text
    assert sign_in(off).status_code == 401
    assert sign_in(on).status_code == 303
    assert on.get("/staff/session").json()["id"] == "local:anna"


def test_the_hash_that_the_command_makes_signs_in(plainrad: Plainrad) -> None:
    made = service(plainrad, local_accounts=True)
    store = made.app.state.access.store
    store.put_account(replace(store.account("anna"), password_hash=hash_password("another good password")))
    assert store.account("anna").password_hash.startswith("$argon2id$")
    assert sign_in(made.client).status_code == 401
    assert sign_in(made.client, password="another good password").status_code == 303


@pytest.mark.parametrize(
    ("name", "password"), [("anna", "wrong"), ("nobody", PASSWORD), ("", ""), ("anna", ""), ("anna\x00", PASSWORD)]
)
def test_a_wrong_name_looks_like_a_wrong_password(plainrad: Plainrad, name: str, password: str) -> None:
    answer = sign_in(service(plainrad, local_accounts=True).client, name, password)
    assert answer.status_code == 401
    assert "The name or the password is wrong, or the account is locked" in answer.text
    assert answer.text.count(PASSWORD) == 0


def test_who_guesses_is_locked_out_for_longer_and_longer(plainrad: Plainrad) -> None:
    clock = Clock(datetime.now(UTC))
    made = service(plainrad, clock, local_accounts=True)
    store = made.app.state.access.store
    for _ in range(FREE_TRIES):
        sign_in(made.client, password="wrong guess again")
    assert sign_in(made.client).status_code == 401  # the right one, but locked
    clock.on(minutes=1)
    assert sign_in(made.client).status_code == 303
    assert (store.account("anna").failures, store.account("anna").locked_until) == (0, None)
    waits = [lock_for(failures) for failures in range(FREE_TRIES - 1, FREE_TRIES + 30)]
    assert waits[0] is None
    seconds = [one.total_seconds() for one in waits[1:] if one is not None]
    assert seconds == sorted(seconds)
    assert waits[-1] is not None
    assert waits[-1].total_seconds() == 12 * 3600


def test_many_sign_ins_from_one_address_are_slowed_down(plainrad: Plainrad) -> None:
    browser = service(plainrad, local_accounts=True).client
    answers = [browser.post("/staff/sign-in", data={"name": "x"}) for _ in range(25)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "x" * 300, ""])
def test_a_password_that_can_be_guessed_is_refused(password: str) -> None:
    with pytest.raises(AccessInvalidError):
        hash_password(password)


def test_a_disabled_account_does_not_sign_in(plainrad: Plainrad) -> None:
    made = service(plainrad, local_accounts=True)
    store = made.app.state.access.store
    store.put_account(replace(store.account("anna"), disabled_at=datetime.now(UTC)))
    assert sign_in(made.client).status_code == 401


# ---- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_that_was_planted_is_not_taken_over(plainrad: Plainrad) -> None:
    made = service(plainrad, local_accounts=True)
    sign_in(made.client)
    planted = made.client.cookies[SESSION_COOKIE]
    victim = TestClient(made.app, follow_redirects=False, **HERE)
    victim.cookies.set(SESSION_COOKIE, planted, domain="127.0.0.1")
    answer = sign_in(victim)
    fresh = re.findall(rf"{SESSION_COOKIE}=([^;\"]+)", str(answer.headers.get_list("set-cookie")))[-1]
    assert fresh != planted
    assert made.client.get("/staff/session").status_code == 401  # the planted one has ended


def test_a_sign_in_begun_by_a_foreign_page_is_refused(plainrad: Plainrad) -> None:
    made = service(plainrad, local_accounts=True)
    form = {"name": "anna", "password": PASSWORD}
    assert made.client.post("/staff/sign-in", data=form).status_code == 401
    assert made.client.post("/staff/sign-in", data=form | {"csrf": "guess"}).status_code == 401
    made.client.get("/staff/sign-in")
    assert sign_in(made.client, csrf="another").status_code == 401
    assert SESSION_COOKIE not in made.client.cookies


@pytest.mark.parametrize("how", ["nothing", "wrong", "other", "form wrong"])
def test_a_change_needs_the_token_of_the_page(plainrad: Plainrad, how: str) -> None:
    made = service(plainrad, local_accounts=True)
    sign_in(made.client)
    other = TestClient(made.app, follow_redirects=False, **HERE)
    sign_in(other)
    headers = {
        "wrong": {"x-csrf-token": "x" * 43},
        "other": {"x-csrf-token": other.get("/staff/session").json()["csrf"]},
    }
    form = {"csrf": "x"} if how == "form wrong" else {}
    answer = made.client.post("/staff/sign-out", headers=headers.get(how, {}), data=form)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert made.client.get("/staff/session").status_code == 200


@pytest.mark.parametrize("way", ["header", "form"])
def test_signing_out_ends_the_session_here_and_not_only_in_the_browser(plainrad: Plainrad, way: str) -> None:
    made = service(plainrad, local_accounts=True)
    sign_in(made.client)
    session, csrf = made.client.cookies[SESSION_COOKIE], made.client.get("/staff/session").json()["csrf"]
    sent: dict[str, Any] = {"headers": {"x-csrf-token": csrf}} if way == "header" else {"data": {"csrf": csrf}}
    assert made.client.post("/staff/sign-out", **sent).status_code == 303
    again = made.elsewhere.get("/staff/session", headers={"cookie": f"{SESSION_COOKIE}={session}"})
    assert again.status_code == 401


def test_a_session_ends_when_nobody_uses_it_and_after_a_day_of_work(plainrad: Plainrad) -> None:
    clock = Clock(datetime.now(UTC))
    made = service(plainrad, clock, local_accounts=True)
    sign_in(made.client)
    clock.on(minutes=29)
    assert made.client.get("/staff/session").status_code == 200
    clock.on(minutes=31)
    assert made.client.get("/staff/session").status_code == 401
    sign_in(made.client)
    for _ in range(29):
        clock.on(minutes=20)
        assert made.client.get("/staff/session").status_code == 200
    clock.on(minutes=20)
    assert made.client.get("/staff/session").status_code == 401


def test_two_cookies_of_one_name_are_none(plainrad: Plainrad) -> None:
    made = service(plainrad, local_accounts=True)
    sign_in(made.client)
    session = made.client.cookies[SESSION_COOKIE]
    stranger = TestClient(made.app, follow_redirects=False, **HERE)
    for sent in (f"{SESSION_COOKIE}={session}; {SESSION_COOKIE}=x", f"{SESSION_COOKIE}=x; {SESSION_COOKIE}={session}"):
        assert stranger.get("/staff/session", headers={"cookie": sent}).status_code == 401
    assert stranger.get("/staff/session", headers={"cookie": f"{SESSION_COOKIE}={session}"}).status_code == 200


# ---- the way back -----------------------------------------------------------------------------------------------------

HELD = "/staff/glossary?q=lung&page=2"
ELSEWHERE = ("//evil.example", "https://evil.example/staff/reports", "/\\evil.example", "/staff/reports\n//evil.example", "/%2fevil.example", "/staff/sign-in")  # fmt: skip


def way_in(browser: TestClient, address: str, **others: str) -> Any:
    """Ask for a page without a session, and sign in as one is told."""
    sent = browser.get(address, headers={"accept": "text/html"})
    assert sent.status_code == 303
    page = browser.get(sent.headers["location"])
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    form = {name: html.unescape(value) for name, value in hidden.items()} | {"name": "anna", "password": PASSWORD}
    return browser.post("/staff/sign-in", data=form | others)


def test_who_asked_for_a_page_comes_to_it_after_signing_in(plainrad: Plainrad) -> None:
    browser = service(plainrad, local_accounts=True).client
    answer = way_in(browser, HELD)
    assert (answer.status_code, answer.headers["location"]) == (303, HELD)
    assert browser.get(HELD, headers={"accept": "text/html"}).status_code == 200


def test_a_wrong_password_does_not_lose_the_way(plainrad: Plainrad) -> None:
    browser = service(plainrad, local_accounts=True).client
    answer = way_in(browser, HELD, password="wrong guess again")
    assert answer.status_code == 401
    assert f'name="next" value="{html.escape(HELD)}"' in answer.text


def test_the_way_goes_to_the_provider_and_back_with_the_browser_alone(plainrad: Plainrad, oidc: Provider) -> None:
    browser = with_provider(plainrad, oidc).client
    page = browser.get(browser.get(HELD, headers={"accept": "text/html"}).headers["location"]).text
    begin = re.search(r'href="(/staff/sign-in/start[^"]*)"', page)
    assert begin is not None
    sent = browser.get(html.unescape(begin[1]))
    assert "glossary" not in sent.headers["location"], "the provider does not learn where somebody was"
    back = httpx2.get(sent.headers["location"], follow_redirects=False, trust_env=False).headers["location"]
    answer = browser.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, HELD)
    assert BACK_COOKIE not in browser.cookies


def test_a_way_that_was_given_up_does_not_lead_the_next_sign_in(plainrad: Plainrad, oidc: Provider) -> None:
    browser = with_provider(plainrad, oidc).client
    browser.get("/staff/sign-in/start?next=/staff/dashboard")
    assert browser.get(to_provider(browser)).headers["location"] == "/staff/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_led_out_of_the_house(plainrad: Plainrad, oidc: Provider, address: str) -> None:
    local = service(plainrad, local_accounts=True).client
    page = local.get("/staff/sign-in", params={"next": address})
    assert 'name="next"' not in page.text
    assert sign_in(local, next=address).headers["location"] == "/staff/"
    browser = with_provider(plainrad, oidc).client
    sent = browser.get("/staff/sign-in/start", params={"next": address})
    back = httpx2.get(sent.headers["location"], follow_redirects=False, trust_env=False).headers["location"]
    browser.cookies.set(BACK_COOKIE, base64.urlsafe_b64encode(address.encode()).decode(), domain="127.0.0.1")
    assert browser.get(back).headers["location"] == "/staff/"


def test_the_demonstration_has_people_to_choose_from_on_this_machine_only(plainrad: Plainrad) -> None:
    made = service(plainrad, demo=True)
    assert "radiologist (demonstration)" in made.client.get("/staff/sign-in").text
    assert "demonstration" not in made.elsewhere.get("/staff/sign-in").text.lower()
    assert sign_in(made.client, demo_role="radiologist").status_code == 303
    who = made.client.get("/staff/session").json()
    assert (who["id"], who["organisation"], who["demo"]) == ("demo:radiologist", "DEMO", True)
    assert sign_in(made.elsewhere, demo_role="radiologist").status_code == 401
    assert sign_in(made.client, demo_role="portal").status_code == 401


def test_nothing_of_a_sign_in_is_logged(plainrad: Plainrad) -> None:
    made = service(plainrad, local_accounts=True)
    sign_in(made.client)
    made.client.get("/staff/sign-in/callback?code=Zyxwqomarker&state=Zyxwqomarker")
    for word in (PASSWORD, "anna", "Zyxwqomarker", made.client.cookies[SESSION_COOKIE], ATTEMPT_COOKIE):
        assert word not in made.written
        assert word not in made.client.get("/metrics").text
