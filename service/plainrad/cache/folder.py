"""A folder whose files are believed as much as the package is: nobody can have written there who could not write the package.

That is root, and this user where the package is this user's own. Every folder above counts too: who may rename one of them may put
another in its place. POSIX only; elsewhere there is no such folder.
"""

import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LARGEST = 64_000_000  # bytes; a larger file is none of ours
_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_NAME = re.compile(r"content-[0-9a-f]{64}\.json")
_UNFINISHED = re.compile(r"\.content-[0-9a-f]{64}\.json\.[0-9a-f]{16}")
_MOST = 4  # one for each checkout or version that is in use
_ABANDONED = 3600  # seconds after which a file that nobody finished writing is taken away


def believed(package: Path) -> frozenset[int]:
    """Return the users (uid) whose files are believed as much as `package`; none where that cannot be told."""
    if os.name != "posix":
        return frozenset()
    me = os.geteuid()
    try:
        return frozenset({0, me}) if package.stat().st_uid == me else frozenset({0})
    except OSError:
        return frozenset()


def is_own(owners: frozenset[int]) -> bool:
    """Return True when what this process writes is believed afterwards."""
    return os.name == "posix" and os.geteuid() in owners


def refusal(folder: Path, owners: frozenset[int]) -> str | None:
    """Return why `folder` is not to be believed, or None where it is, or would be if it were made."""
    if not owners or not folder.is_absolute():
        return "not_absolute" if owners else "package_owner_unknown"
    real = _real(folder)
    for place in (real, *real.parents):
        try:
            found = place.lstat()
        except FileNotFoundError:
            continue
        except OSError:
            return "not_reachable"
        if stat.S_ISLNK(found.st_mode):
            return "symbolic_link"
        if not stat.S_ISDIR(found.st_mode):
            return "not_a_folder"
        if found.st_uid not in owners:
            return "other_owner"
        if found.st_mode & _OTHERS and (place == real or not found.st_mode & stat.S_ISVTX):
            return "others_can_write"
    return None


def read(folder: Path, name: str, owners: frozenset[int]) -> bytes | None:
    """Return what the file `name` holds, or None where there is none that is believed. Raises OSError."""
    with _opened(folder, owners) as place:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        with open(os.open(name, flags, dir_fd=place), "rb") as file:  # noqa: PTH123  (a descriptor, not a path)
            found = os.fstat(file.fileno())
            own = stat.S_ISREG(found.st_mode) and found.st_uid in owners and found.st_nlink == 1
            if not own or found.st_mode & _OTHERS or found.st_size > LARGEST:
                return None
            return file.read(LARGEST)


def write(folder: Path, name: str, data: bytes, owners: frozenset[int]) -> None:
    """Put `data` into the file `name`, whole or not at all, and take away what nobody needs. Raises OSError."""
    if not is_own(owners) or refusal(folder, owners) is not None:
        raise PermissionError("What this user writes there would not be believed.")
    for one in reversed((folder, *folder.parents)):  # each that is not there, whatever the umask
        if not one.exists():
            one.mkdir(mode=0o700, exist_ok=True)
    with _opened(folder, owners) as place:
        unfinished = f".{name}.{secrets.token_hex(8)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            with open(os.open(unfinished, flags, 0o600, dir_fd=place), "wb") as file:  # noqa: PTH123
                file.write(data)
            os.replace(unfinished, name, src_dir_fd=place, dst_dir_fd=place)
        except BaseException:
            with suppress(OSError):
                os.unlink(unfinished, dir_fd=place)
            raise
        _tidy(place, name)


def _real(folder: Path) -> Path:
    """Return the path without links above the folder; a link in its own place stays one, and is refused."""
    return folder.parent.resolve() / folder.name


@contextmanager
def _opened(folder: Path, owners: frozenset[int]) -> Iterator[int]:
    """Give the open folder: what happens to its name from here on changes nothing."""
    if refusal(folder, owners) is not None:
        raise PermissionError("The folder is not believed.")
    place = os.open(_real(folder), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        found = os.fstat(place)
        if found.st_uid not in owners or found.st_mode & _OTHERS:
            raise PermissionError("The folder is not believed.")
        yield place
    finally:
        os.close(place)


def _tidy(place: int, newest: str) -> None:
    """Keep the newest few, and nothing that was left unfinished long ago. No other file is touched."""
    now, ours = time.time(), []
    with os.scandir(place) as entries:
        for entry in entries:
            with suppress(OSError):
                age = now - entry.stat(follow_symlinks=False).st_mtime
                if _UNFINISHED.fullmatch(entry.name) and age > _ABANDONED:
                    os.unlink(entry.name, dir_fd=place)
                elif _NAME.fullmatch(entry.name) and entry.name != newest:
                    ours.append((age, entry.name))
    for _, name in sorted(ours)[_MOST - 1 :]:
        with suppress(OSError):
            os.unlink(name, dir_fd=place)
