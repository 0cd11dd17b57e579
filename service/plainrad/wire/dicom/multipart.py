"""multipart/related of DICOMweb -> its parts (RFC 2387; PS3.18, 8.6)."""

import re
from typing import Final

from plainrad.errors import RequestError

MAX_PARTS: Final = 100
_PARAMETER: Final = re.compile(r";\s*(?P<name>[A-Za-z-]+)\s*=\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>[^;\s\"]+))")
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")


def parts(content_type: str, body: bytes) -> list[bytes]:
    """Return the DICOM files of a body; raises RequestError for one that is of another type or not whole."""
    kind = content_type.partition(";")[0].strip().lower()
    given = {
        match["name"].lower(): match["quoted"] or match["plain"] or "" for match in _PARAMETER.finditer(content_type)
    }
    if kind != "multipart/related" or given.get("type", "").lower() != "application/dicom":
        raise RequestError("content_type_unsupported", 'Send multipart/related; type="application/dicom".')
    boundary = given.get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise RequestError("request_invalid", "The body names no boundary.")
    mark = b"--" + boundary.encode("ascii")
    found = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(found) < 3 or not found[-1].startswith(b"--"):
        raise RequestError("request_invalid", "The body is not whole: its last boundary is missing.")
    if len(found) - 2 > MAX_PARTS:
        raise RequestError("body_too_large", f"Send {MAX_PARTS} documents at a time.")
    return [_content(one) for one in found[1:-1]]


def _content(part: bytes) -> bytes:
    """Return what a part holds, without its headers; a part of another type is refused."""
    start, blank, content = part.partition(b"\r\n\r\n")
    if not blank or (start and not start.startswith(b"\r\n")):
        raise RequestError("request_invalid", "A part of the body has no end of its headers.")
    for line in start.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-type" and value.partition(b";")[0].strip().lower() != b"application/dicom":
            raise RequestError("content_type_unsupported", "Each part is application/dicom.")
    return content
