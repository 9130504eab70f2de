"""Rows of signs in, the weights of gradient-boosted trees and their threshold out. Knows no questions.

Folds keep rows of one article together.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.answerability.examples import Row
from service.answerability.model import Weights
from service.spans.training.boosting import Boosting, boost

SEED, FOLDS = 7, 8
GROWTH = Boosting(rounds=350, leaves=8, depth=5, rate=0.06, least=30, columns=0.4)
WEIGHT = {"answered": 1.0, "removed": 0.3, "altered": 0.2, "strange": 0.5, "unanswerable": 2.5}
"""What a row counts for, by how its question was made: real unanswerable questions are few, and what is
only altered may be told in other words.
"""

NOT_FIRST = 0.5
"""Share of that which a row counts for whose fact is not the best."""

Floats = NDArray[np.float64]


def fit(rows: Sequence[Row], shares: Sequence[float], threshold: float = 0.0) -> Weights:
    """The weights; `shares` is what each row counts for beside its origin's weight."""
    names = tuple(rows[0].signs)
    table = np.array([[row.signs[name] for name in names] for row in rows], dtype=np.float32)
    labels = np.array([row.answers for row in rows], dtype=np.float32)
    counts = [WEIGHT[row.origin.split(":")[0]] * (NOT_FIRST if row.place else 1.0) for row in rows]
    weights = (np.array(counts) * np.array(shares)).astype(np.float32)
    return Weights(boost(table, labels, weights, GROWTH, SEED), names, threshold)


def held_out(rows: Sequence[Row], shares: Sequence[float]) -> Floats:
    """The probability of every row by weights fitted on the other articles."""
    groups = sorted({row.group for row in rows})
    fold = {group: number % FOLDS for number, group in enumerate(np.random.default_rng(SEED).permutation(groups))}
    chances = np.zeros(len(rows))
    for number in range(FOLDS):
        kept = [at for at, row in enumerate(rows) if fold[row.group] != number]
        weights = fit([rows[at] for at in kept], [shares[at] for at in kept])
        rest = [at for at, row in enumerate(rows) if fold[row.group] == number]
        chances[rest] = weights.probabilities([rows[at].signs for at in rest])
    return chances


def questions_of(rows: Sequence[Row], chances: Floats, origin: str) -> Floats:
    """The highest probability among the slots' best facts of each question of an origin; a question is refused when all
    are low.
    """
    best: dict[tuple[str, str], float] = {}
    for row, chance in zip(rows, chances, strict=True):
        if row.origin.startswith(origin) and not row.place:
            key = row.group, row.question
            best[key] = max(best.get(key, 0.0), float(chance))
    return np.array(list(best.values()))
