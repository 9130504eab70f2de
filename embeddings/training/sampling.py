"""Documents in, numbered (question, passage) pairs and batches of them out. Knows no model and no loss.

A batch holds at most one pair of a document, so that no passage stands against another of its own article by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.training.bags import Bags, tokenize
from embeddings.training.negatives import Negatives, mine
from embeddings.training.pairs import Document, make_pairs

_NEGATIVES = 10


@dataclass(frozen=True, slots=True)
class PairTable:
    """Row i: question i, its passage, and what BM25 finds for it; documents' passages are numbered without a gap.

    `asked[j]` says of document j whether people asked its questions.
    """

    questions: Bags
    passages: Bags
    negatives: Negatives
    answer: NDArray[np.int64]
    first_pair: NDArray[np.int64]
    first_passage: NDArray[np.int64]
    asked: NDArray[np.bool_]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name, as `from_arrays` takes them."""
        parts: dict[str, NDArray[Any]] = {}
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                parts[name] = value
            else:
                parts |= {f"{name}.{inner.name}": getattr(value, inner.name) for inner in fields(value)}
        return parts

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> PairTable:
        """The table whose `to_arrays` these are."""
        return cls(
            questions=Bags(arrays["questions.ids"], arrays["questions.offsets"]),
            passages=Bags(arrays["passages.ids"], arrays["passages.offsets"]),
            negatives=Negatives(*(arrays[f"negatives.{field.name}"] for field in fields(Negatives))),
            answer=arrays["answer"],
            first_pair=arrays["first_pair"],
            first_passage=arrays["first_passage"],
            asked=arrays["asked"],
        )


def number_pairs(
    documents: Sequence[Document], tokenizer: Tokenizer, rng: Random, say: Callable[[str], None] = lambda _: None
) -> PairTable:
    """Makes the pairs of every document, in random order of documents, tokenizes both sides, mines hard negatives."""
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
    say(f"{len(questions):,} pairs of {len(asked):,} documents, {len(passages):,} passages; hard negatives …")
    sides = tokenize(tokenizer, questions), tokenize(tokenizer, passages)
    right = np.asarray(answer, dtype=np.int64)
    negatives = mine(*sides, right, size=tokenizer.get_vocab_size(), count=_NEGATIVES, say=say)
    return PairTable(
        *sides, negatives, right, np.asarray(first_pair), np.asarray(first_passage), np.asarray(asked, dtype=np.bool_)
    )


@dataclass(frozen=True, slots=True)
class Draw:
    """A batch, each array (n,): pairs; another passage of the same article; one that BM25 found, and its share."""

    pairs: NDArray[np.int64]
    other: NDArray[np.int64]
    found: NDArray[np.int64]
    found_share: NDArray[np.float32]


class Sampler:
    """Draws batches with at most one pair of a document, `asked_share` of them questions that people asked."""

    def __init__(self, pairs: PairTable, *, batch_size: int, asked_share: float) -> None:
        self._pairs, self._size, self._asked_share = pairs, batch_size, asked_share
        self._asked = np.flatnonzero(pairs.asked)
        self._told = np.flatnonzero(~pairs.asked)

    def draw(self, rng: np.random.Generator) -> Draw:
        """The next batch; smaller where there are not enough documents."""
        pairs = self._pairs
        asked = min(int(self._size * self._asked_share), len(self._asked))
        told = min(self._size - asked, len(self._told))
        documents = np.concatenate(
            (rng.choice(self._told, told, replace=False), rng.choice(self._asked, asked, replace=False))
        )
        chosen = rng.integers(pairs.first_pair[documents], pairs.first_pair[documents + 1])
        other = rng.integers(pairs.first_passage[documents], pairs.first_passage[documents + 1])
        rank = rng.integers(0, pairs.negatives.rows.shape[1], len(chosen))
        found = pairs.negatives.rows[chosen, rank].astype(np.int64)
        share = np.where(found < 0, 0, pairs.negatives.share[chosen, rank]).astype(np.float32)
        return Draw(chosen, other, np.where(found < 0, other, found), share)
