"""The path of one .pdf file in, its articles out, read by a process apart; knows no pages and no layout.

PDFium is C++ fed with files of strangers: a file of a kilobyte can make it crash, fill the memory or never end. In a
process of its own that costs this one file. The process is kept for the next file and started anew when it fell.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
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
        with self._lock:
            for _ in range(2):  # a second time where it had just ended for want of work
                found: list[Article | SourceError] = []
                try:
                    process = self._started()
                    request = json.dumps([os.fsdecode(path.absolute()), source])
                    signs = self._ask(process, request, source, found)
                except OSError as error:
                    return [SourceError(source, f"cannot be read ({error.strerror or error}); try again")]
                if signs is None:
                    return found
                self._stop()
                if signs:
                    return [*found, SourceError(source, signs)]
            return [SourceError(source, "cannot be read: the process for PDF files does not start; reinstall wence")]

    def _ask(
        self, process: "subprocess.Popen[bytes]", request: str, source: str, found: list[Article | SourceError]
    ) -> str | None:
        """None when all was read, else why not; "" when the process ended without having begun."""
        assert process.stdin and process.stdout
        try:
            process.stdin.write(request.encode("ascii") + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            return ""
        waiting, began = b"", False
        while True:
            ready = select.select([process.stdout], [], [], PAGE_LIMIT_S)[0]
            piece = os.read(process.stdout.fileno(), _PIECE_BYTES) if ready else b""
            if not ready:
                return f"has a page that takes more than {PAGE_LIMIT_S:.0f} s; print it to a new PDF"
            if not piece:
                ended_well = process.wait() == 0 and not began
                return "" if ended_well else "cannot be read: it needs too much memory or is broken; print it to a new PDF"
            began = True
            *lines, waiting = (waiting + piece).split(b"\n")
            for line in lines:
                message: dict[str, Any] = json.loads(line)
                if "article" in message:
                    found.append(_article(message["article"]))
                elif "error" in message:
                    found.append(SourceError(source, message["error"]))
                elif "done" in message:
                    return None

    def _started(self) -> "subprocess.Popen[bytes]":
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
        return self._process

    def _stop(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            atexit.unregister(self._stop)
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    try:
                        pipe.close()
                    except OSError:  # what was still to be written has no reader
                        pass
        self._process = None


_CHILD = _Child()


def _article(fields: dict[str, Any]) -> Article:
    return Article(**{**fields, "authors": tuple(fields["authors"]), "captions": tuple(fields["captions"])})
