"""Whether the service runs, whether it is ready, and its figures."""

from fastapi import APIRouter, Response

from plainrad.api.dependencies import EngineOf, MetricsOf
from plainrad.api.documentation import problems
from plainrad.api.metrics import CONTENT_TYPE
from plainrad.api.schemas import Health, Ready

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Does the service run?")
async def healthz() -> Health:
    """Return ok as soon as the process answers."""
    return Health()


@router.get("/readyz", summary="Can it explain reports?", responses=problems("not_ready"))
async def readyz(engine: EngineOf) -> Ready:
    """Return the versions of code and content once both are loaded, and 503 before."""
    provenance = engine.plainrad.provenance
    return Ready(plainrad=provenance.plainrad, glossary=provenance.glossary, pipeline=provenance.pipeline)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(figures: MetricsOf) -> Response:
    """Return the figures in the text format of Prometheus."""
    return Response(figures.text(), headers={"Content-Type": CONTENT_TYPE})
