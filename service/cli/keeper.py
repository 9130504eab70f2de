"""Workers in, the same number of workers out: waits until one ends, then has the command that began start again.

A program of its own that is run by its path, with nothing but the standard library: to wait takes 10 MB, and what loads the
models and forks the workers takes 200. Both are one process by turns, since a process that executes another program stays
the parent of its children and keeps its id, its open files and the signals that it holds back.
"""

import json
import os
import shutil
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Final, NoReturn

RESTART_S: Final = 1
"""A worker that dies is replaced after so long, so that one that cannot live does not take the machine with it."""

STOP_S: Final = 15.0
"""How long a worker has to finish when it is told to stop."""

AWAITED: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGALRM})
"""The signals that both programs hold back, so that none is lost while one becomes the other."""

_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)
_LOOK_S: Final = 0.02
_VARIABLE: Final = "WENCE_KEPT"


@dataclass(slots=True)
class Kept:
    """What one program hands to the other: open files by their numbers, workers by the ids of their processes."""

    command: list[str]
    """What starts workers."""
    count: int
    """How many there are to be."""
    listening: int
    """The socket that they listen on."""
    pipe: tuple[int, int]
    """Whose end a worker reads, which comes when the process that keeps it is gone; and the one that is kept open."""
    folder: str
    """Where they share what they count; it goes with them."""
    workers: dict[int, int] = field(default_factory=dict)
    """The process ids of those that run, by their numbers from 0."""
    ended: list[int] = field(default_factory=list)
    """The process ids of those that have ended and are not yet replaced."""
    pause_s: int = 0
    """After so long workers are to be started all the same; 0 for never."""

    @property
    def missing(self) -> list[int]:
        """The numbers of the workers that are to be started."""
        return [number for number in range(self.count) if number not in self.workers]

    @classmethod
    def taken_up(cls) -> "Kept | None":
        """What the other program has handed to this one; None where there was none."""
        told = os.environ.pop(_VARIABLE, None)
        if told is None:
            return None
        kept = cls(**json.loads(told))
        kept.workers = {int(number): pid for number, pid in kept.workers.items()}
        return kept

    def hand_over(self, command: list[str]) -> NoReturn:
        """Become that program."""
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
        os.execve(command[0], command, os.environ | {_VARIABLE: json.dumps(asdict(self))})  # noqa: S606 - no shell is wanted

    def take_down(self) -> None:
        """Note which workers have ended."""
        for number, pid in list(self.workers.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self.workers[number]
                self.ended.append(pid)

    def stop(self) -> None:
        """End the workers: they have a while to finish what they are at."""
        for pid in self.workers.values():
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while self.workers and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
            self.take_down()
        for pid in self.workers.values():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        shutil.rmtree(self.folder, ignore_errors=True)


def main() -> int:
    """Keep what is handed over until SIGTERM or SIGINT comes."""
    kept = Kept.taken_up()
    if kept is None:
        return 2
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    signal.alarm(kept.pause_s)
    while (number := signal.sigwait(AWAITED)) not in _STOPPING:
        kept.take_down()
        if number == signal.SIGALRM:
            kept.hand_over(kept.command)
        if kept.ended:
            signal.alarm(RESTART_S)
    kept.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
