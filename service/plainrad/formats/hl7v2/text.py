"""OBX and NTE -> the words of the report, character for character, and the attachments."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from plainrad.domain.report import MAX_CHARACTERS
from plainrad.errors import AttachmentError, ReportTooLargeError
from plainrad.formats.hl7v2.escapes import unescape
from plainrad.formats.hl7v2.message import Segment
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.pdf import pdf_text

TEXT_TYPES = frozenset({"FT", "TX", "ST", ""})
# Sub-ids of OBX-3 (`code&SUFFIX`, HL7 chapter 7) that say which part of the report follows. GDT is the description itself.
HEADINGS = {
    "GDT": "Description",
    "IMP": "Impression",
    "REC": "Recommendation",
    "ADT": "Addendum",
    "TCM": "Technician's comment",
}
_MOST_SENT = 4 * MAX_CHARACTERS  # escapes are longer than what they mean, but not by more
_MOST_PDFS = 3  # each has seconds of its own to be read in
_OWN_HEADING = re.compile(r"\s*(?:[A-Z][^:\n]{0,60}:|[A-Z][A-Z &/()'-]{2,60}\s*(?:\n|$))")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document in an OBX of type ED, decoded."""

    kind: str
    subtype: str
    data: bytes = field(repr=False)

    @property
    def is_pdf(self) -> bool:
        """Return True where it says that it is a PDF, or begins as one."""
        return self.subtype == "pdf" or self.data.startswith(b"%PDF-")


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a report.

    `headings` are the half-open spans of it that the sender said by a sub-id and not by words: without them it is what was sent.
    `left_out` names the type of each OBX that holds no words which can be shown as they are (RP, CE ...).
    """

    text: str
    headings: tuple[tuple[int, int], ...] = ()
    left_out: tuple[str, ...] = ()


def is_words(segment: Segment) -> bool:
    """Return True for an OBX whose OBX-5 is text."""
    return segment.name == "OBX" and segment.get(2).upper() in TEXT_TYPES


def read_words(segments: Sequence[Segment], *, encoding: str, headings: bool, comments: bool) -> Words:
    """Return the words of OBX and NTE in the order in which they were sent: one line for each segment, repetition and .br escape."""
    if (
        sum(len(one.raw(3 if one.name == "NTE" else 5)) for one in segments if one.name == "NTE" or is_words(one))
        > _MOST_SENT
    ):
        raise ReportTooLargeError(limit=MAX_CHARACTERS)  # before escapes make fifty lines of seven characters
    lines: list[str] = []
    added: list[int] = []
    left_out: list[str] = []
    part = ""
    for number, segment in enumerate(segments):
        if segment.name == "NTE":
            if comments:
                lines.append(_text(segment, 3, encoding))
            continue
        if not is_words(segment):
            left_out.append(segment.get(2).upper())
            continue
        sub_id = segment.get(3, 1, 2).upper()
        if headings and sub_id in HEADINGS and sub_id != part:
            following = _part(segments[number:], sub_id, encoding)
            begins = not (sub_id == "GDT" and not lines)
            if begins and following and not _OWN_HEADING.match(following):
                added.append(len(lines))
                lines.append(HEADINGS[sub_id] + ":")
        part = sub_id
        lines.append(_text(segment, 5, encoding))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    text = "\n".join(lines)
    return Words(text, tuple((starts[n], min(starts[n + 1], len(text))) for n in added), tuple(left_out))


def _part(segments: Sequence[Segment], sub_id: str, encoding: str) -> str:
    """Return the first text of a part that holds words, or "" where none does."""
    for segment in segments:
        if segment.name == "OBX" and is_words(segment):
            if segment.get(3, 1, 2).upper() != sub_id:
                break
            text = _text(segment, 5, encoding)
            if has_words(text):
                return text.lstrip("\n")
    return ""


def is_document(segment: Segment) -> bool:
    """Return True for an OBX that carries a document."""
    return segment.name == "OBX" and segment.get(2).upper() == "ED"


def says_something(segment: Segment, *, encoding: str) -> bool:
    """Return True for an OBX whose text has words."""
    return is_words(segment) and has_words(_text(segment, 5, encoding))


def words_of_pdfs(comments: Words, documents: Sequence[Attachment]) -> Words:
    """Return the words of a report that came as PDF alone, below its NTE; raises AttachmentError where a PDF cannot be read whole."""
    pdfs = [one for one in documents if one.is_pdf]
    if len(pdfs) > _MOST_PDFS:
        raise AttachmentError(f"More than {_MOST_PDFS} PDFs in one report.")
    above = [comments.text] if has_words(comments.text) else []
    return Words("\n".join([*above, *(pdf_text(one.data) for one in pdfs)]), left_out=comments.left_out)


def has_words(text: str) -> bool:
    """Return True where there is a letter or a digit: white space has many kinds, and dashes say nothing."""
    return any(one.isalnum() for one in text)


def _text(segment: Segment, number: int, encoding: str) -> str:
    """Return a text field. Stray component marks in it are words too: senders forget to escape them."""
    pieces = segment.raw(number).split(segment.delimiters.repetition)
    return "\n".join(unescape(one, segment.delimiters, encoding=encoding) for one in pieces)


def read_attachments(segments: Sequence[Segment], *, limit: int) -> tuple[Attachment, ...]:
    """Return the documents of type ED; raises MessageError `attachment_invalid`, and `message_too_large` above `limit` bytes in all."""
    found = []
    left = limit
    for segment in segments:
        if not is_document(segment):
            continue
        for repetition in segment.repetitions(5):
            one = _attachment(segment, repetition)
            left -= len(one.data)
            if left < 0:
                raise refused("message_too_large", "OBX-5")
            found.append(one)
    return tuple(found)


def _attachment(segment: Segment, repetition: str) -> Attachment:
    mark = segment.delimiters.component
    components = repetition.split(mark)
    if len(components) < 5:
        raise refused("attachment_invalid")
    kind, subtype, encoding = (segment.part(repetition, place).lower() for place in (2, 3, 4))
    sent = unescape(mark.join(components[4:]), segment.delimiters)
    body = re.sub(r"\s+", "", sent)
    try:
        if encoding == "base64":
            data = base64.b64decode(body.encode("ascii"), validate=True)
        elif encoding == "hex":
            data = bytes.fromhex(body)
        elif encoding == "a":
            data = sent.encode("utf-8")
        else:
            raise refused("attachment_invalid")
    except (binascii.Error, ValueError):
        raise refused("attachment_invalid") from None
    if not data:
        raise refused("attachment_invalid")
    return Attachment(kind, subtype, data)
