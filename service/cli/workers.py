"""A piece of work in, so many processes at it out: forked, so that they share what is loaded.

Knows no HTTP. Only for what may be copied into another process: no threads, no open connections.
"""

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from mmap import mmap
from pathlib import Path
from typing import Final, NoReturn

from index.memory import give_back
from service.cli import keeper
from service.cli.keeper import AWAITED, Kept

_KEEPER: Final = [sys.executable, "-IS", keeper.__file__]
logger = logging.getLogger("wence")


def new(count: int, listening: int, folder: str) -> Kept:
    """So many workers to start, which listen on that socket and share that folder."""
    pipe = os.pipe()
    for descriptor in (listening, *pipe):
        os.set_inheritable(descriptor, True)
    return Kept([sys.executable, *sys.orig_argv[1:]], count, listening, pipe, folder)


def run(kept: Kept, work: Callable[[int], None]) -> NoReturn:
    """Have a process do the work for each worker that is missing, told its number, and wait, as another program, until one
    ends or SIGTERM or SIGINT comes. In the first case the command is run again, and finds its `Kept`.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    give_back()
    gc.freeze()  # what is here is looked at no more, so that its pages stay shared
    for number in kept.missing:
        kept.workers[number] = _forked(work, number, kept.pipe)
    kept.pause_s = 0
    keep(kept)


def keep(kept: Kept) -> NoReturn:
    """Become what waits; its command line ends with this one, by which a person knows it."""
    kept.hand_over([*_KEEPER, *kept.command[1:]])


def shared(folder: str, name: str, size: int) -> mmap:
    """Memory that all workers see, also those that are started later: a file of so many bytes. Raises OSError without room."""
    with (Path(folder) / name).open("a+b") as file:
        os.posix_fallocate(file.fileno(), 0, size)
        return mmap(file.fileno(), size)


def _forked(work: Callable[[int], None], number: int, pipe: tuple[int, int]) -> int:
    """The id of a new process that does the work; it stops when this one is gone, however that came."""
    if pid := os.fork():
        return pid
    status = 1
    try:
        ours, theirs = pipe
        os.close(theirs)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
        threading.Thread(target=_outlived, args=(ours,), name="outlived", daemon=True).start()
        work(number)
        status = 0
    except BaseException:
        logger.exception("a worker failed")
    finally:
        os._exit(status)


def _outlived(pipe: int) -> None:
    os.read(pipe, 1)  # which ends when the last who could write is gone
    os.kill(os.getpid(), signal.SIGTERM)
