"""ETag and If-None-Match (RFC 9110, section 13): what has not changed is not sent again."""

import hashlib
import re

from fastapi import Request, Response

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')


def conditional(request: Request, response: Response, *, vary: str = "Accept") -> Response:
    """Return `response` with an ETag of its bytes, or 304 when the caller has them.

    It is asked for after everything that decides whether the caller may read, so that 304 tells nothing to anybody else.
    """
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    wanted = request.headers.get("if-none-match", "")
    known = wanted.strip() == "*" or tag in {one.removeprefix("W/") for one in _TAG.findall(wanted[:10_000])}
    answer = Response(status_code=304) if known else response
    answer.headers["ETag"] = tag
    answer.headers["Vary"] = vary
    return answer
