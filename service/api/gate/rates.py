"""A name in, whether it may go on now out: a rate for each, in memory that workers can share. Knows no HTTP."""

from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from mmap import mmap
from struct import Struct
from time import monotonic
from typing import Final

_SLOTS: Final = 1 << 16
_TRIED: Final = 8
_SLOT: Final = Struct("<Qd")
WINDOW_S: Final = 60.0
RATES_BYTES: Final = _SLOTS * _SLOT.size
"""The room that the table takes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a name stands: how many more it may send now, when it has them all again, and how long it must wait."""

    limit: int
    remaining: int
    reset_s: int
    wait_s: int


class Rates:
    """So many requests a minute for each name, all at once or evenly (the generic cell rate algorithm). The table is of
    fixed size; where it is full the name that is closest to having all again is forgotten.
    """

    def __init__(self, memory: mmap | None = None) -> None:
        """`memory` of `RATES_BYTES` that others see too; else it is this process's own."""
        self._memory = memory or mmap(-1, RATES_BYTES)

    def take(self, name: str, limit: int) -> Standing:
        """Count one request of a name; `wait_s` is 0 when it may go on."""
        now, each_s = monotonic(), WINDOW_S / limit
        mark = int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=8).digest()) or 1
        at, due = self._slot(mark, now)
        due = max(due, now) + each_s
        if due - now > WINDOW_S + 1e-6:
            return Standing(limit, 0, ceil(due - each_s - now), max(1, ceil(due - now - WINDOW_S)))
        _SLOT.pack_into(self._memory, at, mark, due)
        return Standing(limit, int((WINDOW_S - (due - now)) / each_s + 1e-6), ceil(due - now), 0)

    def _slot(self, mark: int, now: float) -> tuple[int, float]:
        """Where a name is or can be put, and until when its requests are spent."""
        best, best_due = 0, float("inf")
        for step in range(_TRIED):
            at = (mark + step) % _SLOTS * _SLOT.size
            found, due = _SLOT.unpack_from(self._memory, at)
            if found == mark:
                return at, due
            if due < best_due:
                best, best_due = at, due
        return best, now
