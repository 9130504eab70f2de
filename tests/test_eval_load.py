"""The load against a server that says what it was sent."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from eval.load import load

SEEN: list[bytes] = []


class _Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        SEEN.append(body)
        reply = body * 3
        self.send_response(503 if json.loads(body)["question"] == "bad" else 200)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[int]:
    SEEN.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_every_body_is_posted_in_turn_and_errors_are_counted() -> None:
    bodies = [json.dumps({"question": name}).encode() for name in ("a", "bad", "长" * 5000, "b")]
    with serving() as port:
        found = load(port, "/v1/search", bodies, 2, 0.5)
    assert set(SEEN) == set(bodies)
    counts = [SEEN.count(body) for body in bodies]
    assert max(counts) - min(counts) <= 1
    assert found["requests"] <= len(SEEN) <= found["requests"] + 2
    assert abs(found["errors"] - found["requests"] / 4) <= 2
    assert found["a_second"] > 0 < found["milliseconds"]["p50"]
