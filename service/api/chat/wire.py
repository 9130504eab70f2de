"""The shapes of chat completions, as OpenAI's protocol has them and with the one field of our own, `wence`."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from service.answer import Composer
from service.api.wire import FilterFields

CONTENT_CHARS: Final = 100_000


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Part(_Request):
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
    "items": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}, "text": _TEXT}},
}
Content = Annotated[
    Annotated[list[Part], Field(max_length=100)] | None,
    BeforeValidator(_parts),
    WithJsonSchema({"anyOf": [_TEXT, _PARTS, {"type": "null"}]}),
]
Stops = Annotated[
    Annotated[list[Annotated[str, Field(min_length=1)]], Field(max_length=4)] | None,
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "maxItems": 4, "items": {"type": "string"}}]}),
]


class Message(_Request):
    """One message. The last is the question, those of the user before it are its history; others are not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = None

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.content or [] if part.text)


class StreamOptions(_Request):
    """What a stream sends besides the text."""

    include_usage: bool | None = None


class Wishes(_Request):
    """What `/v1/ask` takes and this protocol does not know."""

    top_k: Annotated[int | None, Field(ge=1, le=100)] = None
    filters: FilterFields = FilterFields()


class ChatRequest(_Request):
    """A conversation to be answered. Fields of the protocol that are not named here have no effect."""

    model: str = "wence"
    messages: Annotated[list[Message], Field(min_length=1, max_length=1000)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    stop: Stops = None
    n: Annotated[int | None, Field(ge=1, le=128)] = None
    max_tokens: Annotated[int | None, Field(ge=1)] = None
    max_completion_tokens: Annotated[int | None, Field(ge=1)] = None
    response_format: dict[str, Any] | None = None
    tool_choice: str | dict[str, Any] | None = None
    logprobs: bool | None = None
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
