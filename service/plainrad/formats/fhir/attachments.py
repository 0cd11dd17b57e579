"""DiagnosticReport.presentedForm -> the words of the report, and which of the forms they were read from."""

import base64
import binascii
import codecs
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from plainrad.domain.report import MAX_CHARACTERS
from plainrad.errors import AttachmentError, ReportTooLargeError
from plainrad.formats.fhir.names import MADE_BY, Resource
from plainrad.formats.fhir.references import each
from plainrad.formats.html import html_text
from plainrad.formats.pdf import pdf_text

# In the order in which they are read where a report has several: the words themselves before what must be turned into words.
READ: Final = ("text/plain", "text/html", "application/xhtml+xml", "application/pdf")
MAX_BYTES: Final = 20_000_000
MAX_FORMS: Final = 10  # that one request may have read: each PDF among them has seconds of its own
_BASE64_SPACE: Final = str.maketrans("", "", " \t\r\n")
_DECLARED: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
# What senders write, and Python's name where it is not the same. ISO-8859-1 is read as Windows does (WHATWG Encoding).
_CHARSETS: Final = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-15": "iso-8859-15", "utf-16": "utf-16",
    "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """The attachment that was read: its place in presentedForm, its bytes, its words, and whether the words are the bytes."""

    index: int
    data: bytes
    text: str
    verbatim: bool


def is_ours(part: Resource) -> bool:
    """Return True for a part that an earlier run of this software added."""
    return any(one.get("url") == MADE_BY for one in each(part.get("extension")))


def read_form(report: Resource, *, where: str = "DiagnosticReport") -> Form | None:
    """Return the form that holds the report, or None where no form carries data.

    FHIR says that several forms say the same. Two of one kind with other words do not, and are refused: one could be an addendum.
    Raises AttachmentError or ReportTooLargeError.
    """
    place = f"{where}.presentedForm"
    forms = [
        (index, one)
        for index, one in enumerate(each(report.get("presentedForm")))
        if one.get("data") and not is_ours(one)
    ]
    if not forms:
        return None
    if len(forms) > MAX_FORMS:
        raise AttachmentError(f"{place}: more than {MAX_FORMS} forms. Send the whole report as one form.")
    kinds = [(_kind(one), index, one) for index, one in forms]
    for kind in READ:
        found = [_read(kind, index, one, place) for name, index, one in kinds if name == kind]
        if found:
            if len({" ".join(one.text.split()) for one in found}) > 1:
                raise AttachmentError(
                    f"{place}: two forms of one type hold different words. Send the whole report as one form."
                )
            return found[0]
    raise AttachmentError(f"{place}: no form is of a type that is read ({', '.join(READ)}).")


def count_pdfs(report: Resource) -> int:
    """Return how many PDFs a report carries."""
    forms = each(report.get("presentedForm"))
    return sum(_kind(one) == "application/pdf" and bool(one.get("data")) and not is_ours(one) for one in forms)


def _kind(form: Resource) -> str:
    return str(form.get("contentType", "")).partition(";")[0].strip().lower()


def _read(kind: str, index: int, form: Resource, place: str) -> Form:
    data = decode(form, where=f"{place}[{index}]")
    if kind == "application/pdf":
        return Form(index, data, pdf_text(data), verbatim=False)
    text = _characters(data, str(form.get("contentType", "")), html=kind != "text/plain", where=f"{place}[{index}]")
    if kind == "text/plain":
        return Form(index, data, text, verbatim=True)
    return Form(index, data, html_text(text), verbatim=False)


def decode(form: Resource, *, where: str) -> bytes:
    """Return the bytes of an attachment; raises AttachmentError where base64, size or SHA-1 do not agree with them."""
    try:
        data = base64.b64decode(str(form["data"]).translate(_BASE64_SPACE), validate=True)
    except (binascii.Error, ValueError):
        raise AttachmentError(f"{where}.data is not valid base64.") from None
    if len(data) > MAX_BYTES:
        raise AttachmentError(f"{where}.data is longer than {MAX_BYTES:,} bytes.")
    size, sent = form.get("size"), form.get("hash")
    if isinstance(size, int) and size != len(data):
        raise AttachmentError(f"{where}.size is not the size of the data: some of it may be missing.")
    digest = hashlib.sha1(data, usedforsecurity=False)
    # R4 wants base64 of the SHA-1; the example of IHE, and others after it, write it in hex.
    agreed = (base64.b64encode(digest.digest()).decode(), digest.hexdigest(), digest.hexdigest().upper())
    if sent and str(sent).translate(_BASE64_SPACE) not in agreed:
        raise AttachmentError(f"{where}.hash is not that of the data: it may be damaged.")
    return data


def _characters(data: bytes, content_type: str, *, html: bool, where: str) -> str:
    if len(data) > (16 if html else 4) * MAX_CHARACTERS:
        raise ReportTooLargeError(limit=MAX_CHARACTERS)
    named = [part.partition("=")[2].strip(" \"'") for part in content_type.split(";")[1:] if "charset" in part.lower()]
    if not named and html:
        declared = _DECLARED.search(data[:2048])
        named = [declared[1].decode("ascii")] if declared else []
    charset = _CHARSETS.get((named or ["utf-8"])[0].lower())
    if charset is None:
        raise AttachmentError(f"{where}.contentType names a charset that is not read. Send UTF-8.")
    if charset == "utf-8" and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = "utf-16"
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        raise AttachmentError(f"{where}.data is not text in its charset. Send UTF-8.") from None
