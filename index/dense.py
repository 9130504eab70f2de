"""Unit vectors in, a FAISS index out; a question vector in, the nearest rows out. The only importer of faiss."""

import os
from itertools import pairwise
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
        """Write the index to `path`; the plain file stays."""
        index = faiss.IndexFlatIP(self._dimension)
        self._file.seek(0)
        while block := self._file.read(_BLOCK_ROWS * self._dimension * _FLOAT_BYTES):
            index.add(np.frombuffer(block, dtype=np.float32).reshape(-1, self._dimension))
        self._file.close()
        faiss.write_index(index, str(path))


class DenseIndex:
    """Exact inner product over unit vectors (their cosine), one row a passage, memory-mapped from its file.

    Rows `added` later stand in a second file and are numbered on; rows left out are never found.
    """

    def __init__(self, path: Path, added: Path | None = None) -> None:
        self._parts = [_read(part) for part in (path, added) if part]
        self._starts = [0, *np.cumsum([part.ntotal for part in self._parts]).tolist()]
        self._empty: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._limits: list[faiss.SearchParameters | None] = [None] * len(self._parts)

    @staticmethod
    def write(vectors: NDArray[np.float32], path: Path) -> None:
        """Store vectors (n, d), row i for passage i."""
        plain = path.with_name(f"{path.name}.rows")
        writer = DenseWriter(plain, vectors.shape[1])
        writer.add(vectors)
        writer.close(path)
        plain.unlink()

    def leave_out(self, rows: NDArray[np.int64]) -> None:
        """Find these rows no more."""
        self._empty = rows
        self._limits = self._all_but(rows) if len(rows) else [None] * len(self._parts)

    def __len__(self) -> int:
        """How many rows there are, with those left out."""
        return int(self._starts[-1])

    @property
    def count(self) -> int:
        """How many rows can be found."""
        return len(self) - len(self._empty)

    @property
    def added(self) -> NDArray[np.float32]:
        """The rows that were added later."""
        return self.vectors(self._starts[1], len(self))

    @property
    def dimension(self) -> int:
        return int(self._parts[0].d)

    def vectors(self, start: int, stop: int) -> NDArray[np.float32]:
        """Rows `start:stop` as they were added, shape (stop - start, d)."""
        found = [np.empty((0, self.dimension), dtype=np.float32)]
        for part, (first, end) in zip(self._parts, pairwise(self._starts), strict=True):
            left, right = max(start, first), min(stop, end)
            if left < right:
                found.append(part.reconstruct_n(left - first, right - left))
        return np.concatenate(found)

    def search(
        self, question: NDArray[np.float32], top_k: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and cosines of the nearest passages, nearest first; `rows` limits the search to those."""
        limits = self._limits if rows is None else self._only(rows)
        all_rows, all_scores = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.float32)]
        for part, (first, end), limit in zip(self._parts, pairwise(self._starts), limits, strict=True):
            if first == end or top_k < 1:
                continue
            scores, found = part.search(question.reshape(1, -1), min(top_k, end - first), params=limit)
            real = found[0] >= 0  # FAISS pads with -1 when fewer rows are left
            all_rows.append(found[0][real] + first)
            all_scores.append(scores[0][real])
        best = np.argsort(-(scores := np.concatenate(all_scores)), kind="stable")[: max(top_k, 0)]
        return np.concatenate(all_rows)[best], scores[best]

    def _only(self, rows: NDArray[np.int64]) -> list[faiss.SearchParameters | None]:
        """What limits the search of each part to these rows."""
        inside = np.zeros(len(self), dtype=bool)
        inside[rows] = True
        return [_where(inside[first:end]) for first, end in pairwise(self._starts)]

    def _all_but(self, rows: NDArray[np.int64]) -> list[faiss.SearchParameters | None]:
        inside = np.ones(len(self), dtype=bool)
        inside[rows] = False
        return [_where(inside[first:end]) for first, end in pairwise(self._starts)]


def _where(inside: NDArray[np.bool_]) -> faiss.SearchParameters | None:
    """What limits a search to the rows that are inside; a bit for each, as a set of many rows takes long to make."""
    if inside.all():
        return None
    bits = faiss.IDSelectorBitmap(np.packbits(inside, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=bits)  # type: ignore[call-arg]


def _read(path: Path) -> faiss.Index:
    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    except RuntimeError as error:
        raise SnapshotError(f"{path}: the vectors cannot be read ({error}); run `wence build` again") from error
