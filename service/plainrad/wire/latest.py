"""Which message about a report was the last: a replayed old one must not take the place of a newer."""

from pathlib import Path

from plainrad.formats.hl7v2.refusals import refused
from plainrad.wire.spool import Entry, Spool


class Latest:
    """One small file for each report, under a keyed hash of its number."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._folder = spool.root / "latest"
        self._folder.mkdir(exist_ok=True, mode=0o700)

    def check(self, report_id: str, entry: Entry) -> None:
        """Raise MessageError `superseded` where a message that came later than `entry` has been worked on."""
        try:
            last = int(self._path(report_id).read_text("ascii"))
        except (OSError, ValueError):
            return
        if last > entry.number:
            raise refused("superseded")

    def note(self, report_id: str, entry: Entry) -> None:
        """Remember that `entry` has been worked on."""
        path = self._path(report_id)
        draft = path.with_suffix(".new")
        draft.write_text(str(entry.number), "ascii")
        draft.replace(path)

    def _path(self, report_id: str) -> Path:
        return self._folder / self._spool.hashed("report", report_id)
