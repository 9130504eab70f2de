"""Documents in, numbered (question, passage) pairs and batches of them out. Knows no model and no loss.

A batch holds at most one pair of a document, so that no passage stands against another of its own article by accident.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.training.bags import Bags, tokenize
from embeddings.training.pairs import Document, make_pairs

_NEIGHBOURS = 128


@dataclass(frozen=True, slots=True)
class PairTable:
    """Row i: question i, its passage, and its document; documents' passages are numbered without a gap."""

    questions: Bags
    passages: Bags
    answer: NDArray[np.int64]
    first_pair: NDArray[np.int64]
    first_passage: NDArray[np.int64]
    asked: NDArray[np.bool_]


def number_pairs(documents: Sequence[Document], tokenizer: Tokenizer, rng: Random) -> PairTable:
    """Makes the pairs of every document, in random order of documents, and tokenizes both sides."""
    questions: list[str] = []
    answer: list[int] = []
    first_pair, first_passage, passages = [0], [0], list[str]()
    asked: list[bool] = []
    for document in rng.sample(documents, len(documents)):
        made = make_pairs(document, rng)
        if not made:
            continue
        questions.extend(pair.question for pair in made)
        answer.extend(len(passages) + pair.passage for pair in made)
        passages.extend(document.passages)
        first_pair.append(len(questions))
        first_passage.append(len(passages))
        asked.append(bool(document.asked))
    return PairTable(
        tokenize(tokenizer, questions),
        tokenize(tokenizer, passages),
        np.asarray(answer),
        np.asarray(first_pair),
        np.asarray(first_passage),
        np.asarray(asked),
    )


class Sampler:
    """Draws batches of (pair, other passage of the same article): at most one pair of a document in a batch."""

    def __init__(self, pairs: PairTable, *, seed: int, batch_size: int, asked_share: float, near_share: float) -> None:
        """`asked_share` of a batch are questions people asked; `near_share` of the batches are neighbourhoods."""
        self._pairs, self._size = pairs, batch_size
        self._asked_share, self._near_share = asked_share, near_share
        self._rng = np.random.default_rng(seed)
        self._asked = np.flatnonzero(pairs.asked)
        self._told = np.flatnonzero(~pairs.asked)

    def draw(self, vectors: NDArray[np.float32] | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pair numbers and passage numbers, each (n,). With `vectors` of all documents, from neighbourhoods of them."""
        pairs, rng, size = self._pairs, self._rng, self._size
        asked = min(int(size * self._asked_share), len(self._asked))
        if vectors is None or rng.random() > self._near_share:
            told = rng.choice(self._told, min(size - asked, len(self._told)), replace=False)
        else:
            told = self._near(vectors, size - asked)
        documents = np.concatenate((told, rng.choice(self._asked, asked, replace=False)))
        first, last = pairs.first_pair[documents], pairs.first_pair[documents + 1]
        chosen = rng.integers(first, last)
        first, last = pairs.first_passage[documents], pairs.first_passage[documents + 1]
        return chosen, rng.integers(first, last)

    def _near(self, vectors: NDArray[np.float32], size: int) -> NDArray[np.int64]:
        seeds = self._rng.choice(self._told, max(1, size // _NEIGHBOURS), replace=False)
        scores = vectors[seeds] @ vectors[self._told].T
        count = min(_NEIGHBOURS, len(self._told) - 1)
        nearest = np.argpartition(-scores, count, axis=1)[:, :count]
        return np.asarray(self._told[np.unique(nearest)])
