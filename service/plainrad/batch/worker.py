"""One line in, one line out; and what a worker process does around that."""

import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import parent_process
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


@dataclass(slots=True)
class _Process:
    """What this worker process has: an explainer, or why it has none."""

    plainrad: Explainer | None = None
    failure: str = ""


_PROCESS = _Process()


def start() -> None:
    """Make a worker process ready: leave Ctrl-C to the parent, end with it, and build the Plainrad."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        from plainrad.bootstrap import plainrad

        _PROCESS.plainrad = plainrad()
    except PlainradError as error:
        _PROCESS.failure = str(error)
    except Exception as error:
        _PROCESS.failure = f"A worker process could not start ({type(error).__name__})."


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def annotate_lines(lines: Sequence[bytes]) -> list[Result] | str:
    """Return a result for each line, or why this process cannot give any. Called in worker processes."""
    if _PROCESS.plainrad is None:
        return _PROCESS.failure
    return [annotate_line(line, _PROCESS.plainrad) for line in lines]


def answer(results: list[Result] | str) -> list[Result]:
    """Return the results; raises ContentError when the process had none to give."""
    if isinstance(results, str):
        raise ContentError(results)
    return results
