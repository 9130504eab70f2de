"""An answer in, server-sent events out. The stream renders one composed Answer, so it cannot differ from the reply.

event: status    {"stage": "retrieving"}          at once
event: citation  one citation                     before the text that uses it
event: delta     {"text": "…"}                    one statement with its markers, or the refusal
event: final     the whole Answer                 last
event: error     {"error": {code, message}}       instead of final
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict

import orjson

from service.answer import Answer
from service.answering.composer import render

logger = logging.getLogger("wence")


def events(compose: Callable[[], Answer]) -> Iterator[bytes]:
    """The events of one answer; `compose` is called after the first of them is out."""
    yield _event("status", {"stage": "retrieving"})
    try:
        answer = compose()
    except Exception:
        logger.exception("composing an answer failed")
        yield _event(
            "error", {"error": {"code": "internal", "message": "something went wrong on our side; it is logged"}}
        )
        return
    sent: set[int] = set()
    for statement in answer.statements:
        for citation in answer.citations:
            if citation.n in statement.citations and citation.n not in sent:
                sent.add(citation.n)
                yield _event("citation", asdict(citation))
        yield _event("delta", {"text": render([statement])})
    if not answer.statements:
        yield _event("delta", {"text": answer.answer})
    yield _event("final", answer.to_dict())


def _event(name: str, data: object) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
