"""Words in, how alike they are in use out, 0..1, by the built-in encoder's table of vectors. Knows no sentences."""

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, load_encoder


class Likeness:
    """Remembers the vectors of the words that it has seen."""

    def __init__(self) -> None:
        """Raises EncoderError where the built-in encoder is missing."""
        self._encoder: Encoder = load_encoder()
        self._vector = lru_cache(maxsize=50_000)(self._encode)

    def _encode(self, word: str) -> NDArray[np.float32]:
        return np.asarray(self._encoder.encode_passages([word])[0], dtype=np.float32)

    def best(self, words: Sequence[str], others: Sequence[str]) -> list[float]:
        """For each word the cosine with the most alike of the others, at least 0."""
        if not words or not others:
            return [0.0] * len(words)
        own = np.stack([self._vector(word) for word in words])
        rest = np.stack([self._vector(word) for word in others])
        return [max(0.0, float(value)) for value in (own @ rest.T).max(axis=1)]


@cache
def shared_likeness() -> Likeness:
    """One for all who ask, so that the vectors of a word are made once."""
    return Likeness()
