"""An Answer in, the text and the chunks of a chat completion out. Adds nothing but footnotes, made of its citations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson

from service.answer import Answer, Citation, Status
from service.answering.composer import render
from service.api.chat.wire import Annotation, AnswerMessage, Choice, Completion, UrlCitation, Usage

DONE: Final = b"data: [DONE]\n\n"
_TOKEN: Final = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the text ends before its end."""

    stop: tuple[str, ...] = ()
    tokens: int | None = None


NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Header:
    """What every chunk of a completion repeats; `address` is that of citations, for their ids to follow."""

    model: str
    created: int
    address: str
    prompt_tokens: int


@dataclass(frozen=True, slots=True)
class Told:
    """The text of a completion in the pieces in which it is sent, and why it ends where it does."""

    pieces: tuple[str, ...]
    finish: Literal["stop", "length"]

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def count_tokens(text: str) -> int:
    """How long a text is: a Chinese character, a word or number, and a sign are one each."""
    return sum(1 for _ in _TOKEN.finditer(text))


def worded(answer: Answer, limits: Limits) -> Told:
    """The answer, its reason where it is not whole, and a footnote for each citation."""
    pieces = [render([statement]) for statement in answer.statements] or [answer.answer]
    if answer.reason and answer.status is not Status.UNANSWERABLE:
        pieces.append(f"\n\n（{answer.reason}）")
    pieces += [_footnote(citation) for citation in answer.citations]
    return _within(pieces, limits)


def _footnote(citation: Citation) -> str:
    return f"\n\n> [{citation.n}] {citation.reference}：“{' '.join(citation.quote.split())}”"


def _within(pieces: Sequence[str], limits: Limits) -> Told:
    text = "".join(pieces)
    end, finish = len(text), "stop"
    for stop in limits.stop:
        if (at := text.find(stop, 0, end + len(stop) - 1)) >= 0:
            end = min(end, at)
    if limits.tokens is not None:
        for number, token in enumerate(_TOKEN.finditer(text, 0, end)):
            if number == limits.tokens:
                end, finish = token.start(), "length"
                break
    kept = []
    for piece in pieces:
        kept.append(piece[:end])
        end -= len(kept[-1])
    return Told(tuple(filter(None, kept)), "length" if finish == "length" else "stop")


def completion(answer: Answer, header: Header, limits: Limits) -> bytes:
    """The reply as a whole."""
    said = worded(answer, limits)
    message = AnswerMessage(content=said.text, annotations=_annotations(answer, said.text, header.address))
    return (
        Completion(
            id=_id(answer),
            created=header.created,
            model=header.model,
            choices=[Choice(message=message, finish_reason=said.finish)],
            usage=_usage(header, said),
            wence=_extra(answer),
        )
        .model_dump_json()
        .encode()
    )


def chunks(answer: Answer, header: Header, limits: Limits, *, usage: bool) -> Iterator[bytes]:
    """The reply as a stream: the text in pieces, then why it ends, with `wence`, then what was asked for besides."""
    said = worded(answer, limits)
    extra = _extra(answer)
    annotations = [item.model_dump() for item in _annotations(answer, said.text, header.address)]

    def chunk(choices: list[dict[str, Any]], **more: object) -> bytes:
        row: dict[str, object] = {
            "id": _id(answer), "object": "chat.completion.chunk", "created": header.created, "model": header.model,
            "choices": choices,
        }  # fmt: skip
        return b"data: " + orjson.dumps(row | ({"usage": None} if usage else {}) | more) + b"\n\n"

    def choice(delta: dict[str, object], finish: str | None = None) -> list[dict[str, Any]]:
        return [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]

    yield chunk(choice({"role": "assistant", "content": ""}))
    for piece in said.pieces:
        yield chunk(choice({"content": piece}))
    yield chunk(choice({"annotations": annotations} if annotations else {}, said.finish), wence=extra)
    if usage:
        yield chunk([], usage=_usage(header, said).model_dump(), wence=extra)
    yield DONE


def _id(answer: Answer) -> str:
    return f"chatcmpl-{answer.id}"


def _usage(header: Header, said: Told) -> Usage:
    written = count_tokens(said.text)
    return Usage(
        prompt_tokens=header.prompt_tokens, completion_tokens=written, total_tokens=header.prompt_tokens + written
    )


def _annotations(answer: Answer, text: str, address: str) -> list[Annotation]:
    """The first marker of each citation that is in the text."""
    found = []
    for citation in answer.citations:
        marker = f"[{citation.n}]"
        if (at := text.find(marker)) >= 0:
            url = f"{address}{citation.id}"
            where = UrlCitation(start_index=at, end_index=at + len(marker), title=citation.title, url=url)
            found.append(Annotation(url_citation=where))
    return found


def _extra(answer: Answer) -> dict[str, Any]:
    found = answer.to_dict()
    del found["retrieved"]
    return found
