"""Articles in, a new snapshot version out: build from nothing, add, replace and remove, encoding only what is new."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from index.article import Article
from index.dense import DenseIndex
from index.errors import SnapshotError, SourceError, UnknownArticleError
from index.lexical import LexicalIndex
from index.passage import Passage, split
from index.snapshot import Snapshot, current, new_version, publish, writing
from index.store import StoreWriter

ENCODE_PASSAGES = 4096
Progress = Callable[[int, int], None]
"""Called with the articles and passages written so far."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one writing command did. `encoded` counts the passages whose vectors were made anew."""

    snapshot: str
    articles: int
    passages: int
    encoded: int
    failures: tuple[SourceError, ...]


def build(
    found: Iterable[Article | SourceError], folder: Path, encoder: Encoder, progress: Progress | None = None
) -> Report:
    """Write a snapshot of these articles; one that is there already is replaced.

    Raises SnapshotError when there is no article at all: the folder then stays as it was.
    """
    with writing(folder):
        failures: list[SourceError] = []
        return _write(_articles(found, failures), failures, folder, encoder, None, progress)


def add(
    found: Iterable[Article | SourceError], folder: Path, encoder: Encoder, progress: Progress | None = None
) -> Report:
    """Add articles, replacing those with the same id in their place; what did not change is not encoded again."""
    with writing(folder):
        before = _open(folder, encoder)
        failures: list[SourceError] = []
        new = {article.id: article for article in _articles(found, failures)}
        if not new:
            return Report(before.name, before.store.article_count, before.store.passage_count, 0, tuple(failures))
        kept = (new.pop(article.id, article) for article in before.store.articles())
        return _write(_chain(kept, new), failures, folder, encoder, before, progress)


def remove(article_ids: Iterable[str], folder: Path, encoder: Encoder) -> Report:
    """Remove articles by id; UnknownArticleError when one is not there, and then nothing is removed."""
    with writing(folder):
        before = _open(folder, encoder)
        gone = set(article_ids)
        for article_id in gone - {article.id for article in before.store.articles()}:
            raise UnknownArticleError(article_id)
        kept = (article for article in before.store.articles() if article.id not in gone)
        return _write(kept, [], folder, encoder, before, None)


def _open(folder: Path, encoder: Encoder) -> Snapshot:
    before = Snapshot.open(folder)
    if before.encoder != encoder.info:
        raise SnapshotError(
            f"{folder}: made with the encoder {before.encoder.name}, not {encoder.info.name};"
            f" run `wence build` again, or set WENCE_ENCODER={before.encoder.name}"
        )
    return before


def _chain(kept: Iterable[Article], new: dict[str, Article]) -> Iterable[Article]:
    yield from kept
    yield from new.values()  # what replaced an article of the same id is gone from it by now


def _articles(found: Iterable[Article | SourceError], failures: list[SourceError]) -> Iterable[Article]:
    taken: set[str] = set()
    for item in found:
        if isinstance(item, SourceError):
            failures.append(item)
        elif item.id in taken:
            failures.append(
                SourceError(item.source or item.title, f"gives the id {item.id!r} a second time; change one")
            )
        else:
            taken.add(item.id)
            yield item


def _write(
    articles: Iterable[Article],
    failures: list[SourceError],
    folder: Path,
    encoder: Encoder,
    before: Snapshot | None,
    progress: Progress | None,
) -> Report:
    with new_version(folder) as draft:
        store = StoreWriter(draft / "store.sqlite")
        vectors = _Vectors(encoder, before)
        passages: list[Passage] = []
        count = 0
        for article in articles:
            pieces = split(article)
            store.add(article, pieces)
            vectors.add(article, pieces)
            passages += pieces
            count += 1
            if progress:
                progress(count, len(passages))
        store.close()
        if not count and before is None:
            reasons = "; ".join(map(str, failures[:3])) or "no article in the sources"
            raise SnapshotError(f"nothing to index: {reasons}")
        DenseIndex.write(vectors.finish(), draft / "vectors.faiss")
        LexicalIndex.write(passages, draft / "lexical")
        created = datetime.now(UTC).isoformat(timespec="seconds")
        name = publish(folder, draft, created, encoder.info, count, len(passages))
    return Report(name, count, len(passages), vectors.encoded, tuple(failures))


class _Vectors:
    """Collects one vector a passage in row order, taking those of unchanged articles from the version before."""

    def __init__(self, encoder: Encoder, before: Snapshot | None) -> None:
        self._encoder = encoder
        self._before = before
        self._known = before.store.rows_by_content() if before else {}
        self._blocks: list[NDArray[np.float32]] = []
        self._waiting: list[str] = []
        self.encoded = 0

    def add(self, article: Article, passages: list[Passage]) -> None:
        rows = self._known.get(article.content_hash)
        if self._before and rows and rows[1] - rows[0] == len(passages):
            self._encode()
            self._blocks.append(self._before.dense.vectors(*rows))
            return
        self._waiting += [passage.indexed_text for passage in passages]
        if len(self._waiting) >= ENCODE_PASSAGES:
            self._encode()

    def finish(self) -> NDArray[np.float32]:
        self._encode()
        return np.concatenate(self._blocks) if self._blocks else np.empty((0, self._encoder.info.dimension), np.float32)

    def _encode(self) -> None:
        if self._waiting:
            self._blocks.append(self._encoder.encode_passages(self._waiting))
            self.encoded += len(self._waiting)
            self._waiting = []


def exists(folder: Path) -> bool:
    """Whether the folder holds a snapshot, sound or not."""
    return current(folder) is not None
