"""The listener over real sockets: bad framing, cut connections, floods, TLS; it lives through all of it.

It is one file because all cases share the same listener and clients.
"""

import asyncio
import datetime
import socket
import ssl
import time
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hl7.client import MLLPClient
from hl7.mllp import open_hl7_connection

from plainrad.errors import AddressError, SettingsInvalidError
from plainrad.formats.hl7v2.message import parse_message
from plainrad.log import make_log
from plainrad.wire.listener import Limits, Listener, tls_context
from tests.support.hl7 import numbered
from tests.support.hl7_wire import MemorySink, RawClient, Scene, code_of, listening, make_scene, wait_until

QUIET = make_log(level="error")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path / "spool")


def test_a_message_over_a_socket(scene: Scene) -> None:
    with listening(scene.traffic, log=QUIET) as port, RawClient(port) as client:
        assert client.ask(numbered(1)) == "AA"
        assert client.ask(numbered(2, f25="P")) == "AR report_not_verified"
        scene.settle()
    assert scene.sink.numbers == ["ACC00001"]
    scene.close()


def test_many_messages_at_once_are_answered_one_by_one_in_order(scene: Scene) -> None:
    with listening(scene.traffic, log=QUIET) as port, RawClient(port) as client:
        client.send(b"".join(b"\x0b" + numbered(n) + b"\x1c\r" for n in range(20)))
        found = b""
        while found.count(b"\x1c\r") < 20:
            found += client.socket.recv(65536)
        ids = [parse_message(one[1:]).segments[1].get(2) for one in found.split(b"\x1c\r") if one]
    assert ids == [f"ID-{n:05d}" for n in range(20)]
    scene.close()


def test_several_connections_at_once(scene: Scene) -> None:
    answers: list[str] = []

    def speak(first: int) -> None:
        with RawClient(port) as client:
            for n in range(first, first + 10):
                answers.append(client.ask(numbered(n)))

    with listening(scene.traffic, log=QUIET) as port:
        threads = [Thread(target=speak, args=(100 * n,)) for n in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        scene.settle()
    assert answers == ["AA"] * 60
    assert len(scene.sink.reports) == 60
    scene.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"MSH|^~\\&|no frame\rPID|1\r",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01" + b"\x00" * 5000,
        b"junk\x0bMSH|1\x1c\r",
    ],
)
def test_wrong_framing_is_answered_and_the_connection_closed(scene: Scene, sent: bytes) -> None:
    with listening(scene.traffic, log=QUIET) as port:
        with RawClient(port) as client:
            client.send(sent)
            client.socket.shutdown(socket.SHUT_WR)
            assert code_of(client.answer()) == "AR frame_invalid"
            assert client.answer() == b""
        with RawClient(port) as client:
            assert client.ask(numbered(1)) == "AA"
    scene.close()


def test_a_connection_cut_in_the_middle_takes_nothing(scene: Scene) -> None:
    with listening(scene.traffic, log=QUIET) as port:
        for cut in (1, 10, 100, len(numbered(1))):
            with RawClient(port) as client:
                client.send(b"\x0b" + numbered(1)[:cut])
        with RawClient(port) as client:
            client.send(b"\x0b" + numbered(1)[:50])
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # reset, not closed
        with RawClient(port) as client:
            assert client.ask(numbered(2)) == "AA"
        scene.settle()
    assert scene.sink.numbers == ["ACC00002"]
    assert scene.files("failed") == []
    scene.close()


def test_a_sender_that_is_gone_before_its_answer_finds_its_message_taken_once(scene: Scene) -> None:
    with listening(scene.traffic, log=QUIET) as port:
        with RawClient(port) as client:
            client.send(b"\x0b" + numbered(1) + b"\x1c\r")
        wait_until(lambda: bool(scene.files("done")), "the message is worked on")
        with RawClient(port) as client:
            assert client.ask(numbered(1)) == "AA"
    assert scene.sink.calls == 1
    scene.close()


def test_fifty_megabytes_are_refused_and_not_held(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, limit=1_000_000)
    big = b"\x0b" + numbered(1)[:-2] + b"x" * 50_000_000
    with listening(scene.traffic, log=QUIET) as port:
        before = _memory()
        with RawClient(port) as client:
            client.send(big + b"\x1c\r")
            answer = client.answer()
            assert code_of(answer) == "AR message_too_large"
            assert b"ID-00001" in answer
            client.socket.shutdown(socket.SHUT_WR)
            assert client.answer() == b""
        assert _memory() - before < 20_000_000
        with RawClient(port) as client:
            assert client.ask(numbered(2)) == "AA"
    scene.close()


