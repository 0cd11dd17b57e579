"""A folder that is looked at: both files, at rest, once; everything else is said beside the file."""

import io
import json
import time
from pathlib import Path

import pytest
from pypdf import PdfWriter
from weasyprint import HTML  # type: ignore[import-untyped]

from plainrad.bootstrap import Plainrad
from plainrad.log import make_log
from plainrad.wire.folder import FolderSink
from plainrad.wire.watch import Watch
from tests.support.hl7 import MARKER
from tests.support.hl7_wire import MemorySink


def later() -> float:
    """A minute from now: what was dropped is at rest by then, however long the tests before took."""
    return time.time() + 60


ABOUT = 'status = "final"\nverified_at = 2026-10-05T14:20:00+01:00\nreport_id = "R1"\n[exam]\ntitle = "XR chest"\n'


def watch(folder: Path, sink: MemorySink, *, stream: io.StringIO | None = None, clock: float | None = None) -> Watch:
    return Watch(folder, sink, log=make_log(stream=stream or io.StringIO()), clock=lambda: clock or later())


def drop(folder: Path, name: str, data: bytes | str, about: str | None = ABOUT, *, kind: str = "toml") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    if about is not None:
        (folder / name).with_suffix(f".{kind}").write_text(about, encoding="utf-8")


def pdf(words: str) -> bytes:
    made: bytes = HTML(string=f"<p>{words}</p>").write_pdf()
    return made


def reason(folder: Path, name: str) -> str:
    code: str = json.loads((folder / "failed" / f"{name}.reason").read_text())["code"]
    return code


def test_a_text_and_what_it_is(tmp_path: Path) -> None:
    sink = MemorySink()
    drop(tmp_path, "one.txt", "No pneumothorax.\r\n")
    assert watch(tmp_path, sink).look() == (1, 0)
    (received,) = sink.reports.values()
    assert (received.report.text, received.report_id, received.report.exam.title) == (
        "No pneumothorax.\r\n",
        "R1",
        "XR chest",
    )
    assert received.report.verified_at is not None
    assert sorted(one.name for one in (tmp_path / "done").iterdir()) == ["one.toml", "one.txt"]
    assert watch(tmp_path, sink).look() == (0, 0)


def test_a_sidecar_can_be_json(tmp_path: Path) -> None:
    sink = MemorySink()
    drop(
        tmp_path,
        "one.txt",
        "No pneumothorax.",
        '{"status": "amended", "patient": {"nhs_number": "9992158107"}}',
        kind="json",
    )
    assert watch(tmp_path, sink).look() == (1, 0)
    (received,) = sink.reports.values()
    assert received.report_id == "one"
    assert received.report.patient is not None


def test_a_pdf_with_words(tmp_path: Path) -> None:
    sink = MemorySink()
    drop(tmp_path, "one.pdf", pdf("Small left pleural effusion."))
    assert watch(tmp_path, sink).look() == (1, 0)
    (received,) = sink.reports.values()
    assert received.report.text.strip() == "Small left pleural effusion."


def test_a_report_waits_for_what_says_what_it_is(tmp_path: Path) -> None:
    sink = MemorySink()
    drop(tmp_path, "one.txt", "No pneumothorax.", None)
    assert watch(tmp_path, sink).look() == (0, 0)
    assert (tmp_path / "one.txt").exists()


def test_a_file_that_is_still_being_written_is_left(tmp_path: Path) -> None:
    sink = MemorySink()
    drop(tmp_path, "one.txt", "No pneumoth")
    assert watch(tmp_path, sink, clock=time.time()).look() == (0, 0)


