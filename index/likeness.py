"""Texts in, pairs of near-duplicates out: articles that share most of their clauses. Knows no store and no passages.

Exact clause hashing: two articles are near-duplicates when they share at least `FEWEST` clauses and these make up
at least `SHARE` of the shorter one. Clauses that stand in many articles are phrases and prove nothing. The hashes are
kept, so that what is added later is compared without reading the texts again.
"""

import hashlib
import re
from array import array
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.terms import normal

FEWEST: Final = 5
SHARE: Final = 0.5
_COMMON: Final = 20
_SHORTEST: Final = 8
_CUT = re.compile(r"[^\w]+")
_CLAUSE = np.dtype([("hash", "<i8"), ("article", "<i4")])

Clauses = NDArray[np.void]
"""Hashes of clauses with the numbers of their articles, twelve bytes each, in the order of the hashes."""


class Pair(NamedTuple):
    """Two articles by their numbers, the lower first, and the share of the shorter one that both hold."""

    first: int
    second: int
    share: float


class Likeness:
    """Collects the clauses of one article after another."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._articles = array("i")

    def add(self, number: int, text: str) -> None:
        """The clauses of article `number`; numbers rise from call to call."""
        clauses = {clause for clause in _CUT.split(normal(text)) if len(clause) >= _SHORTEST}
        for clause in clauses:
            digest = hashlib.blake2b(clause.encode(errors="replace"), digest_size=8).digest()
            self._hashes.append(int.from_bytes(digest, "big", signed=True))
            self._articles.append(number)

    def clauses(self) -> Clauses:
        """What was collected."""
        found = np.empty(len(self._hashes), _CLAUSE)
        found["hash"], found["article"] = self._hashes, self._articles
        return in_order(found)

    def pairs(self) -> Iterator[Pair]:
        """Every pair of near-duplicates, in the order of their numbers."""
        found = self.clauses()
        return _pairs(found, _sizes(found))


def in_order(*clauses: Clauses) -> Clauses:
    """Several collections as one."""
    together: Clauses = np.concatenate(clauses)
    return together[np.lexsort((together["article"], together["hash"]))]


def without(clauses: Clauses, articles: Collection[int]) -> Clauses:
    """What is left without these articles."""
    found: Clauses = clauses[~np.isin(clauses["article"], list(articles))] if articles else clauses
    return found


def new_pairs(new: Clauses, base: Clauses, gone: Collection[int], changed: Clauses) -> Iterator[Pair]:
    """Every pair of near-duplicates of which at least one is new; the others are those of `base` that are not gone, and
    what was changed since.
    """
    hashes = np.unique(new["hash"])
    shared = in_order(without(_holding(base, hashes), gone), _holding(changed, hashes), new)
    greatest = (int(part["article"].max()) for part in (new, base, changed) if len(part))
    length = 1 + max((*gone, *greatest), default=0)
    sizes = _sizes(base, length)
    sizes[list(gone)] = 0
    sizes += _sizes(changed, length) + _sizes(new, length)
    fresh = np.zeros(length, dtype=bool)
    fresh[new["article"]] = True
    return (pair for pair in _pairs(shared, sizes) if fresh[pair.first] or fresh[pair.second])


def _holding(clauses: Clauses, hashes: NDArray[np.int64]) -> Clauses:
    """Those of these hashes, which are in order and each there once; of common phrases only the last."""
    left, right = (np.searchsorted(clauses["hash"], hashes, side) for side in ("left", "right"))
    left = np.maximum(left, right - _COMMON)
    lengths = right - left
    starts = np.repeat(left - np.cumsum(lengths) + lengths, lengths)
    found: Clauses = clauses[starts + np.arange(len(starts))]
    return found


def _sizes(clauses: Clauses, length: int = 0) -> NDArray[np.int64]:
    """How many clauses each article has."""
    return np.bincount(clauses["article"], minlength=length)


def _pairs(clauses: Clauses, sizes: NDArray[np.int64]) -> Iterator[Pair]:
    hashes, owners = np.ascontiguousarray(clauses["hash"]), np.ascontiguousarray(clauses["article"])
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
