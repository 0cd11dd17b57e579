"""`plainrad annotate` explains one verified report and refuses every other."""

import json
import sys
from pathlib import Path

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.formats.contract import to_json
from tests.support.reports import BAD, EXAMPLES, MARKER, NASTY, ROOT, Bad, fields
from tests.unit.cli.command import run

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("plainrad")


def written(folder: Path, text: str | bytes, name: str = "report.txt") -> Path:
    """A file that holds `text`."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("text", [NASTY, "\ufeffx\r\n", *(one.text for one in list(EXAMPLES.values())[:5])])
def test_json_holds_the_bytes_of_the_file(capfd: Capture, tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    outcome = run(capfd, "annotate", file, "--format", "json", "--status", "final")
    answer = json.loads(outcome.out)
    assert (outcome.code, outcome.err) == (0, "")
    assert answer["original"]["text"].encode() == file.read_bytes()
    for mention in answer["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]


def test_the_json_is_that_of_the_api(capfd: Capture, tmp_path: Path, plainrad: Plainrad) -> None:
    example = EXAMPLES["ct-head-fall"]
    file = written(tmp_path, example.text)
    regions = [part for region in example.fields["exam"]["body_regions"] for part in ("--region", region)]
    outcome = run(
        capfd, "annotate", file, "--format", "json", "--status", example.fields["status"], "--exam", example.title,
        "--modality", example.modality, "--verified-at", example.fields["verified_at"], *regions,
    )  # fmt: skip
    assert json.loads(outcome.out) == to_json(plainrad.annotate(example.report()))


def test_text_and_page_hold_the_original(capfd: Capture, tmp_path: Path) -> None:
    file = written(tmp_path, NASTY)
    assert NASTY.encode() in run(capfd, "annotate", file, "--status", "final").out
    assert b"&lt;script&gt;" in run(capfd, "annotate", file, "--status", "final", "--format", "html").out


def test_a_json_file_states_its_own_fields(capfd: Capture, tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps(fields(exam="CT head", targets=[{"start": 0, "end": 8}])), "report.json")
    answer = json.loads(run(capfd, "annotate", file, "--format", "json", "--modality", "CT").out)
    assert answer["exam"]["title"] == "CT head"
    assert answer["exam"]["modality"] == "CT"
    assert any(mention["start"] == 0 and mention["term_id"] is None for mention in answer["mentions"])


def test_an_option_does_not_overrule_the_status_of_the_sender(capfd: Capture, tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps(fields() | {"status": "preliminary"}), "report.json")
    outcome = run(capfd, "annotate", file, "--status", "final")
    assert (outcome.code, outcome.out) == (2, b"")
    assert "report_invalid: status" in outcome.err


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_bad_json_is_refused_in_one_line(capfd: Capture, tmp_path: Path, bad: Bad) -> None:
    outcome = run(capfd, "annotate", written(tmp_path, bad.body, "report.json"))
    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err.startswith(f"plainrad: {bad.code}: ")
    assert outcome.err.count("\n") == 1
    assert MARKER not in outcome.err


@pytest.mark.parametrize(
    ("data", "options", "code"),
    [
        (MARKER.encode(), (), "report_status_missing"),
        *((MARKER.encode(), ("--status", status), "report_not_verified") for status in ("preliminary", "unknown", MARKER)),
        (b"", ("--status", "final"), "report_empty"),
        (b" \n\t\x00", ("--status", "final"), "report_empty"),
        (MARKER.encode() + b"x" * 200_001, ("--status", "final"), "report_too_large"),
        (MARKER.encode() + b"\xff", ("--status", "final"), "report_encoding"),
        (MARKER.encode(), ("--status", "final", "--verified-at", MARKER), "report_invalid"),
        (MARKER.encode(), ("--status", "final", "--exam", MARKER * 100), "report_invalid"),
        (MARKER.encode(), ("--status", "final", "--format", MARKER), "usage"),
        (MARKER.encode(), ("--status", "final", f"--{MARKER}"), "usage"),
        (MARKER.encode(), ("--status", "final", MARKER, MARKER), "usage"),
    ],
)  # fmt: skip
def test_bad_text_is_refused_in_one_line(
    capfd: Capture, tmp_path: Path, data: bytes, options: tuple[str, ...], code: str
) -> None:
    outcome = run(capfd, "annotate", written(tmp_path, data), *options)
    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err.startswith(f"plainrad: {code}: ")
    assert outcome.err.count("\n") == 1
    assert MARKER not in outcome.err


@pytest.mark.parametrize("path", [f"/{MARKER}", MARKER, f"a\x00{MARKER}", MARKER * 100, "."])
def test_a_file_that_cannot_be_read_is_not_named(capfd: Capture, path: str) -> None:
    """A report that was pasted in place of a file name must not be repeated."""
    outcome = run(capfd, "annotate", path, "--status", "final")
    assert outcome.code == 2
    assert outcome.err.startswith("plainrad: file_unreadable: ")
    assert MARKER not in outcome.err


def test_output_goes_to_a_file_and_never_over_the_report(capfd: Capture, tmp_path: Path) -> None:
    file = written(tmp_path, NASTY)
    target = tmp_path / "page.txt"
    assert run(capfd, "annotate", file, "--status", "final", "--output", target) == (0, b"", "")
    assert NASTY.encode() in target.read_bytes()
    refused = run(capfd, "annotate", file, "--status", "final", "--output", file)
    assert (refused.code, file.read_bytes()) == (2, NASTY.encode())
    assert run(capfd, "annotate", file, "--status", "final", "--output", tmp_path / "no" / "folder").code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of another kind")
def test_a_terminal_gets_no_control_characters(tmp_path: Path) -> None:
    import os
    import pty
    import subprocess

    parent, child = pty.openpty()
    command = [sys.executable, "-m", "plainrad.cli", "annotate", "-", "--status", "final"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=child, stderr=child, cwd=ROOT) as process:
        os.close(child)
        assert process.stdin is not None
        process.stdin.write(NASTY.encode())
        process.stdin.close()
        shown = b""
        while True:
            try:
                some = os.read(parent, 65536)
            except OSError:
                break
            if not some:
                break
            shown += some
    os.close(parent)
    assert process.returncode == 0
    text = shown.decode()
    assert "No pneumothorax" in text
    assert not {"\x1b", "\x00", "\x7f", "\x85", "\u202e"} & set(text)
    assert "\u241b[31mNo pneumothorax" in text


def test_a_pdf_and_a_fragment_are_written_too(capfd: Capture, tmp_path: Path) -> None:
    file, target = written(tmp_path, NASTY), tmp_path / "report.pdf"
    outcome = run(
        capfd, "annotate", file, "--status", "final", "--format", "pdf", "--look", "large", "--output", target
    )
    assert (outcome.code, outcome.out, outcome.err) == (0, b"", "")
    assert target.read_bytes().startswith(b"%PDF-1.7")
    assert file.read_bytes() == NASTY.encode()
    fragment = run(capfd, "annotate", file, "--status", "final", "--format", "fragment", "--look", "easy").out
    assert fragment.startswith(b"<style>")
    assert b'<div class="plainrad embedded easy neutral"' in fragment


def test_a_look_that_there_is_not_is_refused(capfd: Capture, tmp_path: Path) -> None:
    outcome = run(capfd, "annotate", written(tmp_path, "x"), "--status", "final", "--look", MARKER)
    assert outcome.code == 2
    assert outcome.err.startswith("plainrad: usage: --look has a value that cannot be used.")
    assert MARKER not in outcome.err
