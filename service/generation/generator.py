"""What a generator is: messages in, pieces of a reply out as they are written. Knows no sources and no citations."""

from __future__ import annotations

import collections.abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from service.errors import GeneratorError

if TYPE_CHECKING:
    from service.settings import Settings


Pieces = collections.abc.Generator[str, None, None]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what a model is given."""

    role: Literal["system", "user"]
    content: str


class Generator(Protocol):
    """Writes replies. Thread-safe."""

    @property
    def name(self) -> str:
        """What an answer says that it was written by."""

    @property
    def room(self) -> int:
        """How many tokens all messages together may have."""

    def tokens(self, text: str) -> int:
        """How many tokens a text has, or no fewer than that."""

    def write(self, messages: Sequence[Message]) -> Pieces:
        """The reply piece by piece, each as soon as it is there; closing the iterator stops the model.

        Raises GeneratorError, also after some pieces, and GeneratorTimeoutError.
        """


def load_generator(settings: Settings) -> Generator:
    """The generator that the settings name: an endpoint where WENCE_GENERATOR is a web address, else a model here.

    Raises GeneratorError, ModelError.
    """
    if not settings.generator:
        raise GeneratorError(
            "no language model is set: give WENCE_GENERATOR a model's name or path, or an address like"
            " http://127.0.0.1:8080/v1"
        )
    if settings.generator.startswith(("http://", "https://")):
        from service.generation.endpoint import EndpointGenerator  # noqa: PLC0415 - the HTTP client is for it alone

        return EndpointGenerator(
            settings.generator,
            settings.generator_model,
            key=settings.generator_key.get_secret_value(),
            timeout_s=settings.generator_timeout_s,
            first_token_s=settings.generator_first_token_s,
            prompt_tokens=settings.generator_prompt_tokens,
            answer_tokens=settings.generator_answer_tokens,
        )
    from service.generation.local import LocalGenerator  # noqa: PLC0415 - likewise the engine

    return LocalGenerator(
        settings.generator,
        device=settings.model_device,
        precision=settings.model_precision,
        timeout_s=settings.generator_timeout_s,
        prompt_tokens=settings.generator_prompt_tokens,
        answer_tokens=settings.generator_answer_tokens,
    )
