"""The service as it is run: a process of its own on a free port of loopback, and the workers that it has."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.machine import ROOT
from eval.served import running

__all__ = ["ROOT", "alive", "eventually", "running", "served", "workers"]


@contextmanager
def served(folder: Path, *words: str, **settings: str) -> Iterator[str]:
    """The address of a service over this snapshot, with these words of the command and these settings."""
    with running(folder, *words, settings=settings) as (address, _):
        yield address


def workers(pid: int) -> list[int]:
    """The worker processes of a service."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return sorted(child for child in map(int, children.split()) if alive(child))


def alive(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(happens: Callable[[], bool]) -> None:
    """Wait until it happens."""
    deadline = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)
