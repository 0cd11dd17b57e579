"""STOW-RS: several files in, and for each whether it is kept (PS3.18, 10.5)."""

import json
from collections.abc import Sequence
from typing import Any, Final

from plainrad.errors import ReportError
from plainrad.formats.dicom.read import read_dataset, read_file
from plainrad.wire.dicom.inbox import Inbox
from plainrad.wire.dicom.server import FULL, STATUSES, SUCCESS, UNREADABLE

MEDIA_TYPE: Final = "application/dicom+json"
_CLASS, _INSTANCE = "00081150", "00081155"
_REASON: Final = "00081197"
_REFERENCED: Final = "00081199"
_FAILED: Final = "00081198"
_OTHER_FAILURES: Final = "0008119A"


def store(files: Sequence[bytes], inbox: Inbox, *, study: str | None = None) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and the answer: 200 all are kept, 202 some, 409 none. `study`: only of this study."""
    kept: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    for data in files:
        about: dict[str, Any] = {}
        try:
            dataset = read_dataset(data)
            about = _about(str(dataset.get("SOPClassUID", "")), str(dataset.get("SOPInstanceUID", "")))
            if study is not None and str(dataset.get("StudyInstanceUID", "")) != study:
                reason = STATUSES["dicom_mismatch"]
            else:
                inbox.keep(data)
                reason = SUCCESS
        except ReportError as error:
            reason = STATUSES.get(error.code, UNREADABLE)
        except OSError:
            reason = FULL
        if reason == SUCCESS:
            kept.append(about)
        else:
            (failed if about else unread).append({**about, _REASON: {"vr": "US", "Value": [reason]}})
    answer: dict[str, Any] = {}
    for tag, found in ((_REFERENCED, kept), (_FAILED, failed), (_OTHER_FAILURES, unread)):
        if found:
            answer[tag] = {"vr": "SQ", "Value": found}
    return (200 if not failed and not unread else 202 if kept else 409), answer


def only_invented(data: bytes) -> bool:
    """Return False for a report about somebody who may be real. What cannot be read is about nobody, and is refused later."""
    try:
        patient = read_file(data).report.patient
    except ReportError:
        return True
    return patient is None or (patient.nhs_number is not None and patient.nhs_number.for_tests)


def _about(sop_class: str, uid: str) -> dict[str, Any]:
    return {_CLASS: {"vr": "UI", "Value": [sop_class]}, _INSTANCE: {"vr": "UI", "Value": [uid]}}


def dumps(answer: dict[str, Any]) -> bytes:
    """Return the answer as DICOM JSON."""
    return json.dumps(answer).encode()
