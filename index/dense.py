"""Unit vectors in, a FAISS index out; a question vector in, the nearest rows out. The only importer of faiss."""

import os
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from index.dense_kinds import MEMORY_MB, WANTED_RECALL, WIDTHS, Dense, Kind, kinds
from index.errors import SnapshotError, WriteError

_FLOAT_BYTES: Final = 4
_BLOCK_ROWS: Final = 65_536
_QUESTIONS: Final = 200
_NEAREST: Final = 10
_WIDTH_A_HIT: Final = 8
"""So many of the best by code are compared exactly for every row wanted, if that is more than the width (277,910 passages
of news: .99 of the fifty nearest are among the 400 best by code).
"""

_SCAN_SHARE: Final = 20
"""A search limited to more than one row in so many passes over all of them: faster than going from row to row."""

_MOST_IN_FILE: Final = 1000
"""FAISS opens no file that tells more than this; the manifest tells the width as it is."""

_MAPPED: Final = faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY
_Rows = NDArray[np.int64]
_Vectors = NDArray[np.float32]


class DenseWriter:
    """Takes vectors block by block, row i for passage i, into a plain file of float32, and makes an index of it.

    What was saved last survives a crash: a writer opened on the file again goes on after `rows` of it.
    """

    def __init__(self, path: Path, dimension: int, rows: int = 0) -> None:
        self._dimension = dimension
        self._file = path.open("r+b" if rows else "w+b")
        self._file.truncate(rows * dimension * _FLOAT_BYTES)
        self._file.seek(0, os.SEEK_END)

    def add(self, vectors: _Vectors) -> None:
        self._file.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())

    def save(self) -> None:
        """Make what has been written so far durable."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def abandon(self) -> None:
        """Leave the file as it is."""
        self._file.close()

    def close(self, path: Path, memory_mb: float = MEMORY_MB) -> Dense:
        """Write the index to `path`, of a kind whose searches read no more than `memory_mb`; the plain file stays."""
        rows = self._file.tell() // _FLOAT_BYTES // self._dimension
        flat: Any = faiss.IndexFlatIP(self._dimension)
        flat.codes.resize(rows * self._dimension * _FLOAT_BYTES)  # once, where adding would double it again and again
        flat.ntotal = rows
        self._file.seek(0)
        if rows:
            vectors = faiss.rev_swig_ptr(flat.get_xb(), rows * self._dimension).reshape(rows, self._dimension)
            self._file.readinto(vectors.data.cast("B"))
        self._file.close()
        tried: list[tuple[Dense, Any]] = []
        for kind in kinds(rows, self._dimension, memory_mb):
            tried.append((Dense(kind.name), flat) if kind.name == "Flat" else _coded(kind, flat, vectors))
            if tried[-1][0].recall_at_10 >= WANTED_RECALL:
                break
        written, index = max(tried, key=lambda one: one[0].recall_at_10)
        _write(index, path)
        return written


class DenseIndex:
    """Inner product over unit vectors (their cosine), one row a passage, memory-mapped from its file.

    Where the file has codes beside the vectors, the best by code are compared exactly; else all rows are. Rows `added`
    later stand in a second file and are numbered on; rows left out are never found.
    """

    def __init__(self, path: Path, added: Path | None = None, width: int = 0) -> None:
        """`width` is how many of the best by code of the first file are compared exactly; 0: what the file tells."""
        self._parts = [_Part(path, width), *([_Part(added)] if added else [])]
        self._starts = [0, *np.cumsum([part.rows for part in self._parts]).tolist()]
        self._empty: _Rows = np.empty(0, dtype=np.int64)

    @staticmethod
    def write(vectors: _Vectors, path: Path) -> None:
        """Store a few vectors (n, d), row i for passage i, to be searched exactly."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        _write(index, path)

    def leave_out(self, rows: _Rows) -> None:
        """Find these rows no more."""
        self._empty = rows
        gone = np.zeros(len(self), dtype=bool)
        gone[rows] = True
        for part, (first, end) in zip(self._parts, pairwise(self._starts), strict=True):
            part.leave_out(gone[first:end])

    def __len__(self) -> int:
        """How many rows there are, with those left out."""
        return int(self._starts[-1])

    @property
    def count(self) -> int:
        """How many rows can be found."""
        return len(self) - len(self._empty)

    @property
    def added(self) -> _Vectors:
        """The rows that were added later."""
        return self.vectors(self._starts[1], len(self))

    @property
    def dimension(self) -> int:
        return int(self._parts[0].flat.d)

    def vectors(self, start: int, stop: int) -> _Vectors:
        """Rows `start:stop` as they were added, shape (stop - start, d)."""
        found = [np.empty((0, self.dimension), dtype=np.float32)]
        for part, (first, end) in zip(self._parts, pairwise(self._starts), strict=True):
            left, right = max(start, first), min(stop, end)
            if left < right:
                found.append(part.flat.reconstruct_n(left - first, right - left))
        return np.concatenate(found)

    def search(self, question: _Vectors, top_k: int, rows: _Rows | None = None) -> tuple[_Rows, _Vectors]:
        """Rows and cosines of the nearest passages, nearest first. `rows` limits the search to those, each compared
        exactly.
        """
        faiss.omp_set_num_threads(1)  # of the thread that asks: a second one slows a single question down
        question = np.ascontiguousarray(question, dtype=np.float32).reshape(1, -1)
        all_rows, all_scores = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.float32)]
        for part, (first, end) in zip(self._parts, pairwise(self._starts), strict=True):
            wanted = min(top_k, end - first)
            if wanted < 1:
                continue
            within = None if rows is None else rows[(rows >= first) & (rows < end)] - first
            found, scores = part.search(question, wanted, within)
            all_rows.append(found + first)
            all_scores.append(scores)
        found, scores = np.concatenate(all_rows), np.concatenate(all_scores)
        best = np.lexsort((found, -scores))[: max(top_k, 0)]
        return found[best], scores[best]

    def cosines(self, question: _Vectors, rows: _Rows) -> _Vectors:
        """The question's cosine with each of these rows, compared exactly."""
        question = np.ascontiguousarray(question, dtype=np.float32).reshape(1, -1)
        if len(self._parts) == 1:
            return _cosines(self._parts[0].flat, question, rows)
        found = np.empty(len(rows), dtype=np.float32)
        for part, (first, end) in zip(self._parts, pairwise(self._starts), strict=True):
            within = (rows >= first) & (rows < end)
            found[within] = _cosines(part.flat, question, rows[within] - first)
        return found


