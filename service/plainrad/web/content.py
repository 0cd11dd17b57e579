"""The content in the running service: its desk, and the Plainrad that takes up a new version without a request lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event, Lock

from plainrad.api.engine import Engine
from plainrad.authoring.desk import AuthoringDesk, read_overlay
from plainrad.authoring.ports import ContentStore
from plainrad.bootstrap import Plainrad
from plainrad.errors import PlainradError
from plainrad.glossary.overlay import Placed, overlay_digest
from plainrad.log import Log, where

Rebuild = Callable[[Mapping[str, Placed], int], Plainrad]


@dataclass
class ContentRoom:
    """`build` makes a Plainrad with an overlay; a few seconds, in which requests are answered with the one that is there."""

    engine: Engine
    store: ContentStore
    make_desk: Callable[[], AuthoringDesk]
    build: Rebuild
    _desk: AuthoringDesk | None = None
    _shown: int = 0
    _tried: tuple[str, Plainrad] | None = None
    _lock: Lock = field(default_factory=Lock)
    _building: Lock = field(default_factory=Lock)

    @property
    def desk(self) -> AuthoringDesk:
        """Return the desk, made at the first call. Blocks."""
        with self._lock:
            if self._desk is None:
                self._desk = self.make_desk()
            return self._desk

    def take_up(self) -> int:
        """Make the service use the latest version, and return its number. Blocks while it is built; requests do not."""
        with self._building:
            with self.store.reading() as unit:
                version = unit.version()
            number = version.number if version else 0
            if version is not None and number != self._shown:
                self.engine.install(self.build(read_overlay(version.overlay), number))
                self._shown = number
        return number

    def watch(self, log: Log, *, seconds: float = 3.0, stop: Event | None = None) -> None:
        """Take up what another process has published, until `stop`. A database that is gone is asked again later."""
        stopped = stop or Event()
        while not stopped.wait(seconds):
            try:
                before = self._shown
                if self.take_up() != before:
                    log.info("content_taken_up", version=self._shown)
            except PlainradError as error:
                log.error("content_not_taken_up", **where(error))

    def trial(self, overlay: Mapping[str, Placed]) -> Plainrad:
        """Return a Plainrad with `overlay`, for looking at what it would do. The last one is kept. Blocks."""
        digest = overlay_digest(overlay)
        with self._building:
            if self._tried is None or self._tried[0] != digest:
                self._tried = (digest, self.build(overlay, -1))
            return self._tried[1]
