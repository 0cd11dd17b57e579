"""One line in, one line out; and what a worker process does around that."""

import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Protocol

from plainrad.batch.lines import MAX_LINE, Id, id_of, read_object, write_line
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import MAX_CHARACTERS, Report
from plainrad.errors import ContentError, PlainradError, ReportTooLargeError
from plainrad.formats.contract import to_json
from plainrad.formats.incoming import parse_report

_UNFORESEEN = (
    "The report could not be explained because of an error in Plainrad. It was left out; the others are not affected."
)


class Explainer(Protocol):
    """What explains reports: a Plainrad."""

    def annotate(self, report: Report) -> PatientReport:
        """Return the patient version."""


@dataclass(frozen=True, slots=True)
class Result:
    """A line of output, and the code of its error if it tells one."""

    line: bytes
    error: str | None = None


def annotate_line(line: bytes, plainrad: Explainer) -> Result:
    """Return the line for a report, or for what was wrong with it. It never raises, and an error repeats nothing of the report."""
    sent: Id = None
    try:
        if len(line) > MAX_LINE:
            raise ReportTooLargeError(limit=MAX_CHARACTERS)
        sent, fields = read_object(line)
        return Result(write_line({"id": sent, "report": to_json(plainrad.annotate(parse_report(fields)))}))
    except PlainradError as error:
        return _failed(sent, error.code, str(error))
    except Exception:
        return _failed(sent, PlainradError.code, _UNFORESEEN)


def crashed(line: bytes) -> Result:
    """Return the line for a report at which a process ended (no memory, say)."""
    return _failed(id_of(line) if len(line) <= MAX_LINE else None, PlainradError.code, _UNFORESEEN)


def _failed(sent: Id, code: str, message: str) -> Result:
    return Result(write_line({"id": sent, "error": {"code": code, "message": message}}), code)


def work(connection: Connection) -> None:
    """Answer each chunk of lines that comes through `connection` until it ends. This is all that a worker process does.

    An answer is a result for each line, or a string: why this process cannot give any. Ctrl-C is left to the parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    failure = ""
    try:
        from plainrad.bootstrap import plainrad

        made = plainrad()
    except PlainradError as error:
        failure = str(error)
    except Exception as error:
        failure = f"A worker process could not start ({type(error).__name__})."
    with suppress(EOFError, OSError):
        while True:
            lines: Sequence[bytes] = connection.recv()
            connection.send(failure or [annotate_line(line, made) for line in lines])


def answer(results: list[Result] | str) -> list[Result]:
    """Return the results; raises ContentError when the process had none to give."""
    if isinstance(results, str):
        raise ContentError(results)
    return results
