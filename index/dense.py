"""Unit vectors in, a FAISS index out; a question vector in, the nearest rows out. The only importer of faiss."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import SnapshotError


class DenseWriter:
    """Takes vectors block by block, row i for passage i, and writes them as one index."""

    def __init__(self, dimension: int) -> None:
        self._index = faiss.IndexFlatIP(dimension)

    def add(self, vectors: NDArray[np.float32]) -> None:
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def close(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))


class DenseIndex:
    """Exact inner product over unit vectors (their cosine), one row a passage, memory-mapped from its file."""

    def __init__(self, path: Path) -> None:
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise SnapshotError(f"{path}: the vectors cannot be read ({error}); run `wence build` again") from error

    @staticmethod
    def write(vectors: NDArray[np.float32], path: Path) -> None:
        """Store vectors (n, d), row i for passage i."""
        writer = DenseWriter(vectors.shape[1])
        writer.add(vectors)
        writer.close(path)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def vectors(self, start: int, stop: int) -> NDArray[np.float32]:
        """Rows `start:stop` as they were added, shape (stop - start, d)."""
        if start == stop:
            return np.empty((0, self.dimension), dtype=np.float32)
        found: NDArray[np.float32] = self._index.reconstruct_n(start, stop - start)
        return found

    def search(
        self, question: NDArray[np.float32], top_k: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and cosines of the nearest passages, nearest first; `rows` limits the search to those."""
        if len(self) == 0 or top_k < 1:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        limits = None if rows is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
        scores, found = self._index.search(question.reshape(1, -1), min(top_k, len(self)), params=limits)
        real = found[0] >= 0  # FAISS pads with -1 when fewer rows are left
        return found[0][real], scores[0][real]
