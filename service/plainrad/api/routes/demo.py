"""The demonstration: invented reports, and a form for pasting another invented one. Off unless PLAINRAD_DEMO is set."""

from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from plainrad.api.bodies import read_body
from plainrad.api.dependencies import EngineOf, SettingsOf
from plainrad.api.examples import Example
from plainrad.api.pages import HTML, answer_as, page
from plainrad.api.problems import CODES
from plainrad.errors import PlainradError, ReportEncodingError, ReportInvalidError, RequestError
from plainrad.formats.incoming import parse_report
from plainrad.render.home import home_policy, render_home

router = APIRouter(include_in_schema=False)
FORM: Final = "application/x-www-form-urlencoded"
_FIELDS = ("text", "status", "exam")


def _home(request: Request, *, error: str | None = None, status: int = 200) -> Response:
    examples: dict[str, Example] = request.app.state.examples
    return page(render_home(tuple(examples.values()), error=error), policy=home_policy(), status=status)


@router.get("/")
async def home(request: Request) -> Response:
    """Return the page of the demonstration."""
    return _home(request)


@router.get("/demo/{name}")
async def example(request: Request, name: str, engine: EngineOf) -> Response:
    """Return the patient page of an invented report."""
    found: Example | None = request.app.state.examples.get(name)
    if found is None:
        raise RequestError("not_found", "There is no such example. The front page lists them.")
    return await engine.in_thread(lambda: answer_as(HTML, engine.annotate(found.report())))


@router.post("/demo")
async def pasted(request: Request, engine: EngineOf, settings: SettingsOf) -> Response:
    """Return the patient page of a pasted report, or the form again with what is wrong."""
    try:
        body = await read_body(request, media_type=FORM, limit=3 * settings.max_body_bytes)
        fields = parse_form(body)
        return await engine.in_thread(lambda: answer_as(HTML, engine.annotate(parse_report(fields))))
    except PlainradError as error:
        if error.code not in CODES:
            raise
        return _home(request, error=str(error), status=CODES[error.code][0])


def parse_form(body: bytes) -> dict[str, str]:
    """Return the fields of the form; raises ReportEncodingError or ReportInvalidError."""
    try:
        sent = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10)
    except UnicodeError:
        raise ReportEncodingError from None
    except ValueError:
        raise ReportInvalidError("The form has too many fields.") from None
    if any(name not in _FIELDS or len(values) != 1 for name, values in sent.items()):
        raise ReportInvalidError("The form has a field that is not known, or one twice.")
    fields = {name: values[0] for name, values in sent.items() if name == "text" or values[0].strip()}
    return {"text": ""} | fields
