"""Lines through many processes, results in the order of the lines. A process that dies costs one line, not the run."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_all_start_methods, get_context

from plainrad.batch.worker import Result, annotate_lines, answer, crashed, start

CHUNK = 8
AHEAD = 4

Waiting = deque[tuple[tuple[bytes, ...], Future[list[Result] | str]]]


def annotate_all(lines: Iterable[bytes], *, workers: int) -> Iterator[list[Result]]:
    """Yield the results of `lines` in their order, some at a time; raises ContentError when the workers cannot start."""
    chunks = _chunks(lines)
    waiting: Waiting = deque()
    pool = _pool(workers)
    try:
        while True:
            try:
                _fill(waiting, chunks, pool, workers)
                if not waiting:
                    return
                results = answer(waiting[0][1].result())
                waiting.popleft()
                yield results
            except BrokenProcessPool:
                pool.shutdown(cancel_futures=True)
                for chunk, _ in waiting:
                    yield _carefully(chunk)
                waiting.clear()
                pool = _pool(workers)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _chunks(lines: Iterable[bytes]) -> Iterator[tuple[bytes, ...]]:
    source = iter(lines)
    while chunk := tuple(islice(source, CHUNK)):
        yield chunk


def _pool(workers: int) -> ProcessPoolExecutor:
    """Return worker processes: copies of one that has built a Plainrad, or, where there is no fork, each with its own."""
    if "forkserver" in get_all_start_methods():
        context = get_context("forkserver")
        context.set_forkserver_preload(["plainrad.batch.warm"])
        return ProcessPoolExecutor(workers, mp_context=context, initializer=start)
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=start)


def _fill(waiting: Waiting, chunks: Iterator[tuple[bytes, ...]], pool: ProcessPoolExecutor, workers: int) -> None:
    while len(waiting) < workers * AHEAD:
        chunk = next(chunks, None)
        if chunk is None:
            return
        try:
            waiting.append((chunk, pool.submit(annotate_lines, chunk)))
        except BrokenProcessPool:
            waiting.append((chunk, Future()))
            raise


def _carefully(lines: Sequence[bytes]) -> list[Result]:
    """Return the results of lines of which one may end its process: together, and if that fails one by one."""
    with _pool(1) as pool:
        try:
            return answer(pool.submit(annotate_lines, lines).result())
        except BrokenProcessPool:
            pass
    if len(lines) == 1:
        return [crashed(lines[0])]
    return [result for line in lines for result in _carefully([line])]
