"""Clients that misbehave over real sockets: slow, oversized, wrong, half-closed, gone. Nothing breaks and nothing leaks."""

import json
import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import httpx2
import pytest

from tests.chat import event, raw
from tests.loopback import Endpoint, serving
from tests.served import running

ASK = {"question": "北岚市新开公交线路多少条？"}
BODY = json.dumps(ASK).encode()
HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def model() -> Iterator[Endpoint]:
    with serving() as model:
        yield model


@pytest.fixture(scope="module")
def service(policies: Path, model: Endpoint) -> Iterator[tuple[int, "Popen[str]"]]:
    settings = {"body_timeout_s": "3", "concurrency": str(AT_ONCE), "composer": "extractive"}
    settings |= {"generator": model.url, "generator_model": "m"}  # may be waited for, so each question has its thread
    with running(policies, "--workers", "1", settings=settings) as (address, process):
        yield int(address.rpartition(":")[2]), process


@pytest.fixture(autouse=True)
def nothing_leaks(service: tuple[int, "Popen[str]"]) -> Iterator[None]:
    """As many open files after a test as before, and about as much memory."""
    port, process = service
    with ThreadPoolExecutor(AT_ONCE) as pool:  # so that each thread there can be is there, with its own open files
        assert all(pool.map(fine, [port] * 120))
    files, memory = open_files(process), resident_mb(process)
    yield
    assert fine(port)
    for _ in range(150):
        if not (left := open_files(process) - files):
            break
        time.sleep(0.1)
    assert not left
    assert resident_mb(process) < memory + 40


STORE = "store.sqlite"
"""What each thread that reads the collection opens: one for each ask that waits for a model, and the main one. A stream's
closes with it.
"""
AT_ONCE = 60
MOST_THREADS = AT_ONCE + 1


def open_files(process: "Popen[str]") -> "Counter[str]":
    """Everything open but the service's own records, each kind of it counted; the store where too many have it open."""
    found: Counter[str] = Counter()
    for file in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(OSError):
            name = file.readlink().name
            if ".records.sqlite" not in name:
                found[name.partition(":")[0]] += 1
    found[STORE] = max(0, found[STORE] - MOST_THREADS)
    return found


def resident_mb(process: "Popen[str]") -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def fine(port: int) -> bool:
    """Whether it answers, once what clients who left had asked makes room."""
    for _ in range(300):
        reply = httpx2.post(f"http://127.0.0.1:{port}/v1/ask", json=ASK, timeout=30)
        if reply.status_code != 503:
            break
        time.sleep(0.1)
    return bool(reply.json()["short_answers"] == ["28条"])


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def reply_of(connection: socket.socket) -> tuple[int, str]:
    """Status and error code of what comes until the connection ends."""
    content = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    if not content:
        return 0, ""
    head, _, body = content.partition("\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["error"]["code"]


def test_heads_that_never_end_are_given_up(service: tuple[int, "Popen[str]"]) -> None:
    port, _ = service
    began = time.monotonic()
    connections = [connected(port) for _ in range(200)]
    for connection in connections:
        connection.sendall(HEAD)
    assert fine(port)
    assert {reply_of(connection) for connection in connections} == {(408, "head_timeout")}
    assert time.monotonic() - began < 20
    for connection in connections:
        connection.close()


def test_a_head_that_drips_is_given_up(service: tuple[int, "Popen[str]"]) -> None:
    with connected(service[0]) as connection:
        began = time.monotonic()
        try:
            for byte in HEAD * 2:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            pass
        assert time.monotonic() - began < 12


def test_silent_connections_are_closed(service: tuple[int, "Popen[str]"]) -> None:
    connections = [connected(service[0]) for _ in range(200)]
    assert {reply_of(connection) for connection in connections} == {(0, "")}
    for connection in connections:
        connection.close()


def test_bodies_that_never_end_are_given_up(service: tuple[int, "Popen[str]"]) -> None:
    port, _ = service
    connections = [connected(port) for _ in range(150)]  # more than there is room for questions
    for connection in connections:
        connection.sendall(HEAD + b"Content-Length: 500\r\n\r\n{")
    assert fine(port)
    assert {reply_of(connection) for connection in connections} == {(408, "body_timeout")}
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    "head",
    [HEAD + b"X-Long: " + b"x" * 3_000_000, b"GET /" + b"x" * 3_000_000, HEAD + b"X: y\r\n" * 500_000],
    ids=["value", "address", "many"],
)
def test_an_oversized_head_is_refused(service: tuple[int, "Popen[str]"], head: bytes) -> None:
    with connected(service[0]) as connection:
        try:
            connection.sendall(head)
            status, code = reply_of(connection)
        except OSError:
            return  # refused before it was all sent
    assert (status, code) in ((431, "head_too_large"), (400, "malformed_request"))


def test_an_ordinary_head_is_read_in_pieces_and_on_a_kept_connection(service: tuple[int, "Popen[str]"]) -> None:
    request = HEAD + b"X-Long: " + b"x" * 30_000 + b"\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
    with connected(service[0]) as connection:
        for _ in range(5):
            for at in range(0, len(request), 7000):
                connection.sendall(request[at : at + 7000])
                time.sleep(0.01)
            content = b""
            while not content.endswith(b"}"):
                content += connection.recv(65536)
            assert content.startswith(b"HTTP/1.1 200")
            time.sleep(0.3)


@pytest.mark.parametrize("rubbish", [b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00" * 50])
def test_what_is_no_request_is_refused(service: tuple[int, "Popen[str]"], rubbish: bytes) -> None:
    with connected(service[0]) as connection:
        connection.sendall(rubbish)
        assert reply_of(connection) == (400, "malformed_request")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "", "application/json;"]
)
def test_a_wrong_content_type(service: tuple[int, "Popen[str]"], kind: str) -> None:
    reply = httpx2.post(f"http://127.0.0.1:{service[0]}/v1/ask", content=BODY, headers={"Content-Type": kind})
    assert reply.status_code in (200, 422)
    if reply.status_code == 422:
        assert reply.json()["error"]["code"] == "invalid_field"


def test_streams_that_are_left_stop_their_model(service: tuple[int, "Popen[str]"], model: Endpoint) -> None:
    port, _ = service
    model.script.extend([raw([event("说")] * 200, pause_s=0.05)] * 12)
    body = json.dumps({**ASK, "composer": "generative", "stream": True}).encode()

    def leave(_: int) -> None:
        with connected(port) as connection:
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            content = b""
            while b"retrieving" not in content:
                content += connection.recv(65536)
            time.sleep(0.2)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(leave, range(12)))


def test_half_closed_and_broken_connections(service: tuple[int, "Popen[str]"]) -> None:
    port, _ = service
    whole = HEAD + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY) + BODY
    for sent in (whole, whole[:-5], HEAD, b"", whole * 3):
        for _ in range(20):
            with connected(port) as connection:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(5)
                while connection.recv(65536):
                    pass
            with connected(port) as connection:  # gone without a word
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(sent)
