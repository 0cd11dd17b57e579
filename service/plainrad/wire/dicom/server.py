"""The DICOM server: C-ECHO, and C-STORE of structured reports into the inbox.

A status tells the sender what to do (PS3.4, B.2.3): 0000 it is on disk; A700 there is no room, send again; A900 it is not what the message
says it is; C0xx it cannot be read, sending again changes nothing; 0110 something went wrong here, send again.
"""

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakKeyDictionary

from plainrad.errors import DicomInvalidError, DicomMismatchError, ExtraMissingError, ReportError
from plainrad.formats.dicom.names import READ, SYNTAXES
from plainrad.formats.dicom.read import MAX_BYTES
from plainrad.log import Log, where
from plainrad.wire.dicom.door import ASSOCIATIONS, Door
from plainrad.wire.dicom.inbox import Inbox

if TYPE_CHECKING:
    from pynetdicom.transport import ThreadedAssociationServer

VERIFICATION: Final = "1.2.840.10008.1.1"
SUCCESS: Final = 0x0000
FULL: Final = 0xA700
MISMATCH: Final = 0xA900
FAILED: Final = 0x0110
UNREADABLE: Final = 0xC000
_SLACK: Final = 1_000_000  # what the protocol adds
# Our code -> the status that says it. What is not here is C000.
STATUSES: Final[Mapping[str, int]] = {
    "report_not_verified": 0xC001, "report_status_missing": 0xC002, "report_empty": 0xC003, "report_too_large": 0xC004,
    "words_unclear": 0xC005, "patient_mismatch": 0xC006, "nhs_number_invalid": 0xC007, "report_invalid": 0xC008,
    "dicom_unsupported": 0x0122, "dicom_duplicate": 0x0111, "dicom_mismatch": MISMATCH,
}  # fmt: skip


def receive(data: bytes, inbox: Inbox, *, uid: str, sop_class: str) -> tuple[int, str | None]:
    """Keep a file and return its status and, where it was refused, what to do: 64 characters at most, nothing of the report."""
    try:
        if len(data) > MAX_BYTES:
            raise DicomInvalidError(f"The file is longer than {MAX_BYTES:,} bytes.")
        document = inbox.keep(data) if _is(data, uid, sop_class) else None
        if document is None:
            raise DicomMismatchError
    except ReportError as error:
        return STATUSES.get(error.code, UNREADABLE), str(error)[:64]
    except OSError:
        return FULL, "It could not be written to disk. Send it again."
    return SUCCESS, None


def _is(data: bytes, uid: str, sop_class: str) -> bool:
    from plainrad.formats.dicom.read import read_dataset

    dataset = read_dataset(data)
    return str(dataset.get("SOPInstanceUID", "")) == uid and str(dataset.get("SOPClassUID", "")) == sop_class


def listen(
    inbox: Inbox, *, host: str, port: int, title: str, log: Log, arrived: Callable[[], None] = lambda: None, callers: frozenset[str] = frozenset()
) -> "ThreadedAssociationServer":  # fmt: skip
    """Return the running server; `arrived` is called after each file, and only `callers` (AE titles) are let in where any are named.

    A connection that ends in the middle, or sends nonsense, ends alone. DICOM has no password: put it behind TLS or a firewall.
    """
    try:
        from pynetdicom import AE, evt
        from pynetdicom import _config as pynetdicom_config
    except ImportError:
        raise ExtraMissingError("dicom") from None
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)  # it logs data sets
    pynetdicom_config.LOG_HANDLER_LEVEL = "none"
    entity = AE(ae_title=title)
    entity.add_supported_context(VERIFICATION, list(SYNTAXES))
    for one in READ:
        entity.add_supported_context(one, list(SYNTAXES))
    entity.maximum_associations = (
        100 * ASSOCIATIONS
    )  # the door counts: pynetdicom counts those that are on their way out, too
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 30
    entity.require_called_aet = False
    entity.require_calling_aet = sorted(callers)

    def store(event: Any) -> Any:
        from pydicom.dataset import Dataset

        status, comment = FAILED, "Something went wrong here. Send it again."
        try:
            request = event.request
            status, said = receive(
                event.encoded_dataset(),
                inbox,
                uid=str(request.AffectedSOPInstanceUID),
                sop_class=str(request.AffectedSOPClassUID),
            )
            comment = said or ""
        except Exception as error:
            log.error("dicom_failed", **where(error))
        log.info("dicom_store", status=f"{status:04X}")
        answer = Dataset()
        answer.Status = status
        if status == SUCCESS:
            arrived()
        elif comment:
            answer.ErrorComment = comment
        return answer

    def echo(_: Any) -> int:
        return SUCCESS

    received: WeakKeyDictionary[Any, int] = (
        WeakKeyDictionary()
    )  # bytes of the message that is coming in, by association

    def count(event: Any) -> None:
        """End an association whose message grows beyond what is read: pynetdicom would gather it in memory without an end."""
        received[event.assoc] = received.get(event.assoc, 0) + len(event.data)
        if received[event.assoc] > MAX_BYTES + _SLACK:
            log.error("dicom_flood")
            event.assoc.abort()

    def begin_again(event: Any) -> None:
        received[event.assoc] = 0

    door = Door(full=lambda: log.error("dicom_too_many_associations"))
    handlers: Any = [
        (evt.EVT_CONN_OPEN, door.opened), (evt.EVT_ESTABLISHED, door.agreed), (evt.EVT_CONN_CLOSE, door.closed),
        (evt.EVT_DATA_RECV, door.heard),
        (evt.EVT_C_STORE, store), (evt.EVT_C_ECHO, echo), (evt.EVT_DATA_RECV, count), (evt.EVT_DIMSE_RECV, begin_again),
    ]  # fmt: skip
    server = entity.start_server((host, port), block=False, evt_handlers=handlers)
    return cast("ThreadedAssociationServer", server)
