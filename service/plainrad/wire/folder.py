"""A sink for a site without a store: each patient version as JSON and as a page in a folder, until it is retracted."""

import secrets
from collections.abc import Callable
from pathlib import Path

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.formats.contract import to_schema
from plainrad.formats.hl7v2.read import ReportReceived
from plainrad.render import render_html

_FORMS = (".json", ".html")


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
        """Write the patient version; a newer one takes the place of an older one."""
        patient = self._explain(received.report)
        name = self._named(received.report_id)
        for suffix, text in zip(
            _FORMS, (to_schema(patient).model_dump_json() + "\n", render_html(patient)), strict=True
        ):
            draft = self._folder / f".{name}.{secrets.token_hex(4)}"
            draft.write_bytes(text.encode("utf-8", "surrogatepass"))
            draft.replace(self._folder / (name + suffix))
        for suffix in _FORMS:
            (self._folder / "retracted" / (name + suffix)).unlink(missing_ok=True)

    def retract(self, report_id: str, *, reason: str, key: str) -> bool:  # noqa: ARG002 - a file has no place for them
        """Move the patient version to retracted/; returns False where there is none, and True where it was retracted before."""
        name = self._named(report_id)
        known = False
        for suffix in _FORMS:
            source, target = self._folder / (name + suffix), self._folder / "retracted" / (name + suffix)
            if source.exists():
                source.replace(target)
            known = known or target.exists()
        return known
