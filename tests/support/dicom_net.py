"""DICOM systems for the tests: our server, and an archive that keeps what it is sent."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pynetdicom import AE, evt

from plainrad.formats.dicom.names import BASIC_TEXT_SR, ENCAPSULATED_PDF
from plainrad.log import make_log
from plainrad.wire.dicom.client import Peer
from plainrad.wire.dicom.inbox import Inbox
from plainrad.wire.dicom.server import listen


@contextmanager
def server(folder: Path, **others: Any) -> Iterator[tuple[Inbox, Peer, io.StringIO]]:
    """Our server on a free port, with its inbox and its log."""
    stream = io.StringIO()
    inbox = Inbox(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = listen(inbox, host="127.0.0.1", port=0, title="PLAINRAD", log=make_log(stream=stream), **others)
        try:
            yield inbox, Peer("PLAINRAD", "127.0.0.1", running.server_address[1]), stream
        finally:
            running.shutdown()


@contextmanager
def archive(status: int = 0x0000) -> Iterator[tuple[Peer, list[Any]]]:
    """An archive of another make, with what it has been sent."""
    kept: list[Any] = []

    def store(event: Any) -> int:
        kept.append(event.dataset)
        return status

    entity = AE(ae_title="ARCHIVE")
    for one in (BASIC_TEXT_SR, ENCAPSULATED_PDF):
        entity.add_supported_context(one)
    running = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, store)])
    try:
        yield Peer("ARCHIVE", "127.0.0.1", running.server_address[1]), kept  # type: ignore[union-attr]
    finally:
        running.shutdown()  # type: ignore[union-attr]
