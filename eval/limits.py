"""The vectors of a snapshot in, how fast this machine reads them all out: no exact search can be had for less."""

import time
from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot

_ROWS = 1_000_000
"""Most vectors that are scanned: what one takes is the same for more."""


def flat_scan(snapshot: Snapshot, vectors: Sequence[NDArray[np.float32]]) -> dict[str, float]:
    """Milliseconds of an exact search that reads every vector, in one thread, and gigabytes read a second."""
    rows = min(len(snapshot.dense), _ROWS)
    flat: Any = faiss.IndexFlatIP(snapshot.dense.dimension)
    flat.add(snapshot.dense.vectors(0, rows))
    faiss.omp_set_num_threads(1)
    began = time.perf_counter()
    for vector in vectors:
        flat.search(vector.reshape(1, -1), 10)
    seconds = (time.perf_counter() - began) / len(vectors)
    return {
        "ms": round(seconds * 1000 * len(snapshot.dense) / max(1, rows), 2),
        "gb_a_second": round(rows * snapshot.dense.dimension * 4 / seconds / 1e9, 1),
    }
