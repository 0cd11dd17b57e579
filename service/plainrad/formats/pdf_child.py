"""The process that reads one PDF by pypdf (extra `fhir`): its bytes on standard input, its pages or why it is refused on standard output.

It has little time and memory. A page that is a picture has no words, and is refused rather than passed over.
"""

import io
import json
import logging
import sys
from typing import Any, Final

from plainrad.domain.report import MAX_CHARACTERS
from plainrad.errors import AttachmentError

MAX_PAGES: Final = 100
# Bytes of drawing commands on all pages, unpacked; a page of a report has some thousands.
MAX_CONTENT: Final = 2_000_000
CPU_SECONDS: Final = 6
MEMORY: Final = 1_500_000_000  # bytes of address space
# Marks on a page that take words back, cover them, or hold words that are not in the page itself.
_TELLING: Final = frozenset({"/StrikeOut", "/Redact", "/FreeText", "/Widget", "/Stamp", "/Ink"})
_TOO_LARGE: Final = "The PDF unpacks to far more than a report holds. Send the report as plain text."


def main() -> None:
    """Answer with JSON: `pages`, or `refused` and why. Nothing of the file stands in a reason."""
    data = sys.stdin.buffer.read()
    _limit()
    try:
        answer: dict[str, Any] = {"pages": pages(data)}
    except AttachmentError as error:
        answer = {"refused": str(error)}
    sys.stdout.write(json.dumps(answer))


def pages(data: bytes) -> list[str]:
    """Return the words of each page; raises AttachmentError."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        return _pages(pypdf.PdfReader(io.BytesIO(data)))
    except AttachmentError:
        raise
    except MemoryError:
        raise AttachmentError(_TOO_LARGE) from None
    except Exception:  # a damaged file makes pypdf fail in many ways, and each may quote it
        raise AttachmentError("The PDF is damaged. Send it again, or send the report as plain text.") from None


def _limit() -> None:
    """Bound this process, where the system can; elsewhere the parent's clock does."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def _pages(reader: Any) -> list[str]:
    if reader.is_encrypted:
        raise AttachmentError("The PDF is locked with a password. Send it without, or send the report as plain text.")
    if len(reader.pages) > MAX_PAGES:
        raise AttachmentError(f"The PDF has more than {MAX_PAGES} pages. Send one report at a time.")
    found: list[str] = []
    content = 0
    for page in reader.pages:
        for mark in page.get("/Annots") or ():
            if mark.get_object().get("/Subtype") in _TELLING:
                raise AttachmentError(
                    "The PDF has notes, fields or crossings-out on top of its words. Send the report as plain text."
                )
        drawn = page.get_contents()
        content += len(drawn.get_data()) if drawn is not None else 0
        if content > MAX_CONTENT:
            raise AttachmentError(_TOO_LARGE)
        words = page.extract_text()
        if not words.strip():
            raise AttachmentError("A page of the PDF has no words: it may be a scan. Send the report as plain text.")
        found.append(words)
        if sum(map(len, found)) > MAX_CHARACTERS:
            raise AttachmentError(f"The PDF has more than {MAX_CHARACTERS:,} characters. Send one report at a time.")
    if not found:
        raise AttachmentError("The PDF has no pages. Send it again, or send the report as plain text.")
    return found
