"""An encoder for tests: text in, unit vectors out, made by hashing character pairs; it needs no model and never changes."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings import EncoderInfo


class HashEncoder:
    """Adds up a signed unit for every character and pair of characters. `seen` lists the passages it was asked for."""

    def __init__(self, dimension: int = 64, revision: str = "1") -> None:
        self._info = EncoderInfo("hash", revision, dimension)
        self.seen: list[str] = []

    @property
    def info(self) -> EncoderInfo:
        return self._info

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        return np.array([self.encode_question(text) for text in texts], np.float32).reshape(-1, self._info.dimension)

    def encode_question(self, text: str) -> NDArray[np.float32]:
        row = np.zeros(self._info.dimension, np.float32)
        plain = "".join(text.split())
        for piece in (*plain, *map("".join, pairwise(plain))):
            digest = hashlib.blake2b(piece.encode(), digest_size=8).digest()
            row[int.from_bytes(digest[:4], "big") % len(row)] += 1 if digest[4] & 1 else -1
        length = float(np.linalg.norm(row))
        return row / length if length else row
