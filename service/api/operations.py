"""Alive, ready, measured: the state that the routes share, /healthz, /readyz and /metrics."""

import logging
from http import HTTPStatus
from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embeddings.errors import EncoderError
from index.errors import WenceIndexError
from service.answer import Answer
from service.api.errors import documented
from service.api.wire import Health
from service.errors import NotReadyError, ServiceError
from service.pipeline import Pipeline
from service.records.records import Records
from service.settings import Settings

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
logger = logging.getLogger("wence")


class Metrics:
    """What Prometheus reads: requests by route and status, seconds of each stage, answers by outcome."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("wence_requests", "Requests", ["method", "route", "status"], registry=self.registry)
        self.request_seconds = Histogram(
            "wence_request_seconds", "Seconds a request took", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self.stage_seconds = Histogram(
            "wence_stage_seconds",
            "Seconds a stage of an answer took",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answers = Counter("wence_answers", "Answers by status", ["status"], registry=self.registry)
        self.unlogged = Counter("wence_answers_unlogged", "Answers that could not be logged", registry=self.registry)
        self.articles = Gauge("wence_snapshot_articles", "Articles in the open snapshot", registry=self.registry)
        self.passages = Gauge("wence_snapshot_passages", "Passages in the open snapshot", registry=self.registry)

    def count(self, answer: Answer) -> None:
        self.answers.labels(answer.status.value).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self.stage_seconds.labels(stage).observe(milliseconds / 1000)


class State:
    """What the routes share: settings, metrics, and the pipeline once it is open."""

    def __init__(self, settings: Settings, pipeline: Pipeline | None) -> None:
        self.settings = settings
        self.metrics = Metrics()
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
def healthz() -> Health:
    """Alive: the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses=documented(HTTPStatus.SERVICE_UNAVAILABLE))
def readyz(pipeline: OpenPipeline) -> Health:
    """Ready: the snapshot is open and questions can be answered."""
    return Health(status="ok", snapshot=pipeline.snapshot.name)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(state: SharedState) -> Response:
    """Counters and latencies in the Prometheus text format."""
    try:
        manifest = state.pipeline.snapshot.manifest
        state.metrics.articles.set(manifest.articles)
        state.metrics.passages.set(manifest.passages)
    except NotReadyError:
        pass
    return Response(generate_latest(state.metrics.registry), media_type=CONTENT_TYPE_LATEST)


class Measured:
    """Counts and times every request by the template of its route, never by its raw path."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        began = perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", None) or "(page)"
            self._metrics.requests.labels(scope["method"], route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(perf_counter() - began)