def blank_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked_pdf() -> bytes:
    writer = PdfWriter(io.BytesIO(pdf("words")))
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "about", "code"),
    [
        pytest.param("a.txt", "words", 'status = "preliminary"', "report_not_verified", id="not verified"),
        pytest.param("a.txt", "words", 'title = "x"', "report_invalid", id="an unknown field"),
        pytest.param("a.txt", "words", "", "report_status_missing", id="no status"),
        pytest.param("a.txt", "words", "status =", "report_invalid", id="not TOML"),
        pytest.param(
            "a.txt", "words", ABOUT + 'x = "' + "y" * 70_000 + '"', "report_invalid", id="a sidecar without end"
        ),
        pytest.param("a.txt", "words", 'status = "final"\ntext = "other words"', "report_invalid", id="two texts"),
        pytest.param("a.txt", "", ABOUT, "report_empty", id="no words"),
        pytest.param("a.txt", b"caf\xe9", ABOUT, "report_encoding", id="not UTF-8"),
        pytest.param("a.txt", "x" * 900_000, ABOUT, "report_too_large", id="too long"),
        pytest.param("a.pdf", b"%PDF-1.4 half", ABOUT, "attachment_unreadable", id="damaged PDF"),
        pytest.param("a.pdf", b"no PDF", ABOUT, "attachment_unreadable", id="no PDF"),
        pytest.param("a.pdf", blank_pdf(), ABOUT, "attachment_unreadable", id="PDF without text"),
        pytest.param("a.pdf", locked_pdf(), ABOUT, "attachment_unreadable", id="locked PDF"),
        pytest.param("a.txt", "words", '{"status": "final"}', "report_invalid", id="JSON called TOML"),
    ],
)
def test_what_cannot_be_taken_goes_to_failed_with_its_reason(
    tmp_path: Path, name: str, data: bytes | str, about: str, code: str
) -> None:
    sink, stream = MemorySink(), io.StringIO()
    drop(tmp_path, name, data, about)
    drop(tmp_path, "good.txt", "No pneumothorax.", ABOUT)
    assert watch(tmp_path, sink, stream=stream).look() == (1, 1)
    assert reason(tmp_path, name) == code
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == []


def test_a_sink_that_fails_says_nothing_of_the_words(tmp_path: Path) -> None:
    sink, stream = MemorySink(fails_on=MARKER), io.StringIO()
    drop(tmp_path, "a.txt", MARKER)
    assert watch(tmp_path, sink, stream=stream).look() == (0, 1)
    assert reason(tmp_path, "a.txt") == "internal_error"
    assert MARKER not in stream.getvalue() + (tmp_path / "failed" / "a.txt.reason").read_text()


def test_a_store_that_is_away_is_tried_again(tmp_path: Path) -> None:
    sink = MemorySink(busy_for=1)
    drop(tmp_path, "a.txt", "No pneumothorax.")
    looking = watch(tmp_path, sink)
    assert looking.look() == (0, 0)
    assert (tmp_path / "a.txt").exists()
    assert looking.look() == (1, 0)


def test_what_an_earlier_process_left_in_the_middle_is_taken_up(tmp_path: Path) -> None:
    sink = MemorySink()
    drop(tmp_path / "working", "a.txt", "No pneumothorax.")
    assert watch(tmp_path, sink).look() == (1, 0)


def test_the_same_name_again_another_day_keeps_both(tmp_path: Path) -> None:
    sink = MemorySink()
    for words in ("first", "second"):
        drop(tmp_path, "a.txt", words)
        assert watch(tmp_path, sink).look() == (1, 0)
    assert len(list((tmp_path / "done").glob("a*.txt"))) == 2
    assert len(sink.reports) == 2


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in (".hidden.txt", "notes.docx", "lone.toml"):
        drop(tmp_path, name, "x", None)
    assert watch(tmp_path, MemorySink()).look() == (0, 0)
    assert len([one for one in tmp_path.iterdir() if one.is_file()]) == 3


# ---- the folder that patient versions go to ------------------------------------------------------------------------


def test_patient_versions_are_written_replaced_and_retracted(tmp_path: Path, plainrad: Plainrad) -> None:
    sink = FolderSink(tmp_path / "out", explain=plainrad.annotate, named=lambda number: f"name-of-{number}")
    looking = Watch(tmp_path / "in", sink, log=make_log(stream=io.StringIO()), clock=later)
    drop(tmp_path / "in", "a.txt", "Small left pleural effusion.")
    looking.look()
    made = json.loads((tmp_path / "out" / "name-of-R1.json").read_text())
    assert made["original"]["text"] == "Small left pleural effusion."
    assert "<html" in (tmp_path / "out" / "name-of-R1.html").read_text()
    drop(tmp_path / "in", "b.txt", "No pleural effusion.")
    looking.look()
    assert json.loads((tmp_path / "out" / "name-of-R1.json").read_text())["original"]["text"] == "No pleural effusion."
    assert sink.retract("R1", reason="OBR-25 R", key="k") is True
    assert sink.retract("R1", reason="OBR-25 R", key="k") is True  # again is once
    assert sink.retract("R2", reason="OBR-25 R", key="k") is False
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["retracted"]
