"""Staff sign in with an OpenID Connect provider that others wrote and that runs here: oidc-provider-mock, on Authlib's server.

What a provider does wrong is tried with one of our own (`test_sign_in.py`), which can be told to misbehave.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from oidc_provider_mock import User, run_server_in_thread

from plainrad.access.build import make_access
from plainrad.access.memory import MemoryAccessStore
from plainrad.bootstrap import Plainrad
from plainrad.settings import Settings
from tests.support.access import Clock
from tests.support.service import make_service

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # what the provider itself uses of Authlib
PUBLIC = "https://127.0.0.1"
BACK = f"{PUBLIC}/staff/sign-in/callback"
PEOPLE = (
    User(sub="u-7", claims={"roles": ["Radiology consultants"]}),
    User(sub="u-8", claims={"roles": ["Porters"]}),
)


@pytest.fixture
def issuer() -> Iterator[str]:
    with run_server_in_thread(require_client_registration=True, require_nonce=True, user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


def browser_of(plainrad: Plainrad, issuer: str, **more: Any) -> TestClient:
    """A browser at a service that the provider knows."""
    client = httpx2.post(f"{issuer}/oauth2/clients", json={"redirect_uris": [BACK]}, trust_env=False).json()
    settings: dict[str, Any] = {
        "public_url": PUBLIC, "organisation": "RXX", "oidc_issuer": issuer, "oidc_client_id": client["client_id"],
        "oidc_client_secret": client["client_secret"], "oidc_role_map": {"Radiology consultants": "radiologist"},
    } | more  # fmt: skip
    access = make_access(
        Settings(**settings), MemoryAccessStore(), secrets_of_site=(b"x" * 32,), now=Clock(datetime.now(UTC))
    )
    return make_service(plainrad, access=access, **settings).client


def as_person(browser: TestClient, person: str) -> str:
    """Where the provider sends somebody back to who said there who they are."""
    sent = browser.get("/staff/sign-in/start")
    assert sent.status_code == 303
    address = sent.headers["location"]
    assert httpx2.get(address, trust_env=False).status_code == 200
    return str(httpx2.post(address, data={"sub": person}, follow_redirects=False, trust_env=False).headers["location"])


def test_who_the_provider_vouches_for_comes_in_with_the_role_of_their_group(plainrad: Plainrad, issuer: str) -> None:
    browser = browser_of(plainrad, issuer)
    answer = browser.get(as_person(browser, "u-7"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/")
    who = browser.get("/staff/session").json()
    assert (who["id"], who["organisation"], who["roles"]) == ("oidc:u-7", "RXX", ["radiologist"])


def test_who_has_no_role_here_does_not_come_in(plainrad: Plainrad, issuer: str) -> None:
    browser = browser_of(plainrad, issuer)
    answer = browser.get(as_person(browser, "u-8"))
    assert answer.status_code == 401
    assert "no role here" in answer.text


def test_a_code_that_was_used_and_one_with_another_secret_are_refused(plainrad: Plainrad, issuer: str) -> None:
    browser = browser_of(plainrad, issuer)
    back = as_person(browser, "u-7")
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code != 303
    other = browser_of(plainrad, issuer, oidc_client_secret="not-the-secret")
    assert other.get(as_person(other, "u-7")).status_code != 303