class _Part:
    """The vectors of one file."""

    def __init__(self, path: Path, width: int = 0) -> None:
        self._index: Any = _read(path)  # owns the two below
        coded = isinstance(self._index, faiss.IndexRefine)
        self.flat: Any = faiss.downcast_index(self._index.refine_index) if coded else self._index
        self._codes = faiss.downcast_index(self._index.base_index) if coded else None
        self._width = (width or round(self._index.k_factor)) if coded else 0
        self._gone: NDArray[np.bool_] | None = None
        self._limit: faiss.SearchParameters | None = None

    @property
    def rows(self) -> int:
        return int(self._index.ntotal)

    def leave_out(self, gone: NDArray[np.bool_]) -> None:
        self._gone, self._limit = (gone, _where(~gone)) if gone.any() else (None, None)

    def search(self, question: _Vectors, top_k: int, within: _Rows | None) -> tuple[_Rows, _Vectors]:
        """The nearest rows that are not left out, or those of `within`, in any order, and their cosines."""
        if within is not None and len(within) * _SCAN_SHARE < self.rows:
            found = np.unique(within)
            return found, _cosines(self.flat, question, found)
        if within is not None:
            inside = np.zeros(self.rows, dtype=bool)
            inside[within] = True
            return self._exactly(question, top_k, _where(inside))
        width = max(self._width, _WIDTH_A_HIT * top_k)
        if self._codes is not None and width < self.rows:
            rows = _by_code(self._codes, question, width)
            left = rows if self._gone is None else rows[~self._gone[rows]]
            if 2 * len(left) >= width:  # else too many of the best are gone
                return left, _cosines(self.flat, question, left)
        return self._exactly(question, top_k, self._limit)

    def _exactly(self, question: _Vectors, top_k: int, limit: faiss.SearchParameters | None) -> tuple[_Rows, _Vectors]:
        scores, found = self.flat.search(question, top_k, params=limit)
        real = found[0] >= 0  # FAISS pads with -1 when fewer rows are left
        return found[0][real], scores[0][real]


