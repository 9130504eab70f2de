"""Scores of the sentences found for a question in, their probabilities out: each against all others.

A sentence is the less likely to answer the more the others have for themselves; several may answer together. The numbers are
those of a logistic regression (Platt, Probabilistic outputs for support vector machines, 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = -9.0
"""What the others of a sentence have for themselves at least: those that were not found."""

STEPS, SHIFT = 25, 1e-6
"""Newton steps, and what keeps them finite where all scores are alike."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probability = logistic(`own` · score + `others` · log Σ exp(scores of the others) + `offset`)."""

    own: float = 1.0
    others: float = 0.0
    offset: float = 0.0

    def chances(self, scores: Numbers) -> Numbers:
        """Shape (sentences,), of the scores of all sentences found for a question."""
        odds = _columns(scores) @ np.array([self.own, self.others, self.offset])
        return np.asarray(1 / (1 + np.exp(-odds)))


def calibrate(scores: Sequence[Numbers], right: Sequence[NDArray[np.bool_]], weights: Sequence[float]) -> Calibration:
    """What makes the scores of questions, one array each, probabilities of being `right`; a question counts for its weight."""
    columns = np.concatenate([_columns(own) for own in scores])
    labels = np.concatenate(right)
    counts = np.repeat(weights, [len(own) for own in scores])
    found = np.array([1.0, 0.0, 0.0])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (counts * (labels - chances))
        curve = columns.T @ (columns * (counts * chances * (1 - chances))[:, None])
        found += np.linalg.solve(curve + SHIFT * np.eye(len(found)), slope)
    return Calibration(*(float(number) for number in found))


def _columns(scores: Numbers) -> Numbers:
    apart = np.where(np.eye(len(scores), dtype=bool), -np.inf, scores[None, :])
    others = np.maximum(np.logaddexp.reduce(apart, axis=1), LEAST)
    return np.stack((scores, others, np.ones_like(others)), axis=1)
