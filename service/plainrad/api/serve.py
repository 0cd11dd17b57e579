"""The service in this process: it answers at once, and is ready when the glossary and the rules are loaded."""

import socket
import sys
from threading import Thread

import uvicorn

from plainrad.api.app import create_app
from plainrad.api.documentation import EXAMPLE_REPORT
from plainrad.api.engine import Engine
from plainrad.api.pages import HTML, answer_as
from plainrad.bootstrap import build
from plainrad.errors import AddressError, ContentError, PlainradError, RuleError
from plainrad.formats.incoming import parse_report
from plainrad.log import make_log, take_over_logging, where
from plainrad.settings import Settings


def serve(settings: Settings) -> PlainradError | None:
    """Serve until stopped. Returns what made it impossible, or None."""
    log = make_log(level=settings.log_level)
    take_over_logging(log)
    app = create_app(None, settings, log=log)
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        return AddressError(f"Cannot listen on this address and port: {(error.strerror or 'no reason given').lower()}.")
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
    failures: list[PlainradError] = []

    def load() -> None:
        try:
            _load(app.state.engine, settings)
            sys.stderr.write(f"Plainrad is ready at {address}\n")
            log.info("ready", **_versions(app.state.engine))
        except Exception as error:
            log.error("not_started", **where(error))
            failures.append(
                error if isinstance(error, PlainradError) else PlainradError("The service could not be started.")
            )
            server.should_exit = True

    Thread(target=load, daemon=True).start()
    server.run(sockets=[listener])
    return failures[0] if failures else None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def _load(engine: Engine, settings: Settings) -> None:
    try:
        plainrad = build(settings)
        answer_as(HTML, plainrad.annotate(parse_report(EXAMPLE_REPORT)))  # compiles the templates before anybody waits
        engine.install(plainrad)
    except (ContentError, RuleError) as error:
        raise type(error)(f"{str(error).splitlines()[0]} (plainrad check-content lists everything)") from None


def _versions(engine: Engine) -> dict[str, str]:
    provenance = engine.plainrad.provenance
    return {"plainrad": provenance.plainrad, "glossary": provenance.glossary, "pipeline": provenance.pipeline}
