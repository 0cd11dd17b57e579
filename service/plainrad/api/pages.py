"""A patient report as an answer: JSON, page, fragment, PDF or text, each with the headers that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Response
from fastapi.responses import HTMLResponse

from plainrad.domain.patient import PatientReport
from plainrad.errors import OptionInvalidError
from plainrad.formats.contract import to_schema
from plainrad.render import render_fragment, render_html, render_pdf, render_text
from plainrad.render.fragment import DEFAULT_PREFIX
from plainrad.render.templates import content_security_policy
from plainrad.render.view import LOOKS, Look

JSON: Final = "application/json"
HTML: Final = "text/html"
TEXT: Final = "text/plain"
PDF: Final = "application/pdf"
FRAGMENT: Final = "application/vnd.plainrad.fragment+html"


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What a caller may choose of a page, a fragment and a PDF."""

    look: Look = "standard"
    prefix: str = DEFAULT_PREFIX
    heading: int = 2


def page_options(query: Mapping[str, str]) -> PageOptions:
    """Return the options of a query; raises OptionInvalidError, which never repeats what was sent."""
    look = next((one for one in LOOKS if one == query.get("look", "standard")), None)
    if look is None:
        raise OptionInvalidError(f"look: give one of {', '.join(LOOKS)}.")
    heading = query.get("heading", "2")
    if heading not in ("1", "2", "3"):
        raise OptionInvalidError("heading: give the level of the first heading, 1, 2 or 3.")
    return PageOptions(look, query.get("prefix", DEFAULT_PREFIX), int(heading))


def answer_as(media_type: str, patient: PatientReport, options: PageOptions | None = None) -> Response:
    """Return the patient report as JSON, HTML, a fragment, a PDF or plain text; raises OptionInvalidError."""
    chosen = options or PageOptions()
    if media_type == HTML:
        return page(render_html(patient, look=chosen.look), policy=content_security_policy())
    if media_type == FRAGMENT:
        html = render_fragment(patient, look=chosen.look, prefix=chosen.prefix, top=chosen.heading)
        return Response(html.encode("utf-8"), media_type=f"{FRAGMENT}; charset=utf-8")
    if media_type == PDF:
        return Response(render_pdf(patient, look=chosen.look), media_type=PDF)
    if media_type == TEXT:
        return Response(render_text(patient).encode("utf-8"), media_type=f"{TEXT}; charset=utf-8")
    return Response(to_schema(patient).model_dump_json().encode("utf-8"), media_type=JSON)


def page(html: str, *, policy: str, status: int = 200) -> Response:
    """Return a page that may do only what `policy` says, and stand in no frame."""
    return HTMLResponse(
        html, status_code=status, headers={"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    )
