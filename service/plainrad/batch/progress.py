"""What a batch shows on a terminal while it runs, and says at its end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from plainrad.batch.run import Counts
from plainrad.batch.run import Progress as Report


@contextmanager
def bar() -> Iterator[Report]:
    """Give a function that shows (done, total) as a bar on standard error if that is a terminal, and nothing elsewhere."""
    columns = (TextColumn("Reports"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("reports", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def summary(counts: Counts) -> str:
    """Return the counts as lines for a person."""
    lines = [f"{counts.lines:,} reports: {counts.explained:,} explained, {counts.errors.total():,} refused or failed."]
    if counts.before:
        lines.append(f"{counts.before:,} of them were there from an earlier run.")
    lines += [f"  {count:,} {code}" for code, count in sorted(counts.errors.items())]
    return "\n".join(lines) + "\n"
