"""Bags of tokens in, for each question the passages that BM25 would put before others out. Knows no texts, no vectors.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), over the encoder's own tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from embeddings.training.bags import Bags

_K1, _B = 1.2, 0.75
_COMMON = 0.01  # a token in more passages than this share of them finds nothing and costs most of the time
_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Negatives:
    """Row i: wrong passages that question i finds, shape (n, k), -1 where there are fewer, and BM25 as a share of its
    best: `share` of those passages, `own` of the right one.
    """

    rows: NDArray[np.int32]
    share: NDArray[np.float32]
    own: NDArray[np.float32]


def mine(
    questions: Bags,
    passages: Bags,
    answer: NDArray[np.int64],
    *,
    size: int,
    count: int,
    say: Callable[[str], None] = lambda _: None,
) -> Negatives:
    """The `count` best wrong passages of every question; `size` is the number of token ids, progress goes to `say`."""
    weights = _bm25(passages, size)
    asked = _counts(questions, size)
    rows = np.full((len(answer), count), -1, dtype=np.int32)
    share = np.zeros((len(answer), count), dtype=np.float32)
    own = np.zeros(len(answer), dtype=np.float32)
    for at in range(0, len(answer), _CHUNK):
        found = (asked[at : at + _CHUNK] @ weights).tocsr()
        for i in range(found.shape[0]):
            columns = found.indices[found.indptr[i] : found.indptr[i + 1]]
            scores = found.data[found.indptr[i] : found.indptr[i + 1]]
            if not len(scores):
                continue
            right = columns == answer[at + i]
            best = scores.max()
            own[at + i] = scores[right].sum() / best
            first = np.argpartition(-scores, count)[: count + 1] if len(scores) > count + 1 else np.arange(len(scores))
            first = first[~right[first]]
            first = first[np.argsort(-scores[first], kind="stable")][:count]
            rows[at + i, : len(first)], share[at + i, : len(first)] = columns[first], scores[first] / best
        if at and at % (32 * _CHUNK) == 0:
            say(f"hard negatives for {at:,} of {len(answer):,} questions")
    return Negatives(rows, share, own)


def _counts(bags: Bags, size: int) -> Any:
    shape = (len(bags.offsets) - 1, size)
    # A copy of the ids: adding up duplicates would sort them in place.
    matrix = sparse.csr_matrix((np.ones(len(bags.ids), dtype=np.float32), bags.ids.copy(), bags.offsets.copy()), shape)
    matrix.sum_duplicates()
    return matrix


def _bm25(passages: Bags, size: int) -> Any:
    """Shape (tokens, passages): what a passage earns by each token; nothing for the commonest and the unknown one."""
    counts = _counts(passages, size)
    lengths = np.diff(passages.offsets)
    total = len(lengths)
    held = np.bincount(counts.indices, minlength=size)
    rarity = np.log(1 + (total - held + 0.5) / (held + 0.5)).astype(np.float32)
    rarity[held > max(_COMMON * total, 50)] = 0
    rarity[0] = 0
    norm = _K1 * (1 - _B + _B * lengths / max(lengths.mean(), 1))
    tf = counts.data
    counts.data = rarity[counts.indices] * tf * (_K1 + 1) / (tf + np.repeat(norm, np.diff(counts.indptr)))
    counts.data = counts.data.astype(np.float32)
    counts.eliminate_zeros()
    return counts.T.tocsr()
