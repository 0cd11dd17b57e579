"""A request -> what it brings to prove who sent it."""

import ipaddress
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.requests import HTTPConnection

from plainrad.access.gate import SAFE_METHODS, Caller
from plainrad.errors import CredentialsError

SESSION_COOKIE: Final = "__Host-plainrad"
ATTEMPT_COOKIE: Final = "__Host-plainrad-sign-in"
BACK_COOKIE: Final = "__Host-plainrad-back"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def caller_of(request: HTTPConnection, *, trust_loopback: bool) -> Caller:
    """Return what the request brings; raises CredentialsError for an Authorization header that cannot be read."""
    method = request.scope["method"]
    return Caller(
        bearer=_bearer(request),
        session_id=cookie(request, SESSION_COOKIE),
        csrf=request.headers.get("x-csrf-token") or request.scope.get("state", {}).get("csrf"),
        loopback=trust_loopback and from_this_machine(request),
        method=method,
    )


def _bearer(request: HTTPConnection) -> str | None:
    values = request.headers.getlist("authorization")
    if not values:
        return None
    kind, _, text = values[0].strip().partition(" ")
    if len(values) > 1 or kind.lower() != "bearer" or not text.strip():
        raise CredentialsError
    return text.strip()


def cookie(request: HTTPConnection, name: str) -> str | None:
    """Return a cookie that was sent once; one that stands twice may have been planted from another host."""
    found = []
    for header in request.headers.getlist("cookie"):
        for part in header.split(";"):
            try:
                jar = SimpleCookie(part.strip())
            except CookieError:
                continue
            found += [morsel.value for key, morsel in jar.items() if key == name]
    return found[0] if len(found) == 1 else None


def from_this_machine(request: HTTPConnection) -> bool:
    """Return True for a request that a program on this machine sent to this machine, and that nothing passed on.

    The name in Host must be local too: a page of a foreign site whose name leads to 127.0.0.1 brings its own name (DNS rebinding).
    """
    if request.client is None or not _loopback(request.client.host):
        return False
    if any(name in request.headers for name in _FORWARDED):
        return False
    host = request.headers.get("host", "")
    name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
    if name.lower() not in _LOCAL_NAMES:
        return False
    return request.scope["method"] in SAFE_METHODS or request.headers.get("sec-fetch-site") != "cross-site"


def _loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
