"""All public messages through real MLLP, sent from a second process by clients of other makes, and their words as they arrived."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from plainrad.log import make_log
from tests.support.hl7 import PUBLIC_SITE, ROOT, public_messages
from tests.support.hl7_wire import Scene, listening, make_scene
from tests.unit.formats.hl7v2.test_public_messages import expected, without_headings, words

MESSAGES = public_messages()
pytestmark = pytest.mark.skipif(not MESSAGES, reason="the public messages do not stand beside the checkout")
QUIET = make_log(level="error")
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT / 'service'}:{ROOT}"}
COUNTS = {"AA": 205, "AR report_not_verified": 208, "AR report_status_missing": 2}


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    found = tmp_path / "messages.mllp"
    found.write_bytes(b"".join(b"\x0b" + one.encode() + b"\x1c\r" for one in MESSAGES))
    return found


def answers(command: list[str], folder: Path) -> tuple[Scene, bytes]:
    """Return what the second process wrote, and what was taken from it."""
    scene = make_scene(folder / "spool", site=PUBLIC_SITE)
    with listening(scene.traffic, log=QUIET) as port:
        filled = [one.replace("PORT", str(port)) for one in command]
        sent = subprocess.run(filled, cwd=ROOT, env=ENVIRONMENT, capture_output=True, timeout=500, check=True)
        scene.settle()
    return scene, sent.stdout


def check_taken(scene: Scene) -> None:
    """Fail unless exactly the verified reports were taken, with the words of an independent reading, in the order they were sent."""
    verified = [one for one in MESSAGES if expected(one) == "final"]
    assert [without_headings(one) for one in scene.sink.reports.values()] == [words(one) for one in verified]
    scene.close()


@pytest.mark.heavy
@pytest.mark.timeout(600)
def test_by_mllp_send_of_python_hl7(tmp_path: Path, stream: Path) -> None:
    program = "from hl7.client import mllp_send; mllp_send()"
    scene, said = answers(
        [sys.executable, "-c", program, "--port", "PORT", "--file", str(stream), "127.0.0.1"], tmp_path
    )
    assert said.count(b"MSA|AA|") == COUNTS["AA"]
    assert said.count(b"|report_not_verified: ") == COUNTS["AR report_not_verified"]
    assert said.count(b"|report_status_missing: ") == COUNTS["AR report_status_missing"]
    check_taken(scene)


@pytest.mark.heavy
@pytest.mark.timeout(600)
def test_by_hl7apy(tmp_path: Path, stream: Path) -> None:
    """It parses, writes, frames and reads the answers: the socket is all that it does not bring."""
    scene, said = answers([sys.executable, "-m", "tests.support.hl7apy_sending", "PORT", str(stream)], tmp_path)
    lines = [line.strip() for line in said.decode().splitlines()]
    assert Counter(lines) == COUNTS
    meant = {"final": "AA"}
    assert lines == [meant.get(expected(one), f"AR {expected(one)}") for one in MESSAGES]
    check_taken(scene)
