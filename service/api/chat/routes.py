"""The routes of OpenAI's protocol: /v1/chat/completions and /v1/models. A conversation in, the one Answer rendered."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from time import time
from typing import Final
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request, Response

from service.answer import Answer
from service.api.answers import Asked, answered, composed
from service.api.chat.completion import Header, Limits, chunks, completion, count_tokens
from service.api.chat.wire import MODELS, ChatRequest, Completion, Message, Model, ModelList
from service.api.errors import STREAMED, ProtocolError, documented, error_body
from service.api.state import OpenPipeline, SharedState, State
from service.api.streaming import EventStream, relayed
from service.errors import InvalidQuestionError
from service.generation.composer import Event
from service.pipeline import Pipeline

router = APIRouter(prefix="/v1", tags=["chat"])
_REFUSALS = documented(
    HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)  # fmt: skip
_PING: Final = b": ping\n\n"


@router.post("/chat/completions", response_model=Completion, responses=_REFUSALS | STREAMED)
async def chat(request: ChatRequest, http: Request, pipeline: OpenPipeline, state: SharedState) -> Response:
    """What an OpenAI client expects. The text ends with a footnote for each citation, and `wence` holds the answer as
    `/v1/ask` gives it but for `retrieved`. The last user message is the question, those before it its history; other
    roles and the sampling parameters have no effect. With `"stream": true` the same in chunks.
    """
    asked = _asked(request, state)
    _check_question(asked.question, pipeline, state.settings.question_chars)
    most = [number for number in (request.max_completion_tokens, request.max_tokens) if number is not None]
    limits = Limits(tuple(request.stop or ()), min(most, default=None))
    prompt_tokens = sum(count_tokens(message.text) for message in request.messages)
    header = Header(request.model, int(time()), f"{http.base_url}v1/citations/", prompt_tokens)
    if not request.stream:
        answer = await answered(asked, pipeline, state)
        return Response(completion(answer, header, limits), media_type="application/json")
    usage = bool(request.stream_options and request.stream_options.include_usage)

    def tell(made: Iterator[Event]) -> Iterator[bytes]:
        for event in made:
            if isinstance(event, Answer):  # what was shown before could not be taken back in this protocol
                yield from chunks(event, header, limits, usage=usage)

    return EventStream(relayed(partial(composed, asked, pipeline, state), tell, ping=_PING, failed=_failed))


@router.get("/models")
def list_models(state: SharedState) -> ModelList:
    """The models that a chat completion can name."""
    return ModelList(data=[Model(id=name, created=0) for name in _models(state)])


@router.get("/models/{model}", responses=documented(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY))
def read_model(model: str, state: SharedState) -> Model:
    """One of them."""
    _known(model, state)
    return Model(id=model, created=0)


def _models(state: State) -> list[str]:
    return [name for name in MODELS if name != "wence-generative" or state.settings.generator]


def _known(model: str, state: State) -> None:
    if model not in _models(state):
        message = f"there is no model {quote(model[:80], safe='/ ')!r}; there are {', '.join(_models(state))}"
        raise ProtocolError(HTTPStatus.NOT_FOUND, "model_not_found", message, "model")


def _asked(request: ChatRequest, state: State) -> Asked:
    """What the conversation asks. Raises ProtocolError for what cannot be done, naming the field."""
    _known(request.model, state)
    refused = {
        "n": (request.n or 1) > 1 and "there is one answer to a question; leave `n` out or set it to 1",
        "logprobs": request.logprobs and "answers are quotes and have no log probabilities; leave `logprobs` out",
        "response_format": request.response_format is not None
        and request.response_format.get("type") != "text"
        and "answers are text; leave `response_format` out and read the field `wence`",
        "tool_choice": request.tool_choice not in (None, "none", "auto")
        and "no tools are called; leave `tool_choice` out",
    }
    for field, why in refused.items():
        if why:
            raise ProtocolError(HTTPStatus.BAD_REQUEST, "unsupported_value", f"{field}: {why}", field)
    turns = [(at, message) for at, message in enumerate(request.messages) if message.role == "user"]
    for at, turn in turns:
        _check(turn, f"messages.{at}")
    said = [turn.text for _, turn in turns if turn.text.strip()]
    if not said:
        message = "messages: there is no question; the user's last message is it, and holds text"
        raise ProtocolError(HTTPStatus.BAD_REQUEST, "invalid_question", message, "messages")
    *before, question = said
    wishes = request.wence
    return Asked(question, tuple(before), wishes.top_k, wishes.filters.filters(), MODELS[request.model], "chat")


def _check_question(question: str, pipeline: Pipeline, limit: int) -> None:
    try:
        pipeline.check(question)
    except InvalidQuestionError as error:
        code = "context_length_exceeded" if len(question) > limit else "invalid_question"
        raise ProtocolError(HTTPStatus.BAD_REQUEST, code, f"messages: {error}", "messages") from error


def _check(turn: Message, field: str) -> None:
    for number, part in enumerate(turn.content or []):
        if part.type != "text":
            where = f"{field}.content.{number}"
            message = f"{where}: only text can be read, not {quote(part.type[:40])!r}; send parts of type `text` alone"
            raise ProtocolError(HTTPStatus.BAD_REQUEST, "unsupported_value", message, where)


def _failed(status: int, code: str, message: str) -> bytes:
    return b"data: " + orjson.dumps(error_body("/v1/chat/completions", status, code, message)) + b"\n\n"
