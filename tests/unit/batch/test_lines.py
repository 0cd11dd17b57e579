"""Lines end at a line feed and nowhere else; an output that was torn is read as far as it is whole."""

import io
import json
from pathlib import Path

import pytest

from plainrad.batch.lines import MAX_LINE, id_of, read_done, read_lines, read_object, write_line
from plainrad.batch.worker import annotate_line, crashed
from plainrad.errors import ReportError
from tests.support.reports import BAD, MARKER, NASTY, Bad, fields
from tests.unit.batch.fakes import Explainer


def test_separators_inside_a_string_do_not_split_a_line() -> None:
    rows = [{"id": n, "text": f"a{mark}b"} for n, mark in enumerate("\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\r")]
    data = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
    assert [json.loads(line) for line in read_lines(io.BytesIO(data))] == rows


def test_what_is_written_survives_readers_that_split_at_any_separator() -> None:
    value = {"id": 1, "text": NASTY}
    line = write_line(value)
    assert len(line.decode().splitlines()) == 1
    assert json.loads(line) == value


def test_blank_lines_are_passed_over_and_the_last_needs_no_end() -> None:
    assert list(read_lines(io.BytesIO(b"\n1\r\n  \n\n2"))) == [b"1\r\n", b"2"]


def test_a_line_without_end_is_not_kept_in_memory() -> None:
    first, second = read_lines(io.BytesIO(b"x" * (MAX_LINE + 3_000_000) + b"\n2\n"))
    assert (len(first), second) == (MAX_LINE + 1, b"2\n")
    assert annotate_line(first, Explainer()).error == "report_too_large"


@pytest.mark.parametrize("sent", [None, True, 1.5, [], {}, "x" * 301, "\ud800"])
def test_an_id_is_a_string_or_a_whole_number(sent: object) -> None:
    with pytest.raises(ReportError):
        read_object(json.dumps({"id": sent, "text": "x"}).encode())
    assert id_of(json.dumps({"id": sent}).encode()) is None


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_line_becomes_an_error_that_repeats_nothing(bad: Bad) -> None:
    body = b'{"id": "r1", ' + bad.body[1:] if bad.body.startswith(b'{"') else bad.body
    result = annotate_line(body + b"\n", Explainer())
    record = json.loads(result.line)
    assert result.error == record["error"]["code"] == bad.code
    assert record.keys() == {"id", "error"}
    assert MARKER.encode() not in result.line


def test_an_unforeseen_error_costs_one_line_and_says_nothing() -> None:
    line = json.dumps({"id": 7, **fields(f"crash {MARKER}")}).encode()
    for result in (annotate_line(line, Explainer()), crashed(line)):
        assert json.loads(result.line)["id"] == 7
        assert result.error == "internal_error"
        assert MARKER.encode() not in result.line


@pytest.mark.parametrize(
    "torn", [b"", b'{"id": 3, "rep', b'{"id": 3, "report": {}}', b"\x00\x00\n", b"{}\n", b'{"id": 3}\n', b"[1}\n"]
)
def test_only_whole_lines_count_as_done(tmp_path: Path, torn: bytes) -> None:
    whole = write_line({"id": 1, "report": {}}) + write_line(
        {"id": "b", "error": {"code": "report_empty", "message": ""}}
    )
    path = tmp_path / "out.jsonl"
    path.write_bytes(whole + torn)
    done = read_done(path)
    assert (done.lines, done.size, done.errors, done.last) == (2, len(whole), {"report_empty": 1}, "b")
    assert read_done(tmp_path / "none").lines == 0
