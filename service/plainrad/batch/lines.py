"""Files of JSON lines, read as bytes: only a line feed ends a line, whatever other separators stand inside a string."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from plainrad.errors import PlainradError, ReportEncodingError, ReportInvalidError
from plainrad.formats.incoming import parse_json

# 200,000 characters, each written as two escapes, and room for the other fields.
MAX_LINE = 8_000_000
_STEP = 1 << 20
# JSON may hold these inside a string, and many readers of lines would break there.
_BREAKS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"}

Id = str | int | None


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of `file` that are not blank. Of one that is longer than MAX_LINE only the first MAX_LINE + 1 bytes."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (rest := file.readline(_STEP)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield line


def read_object(line: bytes) -> tuple[Id, dict[str, Any]]:
    """Return (id, the other fields) of a line; raises a ReportError."""
    fields = parse_json(line)
    if not isinstance(fields, dict):
        raise ReportInvalidError("A line is a JSON object with `id`, `text` and `status`.")
    sent = fields.pop("id", None)
    if isinstance(sent, bool) or not isinstance(sent, str | int) or len(str(sent)) > 300:
        raise ReportInvalidError("id is required: a string or a whole number of at most 300 characters.")
    try:
        str(sent).encode("utf-8")
    except UnicodeEncodeError:
        raise ReportEncodingError from None
    return sent, fields


def id_of(line: bytes) -> Id:
    """Return the id of a line, None when it cannot be read."""
    try:
        return read_object(line)[0]
    except PlainradError:
        return None


def write_line(value: dict[str, Any]) -> bytes:
    """Return `value` as one line of JSON that nothing splits; raises ValueError for a number that JSON does not have."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for char, escape in _BREAKS.items():
        text = text.replace(char, escape)
    return text.encode("utf-8") + b"\n"


@dataclass(frozen=True, slots=True)
class Done:
    """What an earlier run has written: whole lines, their bytes, the error codes among them, the id of the last."""

    lines: int
    size: int
    errors: dict[str, int]
    last: Id


def read_done(path: Path) -> Done:
    """Return the whole lines at the beginning of an output file. What follows the first that is torn does not count."""
    count = size = 0
    errors: dict[str, int] = {}
    last: Id = None
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                record = _whole(line)
                if record is None:
                    break
                count, size, last = count + 1, size + len(line), record["id"]
                if "error" in record:
                    code = record["error"]["code"]
                    errors[code] = errors.get(code, 0) + 1
    return Done(count, size, errors, last)


def _whole(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"}\n"):
        return None
    try:
        record = json.loads(line)
        whole = (
            isinstance(record, dict)
            and "id" in record
            and ("report" in record or isinstance(record["error"]["code"], str))
        )
    except (ValueError, KeyError, TypeError):
        return None
    return record if whole else None
