"""A JSON body for an HTTP endpoint in, the bytes of its reply out. Knows when to try again, and no embeddings.

The only importer of the HTTP client in this package. The key travels in the header alone: no message and no log line holds it.
"""

from __future__ import annotations

import json
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx2

from embeddings.address import AddressError, headers_of, place_of
from embeddings.errors import EndpointError
from embeddings.waiting import retry_after_s

_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_FIRST_PAUSE_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is tried, and the longest pause between two tries; an endpoint asking for more is left."""

    tries: int
    longest_pause_s: float


class Wire:
    """Posts to `url`/embeddings. May be used from several threads."""

    def __init__(self, url: str, key: str, timeout_s: float) -> None:
        """Raises EndpointError where address or key cannot be used."""
        key = key.strip()
        try:
            place = place_of(url, "/embeddings", "WENCE_ENCODER_URL", "WENCE_ENCODER_KEY")
            headers = headers_of(key, "WENCE_ENCODER_KEY")
        except AddressError as error:
            raise EndpointError(str(error)) from None
        self._address = place.geturl()
        self.name = place._replace(query="").geturl()
        """The address for messages: without its query, which may hold what nobody should see."""
        self._key = key
        self._timeout_s = timeout_s
        self._client = httpx2.Client(headers=headers, timeout=timeout_s)
        weakref.finalize(self, self._client.close)

    def post(self, body: Mapping[str, object], patience: Patience, largest_bytes: int) -> bytes:
        """The reply's body. Raises EndpointError for a refusal, for a body that is larger, and for a failure that outlasts
        the patience.
        """
        content = json.dumps(body).encode("ascii")
        pause_s = _FIRST_PAUSE_S
        for attempt in range(1, patience.tries + 1):
            asked_s = 0.0
            try:
                status, headers, reply = self._once(content, largest_bytes)
            except httpx2.TimeoutException:
                why = f"gave no answer within {self._timeout_s:g} s"
            except httpx2.RequestError as error:
                why = f"cannot be reached ({self._clean(str(error)) or type(error).__name__})"
            else:
                if status == 200:
                    return reply
                if status not in _AGAIN:
                    raise EndpointError(f"{self.name} {self._refusal(status, reply)}")
                why = f"answered {status}"
                asked_s = retry_after_s(headers.get("retry-after")) or 0.0
            if attempt == patience.tries or asked_s > patience.longest_pause_s:
                break
            time.sleep(asked_s or pause_s)
            pause_s = min(2 * pause_s, patience.longest_pause_s)
        wants = f" and asks for a pause of {asked_s:.0f} s" if asked_s else ""
        raise EndpointError(f"{self.name} {why}{wants}, tried {attempt} times: see that it runs, or try again later")

    def _once(self, content: bytes, largest_bytes: int) -> tuple[int, httpx2.Headers, bytes]:
        """One try. The time-out counts for the whole reply, not for each piece of it."""
        until = time.monotonic() + self._timeout_s
        reply = bytearray()
        with self._client.stream("POST", self._address, content=content) as response:
            for piece in response.iter_bytes():
                reply += piece
                if time.monotonic() > until:
                    raise httpx2.ReadTimeout("the reply took too long")
                if len(reply) > largest_bytes:
                    raise EndpointError(f"{self.name} sent more than {largest_bytes} bytes: check WENCE_ENCODER_URL")
            return response.status_code, response.headers, bytes(reply)

    def _refusal(self, status: int, reply: bytes) -> str:
        if status in (401, 403):  # some endpoints repeat the key here, so nothing of their reply is told
            return f"refused the key (status {status}): check WENCE_ENCODER_KEY"
        said = self._clean(_message(reply))
        about = f"answered {status}" + (f" ({said})" if said else "")
        if status == 404:
            return f"{about}: check WENCE_ENCODER_URL, which usually ends in /v1, and the model's name in WENCE_ENCODER"
        if status == 413:
            return f"{about}: choose a smaller WENCE_ENCODER_BATCH"
        return f"{about}: check WENCE_ENCODER_URL and WENCE_ENCODER"

    def _clean(self, text: str) -> str:
        """One short line without the key."""
        line = " ".join(text.split())
        return (line.replace(self._key, "***") if self._key else line)[:200]


def _message(reply: bytes) -> str:
    """What an error reply says, in OpenAI's shape or a common other one; "" where it says nothing."""
    try:
        record = json.loads(reply)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        if isinstance(record, dict):
            record = record.get(name, record)
    return record if isinstance(record, str) else ""
