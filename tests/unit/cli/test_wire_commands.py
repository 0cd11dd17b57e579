"""`plainrad fhir` and `plainrad dicom`: files in, files out, one line for what is wrong."""

import gc
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from plainrad.formats.dicom.origin import origin_of
from plainrad.formats.dicom.read import read_dataset, read_file
from plainrad.wire.dicom.client import Peer, send
from tests.support.dicom import report, sr
from tests.support.dicom_net import archive, server
from tests.support.fhir import check, uk_report
from tests.support.reports import ROOT
from tests.unit.cli.command import run

Capture = pytest.CaptureFixture[str]
pytestmark = [
    pytest.mark.usefixtures("plainrad"),
    # pynetdicom lets go of a socket unclosed when the other end dies, and that may be noticed at any later test.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def test_a_resource_is_explained(capfd: Capture, tmp_path: Path) -> None:
    file, out = tmp_path / "in.json", tmp_path / "out.json"
    file.write_text(json.dumps(uk_report()), encoding="utf-8")
    outcome = run(capfd, "fhir", "annotate", file)
    assert outcome.code == 0
    made = json.loads(outcome.out)
    check(made)
    assert made["presentedForm"][0] == uk_report()["presentedForm"][0]
    assert run(capfd, "fhir", "annotate", file, "--output", out).code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["presentedForm"] == made["presentedForm"]


def test_a_resource_that_is_not_verified_is_refused_in_one_line(capfd: Capture, tmp_path: Path) -> None:
    file = tmp_path / "in.json"
    file.write_text(json.dumps(uk_report(status="preliminary")), encoding="utf-8")
    outcome = run(capfd, "fhir", "annotate", file)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, b"", 1)
    assert outcome.err.startswith("plainrad: report_not_verified: ")


def test_the_definitions_are_written(capfd: Capture, tmp_path: Path) -> None:
    assert run(capfd, "fhir", "conformance", tmp_path / "out").code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        path.name for path in (ROOT / "docs" / "fhir").glob("*.json")
    }


def test_a_structured_report_becomes_two_files(capfd: Capture, tmp_path: Path) -> None:
    file = tmp_path / "in.dcm"
    raw = sr(about=report(accession="A1"))
    file.write_bytes(raw)
    outcome = run(capfd, "dicom", "annotate", file, "--out", tmp_path / "out")
    assert (outcome.code, outcome.err) == (0, "")
    made = [read_dataset(Path(line).read_bytes()) for line in outcome.out.decode().splitlines()]
    assert [str(one.Modality) for one in made] == ["DOC", "SR"]
    assert {one.uid for one in map(origin_of, made) if one} == {read_file(raw).uid}
    assert bytes(made[0].EncapsulatedDocument).startswith(b"%PDF-1.7")
    assert file.read_bytes() == raw
    again = run(
        capfd, "dicom", "annotate", tmp_path / "out" / f"{read_file(raw).uid}-text.dcm", "--out", tmp_path / "out2"
    )
    assert (again.code, again.err.split(": ")[1]) == (2, "report_not_verified")


def test_other_systems_are_asked_and_sent_to(capfd: Capture, tmp_path: Path) -> None:
    file = tmp_path / "in.dcm"
    file.write_bytes(sr())
    with server(tmp_path / "box") as (_, peer, __):
        assert run(capfd, "dicom", "echo", f"{peer.title}@{peer.host}:{peer.port}").code == 0
    with archive() as (pacs, found):
        address = f"{pacs.title}@{pacs.host}:{pacs.port}"
        assert run(capfd, "dicom", "echo", address).code == 1
        assert run(capfd, "dicom", "send", address, file).code == 0
        assert len(found) == 1
    with archive(0xA700) as (full, _):
        assert run(capfd, "dicom", "send", f"{full.title}@{full.host}:{full.port}", file).code == 1
    assert run(capfd, "dicom", "echo", "nonsense").code == 2


def test_a_listener_from_which_nothing_could_leave_does_not_start(capfd: Capture, tmp_path: Path) -> None:
    outcome = run(capfd, "dicom", "listen", "--folder", tmp_path, "--port", "0")
    assert (outcome.code, outcome.err.split(": ")[1]) == (1, "policy_missing")


def stream(peer: Peer, acknowledged: list[str], stop: threading.Event) -> None:
    """Send reports until nobody answers."""
    while not stop.is_set():
        raw = sr()
        try:
            if send(peer, [raw], own_title="TEST") != [0]:
                return
        except (OSError, RuntimeError):  # it was killed in the middle
            return
        acknowledged.append(read_file(raw).uid)


@pytest.mark.heavy
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # pynetdicom lets go of a socket unclosed
def test_the_listener_keeps_what_it_acknowledged_when_it_is_killed(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "plainrad.cli",
        "dicom",
        "listen",
        "--folder",
        str(tmp_path),
        "--port",
        "0",
        "--seconds",
        "60",
        "--at-once",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "service")}
    acknowledged: list[str] = []
    for kill in range(3):
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stderr is not None
            found = None
            until = time.monotonic() + 120
            while found is None and time.monotonic() < until:
                found = re.search(r"on 127\.0\.0\.1:(\d+)", process.stderr.readline())
            assert found is not None
            stop = threading.Event()
            sender = threading.Thread(
                target=stream, args=(Peer("PLAINRAD", "127.0.0.1", int(found[1])), acknowledged, stop)
            )
            sender.start()
            while len(acknowledged) < 5 * (kill + 1) and time.monotonic() < until:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)  # in the middle of whatever it is doing
            stop.set()
            sender.join(60)
            del sender
    gc.collect()  # what pynetdicom left open is noticed here, and not in another test
    assert len(acknowledged) >= 15
    files = [path for room in ("in", "done") for path in (tmp_path / room).glob("*.dcm")]
    assert set(acknowledged) <= {path.stem for path in files}
    assert len(files) == len({path.stem for path in files})
    for path in files:
        assert read_file(path.read_bytes()).uid == path.stem
