"""The levels of buckets in a file that all workers of a service have mapped: a client has one bucket, whichever worker it meets."""

import fcntl
import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from threading import Lock

_SLOT = struct.Struct("=16sdd")  # who (a hash), level, seen
_NOBODY = bytes(16)
_TRIED = 16


class SharedLevels:
    """A table of fixed size on disk or in memory (tmpfs), locked for each look. It holds hashes of names and two numbers.

    A caller may stand in one of sixteen slots; where all are taken the one longest unseen is forgotten.
    """

    def __init__(self, file: Path, *, most: int = 16_384) -> None:
        self._slots = max(_TRIED, most)
        size = self._slots * _SLOT.size
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(self._file).st_size < size:
            os.ftruncate(self._file, size)
        self._table = mmap.mmap(self._file, size)
        self._lock = Lock()  # between threads: the lock of a file belongs to the whole process

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other thread and no other process in."""
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def get(self, caller: str) -> tuple[float, float] | None:
        """Return what is remembered."""
        name = _hashed(caller)
        for place in self._places(name):
            known, level, seen = _SLOT.unpack_from(self._table, place)
            if known == name:
                return level, seen
        return None

    def put(self, caller: str, level: float, now: float) -> None:
        """Remember: in the own slot, or else an empty one, or else that of who was longest unseen."""
        name = _hashed(caller)
        best, age = 0, float("inf")
        for place in self._places(name):
            known, _, seen = _SLOT.unpack_from(self._table, place)
            if known == name:
                best = place
                break
            seen = float("-inf") if known == _NOBODY else seen
            if seen < age:
                best, age = place, seen
        _SLOT.pack_into(self._table, best, name, level, now)

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()
        os.close(self._file)

    def _places(self, name: bytes) -> Iterator[int]:
        first = int.from_bytes(name[:8], "big")
        return ((first + step) % self._slots * _SLOT.size for step in range(_TRIED))


def _hashed(caller: str) -> bytes:
    return blake2b(caller.encode("utf-8", "surrogatepass"), digest_size=16).digest()
