"""Paste and preview: what a patient would read of a report that is being written. Nothing is kept."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from plainrad.api.dependencies import EngineOf, SettingsOf
from plainrad.api.problems import CODES
from plainrad.errors import PlainradError
from plainrad.formats.incoming import parse_report
from plainrad.render import render_html
from plainrad.web.compare import compare
from plainrad.web.dependencies import FrameOf
from plainrad.web.forms import read_form
from plainrad.web.pages import staff_page
from plainrad.web.words import staff_words

router = APIRouter(include_in_schema=False)
_HERE = "/staff/preview"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was pasted, to be shown again."""

    text: str = ""
    exam: str = ""


@router.get(_HERE)
async def form(frame: FrameOf) -> Response:
    """Return the empty form."""
    return staff_page("preview.html", frame=frame, sent=Sent(), error=None, compared=None)


@router.post(_HERE)
async def pasted(request: Request, engine: EngineOf, settings: SettingsOf, frame: FrameOf) -> Response:
    """Return the form with what the patient would read of what was pasted, or with what is wrong and none of its words."""
    try:
        fields = await read_form(request, fields=("csrf", "exam", "text"), limit=3 * settings.max_body_bytes)
        sent = Sent(fields["text"], fields["exam"])
        # A report that is being written is read as if it were verified; it is shown to staff only.
        report = parse_report({"text": sent.text, "status": "final", "exam": {"title": sent.exam.strip() or None}})
        patient = await engine.in_thread(lambda: engine.annotate(report))
    except PlainradError as error:
        if error.code not in CODES:
            raise
        status = CODES[error.code][0]
        return staff_page("preview.html", frame=frame, status=status, sent=Sent(), error=str(error), compared=None)
    return staff_page(
        "preview.html",
        frame=frame,
        sent=sent,
        error=None,
        compared=compare(patient, words=staff_words()),
        phone_html=render_html(patient),
        phone_url=None,
        hide_url=None,
    )
