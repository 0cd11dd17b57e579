"""Folder watch, for sites with nothing else: NAME.txt or NAME.pdf, and beside it NAME.toml or NAME.json that says what it is.

A report is taken when both are there and have come to rest. They go to done/ or, with the reason beside them, to failed/.
"""

import json
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plainrad.errors import PlainradError, ReportInvalidError, ReportTooLargeError, ServiceError
from plainrad.formats.hl7v2.read import ReportReceived
from plainrad.formats.incoming import decode, parse_json, parse_report
from plainrad.formats.pdf import pdf_text
from plainrad.log import Log, where
from plainrad.wire.sinks import Sink

_REPORTS = (".txt", ".pdf")
_SIDECARS = (".toml", ".json")
_MOST_SIDECAR = 65_536
_MOST_PDF = 50_000_000
_MOST_TEXT = 800_000
FOLDERS = ("working", "done", "failed")


class Watch:
    """Looks at a folder again and again."""

    def __init__(
        self, folder: Path, sink: Sink, *, log: Log, settle: float = 2.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._sink = sink
        self._log = log
        self._settle = settle
        self._clock = clock
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in sorted((folder / "working").iterdir()):  # an earlier process was stopped in the middle of it
            left.replace(folder / left.name)

    def run(self, *, pause: float = 1.0) -> None:
        """Look for ever."""
        while True:
            self.look()
            time.sleep(pause)

    def look(self) -> tuple[int, int]:
        """Take what is ready, oldest first; returns how many reports were taken and how many failed."""
        taken = failed = 0
        for report, sidecar in self._ready():
            try:
                done = self._take(report, sidecar)
            except (ServiceError, OSError) as error:  # the store or the disk is away: it stays here and is tried again
                self._log.error("watch_try_again", **where(error))
                self._put_back(report, sidecar)
                break
            taken, failed = taken + done, failed + (not done)
        return taken, failed

    def _ready(self) -> list[tuple[Path, Path]]:
        found = []
        for report in self._folder.iterdir():
            if report.suffix.lower() not in _REPORTS or report.name.startswith(".") or not report.is_file():
                continue
            sidecar = next((one for suffix in _SIDECARS if (one := report.with_suffix(suffix)).is_file()), None)
            if sidecar is None:
                continue
            last = max(report.stat().st_mtime, sidecar.stat().st_mtime)
            if self._clock() - last >= self._settle:
                found.append((last, report, sidecar))
        return [(report, sidecar) for _, report, sidecar in sorted(found)]

    def _take(self, report: Path, sidecar: Path) -> bool:
        working = [one.replace(self._folder / "working" / one.name) for one in (report, sidecar)]
        try:
            self._sink.submit(read_files(*working), key=f"file-{report.name}-{working[0].stat().st_mtime_ns}")
        except (ServiceError, OSError):
            raise
        except Exception as error:
            code = error.code if isinstance(error, PlainradError) else "internal_error"
            detail = str(error) if isinstance(error, PlainradError) else "Something went wrong here."
            self._log.error("watch_failed", code=code, **where(error))
            self._away(working, "failed", reason=json.dumps({"code": code, "detail": detail}))
            return False
        self._log.info("watch_taken")
        self._away(working, "done")
        return True

    def _away(self, files: list[Path], folder: str, *, reason: str | None = None) -> None:
        """Move the files, under a name of their own where a file of an earlier day has theirs."""
        taken = any((self._folder / folder / one.name).exists() for one in files)
        for one in files:
            name = f"{one.stem}.{time.time_ns()}{one.suffix}" if taken else one.name
            target = one.replace(self._folder / folder / name)
            if reason is not None and one.suffix.lower() in _REPORTS:
                target.with_name(target.name + ".reason").write_text(reason + "\n", encoding="utf-8")

    def _put_back(self, report: Path, sidecar: Path) -> None:
        for one in (report, sidecar):
            working = self._folder / "working" / one.name
            if working.exists():
                working.replace(one)


def read_files(report: Path, sidecar: Path) -> ReportReceived:
    """Return the report of the two files; raises ReportError. The file name stands for the number of the report where none is given."""
    if sidecar.stat().st_size > _MOST_SIDECAR:
        raise ReportInvalidError("The file beside the report is too large to be one that describes it.")
    fields = _fields(sidecar)
    if "text" in fields:
        raise ReportInvalidError("text: the words of the report stand in a file of their own.")
    pdf = report.suffix.lower() == ".pdf"
    if report.stat().st_size > (_MOST_PDF if pdf else _MOST_TEXT):
        raise ReportTooLargeError(limit=200_000)
    text = pdf_text(report.read_bytes()) if pdf else decode(report.read_bytes())
    read = parse_report({**fields, "text": text})
    return ReportReceived(read, read.report_id or read.accession or report.stem)


def _fields(sidecar: Path) -> dict[str, Any]:
    data = sidecar.read_bytes()
    if sidecar.suffix.lower() == ".json":
        found = parse_json(data)
    else:
        try:
            found = _as_json(tomllib.loads(data.decode("utf-8")))
        except (ValueError, RecursionError):
            raise ReportInvalidError("The file beside the report is not valid TOML.") from None
    if not isinstance(found, dict):
        raise ReportInvalidError("The file beside the report holds no fields.")
    return found


def _as_json(value: Any) -> Any:
    """Return TOML values as JSON would hold them: TOML has dates of its own."""
    if isinstance(value, dict):
        return {name: _as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
