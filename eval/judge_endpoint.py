"""Messages to an OpenAI-compatible endpoint in, the text of its reply out; tries again where that may help.

JudgeError: nothing can be judged there, so the run should end. UnjudgedError: this one request got no usable reply.
Neither ever shows the key, nor what the host said, which may repeat the key.
"""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from embeddings.waiting import retry_after_s

if TYPE_CHECKING:
    import httpx2

BACKOFF_S: Final = 0.5
"""Wait before the second try; doubled before every further one."""

LONGEST_WAIT_S: Final = 120.0
"""A host that asks for a longer wait is not waited for."""

_AGAIN: Final = frozenset({408, 429})
_OF_THE_REQUEST: Final = frozenset({400, 413, 422})  # such as a text too long for the model


class JudgeError(ValueError):
    """The judge cannot be used at all; the message says which host, why, and what to do."""


class UnjudgedError(Exception):
    """One request got no reply that can be used; the message says why."""


class Endpoint:
    """A connection to `base_url`/chat/completions; use it in a `with` statement before asking."""

    def __init__(self, base_url: str, model: str, key: str | None, timeout_s: float, retries: int) -> None:
        self._name = _shown(base_url)
        if not model.strip():
            raise JudgeError(f"{self._name}: no model is named; say which of the host's models is to judge")
        if key and not all("!" <= character <= "~" for character in key):
            raise JudgeError(f"{self._name}: the key holds characters that no key has; check for spaces and line ends")
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model, self._key, self._timeout_s, self._retries = model, key, timeout_s, retries
        self._client: httpx2.Client | None = None

    def __enter__(self) -> Self:
        import httpx2  # noqa: PLC0415  # only for those who ask for a judge

        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        self._client = httpx2.Client(headers=headers, timeout=self._timeout_s)
        return self

    def __exit__(self, *_: object) -> None:
        if self._client:
            self._client.close()

    def ask(self, instructions: str, data: str) -> str:
        """The model's reply at temperature 0. Raises JudgeError, UnjudgedError."""
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": data}]
        body = json.dumps({"model": self._model, "temperature": 0, "messages": messages}).encode()
        for tried in range(self._retries):
            try:
                return self._post(body)
            except _AgainError as fault:
                wait_s = BACKOFF_S * 2**tried if fault.wait_s is None else fault.wait_s
                if wait_s > LONGEST_WAIT_S:
                    raise UnjudgedError(f"{fault}; the host asks to wait {wait_s:.0f} s") from None
                time.sleep(wait_s)
        try:
            return self._post(body)
        except _AgainError as fault:
            if fault.unreachable:
                raise JudgeError(f"{self._name}: cannot be reached; check the address and that it is running") from None
            raise UnjudgedError(f"{fault}, tries: {self._retries + 1}") from None

    def _post(self, body: bytes) -> str:
        import httpx2  # noqa: PLC0415

        if self._client is None:
            raise RuntimeError("an Endpoint is used in a `with` statement")
        try:
            response = self._client.post(self._url, content=body)
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol):
            raise JudgeError(f"{self._name}: is no address of a host") from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise _AgainError("the host cannot be reached", unreachable=True) from None
        except httpx2.TimeoutException:
            raise _AgainError(f"no reply within {self._timeout_s:g} s") from None
        except httpx2.RequestError:
            raise _AgainError("the connection broke off") from None
        self._check(response.status_code, response.headers)
        return _content(response)

    def _check(self, status: int, headers: Mapping[str, str]) -> None:
        if status in (401, 403):
            raise JudgeError(f"{self._name}: refuses the key (HTTP {status}); check WENCE_JUDGE_KEY")
        if status in _AGAIN or status >= 500:
            raise _AgainError(f"HTTP {status}", wait_s=retry_after_s(headers.get("Retry-After")))
        if status in _OF_THE_REQUEST:
            raise UnjudgedError(f"the request was refused (HTTP {status})")
        if not 200 <= status < 300:
            raise JudgeError(
                f"{self._name}: answers HTTP {status}; check the address, which often ends in /v1, and model"
            )


class _AgainError(Exception):
    """A try failed in a way that may pass; `wait_s` is what the host asked for."""

    def __init__(self, what: str, *, wait_s: float | None = None, unreachable: bool = False) -> None:
        super().__init__(what)
        self.wait_s, self.unreachable = wait_s, unreachable


def _content(response: "httpx2.Response") -> str:
    content: Any = None
    with suppress(ValueError, RecursionError, LookupError, TypeError):
        content = response.json()["choices"][0]["message"]["content"]
    if not isinstance(content, str):
        raise UnjudgedError("the reply is no chat completion with text")
    return content


def _shown(base_url: str) -> str:
    """An address without user, password and query. Raises JudgeError for what is none."""
    with suppress(ValueError):
        parts = urlsplit(base_url)
        if parts.scheme in ("http", "https") and parts.hostname:
            port = f":{parts.port}" if parts.port else ""
            return f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}"
    raise JudgeError(
        "the judge's address must begin with http:// or https:// and name a host, such as http://localhost:8000/v1"
    )
