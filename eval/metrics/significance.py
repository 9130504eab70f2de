"""Per-question scores in, how far to trust their mean out: intervals, and whether two runs really differ.

A score of one question is (points, of): 1 of 1 for a right answer, 2 of 3 for three citations of which one is wrong,
0 of 0 where a measure does not apply. Questions are resampled, never single points. Equal input gives equal output.
"""

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

Score = tuple[float, float]
ROUNDS = 2000


def mean(scores: Sequence[Score]) -> float:
    """All points over all that could be had; 0 where none could, so that a run that gives nothing scores nothing."""
    of = sum(of for _, of in scores)
    return sum(points for points, _ in scores) / of if of else 0.0


def interval(scores: Sequence[Score], level: float = 0.95, seed: int = 7) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean (Efron, Annals of Statistics 1979); (0, 0) without questions."""
    if not scores:
        return 0.0, 0.0
    low, high = np.quantile(_resampled(np.array(scores, dtype=float), seed), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _resampled(scores: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    drawn = np.random.default_rng(seed).integers(len(scores), size=(ROUNDS, len(scores)))
    return _ratio(scores[drawn].sum(axis=1))


def paired_p(before: Sequence[Score], after: Sequence[Score], seed: int = 7) -> float:
    """Two-sided p-value that two runs over the same questions are equally good: both runs' scores of each question
    are swapped at random (approximate randomisation; Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989).
    """
    first, second = np.array(before, dtype=float), np.array(after, dtype=float)
    if first.shape != second.shape:
        raise ValueError(f"{len(before)} and {len(after)} scores: both runs need the same questions")
    if not len(first):
        return 1.0
    swap = np.random.default_rng(seed).random((ROUNDS, len(first), 1)) < 0.5
    left, right = np.where(swap, second, first).sum(axis=1), np.where(swap, first, second).sum(axis=1)
    found = np.abs(_ratio(left) - _ratio(right))
    seen = abs(mean(before) - mean(after))
    return float((np.sum(found >= seen - 1e-12) + 1) / (ROUNDS + 1))


def _ratio(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    points, of = sums.T
    return np.asarray(np.divide(points, of, out=np.zeros(len(sums)), where=of > 0), dtype=np.float64)


def fewer_p(lost: int, won: int) -> float:
    """One-sided p-value that as many questions are lost as won by a change (exact sign test): small when too many
    were lost.
    """
    changed = lost + won
    return float(sum(comb(changed, k) for k in range(lost, changed + 1)) / 2**changed)
