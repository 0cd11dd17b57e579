"""Where somebody is led after signing in: to the staff page that they were on, and nowhere else.

The address goes through the browser, so anybody may have written it. It is read with one pattern that knows our own pages, each time it comes
back: what does not fit, whatever browsers would make of it, leads to the first page.
"""

import base64
import binascii
import re
from typing import Final
from urllib.parse import quote, urlsplit

from fastapi import Request

from plainrad.access.rules import RULES

FIELD: Final = "next"
SIGN_IN: Final = "/staff/sign-in"
_LONGEST: Final = 1_000
_STEP: Final = (
    r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*"  # no empty step, none of dots alone, nothing that is written with a percent sign
)
_ADDRESS: Final = re.compile(rf"(/staff(?:/{_STEP})*)/?((?:\?[A-Za-z0-9._~!$'()*+,;:@/?&=%-]*)?)", re.ASCII)
_NO_PAGES: Final = frozenset(
    {"/staff/session", "/staff/glossary/export", "/staff/queues/wrong/cases"}
)  # data and files
_PAGES: Final = tuple(
    re.compile("[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]+\}", rule.path)))
    for rule in RULES
    if rule.method == "GET" and rule.staff and rule.path.startswith("/staff/") and rule.path not in _NO_PAGES
    if not rule.path.endswith(("/", "/phone"))
)


def way_back(address: str | None) -> str | None:
    """Return the page of ours that `address` names, or the one above it where it names a form that was sent; None for anything else."""
    match = _ADDRESS.fullmatch(address) if address and len(address) <= _LONGEST else None
    if match is None:
        return None
    path, query = match.groups()
    while path and (path in _NO_PAGES or not any(page.fullmatch(path) for page in _PAGES)):
        path, query = path.rpartition("/")[0], ""
    return f"{path}{query}" if path else None


def way_back_from(request: Request) -> str | None:
    """Return the page that a request asked for, or that it was sent from."""
    return way_back(_asked_for(request) if request.method == "GET" else _sent_from(request))


def sign_in_from(request: Request) -> str:
    """Return the address of the sign-in that leads back to there."""
    return with_way(SIGN_IN, way_back_from(request))


def with_way(address: str, way: str | None) -> str:
    """Return an address of the sign-in with the way back in it."""
    return f"{address}?{FIELD}={quote(way, safe='/')}" if way else address


def packed(way: str) -> str:
    """Return a way back as the value of a cookie."""
    return base64.urlsafe_b64encode(way.encode()).decode().rstrip("=")


def unpacked(value: str | None) -> str | None:
    """Return the way back that a cookie holds, or None."""
    try:
        text = base64.b64decode((value or "") + "=" * (-len(value or "") % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (binascii.Error, ValueError):
        return None
    return way_back(text)


def _asked_for(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _sent_from(request: Request) -> str:
    """Return the page that held the form; where the browser does not say, the address that the form went to."""
    try:
        page = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return request.url.path
    if page.netloc != request.headers.get("host") or way_back(page.path) is None:
        return request.url.path
    return page.path + (f"?{page.query}" if page.query else "")
