"""Connections are spread over the workers, whoever wakes first, and a worker that is gone holds none of them up."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from mmap import mmap
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import uvicorn

from service.cli.accepting import PLACE_BYTES, OpenConnections, Place, Worker
from service.cli.protocol import protocol_with
from tests.served import alive, eventually, running, workers

Result = TypeVar("Result")


def test_a_worker_has_the_fewest_while_no_other_has_fewer() -> None:
    connections = OpenConnections(mmap(-1, 2 * PLACE_BYTES))
    one, other = connections.take_place(0), connections.take_place(1)
    assert one.has_fewest
    assert other.has_fewest
    one.opened()
    assert not one.has_fewest
    assert other.has_fewest
    other.opened()
    other.opened()
    assert one.has_fewest
    other.closed()
    other.closed()
    assert not one.has_fewest
    assert connections.take_place(0).has_fewest, "who takes the place of another has none yet"


def test_a_dead_worker_holds_up_no_connection(policies: Path) -> None:
    with running(policies, "--workers", "2") as (address, service), ExitStack() as opened:
        eventually(lambda: len(workers(service.pid)) == 2)
        for _ in range(4):
            opened.enter_context(closing(connect(address)))
        gone = workers(service.pid)[0]
        os.kill(gone, signal.SIGKILL)
        eventually(lambda: not alive(gone))
        for _ in range(4):
            opened.enter_context(closing(connect(address)))


def connect(address: str) -> socket.socket:
    """A connection that has had an answer and stays open."""
    at = urlsplit(address)
    connection = socket.create_connection((str(at.hostname), int(at.port or 0)), timeout=30)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    return connection


class _Fails(socket.socket):
    """A listening socket of a process with too many open files, once."""

    failed = False

    def accept(self) -> Any:
        if not self.failed:
            self.failed = True
            raise OSError(24, "Too many open files")
        return super().accept()


@contextmanager
def listening() -> Iterator[socket.socket]:
    with _Fails() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        yield found


async def _app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


def run(serve: Callable[[socket.socket], Coroutine[Any, Any, Result]]) -> Result:
    """What comes of serving at a port, in a thread: the browser of other tests has a loop in this one."""
    with listening() as at, ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, serve(at)).result(timeout=60)


def worker_at(place: Place) -> Worker:
    options: Any = {"http": protocol_with(5, place.closed), "lifespan": "off", "log_config": None}
    return Worker(uvicorn.Config(_app, **options), place)


async def ask(at: socket.socket) -> asyncio.StreamWriter:
    """A connection that has had an answer."""
    reader, writer = await asyncio.open_connection(*at.getsockname()[:2])
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    return writer


def test_a_connection_goes_to_the_worker_with_fewer() -> None:
    async def serve(at: socket.socket) -> list[int]:
        connections = OpenConnections(mmap(-1, 2 * PLACE_BYTES))
        places = [connections.take_place(0), connections.take_place(1)]
        for _ in range(4):
            places[0].opened()
        both = [worker_at(place) for place in places]
        serving = [asyncio.create_task(one.serve(sockets=[socket.socket(fileno=at.dup().detach())])) for one in both]
        opened = [await ask(at) for _ in range(4)]
        taken = [len(one.server_state.connections) for one in both]
        opened += [await ask(at) for _ in range(4)]
        for writer in opened:
            writer.close()
        for one in both:
            one.should_exit = True
        await asyncio.gather(*serving)
        return taken

    assert run(serve) == [0, 4]


def test_too_many_open_files_are_waited_out_and_closed_connections_given_back() -> None:
    place = OpenConnections(mmap(-1, 2 * PLACE_BYTES)).take_place(0)

    async def serve(at: socket.socket) -> None:
        worker = worker_at(place)
        serving = asyncio.create_task(worker.serve(sockets=[at]))
        for _ in range(3):
            (await ask(at)).close()
        while not place.has_fewest:
            await asyncio.sleep(0.01)
        worker.should_exit = True
        await serving

    run(serve)
