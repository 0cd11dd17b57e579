"""Why a message is refused: one table of codes, with the answer of HL7 and a sentence that holds nothing of what was sent."""

from dataclasses import dataclass
from typing import Literal

from plainrad.errors import MessageError, PlainradError

Answer = Literal["AA", "AE", "AR"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a code is answered: AR (do not send it again as it is) or AE (send it again later); HL7 table 0357; what is said."""

    answer: Answer
    condition: int
    place: str | None
    detail: str


# HL7 table 0357. Only these are ever answered.
CONDITIONS = {
    0: "Message accepted",
    100: "Segment sequence error",
    101: "Required field missing",
    102: "Data type error",
    103: "Table value not found",
    200: "Unsupported message type",
    202: "Unsupported processing id",
    203: "Unsupported version id",
    204: "Unknown key identifier",
    205: "Duplicate key identifier",
    207: "Application internal error",
}

REFUSALS: dict[str, Refusal] = {
    "message_empty": Refusal("AR", 100, "MSH", "There is no message: nothing stands between the marks of the frame."),
    "message_header": Refusal("AR", 102, "MSH", "The message does not begin with a usable MSH segment."),
    "batch_incomplete": Refusal("AR", 100, "BTS", "The batch is not whole: its BTS is missing, or counts other messages than came. None was taken."),
    "batch_too_large": Refusal("AR", 100, "BHS", "The batch has more messages than are taken at once. None was taken."),
    "message_several": Refusal("AR", 100, "MSH", "More than one MSH segment. Send each message in a frame of its own."),
    "message_incomplete": Refusal("AR", 100, "OBX", "The last OBX is cut off: it ends before the status that others have."),
    "message_too_large": Refusal("AR", 102, "MSH", "The message is larger than this listener takes."),
    "frame_invalid": Refusal("AR", 100, "MSH", "The bytes are not framed as MLLP asks: <VT> message <FS><CR>."),
    "control_id_missing": Refusal("AR", 101, "MSH-10", "The message has no control id."),
    "control_id_reused": Refusal("AR", 205, "MSH-10", "Another message with this control id was taken before."),
    "encoding_unknown": Refusal("AR", 103, "MSH-18", "The character set that MSH-18 names is not known here."),
    "encoding_invalid": Refusal("AR", 102, "MSH-18", "The bytes are not text in the character set that MSH-18 or the site states."),
    "message_type": Refusal("AR", 200, "MSH-9", "Only ORU^R01 is taken."),
    "version": Refusal("AR", 203, "MSH-12", "This version of HL7 is not taken."),
    "processing_id": Refusal("AR", 202, "MSH-11", "Messages with this processing id are not taken here."),
    "segment_invalid": Refusal("AR", 100, None, "A line is not a segment. A line break inside a text is sent as an escape."),
    "segment_missing": Refusal("AR", 100, None, "A segment that every result has is missing."),
    "not_radiology": Refusal("AR", 103, "OBR-24", "This is not a radiology result by the rules of this site."),
    "several_reports": Refusal("AR", 100, "OBR", "More than one OBR. Send each report in a message of its own."),
    "patient_mismatch": Refusal("AR", 204, "PID-3", "The message names more than one patient."),
    "nhs_number_invalid": Refusal("AR", 102, "PID-3", "The NHS number is not one."),
    "report_id_missing": Refusal("AR", 101, "OBR-3", "The report has no filler order number."),
    "report_status_missing": Refusal("AR", 101, "OBR-25", "Nobody said that the report is verified."),
    "report_not_verified": Refusal("AR", 103, "OBR-25", "The report is not verified: only final and corrected reports are taken."),
    "report_status_mixed": Refusal("AR", 103, "OBX-11", "The report is called final, but a part of it is not."),
    "report_unknown": Refusal("AR", 204, "OBR-3", "The report to be withdrawn is not known here."),
    "superseded": Refusal("AR", 205, "OBR-3", "A later message about this report was taken already."),
    "report_empty": Refusal("AR", 101, "OBX-5", "The report has no text."),
    "report_too_large": Refusal("AR", 102, "OBX-5", "The report is longer than a report may be."),
    "report_invalid": Refusal("AR", 102, None, "A field of the report has a value that cannot be used."),
    "attachment_invalid": Refusal("AR", 102, "OBX-5", "An attachment is not valid Base64 or hexadecimal, or names no known encoding."),
    "attachment_unreadable": Refusal("AR", 102, "OBX-5", "The report is a PDF alone, and its words cannot be read: a scan, locked, damaged or marked. Send the words as text."),
    "time_invalid": Refusal("AR", 102, None, "A time is not one."),
    "busy": Refusal("AE", 207, None, "The listener is busy or its disk is full. Send the message again later."),
    "held": Refusal("AE", 207, None, "The release policy gives no moment for this report. It is kept here."),
    "withdrawn": Refusal("AR", 204, "OBR-3", "The report was withdrawn before it was sent."),
    "annotation_failed": Refusal("AE", 207, None, "The report could not be explained. It is kept and can be replayed here."),
    "destination_refused": Refusal("AE", 207, None, "The destination refused the message. It is kept and can be replayed here."),
    "internal_error": Refusal("AE", 207, None, "Something went wrong here. The message is kept and can be replayed here."),
}  # fmt: skip


def refused(code: str, place: str | None = None) -> MessageError:
    """Return the error of `code`; `place` where it is another field than the usual one."""
    known = REFUSALS[code]
    return MessageError(code, known.detail, place=place or known.place)


def refusal_of(error: BaseException) -> tuple[str, Refusal, str | None]:
    """Return code, answer and place of any error. What nobody foresaw is an internal error (AE): its words go nowhere."""
    code = error.code if isinstance(error, PlainradError) and error.code in REFUSALS else "internal_error"
    place = error.place if isinstance(error, MessageError) else REFUSALS[code].place
    return code, REFUSALS[code], place
