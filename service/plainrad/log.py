"""Structured logs, one JSON object a line. Nothing that a caller sent can get into one.

Only fields that our own code names are written. Of an exception the log has its type and the place in our code: its message and
its local values may hold a report. Of other people's log records it has the logger and the level, for the same reason.
"""

import logging
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, TextIO

import structlog

_PACKAGE = Path(__file__).resolve().parent
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class Log(Protocol):
    """What the service writes its log with."""

    def info(self, event: str, **fields: Any) -> Any:
        """Write that `event` happened."""

    def error(self, event: str, **fields: Any) -> Any:
        """Write that `event` went wrong."""


def make_log(*, level: str = "info", stream: TextIO | None = None) -> Log:
    """Return a log that writes JSON lines to `stream` (standard error)."""
    log: Log = structlog.wrap_logger(
        structlog.PrintLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
    )
    return log


def where(error: BaseException) -> dict[str, str]:
    """Return the type of `error` and the innermost line of this package that it passed: nothing that it says."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).resolve().parents]
    place = "unknown"
    if ours:
        place = f"{Path(ours[-1].filename).resolve().relative_to(_PACKAGE).as_posix()}:{ours[-1].lineno}"
    return {"exception": type(error).__name__, "place": place}


class Foreign(logging.Handler):
    """Takes the records of libraries and writes who spoke and how loud, never the words."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write that a library logged something."""
        error = record.exc_info[1] if record.exc_info else None
        fields = where(error) if error is not None else {}
        write = self._log.error if record.levelno >= logging.ERROR else self._log.info
        with suppress(OSError, ValueError):  # a log that is closed or full is no reason for a library's caller to fail
            write("library_log", logger=record.name, line=record.lineno, **fields)


def take_over_logging(log: Log) -> None:
    """Send every record of the standard library's logging to `log`, without its words."""
    root = logging.getLogger()
    root.handlers = [Foreign(log)]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
