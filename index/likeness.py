"""Texts in, pairs of near-duplicates out: articles that share most of their clauses. Knows no store and no files.

Exact clause hashing: two articles are near-duplicates when they share at least `FEWEST` clauses and these make up
at least `SHARE` of the shorter one. Clauses that stand in many articles are phrases and prove nothing.
"""

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

FEWEST: Final = 5
SHARE: Final = 0.5
_COMMON: Final = 20
_SHORTEST: Final = 8
_CUT = re.compile(r"[^\w]+")


class Pair(NamedTuple):
    """Two articles by their numbers, the lower first, and the share of the shorter one that both hold."""

    first: int
    second: int
    share: float


class Likeness:
    """Collects the clauses of one article after another; twelve bytes a clause."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._owners = array("i")

    def add(self, number: int, text: str) -> None:
        """The clauses of article `number`; numbers rise from call to call."""
        clauses = {clause for clause in _CUT.split(unicodedata.normalize("NFKC", text)) if len(clause) >= _SHORTEST}
        for clause in clauses:
            digest = hashlib.blake2b(clause.encode(errors="replace"), digest_size=8).digest()
            self._hashes.append(int.from_bytes(digest, "big", signed=True))
            self._owners.append(number)

    def pairs(self) -> Iterator[Pair]:
        """Every pair of near-duplicates, in the order of their numbers."""
        hashes, owners = np.array(self._hashes), np.array(self._owners)
        sizes = np.bincount(owners) if len(owners) else np.empty(0, dtype=np.int64)
        order = np.argsort(hashes, kind="stable")
        hashes, owners = hashes[order], owners[order]
        met: list[np.ndarray] = []
        for distance in range(1, _COMMON):  # neighbours at every distance make all pairs of a group
            same = hashes[distance:] == hashes[:-distance]
            if not same.any():
                break
            met.append(np.stack([owners[:-distance][same], owners[distance:][same]], axis=1))
        if not met:
            return
        found, counts = np.unique(np.concatenate(met), axis=0, return_counts=True)
        for (first, second), count in zip(found.tolist(), counts.tolist(), strict=True):
            share = count / min(sizes[first], sizes[second])
            if count >= FEWEST and share >= SHARE:
                yield Pair(first, second, round(float(share), 3))
