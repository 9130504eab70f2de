"""The bytes of an OpenAI chat stream in, its pieces of text out. Knows no connection."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

LONGEST_LINE_BYTES: Final = 1 << 20

_LINE_END = re.compile(rb"\r\n|\r(?!\Z)|\n")
"""A carriage return at the very end may be half of a pair."""


class StreamError(ValueError):
    """What came is no chat completion, or tells of an error; the message says what."""


def pieces(chunks: Iterable[bytes]) -> Iterator[str | None]:
    """The text of every event in turn, "" for one without, None where the model says that it has finished.

    Every `data` line is read by itself, as some servers leave out the empty lines between events; comments and other
    fields are passed over. Raises StreamError.
    """
    for line in _lines(chunks):
        if not line.startswith(b"data:"):
            continue
        payload = line[5:].strip()
        if payload == b"[DONE]":
            yield None
            return
        if payload:
            yield from _event(payload)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = bytearray()
    for chunk in chunks:
        whole = bytes(rest[-1:]) + chunk  # a new line begins no earlier than with a carriage return left over
        *lines, last = _LINE_END.split(whole)
        if lines:
            lines[0] = bytes(rest[:-1]) + lines[0]
            yield from lines
            rest.clear()
        else:
            del rest[-1:]
        rest += last
        if len(rest) > LONGEST_LINE_BYTES:
            raise StreamError("a line without end")
    yield bytes(rest)


def _event(payload: bytes) -> Iterator[str | None]:
    text, finished = read(payload)
    yield text
    if finished:
        yield None


def read(payload: bytes) -> tuple[str, bool]:
    """The text of one event or of a whole completion, and whether the model finished with it. Raises StreamError."""
    try:
        record = json.loads(payload.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError):
        raise StreamError("what is no JSON") from None
    if not isinstance(record, dict) or record.get("error"):
        raise StreamError("an error in place of a reply" if isinstance(record, dict) else "JSON that is no object")
    choices = record.get("choices")
    if not isinstance(choices, list):
        raise StreamError("no list of `choices`")
    choice = choices[0] if choices else {}  # an event that only counts tokens has none
    if not isinstance(choice, dict):
        raise StreamError("a choice that is no object")
    if choice.get("finish_reason") == "content_filter":
        raise StreamError("a reply cut by its content filter")
    return _text(choice.get("delta") or choice.get("message")), bool(choice.get("finish_reason"))


def _text(message: Any) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):  # parts, as some servers send them
        content = "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    if content is not None and not isinstance(content, str):
        raise StreamError("content that is no text")
    return content or ""
