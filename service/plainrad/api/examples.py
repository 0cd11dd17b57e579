"""The invented reports of the demonstration: pairs of NAME.txt and NAME.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from plainrad.domain.access import DEMO_ORGANISATION
from plainrad.domain.records import Actor
from plainrad.domain.report import Report
from plainrad.errors import ContentInvalidError, ContentMissingError
from plainrad.formats.incoming import decode, parse_report
from plainrad.records.records import Records

_APART = timedelta(hours=36)  # so long the examples of the demonstration are apart
_NAME = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Example:
    """An invented report as its two files hold it."""

    name: str
    text: str
    title: str
    modality: str
    shows: str
    fields: dict[str, Any]

    def report(self) -> Report:
        """Return the report; raises a ReportError when the files do not make one."""
        return parse_report(self.fields | {"text": self.text})


def load_examples(folder: Path | None) -> dict[str, Example]:
    """Return the examples of `folder` by name; without a folder, those of `docs/examples` in the current one.

    Raises ContentMissingError or ContentInvalidError.
    """
    chosen = folder or Path("docs/examples")
    if not chosen.is_dir():
        raise ContentMissingError("docs/examples")
    return {file.stem: _load(file) for file in sorted(chosen.glob("*.txt")) if _NAME.fullmatch(file.stem)}


def _load(file: Path) -> Example:
    try:
        side = tomllib.loads(file.with_suffix(".toml").read_text(encoding="utf-8"))
        exam = {key: side[key] for key in ("title", "modality", "body_regions")}
        fields: dict[str, Any] = {"status": side["status"], "exam": exam}
        if "verified_at" in side:
            fields["verified_at"] = str(side["verified_at"])
        return Example(
            file.stem, decode(file.read_bytes()), side["title"], side["modality"], side.get("style", ""), fields
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError):
        raise ContentInvalidError(
            f"{file.stem}.toml: give title, modality, body_regions and status, as the other examples do."
        ) from None


def keep_examples(examples: Mapping[str, Example], records: Records) -> int:
    """Keep every example as a report of the demonstration, and return how many are new.

    They are kept as if they had been verified over the last weeks, so that its work list has something on every shelf.
    """
    new = 0
    actor = Actor("portal", "demonstration", DEMO_ORGANISATION, frozenset({"portal"}))
    for number, example in enumerate(examples.values(), start=1):
        report = replace(example.report(), report_id=example.name, accession=f"DEMO{number:04d}")
        if report.verified_at is not None:
            report = replace(report, verified_at=records.room.now() - number * _APART)
        receipt = records.submit(report, actor=actor, source="example")
        new += receipt.outcome == "created"
    return new
