"""The table of access, each cell tried: every route, every scope, every role, nobody from here and from elsewhere."""

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from plainrad.access.rules import RULES, Rule, table
from plainrad.access.sessions import begin
from plainrad.api.security.caller import SESSION_COOKIE
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import STAFF_ROLES, Role, Scope
from tests.support.kept import Kept, kept_service
from tests.support.reports import ROOT
from tests.support.service import make_service

REFUSALS = {
    "credentials_missing",
    "credentials_invalid",
    "access_denied",
    "access_not_configured",
    "csrf_failed",
    "forbidden",
}
CELLS = [pytest.param(rule, id=f"{rule.method} {rule.path}") for rule in RULES]


@pytest.fixture(scope="module")
def kept(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    (folder / "out").mkdir()
    with kept_service(
        plainrad, folder, demo=True, hl7_spool=folder / "spool", hl7_out=folder / "out", organisation="RXX"
    ) as found:
        yield found


def code(http: TestClient, rule: Rule, headers: dict[str, str] | None = None) -> str | None:
    """The code of the refusal, or None when access let the request through."""
    template = rule.path.replace(":path}", "}")
    path = template.format(
        report_id="0" * 36,
        webhook_id="0" * 36,
        term_id="pneumothorax",
        name="x",
        path="x",
        study="1.2",
        change_id="0" * 32,
        item="1",
    )
    answer = http.request(rule.method, path, headers=headers or {})
    said = answer.json() if "json" in answer.headers.get("content-type", "") and answer.content else {}
    fhir = [part["code"] for issue in said.get("issue", ()) for part in issue.get("details", {}).get("coding", ())]
    found = next(iter(fhir), said.get("code"))
    assert answer.status_code != 401 or "www-authenticate" in answer.headers or rule.path.startswith("/staff/sign-in")
    return found if found in REFUSALS else None


def staff(kept: Kept, *roles: Role) -> dict[str, str]:
    session, session_id = begin(
        store=kept.access.store, subject="local:somebody", organisation="RXX", roles=frozenset(roles), now=kept.clock(), previous=None
    )  # fmt: skip
    return {"cookie": f"{SESSION_COOKIE}={session_id}", "x-csrf-token": session.csrf}


def routes(found: Iterable[object]) -> Iterator[tuple[str, str]]:
    """Every route below, those of included routers too. Anything else, such as a mounted app, would get past the guard."""
    for one in found:
        inner = getattr(one, "original_router", None)
        if inner is not None:
            yield from routes(inner.routes)
        else:
            assert isinstance(one, APIRoute), one
            yield from ((method, one.path) for method in one.methods or ())


def test_every_route_is_in_the_table_and_every_rule_is_of_a_route(kept: Kept) -> None:
    plain = make_service(None)
    assert {*routes(kept.service.app.routes), *routes(plain.app.routes)} == {(rule.method, rule.path) for rule in RULES}


def test_no_route_stands_twice() -> None:
    assert len({(rule.method, rule.path) for rule in RULES}) == len(RULES)


def test_a_route_without_a_rule_is_closed_to_everybody(kept: Kept) -> None:
    service = make_service(None)

    @service.app.get("/forgotten")
    async def forgotten() -> str:
        return "open"

    assert (service.client.get("/forgotten").status_code, service.elsewhere.get("/forgotten").status_code) == (403, 403)


@pytest.mark.parametrize("rule", CELLS)
@pytest.mark.parametrize("scope", list(Scope), ids=str)
def test_a_program_may_do_what_its_scope_says(kept: Kept, rule: Rule, scope: Scope) -> None:
    allowed = rule.openness == "open" or rule.scope is scope
    wanted = None if allowed else "access_denied"
    assert code(kept.http, rule, kept.bearer(None, scope)) == wanted
    assert (
        code(kept.service.client, rule, kept.bearer(None, scope)) == wanted
    )  # credentials outweigh where it comes from


@pytest.mark.parametrize("rule", CELLS)
@pytest.mark.parametrize("role", STAFF_ROLES, ids=str)
def test_people_may_do_what_their_role_says(kept: Kept, rule: Rule, role: Role) -> None:
    allowed = rule.openness == "open" or role in rule.staff
    if rule.path == "/staff/sign-in" and rule.method == "POST":
        return
    assert code(kept.http, rule, staff(kept, role)) == (None if allowed else "access_denied")


@pytest.mark.parametrize("rule", CELLS)
def test_nobody_gets_in_from_elsewhere(kept: Kept, rule: Rule) -> None:
    wanted = None if rule.openness == "open" else "credentials_missing"
    assert code(kept.http, rule) == wanted
    assert code(kept.http, rule, {"authorization": "Bearer nonsense"}) == (wanted and "credentials_invalid")
    assert code(kept.http, rule, {"authorization": "Basic dXNlcjpwYXNz"}) == (wanted and "credentials_invalid")
    assert code(kept.http, rule, {"cookie": f"{SESSION_COOKIE}={'x' * 43}"}) == wanted


@pytest.mark.parametrize("rule", CELLS)
def test_this_machine_is_served_without_credentials_where_nothing_is_kept(kept: Kept, rule: Rule) -> None:
    assert code(kept.service.client, rule) == (None if rule.openness != "stored" else "credentials_missing")


@pytest.mark.parametrize("rule", CELLS)
def test_without_a_client_only_this_machine_is_served(plainrad: Plainrad, tmp_path: Path, rule: Rule) -> None:
    service = make_service(plainrad, demo=True, hl7_spool=tmp_path / "spool", hl7_out=tmp_path)
    for_people = rule.openness == "stored" and rule.scope is None
    here = "credentials_missing" if for_people else None
    elsewhere = None if rule.openness == "open" else "credentials_missing" if for_people else "access_not_configured"
    assert (code(service.client, rule), code(service.elsewhere, rule)) == (here, elsewhere)


def test_the_refusal_says_that_nothing_is_set_up(plainrad: Plainrad) -> None:
    answer = make_service(plainrad).elsewhere.get("/v1/terms")
    assert answer.status_code == 403
    assert "plainrad clients add" in answer.json()["detail"]


def test_trust_in_this_machine_can_be_switched_off(plainrad: Plainrad) -> None:
    service = make_service(plainrad, trust_loopback=False)
    assert [service.client.get(path).status_code for path in ("/v1/terms", "/metrics", "/healthz")] == [403, 403, 200]


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "plainrad.example"}, {"host": "127.0.0.1.attacker.example"}, {"x-forwarded-for": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"}, {"via": "1.1 proxy"}, {"x-real-ip": "127.0.0.1"}, {"host": ""}, {"host": "[::1"},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_passed_on_is_not_from_this_machine(plainrad: Plainrad, headers: dict[str, str]) -> None:
    assert make_service(plainrad).client.get("/v1/terms", headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000", "LOCALHOST"])
def test_names_of_this_machine_are_known(plainrad: Plainrad, host: str) -> None:
    assert make_service(plainrad).client.get("/v1/terms", headers={"host": host}).status_code == 200


def test_a_foreign_page_cannot_use_this_machine(plainrad: Plainrad) -> None:
    service = make_service(plainrad, demo=True)
    form = {"text": "No fracture.", "status": "final"}
    assert service.client.post("/demo", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert service.client.post("/demo", data=form, headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_the_documentation_prints_the_table() -> None:
    """After a change: python -m tests.support.access_page"""
    from tests.support.access_page import END, START, printed

    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert page.partition(START)[2].partition(END)[0].strip() == printed().strip()


def test_the_table_has_a_cell_for_each_role() -> None:
    head, *rows = list(table())
    assert len(rows) == len(RULES)
    assert {len(row) for row in rows} == {len(head)} == {3 + len(STAFF_ROLES)}
    assert all(cell in ("yes", "no") for row, place in product(rows, range(3, len(head))) for cell in [row[place]])


def test_only_invented_patients_are_kept_before_a_client_is_set_up(plainrad: Plainrad, tmp_path: Path) -> None:
    with kept_service(plainrad, tmp_path, clients=False) as kept:
        here = kept.service.client

        def submit(key: str, patient: dict[str, object] | None) -> tuple[int, str | None]:
            body = {"text": "No fracture.", "status": "final", "report_id": key} | (
                {"patient": patient} if patient else {}
            )
            answer = here.post("/v1/reports", json=body, headers={"idempotency-key": key})
            return answer.status_code, answer.json().get("code")

        assert submit("a", None) == (201, None)
        assert submit("b", {"nhs_number": "999 000 0018"}) == (201, None)
        assert submit("c", {"nhs_number": "401 023 2137"}) == (403, "demo_only")
        assert submit("d", {"family": "Somebody"}) == (403, "demo_only")
        assert {one["organisation"] for one in here.get("/v1/reports").json()["reports"]} <= {"DEMO"}
