"""Candidates and golden answers in, how right each candidate is out, 0..1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from service.answering.wording import Kind
from service.spans.asked import Floats
from service.spans.features import Field
from service.spans.training.examples import Example, Gold

_LEAST = 0.3
"""Overlap (F1 over characters) below which a name or clause is no answer."""

PARTLY = 0.5
"""What a span is worth at most that is not the answer word for word."""


def candidate_labels(field: Field, example: Example) -> tuple[Floats, Floats]:
    """How right each candidate is, and its weight: 0 for the answer's words found in another place."""
    right, weights = np.zeros(len(field.found), dtype=np.float32), np.ones(len(field.found), dtype=np.float32)
    texts = {plain(answer) for answer in example.answers}
    whole = field.asked.slot.kind in (Kind.FIGURE, Kind.DATE)
    for number, (item, line) in enumerate(zip(field.found, field.lines.tolist(), strict=True)):
        same = plain(example.lines[line].text[item.start : item.end]) in texts
        shares = [_share(gold, item.start, item.end, whole) for gold in example.gold if gold.line == line]
        best = max(shares, default=0.0)
        right[number] = 1.0 if same and best else best if best >= _LEAST else 0.0
        weights[number] = 0.0 if same and not best else 1.0
    return right, weights


def _share(gold: Gold, start: int, end: int, whole: bool) -> float:
    """For figures and dates whether they stand in the answer or hold it (1660年 of 1660年4月23日), else the F1 over characters."""
    common = min(end, gold.end) - max(start, gold.start)
    if common <= 0:
        return 0.0
    if whole:
        return 1.0 if common >= 0.8 * min(end - start, gold.end - gold.start) else 0.5
    return 2 * common / (end - start + gold.end - gold.start)


def extent_label(words: str, answers: Sequence[str]) -> float:
    """1 for a span with the words of an answer, else up to a half by its F1 squared."""
    own = plain(words)
    return max(
        (1.0 if own == plain(answer) else PARTLY * _f1(own, plain(answer)) ** 2 for answer in answers), default=0.0
    )


@lru_cache(maxsize=1 << 16)
def _f1(own: str, other: str) -> float:
    """F1 on the longest common stretch, as the official CMRC 2018 script counts it."""
    best = 0
    for start in range(len(own)):
        while start + best < len(own) and own[start : start + best + 1] in other:
            best += 1
    return 2 * best / (len(own) + len(other)) if best else 0.0


_SILENT = re.compile(r"[^\w.,%％‰°℃+$€£¥]|(?<!\d)[.,]|[.,](?!\d)")


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Words without white space and marks, lower case; what belongs to a figure stays (3.5%, 20°, $8)."""
    return _SILENT.sub("", text).lower()
