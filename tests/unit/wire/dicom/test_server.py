"""The DICOM server keeps what it acknowledges, refuses with a status that says what to do, and lives through bad connections."""

import errno
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE

from plainrad.formats.dicom.names import BASIC_TEXT_SR, COMPREHENSIVE_SR, ENHANCED_SR, SYNTAXES
from plainrad.wire.dicom.client import Peer, echo
from plainrad.wire.dicom.inbox import Inbox
from plainrad.wire.dicom.server import receive
from tests.support.dicom import coded, file_of, sr, structured, text
from tests.support.dicom_net import server
from tests.support.reports import MARKER


def stored(peer: Peer, *datasets: Dataset, title: str = "SENDER") -> list[int | None]:
    """Send with pynetdicom itself, not with our client."""
    entity = AE(ae_title=title)
    for kind in (BASIC_TEXT_SR, ENHANCED_SR, COMPREHENSIVE_SR):
        entity.add_requested_context(kind, list(SYNTAXES))
    association = entity.associate(peer.host, peer.port, ae_title=peer.title)
    if not association.is_established:
        return [None]
    try:
        return [association.send_c_store(one).get("Status") for one in datasets]
    finally:
        association.release()


def ready(one: Dataset) -> Dataset:
    """A data set as pynetdicom wants it: with its transfer syntax."""
    from io import BytesIO

    from pydicom import dcmread

    return dcmread(BytesIO(file_of(one)))


def test_what_is_acknowledged_is_on_disk(tmp_path: Path) -> None:
    made = [ready(structured(sop_class=kind)) for kind in (BASIC_TEXT_SR, ENHANCED_SR, COMPREHENSIVE_SR)]
    with server(tmp_path) as (inbox, peer, log):
        assert stored(peer, *made) == [0x0000] * 3
        assert sorted(path.stem for path in inbox.waiting()) == sorted(str(one.SOPInstanceUID) for one in made)
        assert echo(peer, own_title="TEST")
        assert stored(peer, *made) == [0x0000] * 3, "the same again changes nothing"
        assert len(list(inbox.waiting())) == 3
    assert '"status": "0000"' in log.getvalue()


def unverified(one: Dataset) -> None:
    one.VerificationFlag = "UNVERIFIED"


def unstated(one: Dataset) -> None:
    del one.CompletionFlag


def test_a_refusal_says_why_and_keeps_nothing(tmp_path: Path) -> None:
    made = [
        (ready(structured(change=unverified)), 0xC001),
        (ready(structured(change=unstated)), 0xC002),
        (ready(structured([])), 0xC003),
        (ready(structured([coded("Pneumothorax", "Unknown")])), 0xC005),
        (ready(structured([text(MARKER), text("x" * 200_001)])), 0xC004),
    ]
    with server(tmp_path) as (inbox, peer, log):
        assert stored(peer, *(one for one, _ in made)) == [status for _, status in made]
        assert list(inbox.waiting()) == []
        assert stored(peer, ready(structured())) == [0x0000], "the listener lives"
    assert MARKER not in log.getvalue()


def status(data: bytes, inbox: Inbox, uid: str = "1.2.3", sop_class: str = BASIC_TEXT_SR) -> int:
    return receive(data, inbox, uid=uid, sop_class=sop_class)[0]


def test_damage_mismatch_and_changed_documents_have_their_own_status(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    made = structured(change=lambda one: setattr(one, "SOPInstanceUID", "1.2.3"))
    raw = file_of(made)
    assert status(raw[:-9], inbox) == 0xC000
    assert status(raw, inbox, uid="1.2.4") == 0xA900
    assert status(raw, inbox, sop_class=ENHANCED_SR) == 0xA900
    assert status(raw, inbox) == 0x0000
    assert status(raw.replace(b"Small left", b"Large left"), inbox) == 0x0111
    assert status(sr(sop_class="1.2.840.10008.5.1.4.1.1.88.67", change=lambda one: setattr(one, "SOPInstanceUID", "1.2.3")), inbox, sop_class="1.2.840.10008.5.1.4.1.1.88.67") == 0x0122  # fmt: skip


class FullInbox(Inbox):
    def write(self, *_: object, **__: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    made = structured(change=lambda one: setattr(one, "SOPInstanceUID", "1.2.3"))
    assert status(file_of(made), FullInbox(tmp_path)) == 0xA700


def test_only_callers_that_are_named_are_let_in(tmp_path: Path) -> None:
    with server(tmp_path, callers=frozenset({"RIS"})) as (_, peer, __):
        assert stored(peer, ready(structured()), title="OTHER") == [None]
        assert stored(peer, ready(structured()), title="RIS") == [0x0000]


def test_connections_that_break_leave_the_listener_alive(tmp_path: Path) -> None:
    with server(tmp_path) as (inbox, peer, _):
        for junk in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\x01\x00\xff\xff\xff\xff", b"\x04\x00\x00\x00\x00\x01\x00"):
            with socket.create_connection((peer.host, peer.port)) as line:
                line.sendall(junk)
        entity = AE(ae_title="SENDER")
        entity.add_requested_context(BASIC_TEXT_SR, list(SYNTAXES))
        association = entity.associate(peer.host, peer.port)
        association.abort()
        assert stored(peer, ready(structured())) == [0x0000]
        assert len(list(inbox.waiting())) == 1


def test_a_sender_that_floods_is_cut_off_and_the_listener_lives(tmp_path: Path) -> None:
    huge = ready(structured([text("x" * 30_000_000)]))
    with server(tmp_path) as (inbox, peer, log):
        assert stored(peer, huge) == [None]
        assert "dicom_flood" in log.getvalue()
        assert stored(peer, ready(structured())) == [0x0000]
        assert len(list(inbox.waiting())) == 1


@pytest.mark.skipif(not shutil.which("storescu"), reason="dcmtk is not installed: apt-get install dcmtk")
def test_the_tools_of_dcmtk_can_talk_to_it(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.dcm", tmp_path / "bad.dcm"
    good.write_bytes(sr())
    bad.write_bytes(sr(change=unverified))
    with server(tmp_path / "box") as (inbox, peer, _):
        address = [peer.host, str(peer.port)]
        assert subprocess.run(["echoscu", *address], capture_output=True).returncode == 0
        assert subprocess.run(["storescu", *address, str(good)], capture_output=True).returncode == 0
        refused = subprocess.run(["storescu", "-v", *address, str(bad)], capture_output=True, text=True)
        said = (refused.stdout + refused.stderr).lower()
        assert "c001" in said or "cannotunderstand" in said  # versions of dcmtk name the status, or print it
        assert len(list(inbox.waiting())) == 1
