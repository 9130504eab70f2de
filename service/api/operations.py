"""Alive, ready, measured: the state that the routes share, /healthz, /readyz and /metrics."""

import logging
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from embeddings.errors import EncoderError
from index.errors import WenceIndexError
from service.api.errors import documented
from service.api.metrics import Metrics
from service.api.tracing import Tracing
from service.api.wire import Health
from service.errors import NotReadyError, RecordsError, ServiceError
from service.pipeline import Pipeline
from service.records.records import Records
from service.settings import Settings

_PROBE = "改革"
"""What is searched for to see that searching works."""

logger = logging.getLogger("wence")


class State:
    """What the routes share: settings, metrics, traces, and the pipeline once it is open."""

    def __init__(self, settings: Settings, pipeline: Pipeline | None) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.tracing = Tracing(settings.otel_endpoint)
        self.records = Records(settings, self.metrics.unlogged.inc)
        self._pipeline = pipeline
        self._problem = "the snapshot is being opened; try again in a moment"

    @property
    def pipeline(self) -> Pipeline:
        """Raises NotReadyError until the snapshot is open."""
        if self._pipeline is None:
            raise NotReadyError(self._problem)
        return self._pipeline

    def open(self) -> None:
        """Open the snapshot; what is wrong with it is logged and told to whoever asks."""
        try:
            self._pipeline = Pipeline(self.settings.snapshot, self.settings)
        except (WenceIndexError, EncoderError, ServiceError, OSError) as error:
            self._problem = str(error)
            logger.error("%s", error)


async def _state(request: Request) -> State:  # not in a thread of its own, as FastAPI runs what is not `async`
    state: State = request.app.state.wence
    return state


async def _pipeline(state: Annotated[State, Depends(_state)]) -> Pipeline:
    return state.pipeline


SharedState = Annotated[State, Depends(_state)]
OpenPipeline = Annotated[Pipeline, Depends(_pipeline)]

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def healthz() -> Health:  # not in a thread: those may all be waiting for a language model
    """Alive: the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses=documented(HTTPStatus.SERVICE_UNAVAILABLE))
def readyz(pipeline: OpenPipeline, state: SharedState) -> Health:
    """Ready: the snapshot is open, a search in it works, and where keys are needed they can be read."""
    found = pipeline.find(_PROBE, 1)
    parts: dict[str, Literal["ok", "unavailable"]] = {"search": "ok", "database": "ok"}
    try:
        state.records.check()
    except RecordsError as error:
        if state.settings.needs_keys:
            raise
        logger.warning("%s", error)
        parts["database"] = "unavailable"
    return Health(status="ok", snapshot=found.snapshot, parts=parts)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(state: SharedState) -> Response:
    """Counters and latencies in the Prometheus text format, of all workers."""
    with suppress(NotReadyError):
        state.metrics.look_at(state.pipeline.snapshot)
    return Response(state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
