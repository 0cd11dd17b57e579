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
from plainrad.api.routes import (
    annotate,
    demo,
    dicomweb,
    fhir,
    front,
    health,
    reading,
    reports,
    responses,
    staff,
    terms,
    token,
)
from plainrad.api.routes import hl7 as hl7_routes
from plainrad.api.routes import webhooks as webhook_routes
from plainrad.api.security.guarded import guarded
from plainrad.authoring.ports import ContentStore
from plainrad.bootstrap import Plainrad
from plainrad.log import Log, make_log
from plainrad.records.records import Records
from plainrad.settings import Settings
from plainrad.store.webhooks import WebhookStore
from plainrad.web.install import install_staff_pages


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    plainrad: Plainrad | None,
    settings: Settings,
    *,
    log: Log | None = None,
    access: Access | None = None,
    records: Records | None = None,
    webhooks: WebhookStore | None = None,
    content: ContentStore | None = None,
) -> FastAPI:
    """Return the service. With None it runs but is not ready until `app.state.engine.install(...)` gives it a Plainrad.

    Without `access` it knows no client, so that this machine alone is served; without `records` no report is kept.
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
    metrics = Metrics(shared=settings.figures_dir)
    app.state.settings = settings
    app.state.metrics = metrics
    app.state.engine = Engine(plainrad, metrics=metrics, threads=settings.threads, busy_seconds=settings.busy_seconds)
    app.state.access = access or make_access(settings, MemoryAccessStore(), secrets_of_site=(), now=_now)
    app.state.records, app.state.webhooks, app.state.reach = records, webhooks, None
    app.state.kept, app.state.waiting = None, (webhooks.waiting if webhooks is not None else None)
    for routes in (annotate, terms, health, token, reports, reading, responses, webhook_routes, fhir, dicomweb, staff):
        app.include_router(routes.router)
    app.include_router(hl7_routes.router)
    app.state.hl7 = None
    if settings.hl7_spool is not None and settings.hl7_out is not None:
        from plainrad.wire.service import hl7_into_folder

        app.state.hl7 = hl7_into_folder(settings, explain=app.state.engine.annotate, log=log)
    if settings.demo:
        app.state.examples = load_examples(settings.examples_dir)
        app.include_router(demo.router)
    else:
        app.include_router(front.router)
    install_staff_pages(app, settings, store=content)
    install_problems(app)
    install_documentation(app)
    app.add_middleware(Guard, log=log or make_log(level=settings.log_level), metrics=metrics)
    return app
