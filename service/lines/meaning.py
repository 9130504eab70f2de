"""A question and lines in, how near their words are in meaning out, by the built-in table of token vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from embeddings.static import StaticEncoder
from service.spans.asked import content_shares

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meaning:
    """For each line: `said`, the mean over the question's tokens of the nearest token's cosine, weighted by how much
    each token says; `least`, the weighted distance of the token that is farthest; `whole`, the cosine of the means.
    """

    said: Floats
    least: Floats
    whole: Floats


def meaning(encoder: StaticEncoder, asked: str, lines: Sequence[str]) -> Meaning:
    """`asked` and `lines` folded; at least one line."""
    own = encoder.tokens([asked])[0]
    shares = content_shares(asked)
    kept = [(token, max(shares[start:end], default=0.0)) for token, (start, end) in own if end > start]
    kept = [(token, share) for token, share in kept if share > 0.5]
    if not kept:
        zeros = np.zeros(len(lines), dtype=np.float32)
        return Meaning(zeros, zeros, zeros)
    rows = encoder.rows([token for token, _ in kept])
    weights = np.linalg.norm(rows, axis=1)
    weights /= weights.sum()
    tokens = [_tokens(encoder, line) for line in lines]
    begins = np.cumsum([0, *(len(line) for line in tokens[:-1])])
    apart, place = np.unique(np.array([*chain.from_iterable(tokens)]), return_inverse=True)
    table = encoder.rows(apart.tolist())
    near = np.maximum.reduceat(_cosines(rows, table)[:, place], begins, axis=1)
    sums = np.add.reduceat(table[place], begins, axis=0)
    far = weights[:, None] * (1 - near)
    return Meaning(weights @ near, far.max(axis=0), _unit(sums) @ _unit(rows.sum(axis=0, keepdims=True))[0])


@lru_cache(maxsize=8192)
def _tokens(encoder: StaticEncoder, line: str) -> tuple[int, ...]:
    """The tokens of a sentence, kept for the questions that come back to it; at least one."""
    return tuple(token for token, _ in encoder.tokens([line])[0]) or (0,)


ONE_THREAD = 1 << 18
"""Multiplications up to which OpenBLAS stays in the calling thread; waking others costs more than this work."""


def _cosines(rows: Floats, table: Floats) -> Floats:
    """Shape (rows, table), in pieces small enough for one thread."""
    left, right = _unit(rows), _unit(table)
    step = max(1, ONE_THREAD // left.size)
    return np.concatenate([left @ right[at : at + step].T for at in range(0, len(right), step)], axis=1)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)
