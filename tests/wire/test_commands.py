"""`plainrad hl7 ...` and `plainrad watch` as a person types them."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.hl7 import MARKER, ROOT, message, msh, numbered, obr, obx, pid
from tests.support.hl7_wire import Portal, RawClient, make_scene
from tests.unit.cli.command import run as run_command

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("plainrad")


class Shown(NamedTuple):
    code: int
    out: str
    err: str


def run(capfd: Capture, *arguments: str | Path) -> Shown:
    code, out, err = run_command(capfd, *arguments)
    return Shown(code, out.decode(), err)


@pytest.fixture(autouse=True)
def _logging_of_the_test() -> Iterator[None]:
    """Give back what a command in this process took over."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


def file_of(folder: Path, *messages: bytes) -> Path:
    path = folder / "messages.hl7"
    path.write_bytes(b"".join(messages))
    return path


@pytest.mark.parametrize(
    ("form", "holds"),
    [("text", "* "), ("json", '"schema_version":"1"'), ("html", "<html"), ("hl7", "|PLAINRAD-PATIENT-TEXT^")],
)
def test_the_reports_of_a_file_are_explained(capfd: Capture, tmp_path: Path, form: str, holds: str) -> None:
    outcome = run(capfd, "hl7", "annotate", file_of(tmp_path, numbered(1)), "--format", form, "--days-only")
    assert outcome.code == 0
    assert holds in outcome.out
    assert outcome.err == ""


def test_no_message_is_written_of_what_the_policy_holds(capfd: Capture, tmp_path: Path) -> None:
    outcome = run(capfd, "hl7", "annotate", file_of(tmp_path, numbered(1)), "--format", "hl7")
    assert (outcome.code, outcome.out) == (2, "")
    assert "message 1: held at exclusions_not_stated" in outcome.err


def test_inline_does_not_start_while_the_policy_states_no_exclusions(capfd: Capture, tmp_path: Path) -> None:
    outcome = run(capfd, "hl7", "inline", "--spool", tmp_path / "spool", "--to", "127.0.0.1:2575")
    assert (outcome.code, outcome.err.startswith("plainrad: policy_missing")) == (1, True)


def test_what_cannot_be_taken_is_named_by_its_place_and_the_others_are_explained(
    capfd: Capture, tmp_path: Path
) -> None:
    file = file_of(tmp_path, numbered(1, f25="P"), message(msh(), pid(), obr(f22=MARKER), obx()), numbered(2))
    outcome = run(capfd, "hl7", "annotate", file, "--format", "json")
    assert outcome.code == 2
    assert "message 1: report_not_verified" in outcome.err
    assert "message 2: time_invalid at OBR-22" in outcome.err
    assert MARKER not in outcome.err
    assert len(outcome.out.splitlines()) == 1


