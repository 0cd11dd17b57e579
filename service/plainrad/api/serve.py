"""The service: it answers at once, and is ready when the glossary and the rules are loaded. One process, or several behind one address.

A stop lets requests under way end (PLAINRAD_GRACE_SECONDS); the listener is closed first.
"""

import secrets
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from uvicorn.supervisors import Multiprocess

from plainrad.api.compose import compose
from plainrad.api.documentation import EXAMPLE_REPORT
from plainrad.api.engine import Engine
from plainrad.api.examples import keep_examples
from plainrad.api.pages import HTML, answer_as
from plainrad.api.staged import stage
from plainrad.bootstrap import build, now
from plainrad.errors import AddressError, ContentError, PlainradError, RuleError
from plainrad.formats.incoming import parse_report
from plainrad.log import Log, make_log, take_over_logging, where
from plainrad.settings import Settings, pass_on, settings
from plainrad.web.content import ContentRoom

_PASSED_ON = ("host", "port", "demo", "database_url", "workers", "process_secret", "figures_dir", "limits_dir")


def serve(settings: Settings) -> PlainradError | None:
    """Serve until stopped. Returns what made it impossible, or None. The demonstration keeps its reports until it ends."""
    with tempfile.TemporaryDirectory(prefix="plainrad-") as folder:
        return _serve(_prepared(settings, Path(folder)))


def _prepared(chosen: Settings, folder: Path) -> Settings:
    """Return the settings with what the processes of this service share."""
    more: dict[str, Any] = {}
    if chosen.demo and chosen.database_url == Settings.model_fields["database_url"].default:
        more["database_url"] = SecretStr(f"sqlite:///{folder / 'demonstration.db'}")
    if chosen.workers > 1:
        more["process_secret"] = SecretStr(secrets.token_urlsafe(32))
        more["figures_dir"] = folder / "figures"
        more["limits_dir"] = folder / "limits"
        more["figures_dir"].mkdir()
        more["limits_dir"].mkdir(mode=0o700)
    return chosen.model_copy(update=more)


def _serve(chosen: Settings) -> PlainradError | None:
    log = make_log(level=chosen.log_level)
    take_over_logging(log)
    try:
        app = compose(chosen, log=log)
    except PlainradError as error:
        return error
    try:
        listener = _listen(chosen.host, chosen.port)
    except OSError as error:
        return AddressError(f"Cannot listen on this address and port: {(error.strerror or 'no reason given').lower()}.")
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    if chosen.workers > 1:
        _serve_many(chosen, listener, address)
        return None
    server = uvicorn.Server(_config(app, chosen))
    failures: list[PlainradError] = []

    def failed(error: PlainradError) -> None:
        failures.append(error)
        server.should_exit = True

    _load_beside(app, chosen, log, address=address, failed=failed)
    server.run(sockets=[listener])
    return failures[0] if failures else None


def _serve_many(chosen: Settings, listener: socket.socket, address: str) -> None:
    """Serve with processes that are looked after: one that ends is started again."""
    pass_on(chosen, _PASSED_ON)
    config = _config(
        "plainrad.api.serve:worker_app", chosen, factory=True, workers=chosen.workers, timeout_worker_healthcheck=30
    )
    sys.stderr.write(f"Plainrad starts {chosen.workers} processes at {address}\n")
    Multiprocess(config, sockets=[listener]).run()


def worker_app() -> FastAPI:
    """Return the service of one of several processes; its settings come from the environment."""
    chosen = settings()
    log = make_log(level=chosen.log_level)
    take_over_logging(log)
    app = compose(chosen, log=log)
    _load_beside(app, chosen, log, address=None, failed=lambda _: None)
    return app


def _config(app: FastAPI | str, chosen: Settings, **more: Any) -> uvicorn.Config:
    proxies = [one.strip() for one in chosen.trusted_proxies.split(",") if one.strip()]
    return uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies, timeout_graceful_shutdown=chosen.grace_seconds, **more,
    )  # fmt: skip


def _load_beside(
    app: FastAPI, chosen: Settings, log: Log, *, address: str | None, failed: Callable[[PlainradError], None]
) -> None:
    """Load the content in a thread, so that health is answered meanwhile; then look out for what editors publish."""
    engine: Engine = app.state.engine
    content: ContentRoom = app.state.content

    def load() -> None:
        try:
            _load(engine, chosen)
            try:
                content.take_up()
            except PlainradError as error:  # the shipped content holds until it can be read
                log.error("content_not_taken_up", **where(error))
            if chosen.demo and app.state.records is not None:
                _demonstrate(app)
            if address is not None:
                sys.stderr.write(f"Plainrad is ready at {address}\n")
            log.info("ready", **_versions(engine))
        except Exception as error:
            log.error("not_started", **where(error))
            failed(error if isinstance(error, PlainradError) else PlainradError("The service could not be started."))
            return
        content.watch(log)

    Thread(target=load, daemon=True).start()


def _demonstrate(app: FastAPI) -> None:
    """Keep the examples, and do once what invented people would do with them."""
    if keep_examples(app.state.examples, app.state.records):
        links = app.state.content.desk.current().raw.links
        link = (links[0].id, links[0].url) if links else None
        stage(app.state.records, link=link, now=now())


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
