"""The routes that put questions: /v1/ask and /v1/search."""

from collections.abc import Iterator
from http import HTTPStatus
from time import perf_counter

import orjson
from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from service.answer import Answer
from service.api.errors import documented
from service.api.operations import OpenPipeline, SharedState
from service.api.streaming import events
from service.api.wire import AskRequest, SearchReply, SearchRequest
from service.rendering import hit_row

router = APIRouter(prefix="/v1", tags=["questions"])
_REFUSALS = documented(
    HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)  # fmt: skip


@router.post("/ask", response_model=Answer, responses=_REFUSALS)
def ask(request: AskRequest, pipeline: OpenPipeline, state: SharedState) -> Response:
    """One answer, each statement with the quote that proves it, or what is missing.

    With `"stream": true` the same answer as server-sent events: `status`, `citation`, `delta`, `final`.
    """
    history = tuple(turn.content for turn in request.history if turn.role == "user")
    pipeline.check(request.question)

    def compose() -> Answer:
        answer = pipeline.ask(request.question, history, request.top_k, request.filters.filters())
        state.metrics.count(answer)
        return answer

    if request.stream:
        stream: Iterator[bytes] = events(compose)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
    return Response(orjson.dumps(compose().to_dict()), media_type="application/json")


@router.post("/search", response_model=SearchReply, responses=_REFUSALS)
def search(request: SearchRequest, pipeline: OpenPipeline) -> Response:
    """The best passages for a question, with their scores in every channel."""
    began = perf_counter()
    hits = [hit_row(hit) for hit in pipeline.search(request.question, request.top_k, request.filters.filters())]
    timings = {"total": round((perf_counter() - began) * 1000, 2)}
    reply = {"hits": hits, "timings_ms": timings, "snapshot": pipeline.snapshot.name}
    return Response(orjson.dumps(reply), media_type="application/json")