def _memory() -> int:
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) * 1000


def test_who_says_nothing_is_let_go(scene: Scene) -> None:
    limits = Limits(idle_seconds=0.2, message_seconds=0.2)
    with listening(scene.traffic, log=QUIET, limits=limits) as port:
        with RawClient(port) as silent, RawClient(port) as slow:
            slow.send(b"\x0bMSH|")
            assert silent.answer() == b""
            assert slow.answer() == b""
        with RawClient(port) as client:
            assert client.ask(numbered(1)) == "AA"
    scene.close()


def test_more_connections_than_allowed_are_closed_and_the_others_served(scene: Scene) -> None:
    with (
        listening(scene.traffic, log=QUIET, limits=Limits(connections=2)) as port,
        RawClient(port) as first,
        RawClient(port) as second,
    ):
        assert first.ask(numbered(1)) == "AA"
        assert second.ask(numbered(2)) == "AA"
        with RawClient(port) as third:
            assert third.answer() == b""
        assert first.ask(numbered(3)) == "AA"
    scene.close()


def test_a_sender_that_floods_has_to_wait(tmp_path: Path) -> None:
    """Above the backlog nobody is answered; when the worker goes on, everything is."""
    sink = MemorySink(gate=Event())
    scene = make_scene(tmp_path, sink=sink)
    with listening(scene.traffic, log=QUIET, limits=Limits(backlog=5)) as port, RawClient(port) as client:
        client.send(b"".join(b"\x0b" + numbered(n) + b"\x1c\r" for n in range(50)))
        time.sleep(1.0)
        assert len(scene.files("incoming")) <= 6
        assert sink.gate is not None
        sink.gate.set()
        found = b""
        while found.count(b"\x1c\r") < 50:
            found += client.socket.recv(65536)
        assert found.count(b"\rMSA|AA|") == 50
        scene.settle()
    assert len(sink.reports) == 50
    scene.close()


def test_python_hl7_as_a_client(scene: Scene) -> None:
    async def ask(port: int) -> str:
        reader, writer = await open_hl7_connection("127.0.0.1", port)
        writer.writeblock(numbered(2))
        await writer.drain()
        answer = await reader.readmessage()
        writer.close()
        return str(answer.segment("MSA")(1))

    with listening(scene.traffic, log=QUIET) as port:
        with MLLPClient("127.0.0.1", port) as client:
            assert b"MSA|AA|ID-00001" in client.send_message(numbered(1))
        assert asyncio.run(ask(port)) == "AA"
    scene.close()


def test_an_address_in_use_is_said_to_be_so(scene: Scene) -> None:
    with listening(scene.traffic, log=QUIET) as port:
        second = Listener(scene.intake, backlog=lambda: 0, log=QUIET, metrics=scene.traffic.metrics)
        with pytest.raises(AddressError):
            asyncio.run(second.start("127.0.0.1", port))
    scene.close()


# ---- TLS -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


def _speaks(port: int, tls: ssl.SSLContext | None) -> bool:
    """Return True where a message sent this way is answered."""
    try:
        with RawClient(port, tls=tls) as client:
            client.send(b"\x0b" + numbered(99) + b"\x1c\r")
            return b"MSA" in client.answer()
    except (OSError, AssertionError):
        return False


def test_with_tls_only_tls_is_spoken(scene: Scene, papers: tuple[Path, Path]) -> None:
    certificate, key = papers
    with listening(scene.traffic, log=QUIET, tls=tls_context(certificate, key)) as port:
        with RawClient(port, tls=ssl.create_default_context(cafile=certificate)) as client:
            assert client.ask(numbered(1)) == "AA"
        assert _speaks(port, None) is False
        with RawClient(port, tls=ssl.create_default_context(cafile=certificate)) as client:
            assert client.ask(numbered(3)) == "AA"
    scene.close()


def test_senders_can_be_asked_for_a_certificate(scene: Scene, papers: tuple[Path, Path]) -> None:
    certificate, key = papers
    known = ssl.create_default_context(cafile=certificate)
    known.load_cert_chain(certificate, key)
    with listening(scene.traffic, log=QUIET, tls=tls_context(certificate, key, clients=certificate)) as port:
        assert _speaks(port, ssl.create_default_context(cafile=certificate)) is False
        with RawClient(port, tls=known) as client:
            assert client.ask(numbered(2)) == "AA"
    scene.settle()
    assert scene.sink.numbers == ["ACC00002"]
    scene.close()


def test_a_certificate_that_cannot_be_used_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalidError):
        tls_context(tmp_path / "none.pem", tmp_path / "none.key")
