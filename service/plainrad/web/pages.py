"""A staff page as an answer: the frame around it, and a policy that lets it run our own files only."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Final

import anyio.to_thread
from fastapi import Response
from fastapi.responses import HTMLResponse, StreamingResponse
from markupsafe import Markup

from plainrad import __version__
from plainrad.access.rules import rule_for
from plainrad.domain.access import Role
from plainrad.render.templates import content_security_policy, environment

_FLUSH: Final = Markup("<!-- flush -->")  # never sent
_PLACES: Final = (
    ("/staff/reports", "Reports"),
    ("/staff/preview", "Preview"),
    ("/staff/queues", "Queues"),
    ("/staff/glossary", "Glossary"),
    ("/staff/glossary/changes", "Changes"),
    ("/staff/glossary/versions", "Versions"),
    ("/staff/dashboard", "Dashboard"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the navigation."""

    url: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every staff page: where one is, who is signed in, and the token that every form sends back."""

    places: tuple[Place, ...]
    demo: bool
    csrf: str
    who: str | None
    roles: str
    version: str = __version__


def frame(
    *, here: str, demo: bool, csrf: str = "", who: str | None = None, roles: Collection[Role] | None = None
) -> Frame:
    """Return the frame of the page whose address is `here`, with links to what these roles may open (None: to everything)."""
    open_to = [(url, name) for url, name in _PLACES if roles is None or _may_open(url, roles)]
    chosen = max((url for url, _ in open_to if here == url or here.startswith(f"{url}/")), key=len, default="")
    places = tuple(Place(url, name, url == chosen) for url, name in open_to)
    return Frame(places, demo, csrf, who, ", ".join(sorted(str(role) for role in roles or ())))


def _may_open(url: str, roles: Collection[Role]) -> bool:
    rule = rule_for("GET", url)
    return rule is not None and not rule.staff.isdisjoint(roles)


def staff_policy() -> str:
    """Return the content security policy: our own style sheets and scripts, nothing inline, no frame around it.

    The patient page that is shown inside has its one style sheet inside, known by its hash; a frame without an address
    of its own stands under the policy of the page around it.
    """
    inside = content_security_policy().partition("style-src ")[2].partition(";")[0]
    return (
        f"default-src 'none'; style-src 'self' {inside}; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def staff_page(template: str, *, frame: Frame, status: int = 200, **context: Any) -> Response:
    """Return the page of `template`, which is given `frame` and `context`."""
    html = environment().get_template(f"staff/{template}").render(frame=frame, **context)
    return HTMLResponse(html, status_code=status, headers={"Content-Security-Policy": staff_policy()})


def staff_stream(
    template: str, *, frame: Frame, steps: Iterator[Any], gone: Callable[[], Awaitable[bool]], **context: Any
) -> Response:
    """Return the page of `template` sent piece by piece: what stands before a `{{ flush }}` goes out while the rest is worked out.

    `steps` are worked out as the template asks for them, each in a thread, and may take long. Nothing of a page that has begun can be taken
    back, so they say themselves what goes wrong. When `gone` says that nobody reads any more, no further step is asked for.
    """
    made = environment().get_template(f"staff/{template}").generate(frame=frame, flush=_FLUSH, steps=steps, **context)

    async def sent() -> AsyncIterator[str]:
        pieces = _in_pieces(made)
        try:
            while (piece := await anyio.to_thread.run_sync(next, pieces, None)) is not None and not await gone():
                yield piece
        finally:
            pieces.close()
            if isinstance(steps, Generator):
                steps.close()

    headers = {"Content-Security-Policy": staff_policy(), "X-Accel-Buffering": "no"}
    return StreamingResponse(sent(), media_type="text/html; charset=utf-8", headers=headers)


def _in_pieces(made: Iterator[str]) -> Generator[str, None, None]:
    waiting: list[str] = []
    for piece in made:
        if piece == _FLUSH:
            yield "".join(waiting)
            waiting.clear()
        else:
            waiting.append(piece)
    yield "".join(waiting)


def staff_fragment(template: str, **context: Any) -> Response:
    """Return a piece of a page, which htmx puts in its place."""
    html = environment().get_template(f"staff/{template}").render(**context)
    return HTMLResponse(html, headers={"Content-Security-Policy": staff_policy()})
