"""The content in the running service: its desk, and the Plainrad that takes up a new version without a request lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from plainrad.api.engine import Engine
from plainrad.authoring.desk import AuthoringDesk
from plainrad.bootstrap import Plainrad
from plainrad.glossary.overlay import Placed, overlay_digest

Rebuild = Callable[[Mapping[str, Placed], int], Plainrad]


@dataclass
class ContentRoom:
    """`build` makes a Plainrad with an overlay; a few seconds, in which requests are answered with the one that is there."""

    engine: Engine
    make_desk: Callable[[], AuthoringDesk]
    build: Rebuild
    _desk: AuthoringDesk | None = None
    _shown: int = 0
    _tried: tuple[str, Plainrad] | None = None
    _lock: Lock = field(default_factory=Lock)

    @property
    def desk(self) -> AuthoringDesk:
        """Return the desk, made at the first call. Blocks."""
        with self._lock:
            if self._desk is None:
                self._desk = self.make_desk()
            return self._desk

    def take_up(self) -> int:
        """Make the service use the latest version, and return its number. Blocks while it is built."""
        content = self.desk.current()
        with self._lock:
            if content.number != self._shown:
                self.engine.install(self.build(content.overlay, content.number))
                self._shown = content.number
        return content.number

    def trial(self, overlay: Mapping[str, Placed]) -> Plainrad:
        """Return a Plainrad with `overlay`, for looking at what it would do. The last one is kept. Blocks."""
        digest = overlay_digest(overlay)
        with self._lock:
            if self._tried is None or self._tried[0] != digest:
                self._tried = (digest, self.build(overlay, -1))
            return self._tried[1]
