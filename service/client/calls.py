"""What both clients send and how they read it: requests out, replies in. Knows no connection."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import httpx2

from service.answer import Composer, Rating
from service.client.rows import Filters, StreamEvent, Turn, WenceError, answer_of, citation_of

LONGEST_WAIT_S: Final = 30.0
"""A service that asks for a longer wait is not waited for."""

_AGAIN: Final = (429, 503)


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    json: dict[str, Any] | None = None
    params: dict[str, Any] = field(default_factory=dict)


def asking(
    path: str,
    question: str,
    history: Sequence[Turn] = (),
    top_k: int | None = None,
    filters: Filters | None = None,
    composer: Composer | None = None,
    *,
    stream: bool = False,
) -> Call:
    """A question."""
    body = {
        "question": question, "history": list(history), "top_k": top_k, "filters": filters, "composer": composer,
        "stream": stream,
    }  # fmt: skip
    return Call("POST", path, {name: value for name, value in body.items() if value})


def listing(path: str, **params: object) -> Call:
    """A page of a list."""
    return Call("GET", path, params={name: value for name, value in params.items() if value not in (None, "")})


def one(path: str, identity: str, method: str = "GET") -> Call:
    """One thing by its id."""
    return Call(method, f"{path}/{quote(identity, safe='')}")


def rating(answer_id: str, rated: Rating, comment: str | None) -> Call:
    """Feedback on an answer."""
    return Call("POST", "/v1/feedback", {"answer_id": answer_id, "rating": rated, "comment": comment})


def headers(key: str | None) -> dict[str, str]:
    """What every request carries."""
    return {"Authorization": f"Bearer {key}"} if key else {}


def failure(reply: httpx2.Response) -> WenceError:
    """What a reply that is an error says."""
    try:
        error = reply.json()["error"]
        code, message, detail = error["code"], error["message"], error.get("detail")
    except (ValueError, KeyError, TypeError):
        code, message, detail = "unreadable", f"the reply with status {reply.status_code} is none of this service", None
    wait = reply.headers.get("retry-after", "")
    return WenceError(
        reply.status_code, code, message, detail, request_id=reply.headers.get("x-request-id", ""),
        wait_s=float(wait) if wait.isdecimal() else None,
    )  # fmt: skip


def unreachable(address: str, error: Exception) -> WenceError:
    """What is raised when there is no reply."""
    return WenceError(0, "unreachable", f"{address} cannot be reached or broke off: {error or type(error).__name__}")


def pause_s(error: WenceError, tries_left: int) -> float | None:
    """How long to wait before trying again; None when that is no use."""
    if tries_left < 1 or error.status not in _AGAIN:
        return None
    wait = 1.0 if error.wait_s is None else error.wait_s
    return wait if wait <= LONGEST_WAIT_S else None


class EventReader:
    """Lines of a stream in, its events out. Raises WenceError for the event `error`."""

    def __init__(self) -> None:
        self._name = ""

    def feed(self, line: str) -> StreamEvent | None:
        """The event that a line completes."""
        if line.startswith("event: "):
            self._name = line[7:]
        if not line.startswith("data: "):
            return None
        data = json.loads(line[6:])
        if self._name == "error":
            raise WenceError(200, data["error"]["code"], data["error"]["message"])
        return _event(self._name, data)


def _event(name: str, data: dict[str, Any]) -> StreamEvent | None:
    if name == "status":
        return StreamEvent("status", stage=data["stage"])
    if name == "citation":
        return StreamEvent("citation", citation=citation_of(data))
    if name == "delta":
        return StreamEvent("delta", text=data["text"])
    if name == "final":
        return StreamEvent("final", answer=answer_of(data))
    return StreamEvent("ping") if name == "ping" else None


def events(lines: Iterable[str]) -> Iterator[StreamEvent]:
    """The events of a stream."""
    reader = EventReader()
    for line in lines:
        if event := reader.feed(line):
            yield event
