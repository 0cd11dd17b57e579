"""A web site on this machine, with pages that answer in every way that a page can."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHAIN = {"/old": (301, "/newer"), "/newer": (308, "/here"), "/for-now": (302, "/here"), "/mixed": (301, "/for-now"), "/loop": (301, "/loop")}  # fmt: skip


@dataclass
class Site:
    """Where it is, and what was asked of it."""

    address: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    most_at_once: int = 0

    def methods(self, path: str) -> list[str]:
        """Return the methods with which a page was asked for, in order."""
        return [method for method, one in self.asked if one == path]


@contextmanager
def local_site() -> Iterator[Site]:
    """Run the site in a thread."""
    lock, over, at_once = threading.Lock(), threading.Event(), [0]
    times: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            with lock:
                site.asked.append((self.command, self.path))
                site.agents.add(self.headers["User-Agent"])
                times[self.path] += 1
                at_once[0] += 1
                site.most_at_once = max(site.most_at_once, at_once[0])
            status, place = self._decide()
            with lock:
                at_once[0] -= 1
            self.send_response(status)
            if place:
                self.send_header("Location", place)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _decide(self) -> tuple[int, str | None]:
            if self.path in CHAIN:
                return CHAIN[self.path]
            if self.path == "/slow":
                over.wait(10)
            if self.path == "/no-head":
                return (405 if self.command == "HEAD" else 200), None
            if self.path == "/head-lies":
                return (404 if self.command == "HEAD" else 200), None
            if self.path == "/tired":
                return (503 if times[self.path] <= 2 else 200), None
            if self.path.startswith("/steps/"):
                left = int(self.path.rsplit("/", 1)[1])
                return (302, f"/steps/{left - 1}") if left else (200, None)
            return {"/absent": 404, "/withdrawn": 410, "/broken": 500, "/forbidden": 403}.get(self.path, 200), None

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site = Site(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield site
        finally:
            over.set()
            server.shutdown()
            thread.join()
