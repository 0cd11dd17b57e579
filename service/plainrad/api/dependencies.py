"""What the routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from plainrad.api.engine import Engine
from plainrad.api.metrics import Metrics
from plainrad.settings import Settings


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


EngineOf = Annotated[Engine, Depends(_engine)]
SettingsOf = Annotated[Settings, Depends(_settings)]
MetricsOf = Annotated[Metrics, Depends(_metrics)]
