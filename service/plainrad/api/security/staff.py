"""Staff who have signed in, for routes: who it is, what roles, the CSRF token of forms, and the cookies."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import parse_qs

import anyio.to_thread
from fastapi import Depends, Request, Response

from plainrad.access import sessions
from plainrad.access.build import Access
from plainrad.api.security.caller import ATTEMPT_COOKIE, BACK_COOKIE, SESSION_COOKIE, cookie
from plainrad.domain.access import Principal, Role, Session
from plainrad.errors import CredentialsError, DeniedError


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is signed in. `demo` is True for the invented people of the demonstration."""

    principal: Principal
    csrf: str = field(repr=False)

    @property
    def id(self) -> str:
        """Return the id that the audit keeps."""
        return self.principal.id

    @property
    def name(self) -> str:
        """Return what the pages show."""
        return self.principal.id.partition(":")[2]

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles."""
        return self.principal.roles

    @property
    def demo(self) -> bool:
        """Return True for somebody of the demonstration."""
        return self.principal.id.startswith("demo:")


async def signed_in(request: Request) -> Staff:
    """Return who is signed in; raises CredentialsError."""
    access: Access = request.app.state.access
    session = await anyio.to_thread.run_sync(session_of, request, access)
    if session is None:
        raise CredentialsError("credentials_missing")
    return Staff(sessions.principal_of(session), session.csrf)


def session_of(request: Request, access: Access) -> Session | None:
    """Return the session of the request's cookie while it lives. Blocks."""
    brought = cookie(request, SESSION_COOKIE)
    return sessions.find(brought, store=access.store, now=access.now()) if brought else None


StaffOf = Annotated[Staff, Depends(signed_in)]


def require(*roles: Role) -> Callable[..., Any]:
    """Return a dependency that lets through staff with one of `roles`: for what the table of access cannot say by route."""

    def check(staff: StaffOf) -> Staff:
        if not staff.roles & set(roles):
            raise DeniedError(detail="This needs another role.")
        return staff

    return check


async def csrf_of_form(request: Request, *, limit: int) -> str | None:
    """Return the field `csrf` of a form, reading no more than `limit`; the route can still read the body afterwards."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    declared = request.headers.get("content-length", "")
    if kind != "application/x-www-form-urlencoded" or not declared.isdigit() or int(declared[:20]) > limit:
        return None
    try:
        found = parse_qs((await request.body()).decode("ascii"), keep_blank_values=True, max_num_fields=200).get(
            "csrf", []
        )
    except ValueError:
        return None
    return found[0] if len(found) == 1 else None


def give_cookie(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set a cookie that no script reads, that goes over TLS only, and that no other host of the domain can plant."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def drop_cookies(response: Response) -> None:
    """Take all cookies away."""
    for name in (SESSION_COOKIE, ATTEMPT_COOKIE, BACK_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