def _coded(kind: Kind, flat: Any, vectors: _Vectors) -> tuple[Dense, Any]:
    """Codes of the vectors with the vectors for exact comparison, and how much of what is nearest they find."""
    codes: Any = faiss.index_factory(flat.d, kind.name, faiss.METRIC_INNER_PRODUCT)
    codes.train(vectors[:: -(-len(vectors) // _BLOCK_ROWS)])
    for start in range(0, len(vectors), _BLOCK_ROWS):
        codes.add(vectors[start : start + _BLOCK_ROWS])
    index: Any = faiss.IndexRefine(codes, flat)
    asked = vectors[np.linspace(0, len(vectors) - 1, _QUESTIONS, dtype=np.int64)]
    nearest = flat.search(asked, _NEAREST + 1)[0]  # each finds itself as well
    for width in (width for width in WIDTHS if width <= len(vectors)):
        found = 0
        for question, cosines in zip(asked[:, np.newaxis], nearest, strict=True):
            reached = _cosines(flat, question, _by_code(codes, question, width)) >= cosines[-1] - 1e-6
            found += min(int(reached.sum()), _NEAREST + 1) - 1
        written = Dense(kind.name, width, round(found / _NEAREST / len(asked), 4), len(asked))
        if written.recall_at_10 >= WANTED_RECALL:
            break
    index.k_factor = min(written.width, _MOST_IN_FILE)
    return written, index


def _by_code(codes: Any, question: _Vectors, width: int) -> _Rows:
    found: _Rows = codes.search(question, width)[1][0]
    return found[found >= 0]


def _cosines(flat: Any, question: _Vectors, rows: _Rows) -> _Vectors:
    """The question's inner product with each of these rows, read where they are and computed as exact search does."""
    cosines = np.empty(len(rows), dtype=np.float32)
    if len(rows):
        rows = np.ascontiguousarray(rows, dtype=np.int64)
        asked, found, labels = faiss.swig_ptr(question), faiss.swig_ptr(cosines), faiss.swig_ptr(rows)
        flat.compute_distance_subset(1, asked, len(rows), found, labels)
    return cosines


def _where(inside: NDArray[np.bool_]) -> faiss.SearchParameters:
    """What limits a search to the rows that are inside; a bit for each, as a set of many rows takes long to make."""
    bits = faiss.IDSelectorBitmap(np.packbits(inside, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=bits)  # type: ignore[call-arg]


def _write(index: Any, path: Path) -> None:
    """FAISS does not tell when the end of a file finds no room, so the file is opened again."""
    try:
        faiss.write_index(index, str(path))
        whole = _Part(path).rows == index.ntotal
    except (RuntimeError, SnapshotError) as error:
        raise WriteError(path, str(error)) from error
    if not whole:
        raise WriteError(path, "the file is not what was written")


def _read(path: Path) -> Any:
    try:
        return faiss.read_index(str(path), _MAPPED)
    except (RuntimeError, MemoryError) as error:
        raise SnapshotError(f"{path}: the vectors cannot be read ({error}); run `wence build` again") from error
