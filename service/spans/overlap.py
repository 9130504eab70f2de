"""A question's terms and a ground in, where they occur out: how much of the question each stretch of text says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.spans.asked import Floats, Terms
from service.spans.ground import Ground, Ints

FAR = 400.0
"""Distance of a term that does not occur in the sentence."""

CLAUSE_CHARS = 4.0
"""What crossing into another clause counts for, in characters."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """`places[k]` are the characters where term k occurs; `lines`, `clauses`, `passages` are (terms, n) booleans."""

    terms: Terms
    places: list[Ints]
    lines: NDArray[np.bool_]
    clauses: NDArray[np.bool_]
    passages: NDArray[np.bool_]


def find_terms(terms: Terms, ground: Ground, hashes: Ints) -> Overlap:
    """Look every term up in the ground's `hashes` (pairs or single characters)."""
    count = len(terms.hashes)
    lines = np.zeros((count, len(ground.begins)), dtype=bool)
    clauses = np.zeros((count, len(ground.clauses)), dtype=bool)
    passages = np.zeros((count, int(ground.passages[-1]) + 1 if len(ground.passages) else 0), dtype=bool)
    if not count:
        return Overlap(terms, [], lines, clauses, passages)
    slot = np.minimum(np.searchsorted(terms.hashes, hashes), count - 1)
    at = np.flatnonzero(terms.hashes[slot] == hashes)
    which = slot[at]
    lines[which, ground.line[at]] = True
    clauses[which, ground.clause[at]] = True
    passages[which, ground.passages[ground.line[at]]] = True
    order = np.argsort(which, kind="stable")
    cuts = np.searchsorted(which[order], np.arange(1, count))
    return Overlap(terms, np.split(at[order], cuts), lines, clauses, passages)


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
    shape = (len(overlap.places), len(starts))
    left, right = np.full(shape, FAR, dtype=np.float32), np.full(shape, FAR, dtype=np.float32)
    line, first, last = ground.line[starts], ground.clause[starts], ground.clause[np.maximum(ends - 1, starts)]
    for number, places in enumerate(overlap.places):
        if not len(places):
            continue
        at = np.searchsorted(places, starts - width, side="right") - 1
        near = places[np.maximum(at, 0)]
        gap = starts - width - near + CLAUSE_CHARS * (first - ground.clause[near])
        left[number] = np.where((at >= 0) & (ground.line[near] == line), gap, FAR)
        at = np.searchsorted(places, ends)
        near = places[np.minimum(at, len(places) - 1)]
        gap = near - ends + CLAUSE_CHARS * (ground.clause[near] - last)
        right[number] = np.where((at < len(places)) & (ground.line[near] == line), gap, FAR)
    return left, right


def held(overlap: Overlap, begins: Ints, ends: Ints, width: int) -> NDArray[np.bool_]:
    """Which terms stand in each stretch `[begin, end)`, (terms, stretches)."""
    found = np.zeros((len(overlap.places), len(begins)), dtype=bool)
    for number, places in enumerate(overlap.places):
        found[number] = np.searchsorted(places, ends - width, side="right") > np.searchsorted(places, begins)
    return found
