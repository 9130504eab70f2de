"""Refusals: were the right questions refused, and do the surest answers have the fewest mistakes?"""

from collections.abc import Sequence

import numpy as np

Curve = list[tuple[float, float]]


def refusal_precision(refused: Sequence[bool], unanswerable: Sequence[bool]) -> float:
    """Share of the refused questions that have no answer; 0 when nothing was refused."""
    right = sum(no and none for no, none in zip(refused, unanswerable, strict=True))
    return right / sum(refused) if any(refused) else 0.0


def refusal_recall(refused: Sequence[bool], unanswerable: Sequence[bool]) -> float:
    """Share of the questions without an answer that were refused; 0 when there are none."""
    right = sum(no and none for no, none in zip(refused, unanswerable, strict=True))
    return right / sum(unanswerable) if any(unanswerable) else 0.0


def risk_coverage(confidences: Sequence[float], wrong: Sequence[bool]) -> Curve:
    """Points (coverage, risk): the share of wrong answers among the surest 1/n, 2/n, … of the answers given.

    Answers equally sure enter together. Source: El-Yaniv and Wiener, On the foundations of noise-free selective
    classification, JMLR 2010.
    """
    order = sorted(range(len(wrong)), key=lambda i: -confidences[i])
    curve: Curve = []
    mistakes = 0
    for count, i in enumerate(order, 1):
        mistakes += wrong[i]
        if count == len(order) or confidences[order[count]] != confidences[i]:
            curve.append((count / len(order), mistakes / count))
    return curve


def area_under(curve: Curve) -> float:
    """Mean risk over all coverages, each point standing for the coverage since the one before; lower is better."""
    if not curve:
        return 0.0
    coverage, risk = np.array(curve).T
    return float(np.sum(np.diff(coverage, prepend=0.0) * risk))
