"""A port and request bodies in, what the service bears out: requests a second, their milliseconds, errors, processor time of the client.

A closed loop of keep-alive connections in one thread of plain sockets: some 30 µs of processor time a request, so that
what is measured on the same machine is the service. Every request is another body, so that no cache flatters.
"""

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

from eval.machine import spread

_READ_BYTES: Final = 1 << 18
_LENGTH: Final = b"content-length: "


@dataclass(slots=True)
class _Connection:
    """One that waits for its reply."""

    socket: socket.socket
    asked: float = 0.0
    expected: int = 0
    """Bytes of the whole reply, 0 until its head was read."""
    received: bytearray = field(default_factory=bytearray)


def load(port: int, path: str, bodies: Sequence[bytes], connections: int, seconds: float) -> dict[str, Any]:
    """Post the bodies one after another over so many connections for so long."""
    requests = cycle([_request(path, body) for body in bodies])
    milliseconds: list[float] = []
    errors = 0
    began, worked = time.perf_counter(), time.process_time()
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            opened = _Connection(socket.create_connection(("127.0.0.1", port)))
            opened.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(opened.socket, selectors.EVENT_READ, opened)
            _ask(opened, next(requests))
        while (now := time.perf_counter()) - began < seconds:
            for key, _ in selector.select(timeout=1.0):
                if (status := _read(key.data)) is None:
                    continue
                milliseconds.append((time.perf_counter() - key.data.asked) * 1000)
                errors += status != b"200"
                _ask(key.data, next(requests))
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return {
        "connections": connections,
        "a_second": round(len(milliseconds) / (now - began), 1),
        "milliseconds": spread(milliseconds),
        "errors": errors,
        "client_processor_ms": round((time.process_time() - worked) * 1000 / max(1, len(milliseconds)), 3),
        "requests": len(milliseconds),
    }


def _request(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _ask(connection: _Connection, request: bytes) -> None:
    connection.expected = 0
    connection.received.clear()
    connection.asked = time.perf_counter()
    connection.socket.sendall(request)


def _read(connection: _Connection) -> bytes | None:
    """The status of the reply once all of it is there."""
    found = connection.socket.recv(_READ_BYTES)
    if not found:
        raise ConnectionError("the service closed a connection that it had kept alive")
    connection.received += found
    if not connection.expected:
        end = connection.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        at = connection.received.lower().index(_LENGTH, 0, end + 2) + len(_LENGTH)
        connection.expected = end + 4 + int(connection.received[at : connection.received.index(b"\r", at)])
    return bytes(connection.received[9:12]) if len(connection.received) >= connection.expected else None
