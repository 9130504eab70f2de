"""What opens a SQLite file in, a connection of each thread's own out, closed when its thread ends. Knows no tables."""

import os
import sqlite3
import threading
from collections.abc import Callable


class Connections:
    """One connection for each thread of each process, opened when it is first asked for. `opens` must not hold who owns
    this, and its connections may be closed by another thread (`check_same_thread=False`).
    """

    def __init__(self, opens: Callable[[], sqlite3.Connection]) -> None:
        self._opens = opens
        self._local = threading.local()

    def mine(self) -> sqlite3.Connection:
        """That of the thread that asks."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is None or held.process != os.getpid():  # SQLite's connections are of one process
            held = self._local.held = _Held(self._opens())
        return held.connection


class _Held:
    """A connection holds itself in a cycle, through its cache of statements: let go of, it would stay open until a
    collection of garbage comes by.
    """

    __slots__ = ("connection", "process")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self.process = connection, os.getpid()

    def __del__(self) -> None:
        if self.process == os.getpid():
            self.connection.close()
