"""The way back after signing in leads to staff pages of ours, however an address is written."""

import pytest

from plainrad.api.security.back import packed, unpacked, way_back, with_way

REPORT = "0d2c7a4e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    "address",
    [
        "/staff/reports", f"/staff/reports/{REPORT}", "/staff/reports?state=held&cursor=dzF8MQ", "/staff/glossary?q=pleural%20effusion&page=2",
        "/staff/glossary/entries/pleural-effusion", "/staff/glossary/changes/0af1/effects", "/staff/queues/words?state=aside", "/staff/dashboard",
    ],
)  # fmt: skip
def test_a_staff_page_is_come_back_to_with_what_was_searched_for(address: str) -> None:
    assert way_back(address) == address
    assert unpacked(packed(address)) == address


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        (f"/staff/reports/{REPORT}/hide", f"/staff/reports/{REPORT}"), (f"/staff/reports/{REPORT}/before?x=1", f"/staff/reports/{REPORT}"),
        ("/staff/glossary/save", "/staff/glossary"), ("/staff/glossary/changes/0af1/approve", "/staff/glossary/changes/0af1"),
        ("/staff/queues/wrong/7/case", "/staff/queues/wrong/7"), (f"/staff/reports/{REPORT}/phone", f"/staff/reports/{REPORT}"),
        ("/staff/glossary/export", "/staff/glossary"), ("/staff/queues/wrong/cases", "/staff/queues/wrong"), ("/staff/reports/", "/staff/reports"),
    ],
)  # fmt: skip
def test_of_a_form_or_a_file_the_page_above_it_is_come_back_to(sent_to: str, page: str) -> None:
    assert way_back(sent_to) == page


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example", "//evil.example/staff/reports", "///evil.example", "/\\evil.example", "\\\\evil.example", "/staff\\..\\evil", "/staff/reports\\@evil.example",
        "https://evil.example/staff/reports", "https:/staff/reports", "https:staff/reports", "HTTP://evil", "javascript:alert(1)", "data:text/html,x", "evil.example",
        "/staff/reports\n//evil.example", "/staff/reports\r\nLocation: //evil.example", "\n//evil.example", "/staff/reports\n", "\t//evil.example", " /staff/reports",
        "/%2fevil.example", "/%2f%2fevil.example", "%2f%2fevil.example", "/staff/%2f%2fevil.example", "/staff/%2e%2e//evil.example", "/%5cevil.example",
        "/staff//evil.example", "/staff/../..//evil.example", "/staff/./reports", "/staff/reports/../../v1/reports", "/staff@evil.example", "/staff:80", "/staff.evil.example",
        "/staffs", "/v1/reports", "/demo/x", "/oauth2/token", "/staff/reports#//evil", "/staff/reports;//evil", "/staff/rep\u00f6rts", "/staff/reports?x=\u2028", "/staff/\u0000",
        "/staff/reports?" + "x" * 1_000, "", None,
    ],
    ids=repr,
)  # fmt: skip
def test_nothing_else_is_come_back_to(address: str | None) -> None:
    assert way_back(address) is None
    assert unpacked(packed(address) if address and address.isascii() else address) is None


@pytest.mark.parametrize(
    "address", ["/staff", "/staff/", "/staff/sign-in", "/staff/sign-in/start", "/staff/sign-out", "/staff/session", "/staff/static/staff.css", "/staff/nothing"]
)  # fmt: skip
def test_what_is_no_page_to_come_back_to_leads_to_the_first_one(address: str) -> None:
    assert way_back(address) is None


@pytest.mark.parametrize("value", ["%%%", "é", "====", "L3N0YWZm\n", "a", None])
def test_a_cookie_that_holds_no_page_holds_nothing(value: str | None) -> None:
    assert unpacked(value) is None


def test_the_way_is_one_value_of_the_address_of_the_sign_in() -> None:
    assert with_way("/staff/sign-in", None) == "/staff/sign-in"
    wanted = with_way("/staff/sign-in", "/staff/glossary?q=a&next=/staff/reports")
    assert wanted == "/staff/sign-in?next=/staff/glossary%3Fq%3Da%26next%3D/staff/reports"
