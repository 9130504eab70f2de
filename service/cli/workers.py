"""A piece of work in, so many processes at it out: forked, so that they share what is loaded; one that dies is replaced.

Knows no HTTP. Only for what may be copied into another process: no threads, no open connections.
"""

import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from types import FrameType
from typing import Final

from index.memory import give_back

STOP_S: Final = 15.0
"""How long a worker has to finish when it is told to stop."""

RESTART_S: Final = 1.0
"""A worker that dies is replaced after so long, so that one that cannot live does not take the machine with it."""

_LOOK_S: Final = 0.2
_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)
logger = logging.getLogger("wence")


def run_workers(
    count: int, work: Callable[[int], None], meanwhile: Callable[[], object], ended: Callable[[int], None]
) -> None:
    """Have `count` processes do the work until SIGTERM or SIGINT comes, each told its number, from 0; one that takes the
    place of another gets that one's. `meanwhile` is called a few times a second, and `ended` with the id of each that has
    died; what either raises ends them all.
    """
    told: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        told.append(number)

    before = {number: signal.signal(number, note) for number in _STOPPING}
    give_back()
    gc.freeze()  # what is here is looked at no more, so that its pages stay shared
    ours, theirs = os.pipe()
    workers: dict[int, int] = {}
    """Their numbers by their ids."""
    try:
        while not told:
            for number in set(range(count)).difference(workers.values()):
                workers[_forked(partial(work, number), ours, theirs)] = number
            time.sleep(_LOOK_S)
            gone = _ended(workers)
            for pid in gone:
                del workers[pid]
            for pid in gone:
                ended(pid)
                logger.error("worker %d ended; another takes its place", pid)
                time.sleep(RESTART_S)
            meanwhile()
    finally:
        _stop(set(workers))
        os.close(ours)
        os.close(theirs)
        gc.unfreeze()
        for number, handler in before.items():
            signal.signal(number, handler)


def _forked(work: Callable[[], None], ours: int, theirs: int) -> int:
    """The id of a new process that does the work; it stops when this one is gone, however that came."""
    if pid := os.fork():
        return pid
    status = 1
    try:
        os.close(theirs)
        for number in _STOPPING:
            signal.signal(number, signal.SIG_DFL)
        threading.Thread(target=_outlived, args=(ours,), name="outlived", daemon=True).start()
        work()
        status = 0
    except BaseException:
        logger.exception("a worker failed")
    finally:
        os._exit(status)


def _outlived(pipe: int) -> None:
    os.read(pipe, 1)  # which ends when the last who could write is gone
    os.kill(os.getpid(), signal.SIGTERM)


def _ended(workers: Iterable[int]) -> list[int]:
    return [pid for pid in workers if os.waitpid(pid, os.WNOHANG)[0]]


def _stop(workers: set[int]) -> None:
    for pid in workers:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S
    while workers and time.monotonic() < deadline:
        workers.difference_update(_ended(workers))
        time.sleep(_LOOK_S / 10)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
