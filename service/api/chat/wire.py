"""The shapes of chat completions, as OpenAI's protocol has them and with the one field of our own, `wence`."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from service.answer import Composer
from service.api.wire import AS_JSON_COUNTS, SAID, FilterFields, RequestModel, TopK

CONTENT_CHARS: Final = 100_000
_Positive = Annotated[int, Field(ge=1), AS_JSON_COUNTS]


class Part(RequestModel):
    """A part of a message; of the kinds that there are only `text` can be read."""

    type: str
    text: str | None = None


def _parts(content: object) -> object:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _listed(stop: object) -> object:
    return [stop] if isinstance(stop, str) else stop


_TEXT: Final = {"type": "string", "maxLength": CONTENT_CHARS}
_PARTS: Final = {
    "type": "array",
    "maxItems": 100,
    "items": {"type": "object", "required": ["type", "text"], "properties": {"type": {"const": "text"}, "text": _TEXT}},
}
_STOP: Final = {"type": "string", "minLength": 1}
_ASKED: Final = {
    "type": "object",
    "required": ["role", "content"],
    "properties": {"role": {"const": "user"}, "content": {"type": "string", "pattern": SAID}},
}
Content = Annotated[
    Annotated[list[Part], Field(max_length=100)] | None,
    BeforeValidator(_parts),
    WithJsonSchema({"anyOf": [_TEXT, _PARTS, {"type": "null"}]}),
]
Stops = Annotated[
    Annotated[list[Annotated[str, Field(min_length=1)]], Field(max_length=4)] | None,
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_STOP, {"type": "array", "maxItems": 4, "items": _STOP}, {"type": "null"}]}),
]


class Message(RequestModel):
    """One message. The user's last is the question, those before it are its history; others are not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = None

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.content or [] if part.text)


class StreamOptions(RequestModel):
    """What a stream sends besides the text."""

    include_usage: bool | None = None


_FORMAT: Final = {
    "anyOf": [
        {"type": "object", "required": ["type"], "properties": {"type": {"const": "text"}}},
        {"type": "null"},
    ]
}


class Wishes(RequestModel):
    """What `/v1/ask` takes and this protocol does not know."""

    top_k: TopK | None = None
    filters: FilterFields = FilterFields()


class ChatRequest(RequestModel):
    """A conversation to be answered. Fields of the protocol that are not named here have no effect."""

    model: str = "wence"
    messages: Annotated[list[Message], Field(min_length=1, max_length=1000, json_schema_extra={"contains": _ASKED})]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    stop: Stops = None
    n: Annotated[_Positive | None, Field(json_schema_extra={"enum": [1, None]})] = None
    max_tokens: _Positive | None = None
    max_completion_tokens: _Positive | None = None
    response_format: Annotated[dict[str, Any] | None, WithJsonSchema(_FORMAT)] = None
    tool_choice: Annotated[str | dict[str, Any] | None, Field(json_schema_extra={"enum": ["none", "auto", None]})] = (
        None
    )
    logprobs: Annotated[bool | None, Field(json_schema_extra={"enum": [False, None]})] = None
    wence: Wishes = Wishes()


class Usage(BaseModel):
    """How much was read and written: a Chinese character, a word and a sign are a token each."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class UrlCitation(BaseModel):
    """Where a marker stands in the content, and the address of the citation."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    """A marker of the content, as the protocol marks sources."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """The answer with its footnotes."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation] = []


class Choice(BaseModel):
    """The one choice there is."""

    index: Literal[0] = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: Literal["stop", "length"]


class Completion(BaseModel):
    """A whole reply. `wence` is the Answer of `/v1/ask` but for `retrieved`: status, citations, figures and the rest."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    wence: dict[str, Any]


class Model(BaseModel):
    """A way to answer: `wence` as the service is set, or by quotes alone, or by its language model."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["wence"] = "wence"


class ModelList(BaseModel):
    """Every model of the service."""

    object: Literal["list"] = "list"
    data: list[Model]


MODELS: Final[dict[str, Composer | None]] = {
    "wence": None,
    "wence-extractive": "extractive",
    "wence-generative": "generative",
}
"""Each model with the composer that it stands for."""
