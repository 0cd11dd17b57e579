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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from plainrad.errors import SettingsInvalidError
from plainrad.formats.hl7v2.message import Message
from plainrad.wire.box import Box, LockedBox

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
        self._counts = dict.fromkeys(STATES, 0)
        self._last = 0
        for state in reversed(STATES):
            for entry in self.entries(state):
                self._know(entry, state)
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

    def put(
        self,
        key: str,
        data: bytes,
        *,
        state: State = "incoming",
        digest: str | None = None,
        added: Callable[[Entry], None] = lambda _: None,
    ) -> Entry:
        """Write a message so that it is there whatever happens next: file and folder are synced before this returns.

        Numbers are given when the bytes are on disk, and `added` is called with them in their order: a message that is slow to
        write does not come late into a place before others. Raises OSError where the disk does not take it.
        """
        found = digest or self.hashed(data)
        draft = self._draft(self._box.close(data), sync=True)
        with self._lock:
            entry = Entry(max(self._last + 1, time.time_ns()), key, found, self._box.suffix)
            self._rename(draft, self.root / state / entry.name)
            self._last = entry.number
            self._know(entry, state)
            added(entry)
        self._sync(self._folders[state])
        return entry

    def _draft(self, data: bytes, *, sync: bool) -> Path:
        draft = self.root / "tmp" / secrets.token_hex(16)
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                if sync:
                    self._sync(file.fileno())
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        return draft

    @staticmethod
    def _rename(draft: Path, target: Path) -> None:
        try:
            draft.rename(target)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def read(self, entry: Entry, state: State = "incoming") -> bytes:
        """Return the bytes of a message as they came; those that came before there were keys lie there as they are."""
        data = (self.root / state / entry.name).read_bytes()
        return self._box.open(data) if entry.suffix == LockedBox.suffix else data

    def holds(self, entry: Entry) -> bool:
        """Return True while a message is in incoming/."""
        return (self.root / "incoming" / entry.name).exists()

    def entries(self, state: State) -> list[Entry]:
        """Return what is in a folder, in the order in which it came."""
        names = (_entry(one.name) for one in os.scandir(self.root / state))
        return sorted(one for one in names if one is not None)

    def count(self, state: State) -> int:
        """Return how many different messages are in a folder."""
        with self._lock:
            return self._counts[state]

    def size(self, state: State) -> int:
        """Return how many bytes the messages of a folder have on disk."""
        found = 0
        for one in os.scandir(self.root / state):
            with suppress(FileNotFoundError):
                found += one.stat().st_size
        return found

    def _know(self, entry: Entry, state: State | None) -> None:
        """Remember where the message with this key is; None where it is nowhere any more."""
        before = self._known.pop(entry.key, None)
        if before is not None:
            self._counts[before[0]] -= 1
        if state is not None:
            self._known[entry.key] = (state, entry)
            self._counts[state] += 1

    def done(self, entry: Entry) -> None:
        """Move a message to done/. If the machine stops before this is on disk it is worked on again, which changes nothing."""
        self._move(entry, "incoming", "done")

    def fail(self, entry: Entry, *, code: str, place: str | None = None) -> None:
        """Move a message to failed/ with its reason beside it: a code, never a word of the message."""
        reason = {"code": code, "place": place, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        draft = self._draft(json.dumps(reason).encode(), sync=False)
        self._rename(draft, self.root / "failed" / f"{entry.name}.reason")
        if self.holds(entry):
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
            self._know(entry, target)

    def purge(self, *, before: datetime, state: State = "done") -> int:
        """Remove what came before a moment and is done (or has failed); returns how much. Repetitions of it are not known any more."""
        limit = int(before.timestamp() * 1e9)
        gone = [one for one in self.entries(state) if one.number < limit]
        for entry in gone:
            for name in (entry.name, f"{entry.name}.reason"):
                (self.root / state / name).unlink(missing_ok=True)
            with self._lock:
                if self._known.get(entry.key) == (state, entry):
                    self._know(entry, None)
        return len(gone)
