"""Accept headers are read as RFC 9110 says."""

import pytest

from plainrad.api.accept import preferred

OFFERED = ("application/json", "text/html", "text/plain")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "application/json"),
        ("  ", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/html"),
        ("text/html", "text/html"),
        ("TEXT/HTML; Charset=UTF-8", "text/html"),
        ("text/html;q=0.5, application/json;q=0.4", "text/html"),
        ("text/html, application/json", "application/json"),
        ("text/*;q=0.5, text/html;q=0", "text/plain"),
        ("*/*;q=0.1, text/plain", "text/plain"),
        ("text/html;level=1", "text/html"),
        ("text/plain;q=0.001", "text/plain"),
        ("text/html;q=0", None),
        ("text/html;q=2, text/plain;q=x", None),
        ("text/html;charset=latin-1", None),
        ("image/png", None),
        ("*/html", None),
        ("nonsense", None),
        (",;,", None),
    ],
)
def test_the_best_of_what_is_offered_is_chosen(header: str | None, expected: str | None) -> None:
    assert preferred(header, OFFERED) == expected
