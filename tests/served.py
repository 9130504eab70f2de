"""The service as it is run: a process of its own on a free port of loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.serving.process import ROOT, running

__all__ = ["ROOT", "running", "served"]


@contextmanager
def served(folder: Path, *words: str, **settings: str) -> Iterator[str]:
    """The address of a service over this snapshot, with these words of the command and these settings."""
    with running(folder, *words, settings=settings) as (address, _):
        yield address
