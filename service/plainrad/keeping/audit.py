"""`plainrad audit ...`: is the chain whole, and what does it say."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from plainrad.domain.records import AuditEntry
from plainrad.errors import AuditBrokenError
from plainrad.terminal import fail, show, why

commands = typer.Typer(
    name="audit", help="The audit: who did what to which record, when and why.", no_args_is_help=True
)
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)
_FIELDS = (
    "seq", "at", "actor_kind", "actor_id", "organisation", "action", "object_kind", "object_id", "details", "reason",
    "reason_sha256", "previous", "hash",
)  # fmt: skip


class Format(StrEnum):
    """What `export` writes."""

    JSONL = "jsonl"
    CSV = "csv"


@commands.command()
def verify(
    head: Annotated[
        str | None, typer.Option(metavar="NUMBER:HASH", help="A line noted earlier, elsewhere: it must still be there.")
    ] = None,
) -> None:
    """Check every line of the audit. Exit code 1 when one was changed, removed or put in."""
    from plainrad.bootstrap import bare_records
    from plainrad.settings import settings

    noted = _HEAD.fullmatch(head) if head is not None else None
    if head is not None and noted is None:
        fail("usage", "--head has a value that cannot be used: give NUMBER:HASH as an earlier verify printed it.")
    try:
        number, last = bare_records(settings()).verify_audit(head=(int(noted[1]), noted[2]) if noted else None)
    except AuditBrokenError as error:
        fail(error.code, str(error), status=1)
    show(f"{number:,} lines, all whole. Note this elsewhere, and give it next time as --head: {number}:{last}\n")


@commands.command()
def export(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    format: Annotated[Format, typer.Option(help="What is written.")] = Format.JSONL,
    report: Annotated[str | None, typer.Option(help="Only what was done to this report (its id).")] = None,
) -> None:
    """Write the audit to a file. It holds no word of a report; reasons are as people wrote them."""
    from plainrad.bootstrap import bare_records
    from plainrad.settings import settings

    entries = bare_records(settings()).audit(report_id=report)
    try:
        with target.open("x", encoding="utf-8", newline="") as file:
            count = 0
            for text in _lines(entries, format):
                file.write(text)
                count += 1
    except OSError as error:
        fail("file_unwritable", f"FILE cannot be written: {why(error)}.")
    show(f"{count - (format is Format.CSV):,} lines.\n")


def values(entry: AuditEntry) -> dict[str, Any]:
    """Return a line of the audit as JSON values; its hash can be worked out from them anywhere."""
    found = {name: getattr(entry, name) for name in _FIELDS}
    return {**found, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}


def _lines(entries: Iterator[AuditEntry], format: Format) -> Iterator[str]:
    if format is Format.JSONL:
        for one in entries:
            yield json.dumps(values(one), ensure_ascii=False, sort_keys=True) + "\n"
        return
    yield _row(list(_FIELDS))
    for one in entries:
        found = {**values(one), "details": json.dumps(one.details, ensure_ascii=True, sort_keys=True)}
        yield _row([_plain(found[name]) for name in _FIELDS])


def _row(cells: list[str]) -> str:
    kept = io.StringIO()
    csv.writer(kept, lineterminator="\r\n").writerow(cells)
    return kept.getvalue()


def _plain(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
