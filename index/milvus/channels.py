"""A question's terms and vector in, what both channels find in Milvus out, filters pushed down, by row of the snapshot."""

import json
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from index.errors import UnknownArticleError
from index.milvus.collection import MilvusCollection
from index.milvus.weights import question_weights
from index.snapshot import Snapshot
from index.store import Filters
from index.terms import Terms


class MilvusChannels:
    """Searches the passages of one snapshot version in Milvus. Passages that the version does not have are left out: while
    another version is being loaded, or was, an answer lacks what is new but is never mixed.
    """

    def __init__(self, snapshot: Snapshot, collection: MilvusCollection) -> None:
        """Raises MilvusError when Milvus is away or has nothing of this snapshot."""
        collection.require(snapshot)
        collection.open()
        self._snapshot, self._collection = snapshot, collection

    def offer(
        self, question: Terms, vector: NDArray[np.float32], depth: int, filters: Filters
    ) -> tuple[dict[int, float], dict[int, float]]:
        """As `index.retrieval.Channels` says. Raises MilvusError."""
        where, weights = expression(filters), question_weights(question, self._snapshot)
        scored = self._collection.nearest("sparse", weights, depth, where) if weights else []
        near = self._collection.nearest("dense", vector, depth, where)
        rows = self._rows((key, article_id, number) for key, article_id, number, _ in (*scored, *near))
        lexical = {rows[key]: score for key, _, _, score in scored if key in rows}
        cosines = {rows[key]: score for key, _, _, score in near if key in rows}
        others = [key for key, *_ in scored if key in rows and rows[key] not in cosines]
        for key, other in self._collection.vectors(others).items():
            cosines[rows[key]] = float(np.asarray(other, dtype=np.float32) @ vector)
        return lexical, cosines

    def _rows(self, found: Iterable[tuple[str, str, int]]) -> dict[str, int]:
        """Passage id → its row in the snapshot, where it has one."""
        spans: dict[str, tuple[int, int]] = {}
        rows: dict[str, int] = {}
        for key, article_id, number in found:
            if article_id not in spans:
                try:
                    spans[article_id] = self._snapshot.store.rows_of(article_id)
                except UnknownArticleError:
                    spans[article_id] = (0, 0)
            first, end = spans[article_id]
            if first + number < end:
                rows[key] = first + number
        return rows


def expression(filters: Filters) -> str:
    """The filters as Milvus takes them."""
    parts = [
        f"{field} in {listed(allowed)}"
        for field, allowed in (
            ("article_id", filters.articles),
            ("column", filters.columns),
            ("issue", filters.issues),
        )
        if allowed
    ]
    if filters.authors:
        parts.append(f"array_contains_any(authors, {listed(filters.authors)})")
    if filters.date_from:
        parts.append(f"date >= {_quoted(filters.date_from)}")
    if filters.date_to:
        parts.append(f'date != "" and date <= {_quoted(filters.date_to)}')
    return " and ".join(parts)


def listed(names: Iterable[str]) -> str:
    """Names as an expression lists them."""
    return f"[{', '.join(map(_quoted, names))}]"


def _quoted(name: str) -> str:
    return json.dumps(name.encode(errors="replace").decode(), ensure_ascii=False)
