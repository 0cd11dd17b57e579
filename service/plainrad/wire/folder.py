"""A sink for a site without a store: each patient version as JSON and as a page in a folder, until it is retracted."""

import secrets
from collections.abc import Callable
from pathlib import Path

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.formats.contract import to_schema
from plainrad.formats.hl7v2.read import ReportReceived
from plainrad.render import render_html

_KNOWN = frozenset({"pdf", "rtf", "html", "jpeg", "png", "tiff"})  # endings that a sender may choose


class FolderSink:
    """Writes into `folder`; who fetches from there looks at `release` before showing anything to a patient.

    `named` turns the number of a report into a file name that gives nothing away.
    """

    def __init__(
        self, folder: Path, *, explain: Callable[[Report], PatientReport], named: Callable[[str], str]
    ) -> None:
        self._folder = folder
        self._explain = explain
        self._named = named
        for one in (folder, folder / "retracted"):
            one.mkdir(parents=True, exist_ok=True, mode=0o700)

    def submit(self, received: ReportReceived, *, key: str) -> None:  # noqa: ARG002 - the same report gives the same files
        """Write the patient version and the documents that came with it; a newer one takes the place of an older one."""
        patient = self._explain(received.report)
        name = self._named(received.report_id)
        files = {
            f"{name}.json": (to_schema(patient).model_dump_json() + "\n").encode("utf-8", "surrogatepass"),
            f"{name}.html": render_html(patient).encode("utf-8", "surrogatepass"),
        }
        for number, one in enumerate(received.attachments, start=1):
            files[f"{name}.{number}.{one.subtype if one.subtype in _KNOWN else 'bin'}"] = one.data
        for target, data in files.items():
            draft = self._folder / f".{name}.{secrets.token_hex(4)}"
            draft.write_bytes(data)
            draft.replace(self._folder / target)
        for old in (*self._of(name, self._folder), *self._of(name, self._folder / "retracted")):
            if old.parent != self._folder or old.name not in files:
                old.unlink()

    def retract(self, report_id: str, *, reason: str, key: str) -> bool:  # noqa: ARG002 - a file has no place for them
        """Move the files of a report to retracted/; returns False where there are none, and True where they were moved before."""
        name = self._named(report_id)
        for one in self._of(name, self._folder):
            one.replace(self._folder / "retracted" / one.name)
        return bool(self._of(name, self._folder / "retracted"))

    @staticmethod
    def _of(name: str, folder: Path) -> list[Path]:
        return [one for one in folder.iterdir() if one.name.startswith(f"{name}.")]
