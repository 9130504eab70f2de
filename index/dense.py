"""Unit vectors in, a FAISS index out; a question vector in, the nearest rows out. The only importer of faiss."""

import os
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import SnapshotError

_FLOAT_BYTES = 4
_BLOCK_ROWS = 65_536


class DenseWriter:
    """Takes vectors block by block, row i for passage i, into a plain file of float32, and makes an index of it.

    What was saved last survives a crash: a writer opened on the file again goes on after `rows` of it.
    """

    def __init__(self, path: Path, dimension: int, rows: int = 0) -> None:
        self._dimension = dimension
        self._file = path.open("r+b" if rows else "w+b")
        self._file.truncate(rows * dimension * _FLOAT_BYTES)
        self._file.seek(0, os.SEEK_END)

    def add(self, vectors: NDArray[np.float32]) -> None:
        self._file.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())

    def save(self) -> None:
        """Make what has been written so far durable."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def abandon(self) -> None:
        """Leave the file as it is."""
        self._file.close()

    def close(self, path: Path) -> None:
        """Write the index to `path` and remove the plain file."""
        index = faiss.IndexFlatIP(self._dimension)
        self._file.seek(0)
        while block := self._file.read(_BLOCK_ROWS * self._dimension * _FLOAT_BYTES):
            index.add(np.frombuffer(block, dtype=np.float32).reshape(-1, self._dimension))
        self._file.close()
        faiss.write_index(index, str(path))
        Path(self._file.name).unlink()


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
        writer = DenseWriter(path.with_name(f"{path.name}.rows"), vectors.shape[1])
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
