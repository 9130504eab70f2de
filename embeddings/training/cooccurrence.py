"""Token ids of running text in, one starting vector per token out (PPMI of neighbours, factored). Knows no words.

Levy & Goldberg, "Neural Word Embedding as Implicit Matrix Factorization" (NeurIPS 2014); the weights that make rare
tokens count for more: Arora et al., "A Simple but Tough-to-Beat Baseline for Sentence Embeddings" (ICLR 2017).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

_ROUNDS = 4
_SMOOTHING = 0.75
_RARITY = 1e-3


def token_vectors(ids: NDArray[np.int32], *, size: int, dimension: int, window: int, seed: int) -> NDArray[np.float32]:
    """Shape (size, dimension): rows of length a / (a + p), where p is the token's share of `ids`; row 0 is zero."""
    matrix = _ppmi(ids, size=size, window=window)
    rng = np.random.default_rng(seed)
    basis = rng.standard_normal((size, dimension + 16)).astype(np.float32)
    for _ in range(_ROUNDS):
        basis, _ = np.linalg.qr(matrix @ basis)
    values, turns = np.linalg.eigh(basis.T @ (matrix @ basis))
    order = np.argsort(-np.abs(values))[:dimension]
    rows = (basis @ turns[:, order]) * np.sqrt(np.abs(values[order]))
    share = np.bincount(ids, minlength=size) / max(len(ids), 1)
    length = _RARITY / (_RARITY + share)
    rows *= (length / np.maximum(np.linalg.norm(rows, axis=1), 1e-6))[:, None]
    rows[0] = 0
    return np.asarray(rows, dtype=np.float32)


def _ppmi(ids: NDArray[np.int32], *, size: int, window: int) -> Any:
    """Positive pointwise mutual information of tokens at most `window` apart, a symmetric sparse matrix."""
    counts = sparse.csr_matrix((size, size), dtype=np.float32)
    for apart in range(1, window + 1):
        left, right = ids[:-apart], ids[apart:]
        weight = np.full(len(left), 1 / apart, dtype=np.float32)
        counts = counts + sparse.coo_matrix((weight, (left, right)), shape=(size, size)).tocsr()
    counts = (counts + counts.T).tocoo()
    seen = np.asarray(counts.sum(axis=1)).ravel()
    context = seen**_SMOOTHING
    expected = seen[counts.row] * (context / context.sum())[counts.col]
    values = np.log(np.maximum(counts.data / np.maximum(expected, 1e-9), 1))
    kept = (values > 0) & (counts.row != 0) & (counts.col != 0) & (counts.data >= 1)
    matrix = sparse.coo_matrix((values[kept], (counts.row[kept], counts.col[kept])), shape=(size, size)).tocsr()
    return ((matrix + matrix.T) / 2).astype(np.float32)
