"""settings + Plainrad -> the ASGI application."""

from datetime import UTC, datetime

from fastapi import Depends, FastAPI

from plainrad import __version__
from plainrad.access.build import Access, make_access
from plainrad.access.memory import MemoryAccessStore
from plainrad.api.documentation import install_documentation
from plainrad.api.engine import Engine
from plainrad.api.examples import load_examples
from plainrad.api.metrics import Metrics
from plainrad.api.middleware import Guard
from plainrad.api.problems import install_problems
from plainrad.api.routes import annotate, demo, front, health, staff, terms, token
from plainrad.api.security.guarded import guarded
from plainrad.bootstrap import Plainrad
from plainrad.log import Log, make_log
from plainrad.settings import Settings
from plainrad.web.install import install_staff_pages


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    plainrad: Plainrad | None, settings: Settings, *, log: Log | None = None, access: Access | None = None
) -> FastAPI:
    """Return the service. With None it runs but is not ready until `app.state.engine.install(...)` gives it a Plainrad.

    Without `access` it knows no client, so that this machine alone is served.
    """
    app = FastAPI(
        title="Plainrad",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        dependencies=[Depends(guarded)],
    )
    metrics = Metrics()
    app.state.settings = settings
    app.state.metrics = metrics
    app.state.engine = Engine(plainrad, metrics=metrics, threads=settings.threads, busy_seconds=settings.busy_seconds)
    app.state.access = access or make_access(settings, MemoryAccessStore(), secrets_of_site=(), now=_now)
    for routes in (annotate, terms, health, token, staff):
        app.include_router(routes.router)
    if settings.demo:
        app.state.examples = load_examples(settings.examples_dir)
        app.include_router(demo.router)
    else:
        app.include_router(front.router)
    if settings.demo:
        install_staff_pages(app, settings)
    install_problems(app)
    install_documentation(app)
    app.add_middleware(Guard, log=log or make_log(level=settings.log_level), metrics=metrics)
    return app
