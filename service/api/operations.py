"""The routes that tell how the service is: alive, ready, measured."""

import logging
from contextlib import suppress
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from service.api.errors import documented
from service.api.state import OpenPipeline, SharedState
from service.api.wire import Health
from service.errors import NotReadyError, RecordsError

_PROBE = "改革"
"""What is searched for to see that searching works."""

logger = logging.getLogger("wence")


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
