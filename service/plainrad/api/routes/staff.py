"""How staff sign in and out: with the provider of their organisation, or with a local account where the site allows it."""

import secrets
from typing import Final
from urllib.parse import parse_qs

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from plainrad.access import sessions
from plainrad.access.build import ATTEMPT_LIFE, Access
from plainrad.access.keys import digest
from plainrad.access.passwords import check_password
from plainrad.api.bodies import read_body
from plainrad.api.dependencies import MetricsOf, SettingsOf
from plainrad.api.pages import page
from plainrad.api.schemas import SignedIn
from plainrad.api.security.back import FIELD, packed, unpacked, way_back, with_way
from plainrad.api.security.caller import ATTEMPT_COOKIE, BACK_COOKIE, SESSION_COOKIE, cookie, from_this_machine
from plainrad.api.security.guarded import AccessOf
from plainrad.api.security.staff import StaffOf, drop_cookies, give_cookie
from plainrad.domain.access import DEMO_ORGANISATION, STAFF_ROLES, Principal, Role, SignInAttempt
from plainrad.errors import SignInError
from plainrad.render.home import home_policy
from plainrad.render.sign_in import render_sign_in
from plainrad.settings import Settings

router = APIRouter(tags=["staff"])
FORM: Final = "application/x-www-form-urlencoded"
_ATTEMPT_SECONDS = int(ATTEMPT_LIFE.total_seconds())
_MOST_BYTES = 5_000
_AFTER = "/staff/"


@router.get("/staff/sign-in", include_in_schema=False)
async def sign_in_page(request: Request, access: AccessOf, settings: SettingsOf) -> Response:
    """Return the page with the ways to sign in."""
    return await _page(request, access, settings, back=way_back(request.query_params.get(FIELD)))


@router.get("/staff/sign-in/start", include_in_schema=False)
async def start(request: Request, access: AccessOf) -> Response:
    """Send the browser to the provider of the organisation."""
    provider = access.sign_in
    if provider is None:
        raise SignInError("not_offered")
    access.sign_ins.take(_address(request))
    bound = secrets.token_urlsafe(32)
    attempt = SignInAttempt(
        digest(bound), secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), access.now()
    )

    def begin() -> str:
        address = provider.address(attempt)
        access.store.add_attempt(attempt)
        return address

    response = RedirectResponse(await anyio.to_thread.run_sync(begin), status_code=303)
    give_cookie(response, ATTEMPT_COOKIE, bound, seconds=_ATTEMPT_SECONDS)
    back = way_back(request.query_params.get(FIELD))
    give_cookie(response, BACK_COOKIE, packed(back) if back else "", seconds=_ATTEMPT_SECONDS if back else 0)
    return response


@router.get("/staff/sign-in/callback", include_in_schema=False)
async def callback(request: Request, access: AccessOf, settings: SettingsOf, metrics: MetricsOf) -> Response:
    """Take the browser back from the provider, once, and only the browser that was sent there."""
    query = request.query_params
    code, state = query.getlist("code"), query.getlist("state")
    access.sign_ins.take(_address(request))

    def finish() -> Principal:
        bound = cookie(request, ATTEMPT_COOKIE)
        attempt = access.store.take_attempt(digest(bound)) if bound else None
        if attempt is None or access.sign_in is None or len(state) != 1 or not sessions.same(attempt.state, state[0]):
            raise SignInError("not_begun")
        if access.now() - attempt.created_at >= ATTEMPT_LIFE:
            raise SignInError("not_begun")
        if len(code) != 1 or not 0 < len(code[0]) <= 2_000:
            raise SignInError("provider_refused")
        person = access.sign_in.person(attempt, code=code[0])
        return Principal(person.subject, "staff", person.organisation, person.roles)

    try:
        principal = await anyio.to_thread.run_sync(finish)
    except SignInError as error:
        metrics.signed_in("provider", error.reason)
        if error.reason != "not_begun":
            why = error.reason
            await anyio.to_thread.run_sync(lambda: access.store.sign_in_failed(way="provider", why=why))
        return await _page(request, access, settings, error=error, back=unpacked(cookie(request, BACK_COOKIE)))
    metrics.signed_in("provider", "done")
    return await _welcome(request, access, principal, back=unpacked(cookie(request, BACK_COOKIE)))


