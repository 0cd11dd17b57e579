"""Taking what was made before out of its file, and putting it there. Whatever is wrong with the file, there is just nothing kept."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from plainrad.cache.envelope import opened, sealed
from plainrad.cache.folder import is_own, read, refusal, write

if TYPE_CHECKING:
    from plainrad.log import Log

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder that is believed as much as the package, and the users whose files are."""

    folder: Path
    owners: frozenset[int]

    def take(self, key: str, unpack: Callable[[bytes], Made]) -> Made | None:
        """Return what was kept for `key`, or None where nothing is, or nothing that is believed, whole and as it should be."""
        try:
            data = read(self.folder, _name(key), self.owners)
            body = None if data is None else opened(data, key=key)
            return None if body is None else unpack(body)
        except Exception:  # a file must never keep the service from starting: what is wrong with it is made anew
            return None

    def put(self, key: str, pack: Callable[[], bytes]) -> None:
        """Keep what `pack` returns for `key`, where that can be done."""
        with suppress(OSError, ValueError):
            write(self.folder, _name(key), sealed(pack(), key=key), self.owners)


def shelf(chosen: Path | None, usual: Path | None, *, owners: frozenset[int], log: "Callable[[], Log]") -> Shelf | None:
    """Return the folder to keep things in: `chosen` by the site, or `usual` where this process is one of `owners`; None for neither.

    A folder that is not believed is told to `log`, once, with the reason.
    """
    folder = chosen or (usual if is_own(owners) else None)
    reason = None if folder is None else refusal(folder, owners)
    if reason is not None:
        _tell(log, folder, reason)
        return None
    return None if folder is None else Shelf(folder, owners)


_told: set[tuple[Path | None, str]] = set()


def _tell(log: "Callable[[], Log]", folder: Path | None, reason: str) -> None:
    if (folder, reason) not in _told:
        _told.add((folder, reason))
        log().info("cache_not_used", reason=reason)


def _name(key: str) -> str:
    return f"content-{key}.json"
