"""A question and passages in, scores of a cross-encoder out, and a retriever that orders by them. Knows no answers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from index.asking.reading import Reading
from index.retrieval import Channels, Hit, Retriever
from index.snapshot import Snapshot
from index.store import Filters
from service.errors import ModelError
from service.pretrained import Precision, load, run

LONGEST: Final = 512
"""Tokens of question and passage together; a longer passage is cut at its end."""


class Reranker:
    """Any cross-encoder of one or two labels that transformers can classify sequences with. Thread-safe.

    Method: Nogueira & Cho, "Passage Re-ranking with BERT", 2019.
    """

    def __init__(
        self,
        name_or_path: str,
        *,
        device: str | None = None,
        precision: Precision = "auto",
        batch_size: int = 32,
        longest: int = LONGEST,
    ) -> None:
        """Raises ModelError."""
        self._model = load("SequenceClassification", name_or_path, device=device, precision=precision, longest=longest)
        labels = self._model.network.config.num_labels
        if labels not in (1, 2):
            raise ModelError(
                f"model {name_or_path} tells {labels} classes apart: a reranker has one label, or no and yes"
            )
        self._batch_size = batch_size
        self._lock = threading.Lock()

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float64]:
        """Shape (n,): the log-odds that a passage answers the question, as the model sees them; 0 where it is even."""
        scores = np.zeros(len(passages))
        if not passages:
            return scores
        plain = [text.encode(errors="replace").decode() for text in (question, *passages)]
        with self._lock:  # a tokenizer cannot cut for two threads at once
            given = self._model.tokenizer(
                [plain[0]] * len(passages), plain[1:], truncation="longest_first", max_length=self._model.longest
            )
            rows = [np.array(ids, dtype=np.int64) for ids in given["input_ids"]]
            types = [np.array(row, dtype=np.int64) for row in given.get("token_type_ids", ())]
            alike = sorted(range(len(rows)), key=lambda i: -len(rows[i]))  # of like length: little padding
            for at in range(0, len(alike), self._batch_size):
                batch = alike[at : at + self._batch_size]
                found = run(self._model, [rows[i] for i in batch], [types[i] for i in batch] if types else None)
                logits = found.logits.float().cpu().numpy().astype(np.float64)
                scores[batch] = logits[:, 0] if logits.shape[1] == 1 else logits[:, 1] - logits[:, 0]
        return scores


class RerankingRetriever(Retriever):
    """Searches as its parent does, and orders the best `depth` passages by the reranker."""

    def __init__(
        self, snapshot: Snapshot, encoder: Encoder, reranker: Reranker, depth: int, channels: Channels | None = None
    ) -> None:
        super().__init__(snapshot, encoder, channels)
        self._reranker, self._depth = reranker, depth

    def find(self, reading: Reading, top_k: int, filters: Filters) -> list[Hit]:
        """The `top_k` best passages, those looked at twice with a score `rerank`, before the others."""
        hits = super().find(reading, max(self._depth, top_k) if top_k > 0 else top_k, filters)
        looked_at, rest = hits[: self._depth], hits[self._depth :]
        scores = self._reranker.score(reading.asked, [hit.passage.indexed_text for hit in looked_at]).tolist()
        order = sorted(range(len(looked_at)), key=lambda i: (-scores[i], i))
        ranked = [replace(looked_at[i], scores={**looked_at[i].scores, "rerank": round(scores[i], 6)}) for i in order]
        return [*ranked, *rest][: max(0, top_k)]
