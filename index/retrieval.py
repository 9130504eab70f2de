"""A question in, hits out: both channels, one fused score, best first. Knows no answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from index.asking.reading import Reader, Reading
from index.folding import folded
from index.passage import Passage
from index.snapshot import Snapshot
from index.store import Filters
from index.terms import Terms, terms

CANDIDATES: Final = 50
"""How many passages each channel offers to the fusion."""

DENSE_WEIGHT: Final = 0.4
"""Share of the dense channel in the fused score. With a table trained without a fifth of the CMRC and DRCD training
contexts, on their questions and on self-made ones of unseen articles, .3 to .5 were nearly alike: 0.4, which stood before, was kept.
"""

NO_FILTERS: Final = Filters()
_SPARE: Final = 2
"""Passages are fused for so many times the hits wanted, as some may repeat others."""

_DIGITS: Final = 6
_STEP: Final = 10**-_DIGITS
_NOTHING: Final = _STEP / 2
"""Scores are rounded, so that a cosine that is not over this is none."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved passage. Each score is of its own scale, and higher is better on all of them."""

    row: int
    passage: Passage
    scores: dict[str, float]
    duplicates: tuple[Passage, ...] = ()
    """Passages of other articles that say the same again, and are no hits of their own."""


class Channels(Protocol):
    """What searches the passages of one snapshot version by both channels: its own files, or `index.milvus`."""

    def offer(
        self, question: Terms, vector: NDArray[np.float32], depth: int, filters: Filters
    ) -> tuple[dict[int, float], dict[int, float]]:
        """BM25 by row of the `depth` best passages within the filters, and cosine by row of the `depth` nearest and of
        all that are in the former.
        """
        ...


class Retriever:
    """Searches one snapshot version. Raises SnapshotError when the encoder is not the one the vectors were made with."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, channels: Channels | None = None) -> None:
        """`channels` search instead of the snapshot's own files."""
        snapshot.require(encoder.info)
        self.snapshot = snapshot
        self._reader = Reader(snapshot)
        self.read = self._reader.read
        self._encoder = encoder
        self._channels = channels or OwnChannels(snapshot)

    def search(self, question: str, top_k: int = 10, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The `top_k` best passages for a question; fewer when fewer have anything in common with it."""
        return self.find(self.read(question), top_k, filters)

    def search_as_it_stands(self, text: str, top_k: int = 10, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The same for a text that is the collection's own, or was read before: nothing in it is taken for misspelt."""
        return self.find(self._reader.as_it_stands(text), top_k, filters)

    def find(self, reading: Reading, top_k: int, filters: Filters) -> list[Hit]:
        """The same for a question that was read."""
        if top_k < 1:
            return []
        depth, vector = max(CANDIDATES, top_k), self._encoder.encode_question(reading.searched)
        best = _fuse(*self._channels.offer(search_terms(reading.searched), vector, depth, filters), _SPARE * top_k)
        return self._hits(best, top_k)

    def _hits(self, best: Sequence[tuple[int, dict[str, float]]], top_k: int) -> list[Hit]:
        """The first `top_k` passages that say something of their own, with those that repeat them."""
        passages: list[Passage] = []
        stay: dict[int, list[int]] = {}
        while (missing := top_k - len(stay)) and len(passages) < len(best):
            more = best[len(passages) : len(passages) + missing]
            passages += self.snapshot.store.passages(row for row, _ in more)
            stay = folded(passages, [scores["dense"] for _, scores in best[: len(passages)]])
        return [
            Hit(best[first][0], passages[first], best[first][1], tuple(passages[other] for other in others))
            for first, others in stay.items()
        ]


class OwnChannels:
    """Searches a snapshot version in its own files."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def offer(
        self, question: Terms, vector: NDArray[np.float32], depth: int, filters: Filters
    ) -> tuple[dict[int, float], dict[int, float]]:
        """As `Channels` says."""
        articles: list[str] | None = None
        rows: NDArray[np.int64] | None = None
        if filters:
            within = self._snapshot.store.matching(filters)
            articles = [article_id for article_id, _, _ in within]
            rows = np.array([row for _, first, end in within for row in range(first, end)], dtype=np.int64)
            if not articles:
                return {}, {}
        scored = _by_row(self._snapshot.lexical.search(question, depth, articles))
        cosines = _by_row(self._snapshot.dense.search(vector, depth, rows))
        others = np.array([row for row in scored if row not in cosines], dtype=np.int64)
        return scored, cosines | _by_row((others, self._snapshot.dense.cosines(vector, others)))


_QUESTION_WORDS = frozenset("多少 什么 哪些 哪个 哪年 如何 怎么 怎样 为什么 是否 几个 分别 各是 请问 吗 呢".split())


def search_terms(question: str) -> Terms:
    """The terms of a question that the lexical channel searches: those that ask and name nothing are left out."""
    return Terms(*([term for term in kind if term not in _QUESTION_WORDS] for kind in terms(question)))


def _by_row(found: tuple[NDArray[np.int64], NDArray[np.float32]]) -> dict[int, float]:
    return dict(zip(found[0].tolist(), found[1].tolist(), strict=True))


def _fuse(lexical: dict[int, float], cosines: dict[int, float], top_k: int) -> list[tuple[int, dict[str, float]]]:
    """The best rows with their scores: weighted sum of BM25 (as a share of the best, 0 where it did not offer the passage)
    and cosine. At equal scores the first row goes first.

    A passage with no term of the question and no positive cosine has nothing in common with it and is left out.
    A weighted sum of scores, since fusion by rank at equal weights lost against BM25 alone where one channel is weaker.
    The cosine counts for every passage that either channel offers: where it counted only for those that the dense channel
    offered, recall@1 of held-out questions was 1.6 to 5.5 points lower (`models/wence-static/README.md`).
    """
    top = max(lexical.values(), default=0.0) or 1.0
    rough = {row: DENSE_WEIGHT * cosine for row, cosine in cosines.items() if cosine > _NOTHING}
    for row, score in lexical.items():
        rough[row] = DENSE_WEIGHT * cosines.get(row, 0.0) + (1 - DENSE_WEIGHT) * score / top
    ordered = sorted(rough.values(), reverse=True)
    least = ordered[top_k - 1] - 2 * _STEP if top_k <= len(ordered) else -1.0
    found: list[tuple[int, dict[str, float]]] = []
    for row in sorted(row for row, score in rough.items() if score >= least):  # only those are worth rounding
        share, cosine = lexical.get(row, 0.0) / top, round(cosines.get(row, 0.0), _DIGITS)
        own = {"lexical": round(lexical[row], _DIGITS)} if row in lexical else {}
        fused = round((1 - DENSE_WEIGHT) * share + DENSE_WEIGHT * cosine, _DIGITS)
        found.append((row, {**own, "dense": cosine, "fused": fused}))
    return sorted(found, key=lambda item: -item[1]["fused"])[:top_k]
