"""Messages on disk: incoming/ -> done/ or failed/. A message that is in incoming/ survives the process and the machine.

A name is all that is needed to know an entry: when it came, which message it is (a keyed hash of MSH-3, MSH-4 and MSH-10) and what its
bytes are (another). Neither can be turned back; the key of the hashes lies in the spool. See docs/adr/0011.
"""

import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from plainrad.errors import SettingsInvalidError
from plainrad.formats.hl7v2.message import Message
from plainrad.wire.box import Box

State = Literal["incoming", "done", "failed"]
STATES: tuple[State, ...] = ("incoming", "done", "failed")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A message of the spool. `number` rises with time and says the order."""

    number: int
    key: str
    digest: str
    suffix: str

    @property
    def name(self) -> str:
        """Return the name of its file."""
        return f"{self.number:020d}.{self.key}.{self.digest}{self.suffix}"


def _entry(name: str) -> Entry | None:
    parts = name.split(".")
    if len(parts) != 4 or not parts[0].isdigit() or parts[3] not in ("msg", "enc"):
        return None
    return Entry(int(parts[0]), parts[1], parts[2], f".{parts[3]}")


def message_key(message: Message, spool: "Spool") -> str:
    """Return which message this is: MSH-3, MSH-4 and MSH-10, as a keyed hash."""
    return spool.hashed(*message.sender, message.control_id)


class Spool:
    """A folder of messages that belongs to one process at a time. Safe for many threads."""

    def __init__(self, root: Path, *, box: Box, own: bool = True, sync: Callable[[int], None] = os.fsync) -> None:
        self.root = root
        self._sync = sync
        self._box = box
        for folder in (*STATES, "tmp"):
            (root / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock_file = self._take(root / "lock") if own else None
        self._salt = self._make_salt(root / "salt")
        self._lock = Lock()
        self._folders = {state: os.open(root / state, os.O_RDONLY) for state in STATES}
        self._known: dict[str, tuple[State, Entry]] = {}
        self._last = 0
        for state in reversed(STATES):
            for entry in self.entries(state):
                self._known[entry.key] = (state, entry)
                self._last = max(self._last, entry.number)
        if own:
            for left in (root / "tmp").iterdir():
                left.unlink()

    @staticmethod
    def _take(path: Path) -> int:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise SettingsInvalidError(
                "The spool belongs to another process that is running. Give each its own folder."
            ) from None
        return descriptor

    @staticmethod
    def _make_salt(path: Path) -> bytes:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(descriptor, "wb") as file:
            salt = secrets.token_bytes(32)
            file.write(salt)
            file.flush()
            os.fsync(file.fileno())
        return salt

    def close(self) -> None:
        """Give the folder back."""
        for descriptor in (*self._folders.values(), *([self._lock_file] if self._lock_file is not None else [])):
            os.close(descriptor)
        self._folders, self._lock_file = {}, None

    def hashed(self, *parts: str | bytes) -> str:
        """Return a keyed hash of `parts`: the same here and always, and of no use elsewhere."""
        found = hashlib.blake2b(key=self._salt, digest_size=16)
        for part in parts:
            data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
            found.update(len(data).to_bytes(8, "big") + data)
        return found.hexdigest()

    def find(self, key: str) -> tuple[State, Entry] | None:
        """Return where the message with this key is, or None."""
        with self._lock:
            return self._known.get(key)

    def put(self, key: str, data: bytes, *, state: State = "incoming", digest: str | None = None) -> Entry:
        """Write a message so that it is there whatever happens next: file and folder are synced before this returns.

        Raises OSError where the disk does not take it; then nothing of it is there.
        """
        with self._lock:
            self._last = max(self._last + 1, time.time_ns())
            entry = Entry(self._last, key, digest or self.hashed(data), self._box.suffix)
        self._write(state, entry.name, self._box.close(data), sync=True)
        with self._lock:
            self._known[key] = (state, entry)
        return entry

    def _write(self, state: State, name: str, data: bytes, *, sync: bool) -> None:
        draft = self.root / "tmp" / f"{name}.{secrets.token_hex(4)}"
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                if sync:
                    self._sync(file.fileno())
            draft.rename(self.root / state / name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        if sync:
            self._sync(self._folders[state])

    def read(self, entry: Entry, state: State = "incoming") -> bytes:
        """Return the bytes of a message as they came."""
        return self._box.open((self.root / state / entry.name).read_bytes())

    def entries(self, state: State) -> list[Entry]:
        """Return what is in a folder, in the order in which it came."""
        names = (_entry(one.name) for one in os.scandir(self.root / state))
        return sorted(one for one in names if one is not None)

    def count(self, state: State) -> int:
        """Return how many messages are in a folder."""
        with self._lock:
            return sum(1 for found, _ in self._known.values() if found == state)

    def done(self, entry: Entry) -> None:
        """Move a message to done/. If the machine stops before this is on disk it is worked on again, which changes nothing."""
        self._move(entry, "incoming", "done")

    def fail(self, entry: Entry, *, code: str, place: str | None = None) -> None:
        """Move a message to failed/ with its reason beside it: a code, never a word of the message."""
        reason = {"code": code, "place": place, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        self._write("failed", f"{entry.name}.reason", json.dumps(reason).encode(), sync=False)
        if (self.root / "incoming" / entry.name).exists():
            self._move(entry, "incoming", "failed")

    def reason(self, entry: Entry) -> dict[str, Any]:
        """Return why a message failed."""
        try:
            found: dict[str, Any] = json.loads((self.root / "failed" / f"{entry.name}.reason").read_bytes())
        except (OSError, ValueError):
            return {"code": "unknown", "place": None, "at": None}
        return found

    def replay(self, entry: Entry) -> None:
        """Move a failed message back to incoming/. A listener that runs takes it up within seconds."""
        self._move(entry, "failed", "incoming")
        (self.root / "failed" / f"{entry.name}.reason").unlink(missing_ok=True)

    def _move(self, entry: Entry, source: State, target: State) -> None:
        (self.root / source / entry.name).rename(self.root / target / entry.name)
        with self._lock:
            self._known[entry.key] = (target, entry)

    def purge(self, *, before: datetime) -> int:
        """Remove what was done before a moment, and return how much. Repetitions of it are not known any more."""
        limit = int(before.timestamp() * 1e9)
        return sum(1 for _ in self._purged(limit))

    def _purged(self, limit: int) -> Iterator[Entry]:
        for entry in self.entries("done"):
            if entry.number < limit:
                (self.root / "done" / entry.name).unlink(missing_ok=True)
                with self._lock:
                    if self._known.get(entry.key) == ("done", entry):
                        del self._known[entry.key]
                yield entry
