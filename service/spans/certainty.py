"""A ranked field in, one row of numbers out that tells whether the lines answer the question at all."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from service.spans.asked import Floats
from service.spans.features import Field
from service.spans.overlap import Overlap, weighted

_RANKS = (0, 1, 2, 4)
_WORDS = tuple(re.compile(word) for word in (
    "多少|几", "哪一?年|何年|什么时[候间]|何时|多久", "谁", "哪里|何处|哪儿", "为什么|为何|原因", "如何|怎|方法|步骤", "哪些", "哪",
    "是什么|什么是|意思", "什么", "吗|是否|能不能|可以", "区别", "多少钱|价格", "时间", "作用|功效",
))  # fmt: skip


def certainty_row(field: Field, table: Floats, probabilities: NDArray[np.float64]) -> Floats:
    """`table` are the candidates' rows, with one probability each; at least one candidate."""
    order = np.argsort(-probabilities, kind="stable")
    chances = [float(probabilities[order[min(rank, len(order) - 1)]]) for rank in _RANKS]
    text = field.ground.text
    own = [
        *(float(np.log((chance + 1e-6) / (1 - chance + 1e-6))) for chance in chances),
        float(probabilities.sum()), float(len(order)), float(field.ground.passages[-1] + 1),
        *(float(bool(word.search(field.asked.text))) for word in _WORDS),
        float(len(text)), float(len(field.ground.begins)), float(len(field.asked.text)),
        *_longest_shared(field.asked.text, text),
    ]  # fmt: skip
    own += [*_said(field.pairs), *_said(field.singles)]
    return np.concatenate((own, table[order[0]], table.max(axis=0))).astype(np.float32)


def _said(overlap: Overlap) -> list[float]:
    """The best passage's, line's and clause's share of the question, and its three weightiest terms found nowhere."""
    terms = overlap.terms
    best = [float(weighted(terms, part).max(initial=0)) for part in (overlap.passages, overlap.lines, overlap.clauses)]
    gone = np.sort(np.where(overlap.passages.any(axis=1), 0, terms.weights))[::-1]
    return best + [float(weight) for weight in np.pad(gone, (0, 3))[:3]]


def _longest_shared(asked: str, text: str) -> tuple[float, float]:
    """Characters of the longest stretch that question and text share, and the same as a share of the question."""
    best = 0
    for start in range(len(asked)):
        while start + best < len(asked) and asked[start : start + best + 1] in text:
            best += 1
    return float(best), best / max(1, len(asked))
