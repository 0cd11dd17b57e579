"""The body of a request: its type, its size and its bytes, read no further than the limit."""

from fastapi import Request
from starlette.requests import ClientDisconnect

from plainrad.errors import RequestError


async def read_body(request: Request, *, media_type: str, limit: int) -> bytes:
    """Return the bytes of the body; raises RequestError when the type is not `media_type` or there are more than `limit`."""
    sent = request.headers.get("content-type", "")
    name, *parameters = (part.strip().lower() for part in sent.split(";"))
    charsets = [
        part.partition("=")[2].strip(' "') for part in parameters if part.partition("=")[0].strip() == "charset"
    ]
    if name != media_type or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise RequestError("content_type_unsupported", f"Send Content-Type: {media_type}, in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestError("content_type_unsupported", "Send the body as it is, without Content-Encoding.")
    too_large = RequestError("body_too_large", f"The body is longer than {limit:,} bytes. Send one report at a time.")
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise too_large
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise too_large
    except ClientDisconnect:
        raise RequestError("request_broken", "The connection ended before the body did.") from None
    return bytes(body)
