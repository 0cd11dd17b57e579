"""The content in the running service: its desk, and the Plainrad that takes up a new version without a request lost."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from plainrad.api.engine import Engine
from plainrad.authoring.desk import AuthoringDesk
from plainrad.authoring.ports import ContentStore
from plainrad.authoring.published import latest_readable
from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.errors import BusyError
from plainrad.glossary.overlay import Placed, overlay_digest
from plainrad.log import Log, where

Rebuild = Callable[[Mapping[str, Placed], int], Plainrad]
Explain = Callable[[Report], PatientReport]


@dataclass
class ContentRoom:
    """`build` makes a Plainrad with an overlay; a few seconds, in which requests are answered with the one that is there."""

    engine: Engine
    store: ContentStore
    make_desk: Callable[[], AuthoringDesk]
    build: Rebuild
    patience: float = 30.0  # seconds, for whoever comes second to look at what a change would do
    _desk: AuthoringDesk | None = None
    _shown: int = 0
    _newest: int = 0
    _tried: tuple[str, Plainrad] | None = None
    _lock: Lock = field(default_factory=Lock)
    _building: Lock = field(default_factory=Lock)
    _trying: Lock = field(default_factory=Lock)

    @property
    def desk(self) -> AuthoringDesk:
        """Return the desk, made at the first call. Blocks."""
        with self._lock:
            if self._desk is None:
                self._desk = self.make_desk()
            return self._desk

    def take_up(self) -> int:
        """Make the service use the newest version that this release can read, and return the number of the newest of all.

        Blocks while it is built; requests do not. One that cannot be read is passed over: an older one, or the shipped content, holds.
        """
        with self._building:
            with self.store.reading() as unit:
                number = unit.number()
            if number in (0, self._newest):
                return self._newest
            made, number, newest = latest_readable(self.store, self.build)
            if made is not None and number != self._shown:
                self.engine.install(made)
                self._shown = number
            self._newest = newest
        return newest

    @property
    def behind(self) -> bool:
        """Return True when the newest version could not be read, so that an older one is shown."""
        return self._newest != self._shown

    def watch(self, log: Log, *, seconds: float = 3.0, stop: Event | None = None) -> None:
        """Take up what another process has published, until `stop`. Whatever goes wrong is logged, and asked again later."""
        stopped = stop or Event()
        while not stopped.wait(seconds):
            before = self._newest
            try:
                self.take_up()
            except Exception as error:
                log.error("content_not_taken_up", **where(error))
                continue
            if self._newest != before:
                write = log.error if self.behind else log.info
                write("content_version", newest=self._newest, shown=self._shown)

    @contextmanager
    def trying(self, overlay: Mapping[str, Placed]) -> Iterator[tuple[Explain, Explain]]:
        """Give what explains a report now, and what would with `overlay`. One at a time: raises BusyError when somebody else looks for long."""
        if not self._trying.acquire(timeout=self.patience):
            raise BusyError
        try:
            yield self.engine.tried, self.trial(overlay).annotate
        finally:
            self._trying.release()

    def trial(self, overlay: Mapping[str, Placed]) -> Plainrad:
        """Return a Plainrad with `overlay`, for looking at what it would do; one thread at a time may use it. Blocks.

        The last one is kept. Raises ContentError or RuleError when nothing can be made of it.
        """
        digest = overlay_digest(overlay)
        with self._building:
            if self._tried is None or self._tried[0] != digest:
                self._tried = (digest, self.build(overlay, -1))
            return self._tried[1]
