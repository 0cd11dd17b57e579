"""The demonstration shows invented reports and explains pasted ones; it is off unless a site turns it on."""

import pytest

from tests.support.reports import EXAMPLES, MARKER
from tests.support.service import Service


def test_the_front_page_lists_every_example_and_says_that_they_are_invented(demo: Service) -> None:
    answer = demo.client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "For invented reports only." in answer.text
    for name in EXAMPLES:
        assert f'href="/demo/{name}"' in answer.text


def test_the_front_page_leads_through_what_each_kind_of_user_does(demo: Service) -> None:
    page = demo.client.get("/").text
    for role in ("radiologist", "editor", "approver", "auditor"):
        assert f"Sign in as {role}" in page or f"</a> as {role}" in page
    assert 'href="/staff/sign-in"' in page


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_has_its_page(demo: Service, name: str) -> None:
    answer = demo.client.get(f"/demo/{name}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert EXAMPLES[name].title in answer.text


@pytest.mark.parametrize("name", ["nothing", "..", "%2e%2e%2fREADME", "README", "xr-chest-normal.txt"])
def test_nothing_else_can_be_read(demo: Service, name: str) -> None:
    assert demo.client.get(f"/demo/{name}").status_code == 404 or name == ".."


def test_a_pasted_report_is_explained(demo: Service) -> None:
    answer = demo.client.post(
        "/demo", data={"text": "No pneumothorax. 50% & é\r\n", "status": "final", "exam": "XR chest"}
    )
    assert answer.status_code == 200
    assert "No pneumothorax. 50% &amp; é" in answer.text.replace("<mark>", "") or "50% &amp; é" in answer.text
    assert "XR chest" in answer.text


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (f"text={MARKER}&status=preliminary", 422, "Only a verified report"),
        (f"text={MARKER}&status=", 422, "no status"),
        (f"text={MARKER}", 422, "no status"),
        ("text=&status=final", 422, "no text"),
        (f"text={MARKER}%FF&status=final", 400, "UTF-8"),
        (f"text={MARKER}&text=b&status=final", 422, "one twice"),
        (f"{MARKER}=b&status=final", 422, "not known"),
        ("&".join(f"{MARKER}{number}=1" for number in range(20)), 422, "too many"),
        (f"text={MARKER}{'x' * 200_001}&status=final", 413, "longer than"),
    ],
)
def test_a_bad_form_comes_back_with_the_reason_and_without_the_report(
    demo: Service, body: str, status: int, says: str
) -> None:
    answer = demo.client.post("/demo", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == status
    assert says in answer.text
    assert MARKER not in answer.text
    assert 'role="alert"' in answer.text


def test_without_the_demonstration_there_is_no_such_page(service: Service) -> None:
    assert service.client.get("/demo/xr-chest-normal").status_code == 404
    assert service.client.post("/demo", data={"text": "x", "status": "final"}).status_code == 404
