"""What the routes share, and how a route asks for it: settings, metrics, traces, records, and the pipeline once it is open."""

import logging
from functools import cached_property
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from embeddings.errors import EncoderError
from index.errors import WenceIndexError
from service.api.metrics import Metrics
from service.api.tracing import Tracing
from service.errors import NotReadyError, ServiceError
from service.pipeline import Pipeline
from service.records.records import Records
from service.settings import Settings

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

    @cached_property
    def turns(self) -> CapacityLimiter:
        """What asks wait at, so that no thread waits for them. Raises NotReadyError."""
        return CapacityLimiter(self.pipeline.at_once)

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