def test_a_site_file_is_used_and_its_mistakes_named(capfd: Capture, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[status.report]\nCP = "final"\n', encoding="utf-8")
    file = file_of(tmp_path, numbered(1, f25="CP"))
    assert run(capfd, "hl7", "annotate", file, "--config", site).code == 0
    site.write_text('[status]\nfinal = "CP"\n', encoding="utf-8")
    outcome = run(capfd, "hl7", "annotate", file, "--config", site)
    assert (outcome.code, "status.final" in outcome.err) == (2, True)


def test_messages_are_sent_and_their_answers_shown(capfd: Capture, tmp_path: Path) -> None:
    portal = Portal(rule=lambda _, count: "AR" if count == 2 else "AA")
    with portal.open() as port:
        outcome = run(
            capfd, "hl7", "send", file_of(tmp_path, numbered(1), numbered(2), numbered(3)), "--to", f"127.0.0.1:{port}"
        )
    assert (outcome.code, outcome.out) == (1, "1\tAA\n2\tAR\n3\tAA\n")
    assert portal.received == [numbered(1), numbered(2), numbered(3)]


def test_nobody_there_is_one_line(capfd: Capture, tmp_path: Path) -> None:
    with Portal().open() as port:
        pass
    outcome = run(capfd, "hl7", "send", file_of(tmp_path, numbered(1)), "--to", f"127.0.0.1:{port}")
    assert outcome.code == 1
    assert outcome.err.startswith("plainrad: destination_unreachable")


@pytest.mark.parametrize("to", ["nowhere", "host:", "host:99999", ":2575", "host:port"])
def test_a_destination_that_is_none(capfd: Capture, tmp_path: Path, to: str) -> None:
    assert run(capfd, "hl7", "send", file_of(tmp_path, numbered(1)), "--to", to).code == 2


def test_what_failed_is_listed_and_put_back(capfd: Capture, tmp_path: Path) -> None:
    scene = make_scene(tmp_path / "spool")
    scene.take(message(msh(), pid(), obr(f22=MARKER), obx()))
    scene.take(message(msh(), obr(), obx()))
    scene.close()
    listed = run(capfd, "hl7", "replay", "--spool", tmp_path / "spool", "--list")
    assert (listed.code, listed.out.count("time_invalid\tOBR-22"), listed.out.splitlines()[-1]) == (0, 1, "2 failed")
    put_back = run(capfd, "hl7", "replay", "--spool", tmp_path / "spool", "--code", "time_invalid")
    assert put_back.out.splitlines()[-1] == "1 put back"
    assert len(scene.files("incoming")) == 1
    assert MARKER not in listed.out + put_back.out
    assert run(capfd, "hl7", "replay", "--spool", tmp_path / "elsewhere").code == 2


def test_what_is_old_is_removed(capfd: Capture, tmp_path: Path) -> None:
    scene = make_scene(tmp_path / "spool")
    scene.take(numbered(1))
    scene.take(message(msh(), obr(), obx()))
    scene.settle()
    scene.close()
    assert run(capfd, "hl7", "purge", "--spool", tmp_path / "spool", "--days", "1").out == "0 removed\n"
    assert run(capfd, "hl7", "purge", "--spool", tmp_path / "spool", "--days", "0").out == "1 removed\n"
    assert run(capfd, "hl7", "purge", "--spool", tmp_path / "spool", "--days", "0", "--failed").out == "1 removed\n"
    assert list((tmp_path / "spool" / "failed").iterdir()) == []


def test_a_folder_is_taken_once(capfd: Capture, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("No pneumothorax.")
    (folder / "a.toml").write_text('status = "final"')
    (folder / "b.txt").write_text("Nothing.")
    (folder / "b.toml").write_text('status = "preliminary"')
    outcome = run(capfd, "watch", folder, "--out", tmp_path / "out", "--once")
    assert (outcome.code, outcome.out) == (1, "1 taken, 1 failed\n")
    assert len(list((tmp_path / "out").glob("*.json"))) == 1


# ---- programs that run ---------------------------------------------------------------------------------------------


class Program:
    """`plainrad hl7 ...` in a process of its own."""

    def __init__(self, *arguments: object, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "plainrad.cli", "hl7", *map(str, arguments), "--port", "0"],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT / "service")} | environment, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stderr is not None
        self.lines: list[str] = []
        for line in self.process.stderr:
            self.lines.append(line)
            if line.startswith("Plainrad listens"):
                break
        else:
            self.process.stderr.close()
            self.process.wait()
            raise AssertionError("".join(self.lines))
        self.port = int(self.lines[-1].rsplit(":", 1)[1])

    def stop(self) -> str:
        """End it as a service manager does; returns what it wrote."""
        self.process.send_signal(signal.SIGTERM)
        _, rest = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return "".join(self.lines) + rest


@pytest.mark.heavy
def test_a_listener_from_the_command_line(tmp_path: Path) -> None:
    program = Program("listen", "--spool", tmp_path / "spool", "--out", tmp_path / "out")
    with RawClient(program.port) as client:
        assert client.ask(numbered(1)) == "AA"
        assert client.ask(numbered(2, f25="Wet Read")) == "AR report_not_verified"
        assert client.ask(numbered(3, report="ACC00001", f25="R")) == "AA"
    written = program.stop()
    (path,) = (tmp_path / "out" / "retracted").glob("*.json")
    assert json.loads(path.read_text())["original"]["text"].startswith("CT chest.")
    assert list((tmp_path / "out").glob("*.json")) == []
    assert MARKER not in written
    assert "9992158107" not in written


@pytest.mark.heavy
def test_inline_from_the_command_line_with_keys(tmp_path: Path) -> None:
    portal = Portal()
    (tmp_path / "release.toml").write_text("excluded_exams = []\n", encoding="utf-8")
    policy = str(tmp_path / "release.toml")
    key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    with portal.open() as port:
        program = Program(
            "inline", "--spool", tmp_path / "spool", "--to", f"127.0.0.1:{port}", PLAINRAD_KEYS=key, PLAINRAD_RELEASE_POLICY=policy
        )  # fmt: skip
        with RawClient(program.port) as client:
            assert [client.ask(numbered(n)) for n in range(5)] == ["AA"] * 5
        for _ in range(600):
            if len(portal.received) == 5:
                break
            time.sleep(0.05)
        written = program.stop()
    assert [one.split(b"\rOBR|")[1].split(b"|")[2] for one in portal.received] == [
        f"ACC{n:05d}".encode() for n in range(5)
    ]
    assert all(b"PLAINRAD-PATIENT-TEXT" in one for one in portal.received)
    assert MARKER not in written
    assert not any(MARKER.encode() in one.read_bytes() for one in (tmp_path / "spool").rglob("*") if one.is_file())


@pytest.mark.heavy
def test_a_spool_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    scene = make_scene(tmp_path / "spool")
    with pytest.raises(AssertionError, match="belongs to another process"):
        Program("listen", "--spool", tmp_path / "spool", "--out", tmp_path / "out")
    scene.close()
