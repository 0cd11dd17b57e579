"""Somebody of the staff, signed in as one of the invented people of the demonstration."""

import re
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.testclient import TestClient

HERE = ("127.0.0.1", 50_000)


@dataclass(frozen=True)
class SignedIn:
    """A client with a session, and the token of its forms."""

    client: TestClient
    csrf: str

    def form(self, **fields: str) -> dict[str, str]:
        """The fields of a form with the token."""
        return {"csrf": self.csrf, **fields}


def browser_of(app: FastAPI) -> TestClient:
    """A client on this machine that keeps secure cookies and asks for pages."""
    return TestClient(app, base_url="https://127.0.0.1", client=HERE, headers={"accept": "text/html"})


def sign_in(app: FastAPI, role: str) -> SignedIn:
    """Sign in as the invented person of this role."""
    client = browser_of(app)
    page = client.get("/staff/sign-in")
    bound = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert bound is not None
    answer = client.post("/staff/sign-in", data={"csrf": bound[1], "demo_role": role}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    session = client.get("/staff/session", headers={"accept": "application/json"}).json()
    return SignedIn(client, session["csrf"])
