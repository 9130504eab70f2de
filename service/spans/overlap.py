"""A question's terms and a ground in, where they occur out: how much of the question each stretch of text says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from service.spans.asked import Floats, Terms
from service.spans.ground import Ground, Ints

FAR = 400.0
"""Distance of a term that does not occur in the sentence."""

CLAUSE_CHARS = 4.0
"""What crossing into another clause counts for, in characters."""


_TERM = 32
"""Bits that a character's number takes in a place, before the number of its term."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """`places` are the characters where terms occur, in order, each with the number of its term above it; those of term k
    are `places[begins[k] : begins[k + 1]]`. `lines`, `clauses`, `passages` are (terms, n) booleans.
    """

    terms: Terms
    places: Ints
    begins: Ints
    lines: NDArray[np.bool_]
    clauses: NDArray[np.bool_]
    passages: NDArray[np.bool_]

    def rank(self, characters: Ints, side: Literal["left", "right"]) -> Ints:
        """Shape (terms, characters): where in `places` each character would stand among those of each term."""
        terms = np.arange(len(self.begins) - 1)[:, None] << _TERM
        return np.asarray(self.places.searchsorted(terms + characters, side))


def find_terms(terms: Terms, ground: Ground, hashes: Ints) -> Overlap:
    """Look every term up in the ground's `hashes` (pairs or single characters)."""
    count = len(terms.hashes)
    lines = np.zeros((count, len(ground.begins)), dtype=bool)
    clauses = np.zeros((count, len(ground.clauses)), dtype=bool)
    passages = np.zeros((count, int(ground.passages[-1]) + 1 if len(ground.passages) else 0), dtype=bool)
    if not count:
        return Overlap(terms, np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64), lines, clauses, passages)
    slot = np.minimum(np.searchsorted(terms.hashes, hashes), count - 1)
    at = np.flatnonzero(terms.hashes[slot] == hashes)
    which = slot[at]
    lines[which, ground.line[at]] = True
    clauses[which, ground.clause[at]] = True
    passages[which, ground.passages[ground.line[at]]] = True
    places = np.sort(which << _TERM | at)
    begins = places.searchsorted(np.arange(count + 1) << _TERM)
    return Overlap(terms, places, begins, lines, clauses, passages)


def weighted(terms: Terms, found: NDArray[np.bool_], side: int | None = None) -> Floats:
    """The share of the question's weight found in each column; of one side's weight where `side` is given."""
    weights = terms.weights if side is None else np.where(terms.sides == side, terms.weights, 0)
    return np.asarray(weights @ found / max(float(weights.sum()), 1e-6), dtype=np.float32)


def beside(found: NDArray[np.bool_], owners: Ints) -> NDArray[np.bool_]:
    """The same with each column joined by its neighbours of the same owner."""
    joined = found.copy()
    if found.shape[1] > 1:
        same = owners[1:] == owners[:-1]
        joined[:, 1:] |= found[:, :-1] & same
        joined[:, :-1] |= found[:, 1:] & same
    return joined


def distances(overlap: Overlap, ground: Ground, starts: Ints, ends: Ints, width: int) -> tuple[Floats, Floats]:
    """Characters from each term to each candidate, (terms, candidates), to its left and to its right.

    Only within the candidate's sentence, each clause border between counting as several characters; else FAR.
    """
    count = len(overlap.places)
    if not count:
        far = np.full((len(overlap.begins) - 1, len(starts)), FAR, dtype=np.float32)
        return far, far
    characters = overlap.places & ((1 << _TERM) - 1)
    line, first, last = ground.line[starts], ground.clause[starts], ground.clause[np.maximum(ends - 1, starts)]
    at = overlap.rank(starts - width, "right") - 1
    near = characters[np.maximum(at, 0)]
    gaps = starts - width - near + CLAUSE_CHARS * (first - ground.clause[near])
    left = np.where((at >= overlap.begins[:-1, None]) & (ground.line[near] == line), gaps, FAR)
    at = overlap.rank(ends, "left")
    near = characters[np.minimum(at, count - 1)]
    gaps = near - ends + CLAUSE_CHARS * (ground.clause[near] - last)
    right = np.where((at < overlap.begins[1:, None]) & (ground.line[near] == line), gaps, FAR)
    return left.astype(np.float32), right.astype(np.float32)


def held(overlap: Overlap, begins: Ints, ends: Ints, width: int) -> NDArray[np.bool_]:
    """Which terms stand in each stretch `[begin, end)`, (terms, stretches)."""
    return np.asarray(overlap.rank(ends - width, "right") > overlap.rank(begins, "left"))
