"""A file of reports -> a file of patient versions, taken up again where an interruption left it."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from plainrad.batch.lines import Done, id_of, read_done, read_lines
from plainrad.batch.pool import annotate_all
from plainrad.batch.worker import Explainer, Result, annotate_line
from plainrad.errors import ReportInvalidError

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Counts:
    """How a run went: lines in all, how many were there already, and the errors by code (both runs)."""

    lines: int = 0
    before: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def explained(self) -> int:
        """Return the number of reports that were explained."""
        return self.lines - self.errors.total()


def all_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_batch(
    source: Path,
    target: Path,
    *,
    explainer: Callable[[], Explainer],
    workers: int = 1,
    restart: bool = False,
    progress: Progress | None = None,
) -> Counts:
    """Write a line to `target` for each line of `source`, in order, and return the counts.

    Whole lines that `target` has already are kept and not worked out again, unless `restart`. One worker is this process with
    the Plainrad of `explainer`; more are processes that build their own. Raises OSError, ContentError, or ReportInvalidError when
    `target` does not belong to `source`.
    """
    show = progress or _unseen
    with source.open("rb") as file:
        total = sum(1 for _ in read_lines(file))
    if target.exists() and target.samefile(source):
        raise ReportInvalidError(
            "IN and OUT are one file. Name another file for OUT: the reports are never written over."
        )
    done = Done(0, 0, {}, None) if restart else read_done(target)
    counts = Counts(lines=done.lines, before=done.lines, errors=Counter(done.errors))
    with source.open("rb") as incoming, target.open("r+b" if target.exists() else "x+b") as outgoing:
        lines = read_lines(incoming)
        if not restart:
            _check(done, total, lines, target)
        outgoing.truncate(done.size)
        outgoing.seek(done.size)
        show(done.lines, total)
        for results in _results(lines, workers=workers, explainer=explainer) if done.lines < total else ():
            outgoing.write(b"".join(result.line for result in results))
            outgoing.flush()
            counts.lines += len(results)
            counts.errors.update(result.error for result in results if result.error is not None)
            show(counts.lines, total)
    return counts


def _unseen(done: int, total: int) -> None:
    """Show nothing of how far it is."""


def _check(done: Done, total: int, lines: Iterator[bytes], target: Path) -> None:
    """Pass over the lines that are done; raises ReportInvalidError when they are not those of the output."""
    passed = list(islice(lines, max(0, done.lines - 1), done.lines))
    foreign = done.lines > total or (done.lines > 0 and id_of(passed[-1]) != done.last)
    if foreign or (
        done.lines == 0 and target.exists() and done.size < target.stat().st_size and _foreign_start(target)
    ):
        raise ReportInvalidError("OUT does not belong to IN. Name another file for OUT, or begin again with --restart.")


def _foreign_start(target: Path) -> bool:
    """Return True when a file without one whole line does not even begin like an output: it is somebody's other file."""
    with target.open("rb") as file:
        start = file.read(7)
    return not b'{"id": '.startswith(start)


def _results(lines: Iterable[bytes], *, workers: int, explainer: Callable[[], Explainer]) -> Iterator[list[Result]]:
    if workers > 1:
        yield from annotate_all(lines, workers=workers)
        return
    plainrad = explainer()
    for line in lines:
        yield [annotate_line(line, plainrad)]
