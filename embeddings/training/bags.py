"""Many texts' token ids in one flat array; batches of them for an EmbeddingBag out. Knows no texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids` of all rows one after another; row i begins at `starts[i]`; `rows` says which row each id is of."""

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int64]

    def keep(self, mask: NDArray[np.bool_]) -> Batch:
        """The same rows with only the ids where `mask` holds; a row may become empty."""
        ids, rows = self.ids[mask], self.rows[mask]
        counts = np.bincount(rows, minlength=len(self.starts))
        return Batch(ids, np.concatenate(([0], np.cumsum(counts)[:-1])), rows)


@dataclass(frozen=True, slots=True)
class Bags:
    """Text i has `ids[offsets[i]:offsets[i + 1]]`."""

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]

    def take(self, which: NDArray[np.int64]) -> Batch:
        """The texts numbered `which`, in that order."""
        first, lengths = self.offsets[which], self.offsets[which + 1] - self.offsets[which]
        rows = np.repeat(np.arange(len(which)), lengths)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        return Batch(self.ids[np.arange(len(rows)) - starts[rows] + first[rows]].astype(np.int64), starts, rows)


def tokenize(tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
    """Token ids of every text, without special tokens."""
    parts: list[NDArray[np.int32]] = []
    lengths = np.zeros(len(texts) + 1, dtype=np.int64)
    for at in range(0, len(texts), _CHUNK):
        found = [e.ids for e in tokenizer.encode_batch(texts[at : at + _CHUNK], add_special_tokens=False)]
        lengths[at + 1 : at + 1 + len(found)] = [len(ids) for ids in found]
        parts.extend(np.asarray(ids, dtype=np.int32) for ids in found)
    ids = np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)
    return Bags(ids, np.cumsum(lengths))


def shared(batch: Batch, others: Batch, *, size: int) -> NDArray[np.bool_]:
    """Which ids of `batch` also stand in the same row of `others`; `size` is the number of token ids."""
    return np.isin(batch.rows * size + batch.ids, others.rows * size + others.ids)
