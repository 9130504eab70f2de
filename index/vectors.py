"""Articles with their passages in, one vector a passage in row order out, unchanged articles' from the version before."""

from pathlib import Path

from embeddings import Encoder
from index.article import Article
from index.dense import DenseWriter
from index.dense_kinds import Dense
from index.passage import Passage
from index.snapshot import Snapshot

ENCODE_PASSAGES = 4096


class Vectors:
    """Writes them to a file; `encoded` counts those that were made anew."""

    def __init__(self, encoder: Encoder, before: Snapshot | None, path: Path, rows: int) -> None:
        self._encoder = encoder
        self._before = before
        self._known = before.store.rows_by_content() if before else {}
        self._writer = DenseWriter(path, encoder.info.dimension, rows)
        self._waiting: list[str] = []
        self.encoded = 0

    def add(self, article: Article, passages: list[Passage]) -> None:
        rows = self._known.get(article.content_hash)
        if self._before and rows and rows[1] - rows[0] == len(passages):
            self._encode()
            self._writer.add(self._before.dense.vectors(*rows))
            return
        self._waiting += [passage.indexed_text for passage in passages]
        if len(self._waiting) >= ENCODE_PASSAGES:
            self._encode()

    def save(self) -> None:
        self._encode()
        self._writer.save()

    def abandon(self) -> None:
        self._writer.abandon()

    def close(self, path: Path) -> Dense:
        self._encode()
        return self._writer.close(path)

    def _encode(self) -> None:
        if self._waiting:
            self._writer.add(self._encoder.encode_passages(self._waiting))
            self.encoded += len(self._waiting)
            self._waiting = []
