"""The routes that put questions: /v1/ask and /v1/search."""

from functools import partial
from http import HTTPStatus
from time import perf_counter

import orjson
from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from service.answer import Answer
from service.api.answers import Asked, answered, composed
from service.api.errors import STREAMED, documented
from service.api.state import OpenPipeline, SharedState
from service.api.streaming import EventStream, events
from service.api.wire import AskRequest, SearchReply, SearchRequest
from service.rendering import search_reply

router = APIRouter(prefix="/v1", tags=["questions"])
_REFUSALS = documented(
    HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)  # fmt: skip


@router.post("/ask", response_model=Answer, responses=_REFUSALS | STREAMED)
async def ask(request: AskRequest, pipeline: OpenPipeline, state: SharedState) -> Response:
    """One answer, each statement with the quote that proves it, or what is missing.

    With `"stream": true` the same answer as server-sent events: `status`, `citation`, `delta`, `final`, and `ping`.
    """
    pipeline.check(request.question)
    history = tuple(turn.content for turn in request.history if turn.role == "user")
    asked = Asked(request.question, history, request.top_k, request.filters.filters(), request.composer)
    if request.stream:
        return EventStream(events(partial(composed, asked, pipeline, state)))
    answer = await answered(asked, pipeline, state)
    return Response(orjson.dumps(answer), media_type="application/json")


@router.post("/search", response_model=SearchReply, responses=_REFUSALS)
async def search(request: SearchRequest, pipeline: OpenPipeline) -> Response:
    """The best passages for a question, with their scores in every channel."""
    began = perf_counter()
    find = partial(pipeline.find, request.question, request.top_k, request.filters.filters())
    # A thread costs more than it gains where one search is a millisecond or two of this process's own work.
    found = find() if pipeline.is_at_hand(request.question) else await run_in_threadpool(find)
    reply = search_reply(found, perf_counter() - began)
    return Response(orjson.dumps(reply), media_type="application/json")
