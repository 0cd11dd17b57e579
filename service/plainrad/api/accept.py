"""Which of the formats that we can give a caller wants (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Sequence

_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII)
_RANGE = re.compile(r"([!#$%&'*+.^_`|~\w-]+)/([!#$%&'*+.^_`|~\w-]+)", re.ASCII)


def preferred(header: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type of `offered` that `header` likes best, or None when it accepts none of them.

    No header accepts everything; of equals the first offered is given. For each type the most exact range decides, so
    "text/*;q=0.5, text/html;q=0" does not accept HTML. A range that is not well formed is passed over.
    """
    if header is None or not header.strip():
        return offered[0]
    ranges = [one for part in header.split(",") if (one := _range(part)) is not None]
    best, best_quality = None, 0.0
    for candidate in offered:
        quality = _quality(candidate, ranges)
        if quality > best_quality:
            best, best_quality = candidate, quality
    return best


def _range(part: str) -> tuple[str, str, float] | None:
    """Return (type, subtype, q) of one media range."""
    name, *parameters = (piece.strip() for piece in part.split(";"))
    match = _RANGE.fullmatch(name.lower())
    if match is None or (match[1] == "*" and match[2] != "*"):
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        key, value = key.strip().lower(), value.strip().strip('"')
        if key == "q":
            if not _QUALITY.fullmatch(value):
                return None
            quality = float(value)
        elif key == "charset" and value.lower() not in ("utf-8", "utf8"):
            return None
    return match[1], match[2], quality


def _quality(candidate: str, ranges: Sequence[tuple[str, str, float]]) -> float:
    kind, _, subtype = candidate.partition("/")
    found, exactness = 0.0, -1
    for one, two, quality in ranges:
        fits = 2 if (one, two) == (kind, subtype) else 1 if (one, two) == (kind, "*") else 0 if one == "*" else -1
        if fits > exactness:
            found, exactness = quality, fits
    return found
