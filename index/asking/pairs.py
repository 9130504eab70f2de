"""Two characters in, how often they follow each other in Chinese at large out: a table counted from text."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

FIRST: Final = 0x4E00
SIZE: Final = 0x9FFF + 1 - FIRST
"""The block of common Han characters."""

STEPS_PER_OCTAVE: Final = 8
"""Counts are kept as logarithms of base 2, in steps this fine."""


class Pairs:
    """The table of `pairs.npz`: sorted keys and, for each, the logarithm of its count."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as table:
            self._keys = np.cumsum(table["steps"], dtype=np.int64).astype(np.uint32)
            self._levels: NDArray[np.uint8] = table["levels"]
        self.total = float(np.exp2(self._levels / STEPS_PER_OCTAVE).sum())
        """How many pairs were counted."""

    def count(self, pair: str) -> float:
        """How often a pair was seen; 0 for one that was seen too rarely to be kept."""
        first, second = ord(pair[0]) - FIRST, ord(pair[1]) - FIRST
        if not (0 <= first < SIZE and 0 <= second < SIZE):
            return 0.0
        key = first * SIZE + second
        at = int(self._keys.searchsorted(np.uint32(key)))
        if at == len(self._keys) or self._keys[at] != key:
            return 0.0
        return float(2.0 ** (int(self._levels[at]) / STEPS_PER_OCTAVE))

    @staticmethod
    def key(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
        """The keys of pairs given as places in the block."""
        return first * SIZE + second
