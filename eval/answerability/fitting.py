"""Rows of signs in, the weights of a logistic regression and its threshold out. Knows no questions.

Newton's method on the weighted log likelihood with a ridge on the standardised weights (le Cessie and van Houwelingen,
Applied Statistics 1992). Folds keep rows of one article together.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.answerability.examples import Row
from service.answerability.model import Weights

RIDGE, STEPS, FOLDS = 20.0, 25, 8
WEIGHT = {"answered": 1.0, "removed": 0.5, "altered": 0.7, "unanswerable": 2.5}
"""What a row counts for, by how its question was made: real unanswerable questions are few."""

Floats = NDArray[np.float64]


def fit(rows: Sequence[Row], shares: Sequence[float], threshold: float = 0.0) -> Weights:
    """The weights; `shares` is what each row counts for beside its origin's weight."""
    names = list(rows[0].signs)
    table = np.array([[row.signs[name] for name in names] for row in rows])
    labels = np.array([float(row.answers) for row in rows])
    counts = np.array([WEIGHT[row.origin.split(":")[0]] for row in rows]) * np.array(shares)
    means = np.average(table, axis=0, weights=counts)
    scales = np.sqrt(np.average((table - means) ** 2, axis=0, weights=counts))
    scales[scales < 1e-6] = 1.0
    weights = _newton((table - means) / scales, labels, counts)
    told = [dict(zip(names, map(float, values), strict=True)) for values in (means, scales, weights[1:])]
    return Weights(told[0], told[1], told[2], float(weights[0]), threshold)


def _newton(table: Floats, labels: Floats, counts: Floats) -> Floats:
    """Bias first."""
    table = np.hstack([np.ones((len(table), 1)), table])
    ridge = np.full(table.shape[1], RIDGE)
    ridge[0] = 0.0
    weights = np.zeros(table.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (counts * (labels - chances)) - ridge * weights
        bend = (table * (counts * chances * (1 - chances))[:, None]).T @ table + np.diag(ridge)
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def held_out(rows: Sequence[Row], shares: Sequence[float]) -> Floats:
    """The probability of every row by weights fitted on the other articles."""
    groups = sorted({row.group for row in rows})
    fold = {group: number % FOLDS for number, group in enumerate(np.random.default_rng(7).permutation(groups))}
    chances = np.zeros(len(rows))
    for number in range(FOLDS):
        kept = [at for at, row in enumerate(rows) if fold[row.group] != number]
        weights = fit([rows[at] for at in kept], [shares[at] for at in kept])
        for at, row in enumerate(rows):
            if fold[row.group] == number:
                chances[at] = weights.probability(row.signs)
    return chances


def questions_of(rows: Sequence[Row], chances: Floats, origin: str) -> Floats:
    """The highest probability among the slots of each question of an origin; a question is refused when all are low."""
    best: dict[tuple[str, str], float] = {}
    for row, chance in zip(rows, chances, strict=True):
        if row.origin.startswith(origin):
            key = row.group, row.question
            best[key] = max(best.get(key, 0.0), float(chance))
    return np.array(list(best.values()))
