"""A listening socket that workers share in, its connections out: a new one goes to a worker that has no more than another.

Without it whichever worker wakes first takes a connection, and keeps it for as long as the client likes. Of eight clients
that ask all the time one of two workers then had six, who waited three times as long as the other two.
"""

import asyncio
import socket
from errno import ECONNABORTED
from functools import partial
from mmap import mmap
from typing import Any, Final

import uvicorn

PATIENCE_S: Final = 0.01
"""How long a worker leaves a connection to those that have fewer; they may be busy, or gone."""

OUT_OF_ROOM_S: Final = 0.1
"""How long it waits where the system gives it no connection, since there are too many open files."""


PLACE_BYTES: Final = 8
"""The room that a worker's count takes."""


class OpenConnections:
    """How many connections each worker has, in memory that they share: `PLACE_BYTES` for each."""

    def __init__(self, memory: mmap) -> None:
        self._counts = memoryview(memory).cast("q")

    def take_place(self, number: int) -> "Place":
        """The place of a worker that has none yet."""
        self._counts[number] = 0
        return Place(self._counts, number)


class Place:
    """One worker's number among `OpenConnections`."""

    def __init__(self, counts: memoryview, number: int) -> None:
        self._counts, self._number = counts, number

    @property
    def has_fewest(self) -> bool:
        """Whether no other worker has fewer."""
        return self._counts[self._number] <= min(self._counts)

    def opened(self) -> None:
        self._counts[self._number] += 1

    def closed(self) -> None:
        self._counts[self._number] -= 1


class Worker(uvicorn.Server):
    """A server of one process among several. Its protocol must call `Place.closed` when a connection is lost."""

    def __init__(self, config: uvicorn.Config, place: Place) -> None:
        super().__init__(config)
        self._place = place
        self._taking = set[asyncio.Task[None]]()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup([])
        for listening in sockets or []:
            listening.setblocking(False)
            self._listen(listening, patient=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in sockets or []:
            asyncio.get_running_loop().remove_reader(listening)
        await super().shutdown(sockets)

    def _listen(self, listening: socket.socket, *, patient: bool) -> None:
        if not self.should_exit:
            asyncio.get_running_loop().add_reader(listening, self._accept, listening, patient)

    def _pause(self, listening: socket.socket, seconds: float, *, patient: bool) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(listening)
        loop.call_later(seconds, partial(self._listen, listening, patient=patient))

    def _accept(self, listening: socket.socket, patient: bool) -> None:
        if patient and not self._place.has_fewest:
            self._pause(listening, PATIENCE_S, patient=False)
            return
        if not patient:
            self._listen(listening, patient=True)
        try:
            connection, _ = listening.accept()
        except BlockingIOError:  # another worker was quicker
            return
        except OSError as error:
            if error.errno != ECONNABORTED:
                self._pause(listening, OUT_OF_ROOM_S, patient=True)
            return
        self._place.opened()
        task = asyncio.get_running_loop().create_task(self._take(connection))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    async def _take(self, connection: socket.socket) -> None:
        try:
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)
        except OSError:  # it is gone already
            connection.close()
            self._place.closed()

    def _protocol(self) -> asyncio.Protocol:
        made: type[Any] = self.config.http_protocol_class
        protocol: asyncio.Protocol = made(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol
