"""The address of an OpenAI-compatible chat endpoint in, a Generator out. Knows no model's insides.

The key travels in the header alone: no message and no log line holds it, and nothing that the endpoint says of itself
is repeated, as it may hold the key or what was asked.
"""

from __future__ import annotations

import json
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import Final

import httpx2

from embeddings.address import AddressError, headers_of, place_of
from embeddings.waiting import retry_after_s
from service.errors import GeneratorError, GeneratorTimeoutError
from service.generation.generator import Message, Pieces
from service.generation.sse import StreamError, pieces, read

TRIES: Final = 3
CONNECT_S: Final = 5.0
LARGEST_REPLY_BYTES: Final = 1 << 20

_FIRST_PAUSE_S: Final = 0.3
_AGAIN: Final = frozenset({408, 409, 425, 429})
_OF_THE_BODY: Final = frozenset({400, 422})


class EndpointGenerator:
    """Writes by `POST url/chat/completions` with a stream. May be used from several threads."""

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str = "",
        timeout_s: float = 60.0,
        first_token_s: float = 20.0,
        prompt_tokens: int = 4000,
        answer_tokens: int = 512,
    ) -> None:
        """`timeout_s` counts for a whole reply with all its tries, `first_token_s` for the silence before its first
        token and between any two. Raises GeneratorError.
        """
        try:
            place = place_of(url, "/chat/completions", "WENCE_GENERATOR", "WENCE_GENERATOR_KEY")
            headers = headers_of(key.strip(), "WENCE_GENERATOR_KEY")
        except AddressError as error:
            raise GeneratorError(str(error)) from None
        if not model.strip():
            raise GeneratorError("WENCE_GENERATOR_MODEL is empty: say which of the endpoint's models is to write")
        self._address = place.geturl()
        self._place = place._replace(query="").geturl()
        self._model, self._answer_tokens = model.strip(), answer_tokens
        self._room = prompt_tokens
        self._timeout_s, self._first_token_s = timeout_s, min(first_token_s, timeout_s)
        self._client = httpx2.Client(headers=headers)
        weakref.finalize(self, self._client.close)

    @property
    def name(self) -> str:
        return self._model

    @property
    def room(self) -> int:
        return self._room

    def tokens(self, text: str) -> int:
        """One a character: what a Chinese text has at most with any tokenizer of today."""
        return len(text)

    def write(self, messages: Sequence[Message]) -> Pieces:
        """Tries again, with growing pauses, only while nothing of a reply has come."""
        until = time.monotonic() + self._timeout_s
        body: dict[str, object] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
        }
        wishes: dict[str, object] = {"temperature": 0, "max_tokens": self._answer_tokens}
        pause_s, begun = _FIRST_PAUSE_S, False
        for tried in range(1, TRIES + 1):
            try:
                for piece in self._once({**body, **wishes}, until):
                    begun = True
                    yield piece
                return
            except _AgainError as fault:
                if fault.of_the_body:
                    wishes = {}  # some models take no temperature, or call the limit otherwise
                wait_s = pause_s if fault.wait_s is None else fault.wait_s
                if begun or tried == TRIES or time.monotonic() + wait_s > until:
                    raise GeneratorError(
                        f"{self._place} {fault}, tries: {tried}: see that it runs, or try again later"
                    ) from None
            time.sleep(wait_s)
            pause_s *= 2

    def _once(self, body: dict[str, object], until: float) -> Iterator[str]:
        silence_s = max(0.05, min(self._first_token_s, until - time.monotonic()))
        limits = httpx2.Timeout(silence_s, connect=min(CONNECT_S, silence_s))
        try:
            content = json.dumps(body).encode("ascii")
            with self._client.stream("POST", self._address, content=content, timeout=limits) as response:
                self._check(response)
                yield from self._pieces(response, until, time.monotonic() + silence_s)
        except httpx2.ConnectTimeout:
            raise _AgainError("cannot be reached") from None
        except httpx2.TimeoutException:
            raise GeneratorTimeoutError(f"{self._place} was silent for {silence_s:.3g} s: {_SLOW}") from None
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol):
            raise GeneratorError(f"{self._place} is no address of a host: check WENCE_GENERATOR") from None
        except httpx2.ConnectError:
            raise _AgainError("cannot be reached") from None
        except httpx2.RequestError:
            raise _AgainError("broke the connection off") from None
        except StreamError as error:
            raise GeneratorError(
                f"{self._place} sent {error}: see that it serves {self._model} in OpenAI's chat format"
            ) from None

    def _check(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status == 200:
            return
        if status in (401, 403):
            raise GeneratorError(f"{self._place} refused the key (status {status}): check WENCE_GENERATOR_KEY")
        if status in _AGAIN or status >= 500:
            raise _AgainError(f"answered {status}", wait_s=retry_after_s(response.headers.get("retry-after")))
        if status in _OF_THE_BODY:
            raise _AgainError(f"answered {status}", of_the_body=True)
        raise GeneratorError(
            f"{self._place} answered {status}: check WENCE_GENERATOR, which often ends in /v1, and WENCE_GENERATOR_MODEL"
        )

    def _pieces(self, response: httpx2.Response, until: float, first_until: float) -> Iterator[str]:
        if "json" in response.headers.get("content-type", ""):  # it does not stream
            whole = b"".join(self._timely(response, until))
            yield read(whole)[0]
            return
        begun = finished = False
        for piece in pieces(self._timely(response, until)):
            if piece is None:
                finished = True
            elif piece and not finished:
                begun = True
                yield piece
            elif not begun and time.monotonic() > first_until:
                raise GeneratorTimeoutError(f"{self._place} sent no token in time: {_SLOW}")
        framed = "content-length" in response.headers or "chunked" in response.headers.get("transfer-encoding", "")
        if not finished and not (framed and begun):
            raise _AgainError("ended before its reply did")

    def _timely(self, response: httpx2.Response, until: float) -> Iterator[bytes]:
        """The chunks of a body while there is time and their number of bytes is sane."""
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if time.monotonic() > until:
                raise GeneratorTimeoutError(f"{self._place} did not finish within {self._timeout_s:g} s: {_SLOW}")
            if size > LARGEST_REPLY_BYTES:
                raise GeneratorError(f"{self._place} sent more than {LARGEST_REPLY_BYTES} bytes: check the address")
            yield chunk


_SLOW: Final = "raise WENCE_GENERATOR_TIMEOUT_S or WENCE_GENERATOR_FIRST_TOKEN_S, or take a faster model"


class _AgainError(Exception):
    """A try failed in a way that may pass; `wait_s` is the pause that the endpoint asked for."""

    def __init__(self, what: str, *, wait_s: float | None = None, of_the_body: bool = False) -> None:
        super().__init__(what)
        self.wait_s, self.of_the_body = (0.0 if of_the_body else wait_s), of_the_body
