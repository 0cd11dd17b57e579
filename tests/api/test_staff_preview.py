"""Paste and preview: staff see what a patient would read, and nothing is kept."""

import pytest

from plainrad.bootstrap import Plainrad
from tests.support.reports import MARKER
from tests.support.service import Service, make_service
from tests.support.staff import SignedIn, browser_of, sign_in

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def staff(plainrad: Plainrad) -> SignedIn:
    return sign_in(make_service(plainrad, demo=True).app, "radiologist")


def test_a_pasted_report_is_shown_in_step_with_what_the_patient_reads(staff: SignedIn) -> None:
    answer = staff.client.post(
        "/staff/preview", data=staff.form(exam="XR chest", text="No pneumothorax.\r\nClear lungs.")
    )
    assert answer.status_code == 200
    assert '<span class="piece told"' in answer.text
    assert "Why it says so" in answer.text
    assert "srcdoc=" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_page_runs_only_our_own_files_and_stands_in_no_frame(staff: SignedIn) -> None:
    answer = staff.client.get("/staff/preview")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert "onclick" not in answer.text


@pytest.mark.parametrize(
    "hostile", ['"><script>alert(1)</script>', "</textarea><img src=x onerror=alert(1)>", "{{ 7*7 }}"]
)
def test_hostile_words_stay_words(staff: SignedIn, hostile: str) -> None:
    answer = staff.client.post("/staff/preview", data=staff.form(exam=hostile, text=f"No pneumothorax. {hostile}"))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "49" not in answer.text.partition('id="result"')[2].partition("</h2>")[0]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("text=", 422, "no text"),
        (f"text={MARKER}%FF", 400, "UTF-8"),
        (f"text={MARKER}&text=b", 422, "one twice"),
        (f"{MARKER}=b", 422, "not known"),
        (f"text={MARKER}{'x' * 200_001}", 413, "longer than"),
    ],
)
def test_what_is_wrong_is_said_without_the_report(staff: SignedIn, body: str, status: int, says: str) -> None:
    answer = staff.client.post("/staff/preview", content=f"csrf={staff.csrf}&{body}", headers=FORM)
    assert answer.status_code == status
    assert says in answer.text
    assert MARKER not in answer.text
    assert 'role="alert"' in answer.text


def test_our_own_files_are_served_and_no_others(staff: SignedIn) -> None:
    style = staff.client.get("/staff/static/nhsuk-frontend.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "https://" not in style.text.replace("https://www.w3.org/", "")
    assert staff.client.get("/staff/static/staff.js").status_code == 200
    for name in ("NOTICE.md", "..%2fpatient.html", "nothing.css"):
        assert staff.client.get(f"/staff/static/{name}").status_code == 404


def test_nobody_can_preview_without_signing_in(service: Service) -> None:
    answer = browser_of(service.app).get("/staff/preview", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in?next=/staff/preview")
    assert browser_of(service.app).post("/staff/preview", data={"text": "x"}).status_code == 401
