"""An embeddings endpoint on loopback for tests: OpenAI's format over a real socket, and misbehaviour on demand."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.encoders import HashEncoder

Reply = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


@dataclass(slots=True)
class Endpoint:
    """`script` holds how the next requests are answered; when it is empty, they are answered well."""

    url: str = ""
    dimension: int = 8
    script: "deque[Reply]" = field(default_factory=deque)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def inputs(self) -> list[list[str]]:
        return [request["input"] for request in self.requests]


def send(status: int, body: object = "", **headers: str) -> Reply:
    """A reply of this status; the body is sent as JSON unless it is bytes."""

    def reply(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def embed(dimension: int, scale: float = 3.0) -> Reply:
    """Vectors of the hash encoder, `scale` long, the last text's first."""

    def reply(handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        encoder = HashEncoder(dimension)
        rows = [(encoder.encode_question(text) * scale).tolist() for text in request["input"]]
        data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)]
        send(200, {"object": "list", "model": request["model"], "data": data[::-1]})(handler, request)

    return reply


@contextmanager
def serving() -> Iterator[Endpoint]:
    """The endpoint while it runs, in a thread; port chosen by the system."""
    state = Endpoint()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                state.requests.append(request | {"path": self.path})
                state.headers.append({name.lower(): value for name, value in self.headers.items()})
                reply = state.script.popleft() if state.script else embed(state.dimension)
            try:
                reply(self, request)
            except OSError:  # the client has gone
                self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def host() -> Iterator[Endpoint]:
    """One for all tests of a module."""
    with serving() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """One for each test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as found:
        yield found
