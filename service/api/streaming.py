"""The making of an answer in, server-sent events out. What is sent before the last event is a part of its Answer.

event: status    {"stage": "retrieving"}          at once
event: status    {"stage": "composing"}           a language model has begun to write
event: citation  one citation                     before the text that uses it
event: delta     {"text": "…"}                    one statement with its markers, or the refusal
event: status    {"stage": "restarting"}          the model failed after statements were sent: those are void
event: ping      {}                               every few seconds in which there is nothing else to send
event: final     the whole Answer                 last; its text is all deltas since the start or the restart
event: error     {"error": {code, message}}       instead of final
"""

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from dataclasses import asdict
from typing import Final

import orjson
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from service.answer import Answer
from service.answering.composer import render
from service.api import errors
from service.generation.composer import Event, Sign
from service.generation.draft import Shown

PING_S: Final = 5.0

Compose = Callable[[], Iterator[Event]]
Tell = Callable[[Iterator[Event]], Iterator[bytes]]
Failed = Callable[[int, str, str], bytes]
Chunks = AsyncGenerator[bytes, None]

logger = logging.getLogger("wence")


class EventStream(StreamingResponse):
    """The events of one answer over HTTP; they end with the connection, so that no model writes for who has left."""

    def __init__(self, made: Chunks) -> None:
        super().__init__(made, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        self._made = made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._made.aclose()


async def events(compose: Compose, ping_s: float = PING_S) -> Chunks:
    """The events of one answer; `compose` is called after the first of them is out. Closing the iterator stops it."""
    yield _event("status", {"stage": "retrieving"})
    made = relayed(compose, _as_events, ping=_event("ping", {}), failed=_failed, ping_s=ping_s)
    try:
        async for event in made:
            yield event
    finally:
        await made.aclose()


async def relayed(compose: Compose, tell: Tell, *, ping: bytes, failed: Failed, ping_s: float = PING_S) -> Chunks:
    """What `tell` makes of an answer as it is composed, in a thread of its own: `ping` is sent in silence, what `failed`
    makes of status, code and message when composing breaks. Closing the iterator stops it.
    """
    made: asyncio.Queue[bytes | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    gone = threading.Event()

    def put(chunk: bytes | None) -> None:
        with suppress(RuntimeError):  # the loop is closed, and nobody listens
            loop.call_soon_threadsafe(made.put_nowait, chunk)

    def make() -> None:
        try:
            for chunk in tell(_wanted(compose(), gone)):
                put(chunk)
        except Exception as error:
            status, code, message = errors.classified(error)
            if code == "internal":
                logger.exception("composing an answer failed")
            put(failed(status, code, message))
        put(None)

    context = copy_context()  # so that what is logged is of this request
    threading.Thread(target=context.run, args=(make,), name="compose", daemon=True).start()
    try:
        while True:
            try:
                chunk = await asyncio.wait_for(made.get(), ping_s)
            except TimeoutError:
                chunk = ping
            if chunk is None:
                return
            yield chunk
    finally:
        gone.set()


def _wanted(composed: Iterator[Event], gone: threading.Event) -> Iterator[Event]:
    """The same, as long as somebody listens."""
    for event in composed:
        if gone.is_set():
            return
        yield event


def _as_events(composed: Iterator[Event]) -> Iterator[bytes]:
    sent: list[Shown] = []
    stage = "retrieving"
    for event in composed:
        if isinstance(event, Shown):
            sent.append(event)
            yield from _shown(event)
        elif isinstance(event, Answer):
            if not sent:
                yield from _whole(event)
            yield _event("final", event.to_dict())
        elif event is Sign.RESTART:
            sent.clear()
            yield _event("status", {"stage": "restarting"})
        elif stage == "retrieving":
            stage = "composing"
            yield _event("status", {"stage": stage})


def _failed(_: int, code: str, message: str) -> bytes:
    return _event("error", {"error": {"code": code, "message": message}})


def _whole(answer: Answer) -> Iterator[bytes]:
    """An answer of which nothing is sent yet."""
    sent: set[int] = set()
    for statement in answer.statements:
        fresh = [item for item in answer.citations if item.n in statement.citations and item.n not in sent]
        sent.update(citation.n for citation in fresh)
        yield from _shown(Shown(statement, tuple(fresh)))
    if not answer.statements:
        yield _event("delta", {"text": answer.answer})


def _shown(shown: Shown) -> Iterator[bytes]:
    for citation in shown.citations:
        yield _event("citation", asdict(citation))
    yield _event("delta", {"text": render([shown.statement])})


def _event(name: str, data: object) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
