"""Words in, how alike they are in use out, 0..1, by the built-in encoder's table of vectors. Knows no sentences."""

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings import BUILT_IN, StaticEncoder, models_folder


class Likeness:
    """Remembers of which tokens the words are that it has seen: their vectors would take ten times the memory."""

    def __init__(self) -> None:
        """Raises EncoderError where the built-in encoder is missing."""
        self._encoder = StaticEncoder(models_folder() / BUILT_IN)
        self._tokens = lru_cache(maxsize=1 << 15)(self._cut)

    def _cut(self, word: str) -> tuple[int, ...]:
        return tuple(self._encoder.ids(word))

    def _vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.means([self._tokens(word) for word in words])

    def best(self, words: Sequence[str], others: Sequence[str]) -> list[float]:
        """For each word the cosine with the most alike of the others, at least 0."""
        if not words or not others:
            return [0.0] * len(words)
        nearest = (self._vectors(words) @ self._vectors(others).T).max(axis=1)
        return [max(0.0, float(value)) for value in nearest]


@cache
def shared_likeness() -> Likeness:
    """One for all who ask, so that the tokens of a word are found once."""
    return Likeness()
