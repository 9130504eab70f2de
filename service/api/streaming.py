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

import logging
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from queue import Empty, SimpleQueue
from typing import Final

import orjson
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from service.answer import Answer
from service.answering.composer import render
from service.generation.composer import Event, Sign
from service.generation.draft import Shown

PING_S: Final = 5.0

logger = logging.getLogger("wence")


class EventStream(StreamingResponse):
    """The events of one answer over HTTP; they end with the connection, so that no model writes for who has left."""

    def __init__(self, made: Generator[bytes, None, None]) -> None:
        super().__init__(made, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        self._made = made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._made.close()


def events(compose: Callable[[], Iterator[Event]], ping_s: float = PING_S) -> Generator[bytes, None, None]:
    """The events of one answer; `compose` is called after the first of them is out, in a thread of its own, so that
    silence can be told from an end. Closing the iterator stops it.
    """
    yield _event("status", {"stage": "retrieving"})
    made: SimpleQueue[bytes | None] = SimpleQueue()
    gone = threading.Event()
    threading.Thread(target=_make, args=(compose, made, gone), name="compose", daemon=True).start()
    try:
        while True:
            try:
                event = made.get(timeout=ping_s)
            except Empty:
                event = _event("ping", {})
            if event is None:
                return
            yield event
    finally:
        gone.set()


def _make(compose: Callable[[], Iterator[Event]], made: "SimpleQueue[bytes | None]", gone: threading.Event) -> None:
    try:
        for event in _told(compose(), gone):
            made.put(event)
    except Exception:
        logger.exception("composing an answer failed")
        made.put(
            _event(
                "error", {"error": {"code": "internal", "message": "something went wrong on our side; it is logged"}}
            )
        )
    made.put(None)


def _told(composed: Iterator[Event], gone: threading.Event) -> Iterator[bytes]:
    sent: list[Shown] = []
    stage = "retrieving"
    for event in composed:
        if gone.is_set():
            return
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
