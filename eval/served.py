"""A snapshot in, `wence serve` over it as a process to measure out: seconds to ready, processor time, memory of all its processes."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eval.machine import ROOT, lines

_READY_LIMIT_S: Final = 120.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A service that is ready: its port, its first process, and how long it took from its start."""

    port: int
    pid: int
    ready_s: float

    @property
    def processor_s(self) -> float:
        """Processor time of its processes so far."""
        fields = [(lines(f"/proc/{pid}/stat") or [""])[0].rpartition(")")[2].split() for pid in _family(self.pid)]
        return sum((int(field[11]) + int(field[12])) / _TICKS for field in fields if field)

    @property
    def memory_mb(self) -> dict[str, int]:
        """Resident memory of all its processes, what they share counted once; `own` is what is of no file."""
        found = {"resident": 0, "own": 0}
        for pid in _family(self.pid):
            sizes = dict(line.split(":", maxsplit=1) for line in lines(f"/proc/{pid}/smaps_rollup")[1:])
            for name, key in (("resident", "Pss"), ("own", "Pss_Anon")):
                found[name] += int(sizes.get(key, "0").split()[0])
        return {name: size // 1024 for name, size in found.items()}


@contextmanager
def served(snapshot: Path, options: Sequence[str] = ()) -> Iterator[Served]:
    """The service over a snapshot, stopped in the end."""
    port = free_port()
    words = ["-m", "service.cli", "serve", "--snapshot", str(snapshot), "--port", str(port), *options]
    with started([sys.executable, *words], port, "/readyz") as service:
        yield service


@contextmanager
def started(command: Sequence[str], port: int, path: str) -> Iterator[Served]:
    """What a command serves, once it answers at this path."""
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            while not _answers(f"http://127.0.0.1:{port}{path}"):
                if time.perf_counter() - began > _READY_LIMIT_S or process.poll() is not None:
                    raise TimeoutError(f"the service was not ready within {_READY_LIMIT_S:.0f} s")
                time.sleep(0.02)
            yield Served(port, process.pid, time.perf_counter() - began)
        finally:
            process.terminate()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _family(pid: int) -> list[int]:
    """A process and all that it has started."""
    parts = [int(word) for task in lines(f"/proc/{pid}/task/{pid}/children") for word in task.split()]
    return [pid, *(one for part in parts for one in _family(part))]