@router.post("/staff/sign-in", include_in_schema=False)
async def sign_in(request: Request, access: AccessOf, settings: SettingsOf, metrics: MetricsOf) -> Response:
    """Sign in with a local account, or as somebody of the demonstration."""
    body = await read_body(request, media_type=FORM, limit=_MOST_BYTES)
    access.sign_ins.take(_address(request))
    way, back = "local", None
    try:
        fields = _fields(body)
        back = way_back(fields.get(FIELD))
        bound = cookie(request, ATTEMPT_COOKIE)
        if not bound or not sessions.same(bound, fields.get("csrf", "")):
            raise SignInError("not_begun")
        if "demo_role" in fields:
            way = "demo"
            principal = await anyio.to_thread.run_sync(_demo, request, access, settings, fields["demo_role"])
        else:
            principal = await anyio.to_thread.run_sync(_local, access, settings, fields)
    except SignInError as error:
        metrics.signed_in(way, error.reason)
        return await _page(request, access, settings, error=error, back=back)
    metrics.signed_in(way, "done")
    return await _welcome(request, access, principal, back=back)


@router.get("/staff/session", summary="Who is signed in?", include_in_schema=False)
async def session(staff: StaffOf) -> SignedIn:
    """Return who is signed in and the CSRF token that changes need."""
    return SignedIn(
        id=staff.id,
        organisation=staff.principal.organisation,
        roles=sorted(staff.roles),
        csrf=staff.csrf,
        demo=staff.demo,
    )


@router.post("/staff/sign-out", include_in_schema=False)
async def sign_out(request: Request, access: AccessOf) -> Response:
    """End the session here, not only in the browser."""
    brought = cookie(request, SESSION_COOKIE)
    if brought:
        await anyio.to_thread.run_sync(access.store.end_session, digest(brought))
    response = RedirectResponse("/staff/sign-in", status_code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    drop_cookies(response)
    return response


def _local(access: Access, settings: Settings, fields: dict[str, str]) -> Principal:
    if not settings.local_accounts:
        raise SignInError("not_offered")
    name = fields.get("name", "").strip().lower()
    account = check_password(name, fields.get("password", ""), store=access.store, now=access.now())
    if account is None:
        raise SignInError("wrong")
    return Principal(f"local:{account.name}", "staff", account.organisation, account.roles)


def _demo(request: Request, access: Access, settings: Settings, role: str) -> Principal:
    if role not in _demo_roles(request, access, settings):
        raise SignInError("not_offered")
    return Principal(f"demo:{role}", "staff", DEMO_ORGANISATION, frozenset({Role(role)}))


def _demo_roles(request: Request, access: Access, settings: Settings) -> tuple[str, ...]:
    """Return the invented people: in the demonstration, on this machine, as long as no client is set up."""
    offered = settings.demo and settings.trust_loopback and from_this_machine(request)
    return tuple(str(role) for role in STAFF_ROLES) if offered and not access.store.configured() else ()


def _fields(body: bytes) -> dict[str, str]:
    try:
        sent = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=6)
    except ValueError:
        raise SignInError("wrong") from None
    if any(len(values) != 1 for values in sent.values()):
        raise SignInError("wrong")
    return {name: values[0] for name, values in sent.items()}


async def _welcome(request: Request, access: Access, principal: Principal, *, back: str | None) -> Response:
    """Begin a session with an id of its own, and lead back to where somebody was; what the browser brought is ended."""

    def begin() -> str:
        access.tidy()
        _, session_id = sessions.begin(
            store=access.store, subject=principal.id, organisation=principal.organisation, roles=principal.roles,
            now=access.now(), previous=cookie(request, SESSION_COOKIE),
        )  # fmt: skip
        return session_id

    response = RedirectResponse(back or _AFTER, status_code=303)
    drop_cookies(response)
    give_cookie(response, SESSION_COOKIE, await anyio.to_thread.run_sync(begin))
    return response


async def _page(
    request: Request, access: Access, settings: Settings, *, error: SignInError | None = None, back: str | None = None
) -> Response:
    bound = secrets.token_urlsafe(32)
    roles = await anyio.to_thread.run_sync(_demo_roles, request, access, settings)
    html = render_sign_in(
        csrf=bound, provider=access.sign_in is not None, local=settings.local_accounts, demo_roles=roles,
        error=str(error) if error else None, back=back or "", start=with_way("/staff/sign-in/start", back),
    )  # fmt: skip
    response = page(html, policy=home_policy(), status=401 if error else 200)
    give_cookie(response, ATTEMPT_COOKIE, bound, seconds=_ATTEMPT_SECONDS)
    return response


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
