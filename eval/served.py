"""A snapshot in, `wence serve` over it out, on a free port of loopback: its address and process, and what those take.

What a service takes are the seconds until it is ready, and the processor time and memory of all its processes.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

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
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

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
def running(
    snapshot: Path, *words: str, stderr: bool | TextIO = False, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The address of a service over a snapshot, with these words of the command and these settings, and its process; it is
    stopped in the end. With `stderr` what it writes there can be read once it has ended, or goes to a file.
    """
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0", "--snapshot", str(snapshot), *words]
    environment = os.environ | {f"WENCE_{name.upper()}": value for name, value in (settings or {}).items()}
    told = (subprocess.PIPE if stderr else None) if isinstance(stderr, bool) else stderr
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=told, text=True
    ) as process:
        try:
            found = re.search(r"(http://\S+:\d+) ", process.stdout.readline() if process.stdout else "")
            if found is None:
                raise RuntimeError(f"the service over {snapshot} did not start; its reason stands above")
            yield found[1], process
        finally:
            process.terminate()


@contextmanager
def served(snapshot: Path, *words: str, settings: Mapping[str, str] | None = None) -> Iterator[Served]:
    """The same, to measure: once it is ready."""
    began = time.perf_counter()
    with running(snapshot, *words, settings=settings) as (address, process):
        yield _ready(process, int(address.rpartition(":")[2]), "/readyz", began)


@contextmanager
def started(command: Sequence[str], port: int, path: str) -> Iterator[Served]:
    """What any command serves, once it answers at this path."""
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            yield _ready(process, port, path, began)
        finally:
            process.terminate()


def build(sources: str, folder: Path) -> None:
    """A snapshot with everything that the command makes."""
    command = [sys.executable, "-m", "service.cli", "build", sources, "--snapshot", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _ready(process: "subprocess.Popen[str]", port: int, path: str, began: float) -> Served:
    while not _answers(f"http://127.0.0.1:{port}{path}"):
        if time.perf_counter() - began > _READY_LIMIT_S or process.poll() is not None:
            raise TimeoutError(f"the service was not ready within {_READY_LIMIT_S:.0f} s")
        time.sleep(0.02)
    return Served(port, process.pid, time.perf_counter() - began)


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
