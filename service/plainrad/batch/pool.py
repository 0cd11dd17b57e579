"""Lines through many processes, results in the order of the lines. A process that dies costs one line, not the run.

Each worker has a pipe of its own, so that the end of a worker is the end of its pipe. `concurrent.futures` shares one pipe among
all: a worker that is killed while it writes would leave the others, and us, waiting for ever.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from plainrad.batch.worker import Result, answer, crashed, work

CHUNK = 8
AHEAD = 4

Chunk = tuple[bytes, ...]


class _Worker:
    """A process that annotates one chunk at a time: a copy of one that has built a Plainrad, or, without fork, from nothing."""

    def __init__(self) -> None:
        context: Any = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
        context.set_forkserver_preload(["plainrad.batch.warm"])
        theirs: Connection
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.number = -1
        self.chunk: Chunk = ()

    def give(self, number: int, chunk: Chunk) -> bool:
        """Send lines; returns False when the process has ended."""
        self.number, self.chunk = number, chunk
        try:
            self.connection.send(chunk)
        except OSError:
            return False
        return True

    def take(self) -> list[Result] | None:
        """Return the results, or None when the process ended before it had them; raises ContentError if it could not start."""
        try:
            return answer(self.connection.recv())
        except (EOFError, OSError):
            return None

    def end(self) -> None:
        """End the process."""
        self.connection.close()
        self._process.terminate()
        self._process.join()


def annotate_all(lines: Iterable[bytes], *, workers: int) -> Iterator[list[Result]]:
    """Yield the results of `lines` in their order, some at a time; raises ContentError when the workers cannot start."""
    chunks = enumerate(_chunks(lines))
    staff: list[_Worker] = []
    busy: dict[Any, _Worker] = {}
    idle: list[_Worker] = []
    ready: dict[int, list[Result]] = {}
    told = 0
    try:
        while True:
            while (idle or len(staff) < workers) and len(ready) + len(busy) < workers * AHEAD:
                number, chunk = next(chunks, (-1, ()))
                if not chunk:
                    break
                worker = idle.pop() if idle else _hire(staff)
                if worker.give(number, chunk):
                    busy[worker.connection] = worker
                else:
                    ready[number] = _carefully(chunk)
                    staff.remove(worker)
                    worker.end()
            if not busy and told not in ready:
                return
            for connection in wait(list(busy), timeout=0 if told in ready else None):
                worker = busy.pop(connection)
                results = worker.take()
                if results is None:
                    staff.remove(worker)
                    worker.end()
                    results = _carefully(worker.chunk)
                else:
                    idle.append(worker)
                ready[worker.number] = results
            while told in ready:
                yield ready.pop(told)
                told += 1
    finally:
        for worker in staff:
            worker.end()


def _hire(staff: list[_Worker]) -> _Worker:
    staff.append(_Worker())
    return staff[-1]


def _chunks(lines: Iterable[bytes]) -> Iterator[Chunk]:
    source = iter(lines)
    while chunk := tuple(islice(source, CHUNK)):
        yield chunk


def _carefully(lines: Chunk) -> list[Result]:
    """Return the results of lines of which one may end its process: one by one, with a new process after each that ends."""
    found: list[Result] = []
    worker = _Worker()
    try:
        for line in lines:
            results = worker.take() if worker.give(0, (line,)) else None
            if results is None:
                worker.end()
                worker = _Worker()
                results = [crashed(line)]
            found += results
    finally:
        worker.end()
    return found
