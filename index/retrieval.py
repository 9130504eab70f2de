"""A question in, hits out: both channels, one fused score, best first. Knows no answers."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from index.passage import Passage
from index.snapshot import Snapshot
from index.store import Filters
from index.terms import Terms, terms

CANDIDATES: Final = 50
"""How many passages each channel offers to the fusion."""

DENSE_WEIGHT: Final = 0.4
"""Share of the dense channel in the fused score. Chosen on the two sets of `python -m eval.encoder` that its card reports,
where .3 to .5 are nearly alike.
"""

NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved passage. Each score is of its own scale, and higher is better on all of them."""

    row: int
    passage: Passage
    scores: dict[str, float]


class Retriever:
    """Searches one snapshot version. Raises SnapshotError when the encoder is not the one the vectors were made with."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        snapshot.require(encoder.info)
        self.snapshot = snapshot
        self._encoder = encoder

    def search(self, question: str, top_k: int = 10, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The `top_k` best passages for a question; fewer when fewer have anything in common with it."""
        if top_k < 1:
            return []
        question = question.encode(errors="replace").decode()  # no engine takes half a surrogate pair
        articles: list[str] | None = None
        rows: NDArray[np.int64] | None = None
        if filters:
            within = self.snapshot.store.matching(filters)
            articles = [article_id for article_id, _, _ in within]
            rows = np.array([row for _, first, end in within for row in range(first, end)], dtype=np.int64)
            if not articles:
                return []
        depth = max(CANDIDATES, top_k)
        asked = _without_question_words(terms(question))
        lexical = self.snapshot.lexical.search(asked, depth, articles)
        dense = self.snapshot.dense.search(self._encoder.encode_question(question), depth, rows)
        best = sorted(_fuse(lexical, dense).items(), key=lambda item: (-item[1]["fused"], item[0]))[:top_k]
        passages = self.snapshot.store.passages(row for row, _ in best)
        return [Hit(row, passage, scores) for (row, scores), passage in zip(best, passages, strict=True)]


_QUESTION_WORDS = frozenset("多少 什么 哪些 哪个 哪年 如何 怎么 怎样 为什么 是否 几个 分别 各是 请问 吗 呢".split())


def _without_question_words(found: Terms) -> Terms:
    return Terms(*([term for term in kind if term not in _QUESTION_WORDS] for kind in found))


def _fuse(
    lexical: tuple[NDArray[np.int64], NDArray[np.float32]], dense: tuple[NDArray[np.int64], NDArray[np.float32]]
) -> dict[int, dict[str, float]]:
    """Weighted sum of BM25 (as a share of the best) and cosine; a channel that did not offer a passage adds nothing.

    A passage with no term of the question and no positive cosine has nothing in common with it and is left out.
    A weighted sum of scores, since fusion by rank at equal weights lost against BM25 alone where one channel is weaker.
    """
    scores: dict[int, dict[str, float]] = {}
    for channel, (rows, values) in (("lexical", lexical), ("dense", dense)):
        for row, value in zip(rows.tolist(), values.tolist(), strict=True):
            scores.setdefault(row, {})[channel] = round(value, 6)
    top = max((found["lexical"] for found in scores.values() if "lexical" in found), default=0.0) or 1.0
    for found in scores.values():
        share = found.get("lexical", 0.0) / top
        found["fused"] = round((1 - DENSE_WEIGHT) * share + DENSE_WEIGHT * found.get("dense", 0.0), 6)
    return {row: found for row, found in scores.items() if "lexical" in found or found["dense"] > 0}
