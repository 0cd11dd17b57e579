"""The DICOM client: C-ECHO, and C-STORE of patient versions to an archive."""

import io
import logging
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plainrad.errors import AddressError, ExtraMissingError
from plainrad.formats.dicom.names import BASIC_TEXT_SR, ENCAPSULATED_PDF, EXPLICIT_LITTLE

VERIFICATION: Final = "1.2.840.10008.1.1"
_PEER: Final = re.compile(
    r"(?P<title>[\x21-\x5b\x5d-\x7e]{1,16})@(?P<host>[A-Za-z0-9._:\[\]-]{1,253}):(?P<port>\d{1,5})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another DICOM system."""

    title: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Peer":
        """Return the peer of TITLE@host:port; raises AddressError."""
        match = _PEER.fullmatch(text)
        if match is None or not 0 < int(match["port"]) < 65_536:
            raise AddressError("Write the other system as TITLE@host:port, such as ARCHIVE@pacs.example:104.")
        return cls(match["title"], match["host"].strip("[]"), int(match["port"]))


def echo(peer: Peer, *, own_title: str) -> bool:
    """Return True where the other system answers."""
    return _with(peer, own_title, [VERIFICATION], [])[0] == 0x0000


def send(peer: Peer, files: Sequence[bytes], *, own_title: str) -> list[int | None]:
    """Return the status of each file: 0000 it is kept, B0xx it is kept with a warning, None there was no answer."""
    return _with(peer, own_title, [BASIC_TEXT_SR, ENCAPSULATED_PDF], files)


def kept(status: int | None) -> bool:
    """Return True for a status that says that the file is kept."""
    return status is not None and (status == 0x0000 or status >> 12 == 0xB)


def _with(peer: Peer, own_title: str, contexts: list[str], files: Sequence[bytes]) -> list[int | None]:
    try:
        from pydicom import dcmread
        from pynetdicom import AE
    except ImportError:
        raise ExtraMissingError("dicom") from None
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)
    entity = AE(ae_title=own_title)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = 30
    for one in contexts:
        entity.add_requested_context(one, [EXPLICIT_LITTLE])
    try:  # pynetdicom lets go of a socket unclosed when nobody listens, and an archive may be away for days
        socket.create_connection((peer.host, peer.port), timeout=30).close()
    except OSError:
        return [None] * max(1, len(files))
    association = entity.associate(peer.host, peer.port, ae_title=peer.title)
    if not association.is_established:
        return [None] * max(1, len(files))
    try:
        if not files:
            return [association.send_c_echo().get("Status")]
        found: list[int | None] = []
        for data in files:
            try:
                found.append(association.send_c_store(dcmread(io.BytesIO(data))).get("Status"))
            except (ValueError, RuntimeError):  # the other system did not agree to this kind, or the connection ended
                found.append(None)
        return found
    finally:
        association.release()
