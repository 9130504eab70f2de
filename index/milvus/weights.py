"""Terms in, sparse vectors out whose inner product is the BM25 score of the snapshot's own lexical index. Knows no Milvus.

A passage carries how much each of its terms says about it, a question how rare each of its terms is. The rarity is taken
from the snapshot when the question is put, so that passages need not be weighed anew when others come or go.
Method: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

import math
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Final
from zlib import crc32

from index.passage import Passage
from index.snapshot import Snapshot
from index.terms import Terms, terms

K1: Final = 1.2
B: Final = 0.75
"""The engine of the lexical index uses these."""

SAMPLE_ARTICLES: Final = 5000
_EXACT_LENGTHS: Final = 24
_NO_TERM: Final = 0
_DIMENSIONS: Final = 2**32 - 2

Sparse = dict[int, float]


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many words and bigrams a passage has on average; frozen with the first load."""

    words: float
    bigrams: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Lengths":
        """Of all passages, or of those of about `SAMPLE_ARTICLES` articles at equal distances."""
        store, words, bigrams, passages = snapshot.store, 0, 0, 0
        step = max(1, store.article_count // SAMPLE_ARTICLES)
        for article in islice(store.articles(), 0, None, step):
            for passage in store.passages(range(*store.rows_of(article.id))):
                found = terms(passage.indexed_text)
                words, bigrams, passages = words + len(found.words), bigrams + len(found.bigrams), passages + 1
        return cls(words / max(1, passages), bigrams / max(1, passages))


def passage_weights(passage: Passage, lengths: Lengths) -> Sparse:
    """The weights of a passage's terms; one that has no terms gets a weight that no question asks for."""
    found = terms(passage.indexed_text)
    weights: Sparse = {}
    for kind, own, average in (("words", found.words, lengths.words), ("bigrams", found.bigrams, lengths.bigrams)):
        norm = K1 * (1 - B + B * _engine_length(len(own)) / (average or 1.0))
        for term, count in Counter(own).items():
            _add(weights, kind, term, count / (count + norm))
    return weights or {_NO_TERM: 1.0}


def question_weights(question: Terms, snapshot: Snapshot) -> Sparse:
    """The weights of a question's terms, those left out that no passage has."""
    weights: Sparse = {}
    total = snapshot.store.passage_count
    for kind, own in zip(Terms._fields, question, strict=True):
        for term, count in Counter(own).items():
            if known := snapshot.lexical.document_frequency(kind, term):
                rarity = math.log1p(max(0.0, total - known + 0.5) / (known + 0.5))
                _add(weights, kind, term, count * (K1 + 1) * rarity)
    return weights


def _add(weights: Sparse, kind: str, term: str, weight: float) -> None:
    dimension = 1 + crc32(f"{kind}\x1f{term}".encode()) % _DIMENSIONS
    weights[dimension] = weights.get(dimension, 0.0) + weight


def _engine_length(length: int) -> int:
    """A length as the lexical index remembers it, in one byte: above `_EXACT_LENGTHS`, the first four binary digits."""
    dropped = max(0, (length - _EXACT_LENGTHS).bit_length() - 4)
    return length if length < _EXACT_LENGTHS else _EXACT_LENGTHS + ((length - _EXACT_LENGTHS) >> dropped << dropped)
