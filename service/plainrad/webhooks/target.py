"""Which addresses may be called: HTTPS, a public address, no user name, and the address that was looked at is the one that is called."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from plainrad.errors import WebhookInvalidError

Resolve = Callable[[str, int], Sequence[str]]
_LONGEST = 2_000
_GLOBAL_UNICAST = ipaddress.ip_network(
    "2000::/3"
)  # RFC 4291, 2.4; tunnels that hold an IPv4 address (6to4, Teredo) are left out
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052, 2.1


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be called: the name for the certificate, and the IP address that the name had when it was looked at."""

    url: str = field(repr=False)
    host: str
    port: int
    address: str


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a name; raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def check_url(url: str, *, private: bool) -> SplitResult:
    """Return the parts of an address that may be kept; raises WebhookInvalidError. Looks nothing up.

    `private`: the site lets this service call its own network, without TLS too.
    """
    if (
        len(url) > _LONGEST
        or not url.isascii()
        or any(ord(character) <= 32 or ord(character) == 127 for character in url)
    ):
        raise WebhookInvalidError(f"url: an address in ASCII of at most {_LONGEST:,} characters, without white space.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WebhookInvalidError("url: this is not an address.") from None
    if parts.scheme not in (("https", "http") if private else ("https",)):
        raise WebhookInvalidError("url: the address must begin with https://.")
    if not parts.hostname or "@" in parts.netloc or "\\" in url or parts.fragment or port == 0:
        raise WebhookInvalidError("url: give host and path; no user name, no fragment.")
    literal = _literal(parts.hostname)
    if literal is not None and not private and not public(literal):
        raise WebhookInvalidError("url: the address must not be private.")
    return parts


def look_up(url: str, *, private: bool, resolve: Resolve = resolve) -> Target:
    """Return what may be called now; raises WebhookInvalidError, or OSError when the name has no address.

    Every address of the name must be public: one that is not would be reached sooner or later.
    """
    parts = check_url(url, private=private)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = list(resolve(host, port))
    if not addresses:
        raise OSError("no address")
    if not private and not all(public(one) for one in addresses):
        raise WebhookInvalidError("url: the name leads to a private address.")
    return Target(url, host, port, addresses[0].partition("%")[0])


def public(address: str) -> bool:
    """Return True for an address of the open internet; an IPv6 address that stands for an IPv4 one is judged by that one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else found.ipv4_mapped
        if inner is None and (found not in _GLOBAL_UNICAST or found.sixtofour or found.teredo):
            return False
        found = inner or found
    return found.is_global and not found.is_multicast and not found.is_reserved


def _literal(host: str) -> str | None:
    """Return the host as an IP address if a resolver would take it for one, in any of the old ways of writing one."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None
