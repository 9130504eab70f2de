"""Replies of a chat endpoint for `tests.loopback`: OpenAI's stream as it should be, and as it should not."""

import json
import time
from collections.abc import Iterable, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback import Reply

DONE = b"data: [DONE]\n\n"


def event(content: object = None, end: bytes = b"\n\n", **choice: Any) -> bytes:
    """One event of a stream with this piece of text."""
    delta = {} if content is None else {"content": content}
    record = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, **choice}]}
    return b"data: " + json.dumps(record, ensure_ascii=False).encode() + end


def told(text: str, size: int = 3) -> list[bytes]:
    """The events of a whole reply, `size` characters each."""
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return [event(role="assistant"), *map(event, pieces), event(finish_reason="stop"), DONE]


def raw(
    chunks: Iterable[bytes],
    *,
    pause_s: float = 0.0,
    chunked: bool = True,
    whole: bool = True,
    kind: str = "text/event-stream",
) -> Reply:
    """A reply of these chunks as they are; `whole` is False for one that breaks off after them."""

    def reply(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Connection", "close")))
        handler.end_headers()
        for chunk in chunks:
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
            handler.wfile.flush()
            time.sleep(pause_s)
        if chunked and whole:
            handler.wfile.write(b"0\r\n\r\n")
        else:
            handler.close_connection = True

    return reply


def say(text: str, size: int = 3) -> Reply:
    """A model that behaves."""
    return raw(told(text, size))


def cut(stream: bytes, sizes: Sequence[int]) -> list[bytes]:
    """A stream in chunks of these sizes by turns, so that characters and markers are split."""
    chunks, at, turn = [], 0, 0
    while at < len(stream):
        size = sizes[turn % len(sizes)]
        chunks.append(stream[at : at + size])
        at, turn = at + size, turn + 1
    return chunks


def hang(before: Sequence[bytes] = (), seconds: float = 3.0) -> Reply:
    """Sends these events and then nothing."""
    return raw([*before, b": still here\n\n"], pause_s=0) if not seconds else _hanging(before, seconds)


def _hanging(before: Sequence[bytes], seconds: float) -> Reply:
    def chunks() -> Iterable[bytes]:
        yield from before
        time.sleep(seconds)

    def reply(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        raw(chunks())(handler, request)

    return reply
