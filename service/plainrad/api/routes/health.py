"""Whether the service runs, whether it is ready, and its figures."""

from collections.abc import Callable
from contextlib import suppress

import anyio.to_thread
from fastapi import APIRouter, Request, Response

from plainrad.api.dependencies import EngineOf, MetricsOf
from plainrad.api.documentation import problems
from plainrad.api.metrics import CONTENT_TYPE
from plainrad.api.schemas import Health, Ready
from plainrad.errors import StoreError

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Does the service run?")
async def healthz() -> Health:
    """Return ok as soon as the process answers."""
    return Health()


@router.get(
    "/readyz",
    summary="Can it explain and keep reports?",
    responses=problems("not_ready", "store_unavailable", "store_busy", "store_schema", "store_error"),
)
async def readyz(request: Request, engine: EngineOf) -> Ready:
    """Return the versions of code and content once both are loaded and the database answers, and 503 otherwise."""
    provenance = engine.plainrad.provenance
    reach: Callable[[], None] | None = request.app.state.reach
    if reach is not None:
        await anyio.to_thread.run_sync(reach)
    return Ready(
        plainrad=provenance.plainrad, glossary=provenance.glossary, pipeline=provenance.pipeline,
        database="none" if reach is None else "ready",
    )  # fmt: skip


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request, figures: MetricsOf) -> Response:
    """Return the figures in the text format of Prometheus. A database that does not answer leaves its figure as it was."""
    waiting: Callable[[], int] | None = request.app.state.waiting
    if waiting is not None:
        with suppress(StoreError):
            figures.webhooks_waiting(await anyio.to_thread.run_sync(waiting))
    return Response(figures.text(), headers={"Content-Type": CONTENT_TYPE})
