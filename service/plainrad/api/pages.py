"""A patient report as an answer: JSON, page or text, each with the headers that it needs."""

from typing import Final

from fastapi import Response
from fastapi.responses import HTMLResponse

from plainrad.domain.patient import PatientReport
from plainrad.formats.contract import to_schema
from plainrad.render import render_html, render_text
from plainrad.render.templates import content_security_policy

JSON: Final = "application/json"
HTML: Final = "text/html"
TEXT: Final = "text/plain"


def answer_as(media_type: str, patient: PatientReport) -> Response:
    """Return the patient report as JSON, HTML or plain text."""
    if media_type == HTML:
        return page(render_html(patient), policy=content_security_policy())
    if media_type == TEXT:
        return Response(render_text(patient).encode("utf-8"), media_type=f"{TEXT}; charset=utf-8")
    return Response(to_schema(patient).model_dump_json().encode("utf-8"), media_type=JSON)


def page(html: str, *, policy: str, status: int = 200) -> Response:
    """Return a page that may do only what `policy` says, and stand in no frame."""
    return HTMLResponse(
        html, status_code=status, headers={"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    )
