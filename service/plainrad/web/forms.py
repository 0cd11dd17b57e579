"""What a form of the staff pages sent: known fields only, each once."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from fastapi import Request
from starlette.requests import ClientDisconnect

from plainrad.api.bodies import read_body
from plainrad.errors import ReportEncodingError, ReportInvalidError

FORM: Final = "application/x-www-form-urlencoded"
_NOT_TYPED: Final = frozenset(
    {"csrf", "revision", "once", "action", "item", "kind", "change", "changes", "number", "state"}
)


async def read_form(
    request: Request, *, fields: Collection[str], limit: int, many: Collection[str] = ()
) -> dict[str, str]:
    """Return the value of each of `fields` ("" where it was not sent), with line ends as the textarea was given them.

    Fields of `many` may come several times: their values are parted by spaces. A browser sends every line end as CR LF; they become line feeds again, as they were pasted. Raises RequestError,
    ReportEncodingError or ReportInvalidError.
    """
    body = await read_body(request, media_type=FORM, limit=limit)
    try:
        sent = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=300)
    except UnicodeError:
        raise ReportEncodingError from None
    except ValueError:
        raise ReportInvalidError("The form has too many fields.") from None
    if any(name not in fields or (len(values) != 1 and name not in many) for name, values in sent.items()):
        raise ReportInvalidError("The form has a field that is not known, or one twice.")
    return {name: " ".join(sent.get(name, [""])).replace("\r\n", "\n") for name in fields}


@dataclass(frozen=True, slots=True)
class TypedView:
    """What somebody wrote into a field of a form that was not taken."""

    name: str
    text: str


async def typed_in(request: Request, *, limit: int) -> tuple[TypedView, ...]:
    """Return what was written into the form that a request holds, to be shown to whoever wrote it; nothing that another site sent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    length = request.headers.get("content-length", "")
    ours = request.headers.get("sec-fetch-site") == "same-origin"
    if not ours or kind != FORM or not (length.isascii() and length.isdigit()) or int(length[:20]) > limit:
        return ()
    try:
        sent = parse_qs((await request.body()).decode("ascii"), errors="strict", max_num_fields=300)
    except (ValueError, ClientDisconnect):
        return ()
    return tuple(
        TypedView(name.replace("_", " ").replace("-", " "), "\n".join(values).replace("\r\n", "\n"))
        for name, values in sent.items()
        if name not in _NOT_TYPED
    )
