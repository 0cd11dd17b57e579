"""What the command line shows: exact bytes to files and pipes, nothing that drives the terminal to a terminal."""

import re
import sys
from pathlib import Path
from typing import NoReturn, TextIO

import typer

BAD_INPUT = 2
_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Characters that move the cursor, change colours or the title, or turn the direction of writing.
_DRIVES = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")


def harmless(text: str) -> str:
    """Return `text` with a visible mark for each character that would drive a terminal."""
    return _DRIVES.sub(_mark, _BREAK.sub("\n", text))


def _mark(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def show(text: str, *, stream: TextIO | None = None) -> None:
    """Write `text` to standard output: as it is to a pipe or a file, made harmless for a terminal."""
    out = stream or sys.stdout
    if out.isatty():
        out.write(harmless(text))
    else:
        out.buffer.write(text.encode("utf-8"))
    out.flush()


def show_bytes(data: bytes) -> None:
    """Write `data` to a pipe or a file; ends with one line at a terminal, which cannot show it."""
    if sys.stdout.isatty():
        fail("output_needed", "This format is no text. Give --output FILE.")
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


def read_input(path: str) -> bytes:
    """Return the bytes of a file, or of standard input for "-"; ends with one line when it cannot be read."""
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        fail("file_unreadable", f"The file cannot be read: {why(error)}.")


def write_output(path: Path, text: str | bytes, *, source: str) -> None:
    """Write `text` (as UTF-8) or bytes to a file, never over the file that it was made from."""
    try:
        if source != "-" and path.exists() and path.samefile(source):
            fail(
                "file_unwritable",
                "The output is the file of the report. Name another: the report is never written over.",
            )
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    except (OSError, ValueError) as error:
        fail("file_unwritable", f"The output cannot be written: {why(error)}.")


def why(error: OSError | ValueError) -> str:
    """Return the reason of the operating system, without the name of the file."""
    return (getattr(error, "strerror", None) or "the name cannot be used").lower()


def fail(code: str, message: str, *, status: int = BAD_INPUT) -> NoReturn:
    """End with one line on standard error."""
    sys.stderr.write(f"plainrad: {code}: {harmless(message)}\n")
    raise typer.Exit(status)
