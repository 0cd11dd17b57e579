"""PDF of a report -> its words, by pypdf (extra `fhir`). A page that is a picture has no words, and is refused rather than passed over."""

import io
import logging
from typing import Any, Final

from plainrad.domain.report import MAX_CHARACTERS
from plainrad.errors import AttachmentError, ExtraMissingError, PlainradError

MAX_PAGES: Final = 100
# Marks on a page that take words back, cover them, or hold words that are not in the page itself.
_TELLING: Final = frozenset({"/StrikeOut", "/Redact", "/FreeText", "/Widget", "/Stamp", "/Ink"})


def pdf_text(data: bytes) -> str:
    """Return the words of a PDF, page after page; raises AttachmentError (damaged, locked, no words, marked) or ExtraMissingError.

    The order of words is the order in the file: right for reports that a system wrote line by line, not for newspapers.
    """
    try:
        import pypdf
    except ImportError:
        raise ExtraMissingError("fhir") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings may quote the file
    try:
        pages = _pages(pypdf.PdfReader(io.BytesIO(data)))
    except PlainradError:
        raise
    except Exception:  # a damaged file makes pypdf fail in many ways, and each may quote it
        raise AttachmentError("The PDF is damaged. Send it again, or send the report as plain text.") from None
    return "\n".join(page if page.endswith("\n") else page + "\n" for page in pages)


def _pages(reader: Any) -> list[str]:
    if reader.is_encrypted:
        raise AttachmentError("The PDF is locked with a password. Send it without, or send the report as plain text.")
    if len(reader.pages) > MAX_PAGES:
        raise AttachmentError(f"The PDF has more than {MAX_PAGES} pages. Send one report at a time.")
    found: list[str] = []
    for page in reader.pages:
        for mark in page.get("/Annots") or ():
            if mark.get_object().get("/Subtype") in _TELLING:
                raise AttachmentError(
                    "The PDF has notes, fields or crossings-out on top of its words. Send the report as plain text."
                )
        words = page.extract_text()
        if not words.strip():
            raise AttachmentError("A page of the PDF has no words: it may be a scan. Send the report as plain text.")
        found.append(words)
        if sum(map(len, found)) > MAX_CHARACTERS:
            raise AttachmentError(f"The PDF has more than {MAX_CHARACTERS:,} characters. Send one report at a time.")
    if not found:
        raise AttachmentError("The PDF has no pages. Send it again, or send the report as plain text.")
    return found
