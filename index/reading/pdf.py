"""The path of one .pdf file in, its articles out, read by a process apart; knows no pages and no layout.

PDFium is C++ fed with files of strangers: a file of a kilobyte can make it crash, fill the memory or never end. In a
process of its own that costs this one file. The process is kept for the next file and started anew when it fell.
"""

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.article import Article
from index.errors import SourceError

PAGE_LIMIT_S = 60.0
"""The most seconds without a sign: for one page, its recognition included, or to tell the articles apart."""

_PIECE_BYTES = 2**16
_ROOT = Path(__file__).parents[2]


def read_pdf(path: Path, source: str) -> Iterator[Article | SourceError]:
    """The articles of a PDF, with empty ids; what cannot be read of it is named in errors. Any thread may call."""
    yield from _CHILD.read(path, source)


class _Child:
    """The process that reads, one file at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # not held while articles are handed out
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, path: Path, source: str) -> list[Article | SourceError]:
        request = json.dumps([os.fsdecode(path.absolute()), source]).encode("ascii")
        with self._lock:
            try:
                for _ in range(2):  # a second time where it had just ended for want of work
                    found: list[Article | SourceError] = []
                    fault = self._ask(self._started(), request, source, found)
                    if fault is None:
                        return found
                    self._stop()
                    if fault:
                        return [*found, SourceError(source, fault)]
            except OSError as error:
                self._stop()
                return [SourceError(source, f"cannot be read ({error.strerror or error}); try again")]
            except BaseException:  # an interrupt: what is still to come of this file must not be taken for the next
                self._stop()
                raise
            return [SourceError(source, "cannot be read: the process for PDF files ends at once; try again")]

    def _ask(
        self, process: "subprocess.Popen[bytes]", request: bytes, source: str, found: list[Article | SourceError]
    ) -> str | None:
        """None when all was read, else why not; "" when the process had ended before it got the request."""
        try:
            process.stdin.write(request + b"\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError:
            return ""
        waiting, begun = b"", False
        while True:
            piece = _next(process)
            if piece is None:
                return f"has a page that takes more than {PAGE_LIMIT_S:.0f} s; print it to a new PDF"
            if not piece:
                idle = process.wait() == 0 and not begun
                return "" if idle else "cannot be read: it needs too much memory or is broken; print it to a new PDF"
            begun = True
            *lines, waiting = (waiting + piece).split(b"\n")
            for message in map(json.loads, lines):
                if "article" in message:
                    found.append(_article(message["article"]))
                elif "error" in message:
                    found.append(SourceError(source, message["error"]))
                elif "done" in message:
                    return None

    def _started(self) -> "subprocess.Popen[bytes]":
        """The running process, or a new one that has shown that it runs. Raises OSError."""
        if self._owner != os.getpid():  # after a fork the process belongs to the other
            self._process, self._owner = None, os.getpid()
        if self._process is None or self._process.poll() is not None:
            self._stop()
            paths = os.pathsep.join(part for part in (str(_ROOT), os.environ.get("PYTHONPATH", "")) if part)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "index.reading.pdf_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": paths},
            )
            atexit.register(self._stop)
            if _next(self._process) != b"{}\n":
                raise OSError("the process for PDF files does not start; install wence again")
        return self._process

    def _stop(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            atexit.unregister(self._stop)
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with suppress(OSError):  # what was still to be written has no reader
                        pipe.close()
        self._process = None


_CHILD = _Child()


def _next(process: "subprocess.Popen[bytes]") -> bytes | None:
    """What the process says next, empty when it ended; None when it says nothing for too long."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
        ready = waiting.select(PAGE_LIMIT_S)
    return os.read(process.stdout.fileno(), _PIECE_BYTES) if ready else None  # type: ignore[union-attr]


def _article(fields: dict[str, Any]) -> Article:
    return Article(**{**fields, "authors": tuple(fields["authors"]), "captions": tuple(fields["captions"])})
