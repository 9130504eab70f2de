"""A snapshot in, its passages in Milvus out: what is there already stays, what changed is replaced, what is gone goes.

An article is loaded when its last passage is there with the article's content: that one is written after all others, and
what was there of the article before is gone by then. So Milvus itself knows how far a load came: started again, it goes on.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from index.article import Article
from index.errors import SnapshotError
from index.milvus import DenseKind
from index.milvus.channels import listed
from index.milvus.collection import MilvusCollection
from index.milvus.weights import Lengths, passage_weights
from index.snapshot import Snapshot

BATCH_PASSAGES: Final = 2000
_REMOVED_AT_ONCE: Final = 500
_LAST: Final = "last == true"
_BEFORE_LAST: Final = "last == false"

Progress = Callable[[int], object]
"""Called with the articles looked at so far."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load did, in articles, and the passages that it wrote."""

    snapshot: str
    same: int
    written: int
    removed: int
    passages: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a collection holds: the version that was loaded whole last, articles and passages; and how many articles of
    the snapshot are missing or others than there.
    """

    snapshot: str
    articles: int
    passages: int
    behind: int


def load(
    folder: Path, collection: MilvusCollection, kind: DenseKind = "FLAT", progress: Progress | None = None
) -> Loaded:
    """Bring the collection to the current version of a snapshot folder; make it, with this kind of index for the vectors,
    where there is none. Raises SnapshotError and MilvusError.
    """
    with _alone(folder):
        snapshot = Snapshot.open(folder)
        facts = collection.require(snapshot) if collection.exists() else collection.create(snapshot, kind)
        collection.open()
        there = _there(collection)
        same = written = passages = 0
        for batch in _batches(snapshot, progress):
            new = [article for article in batch if there.get(article.id) != _content(article, snapshot)]
            passages += _write(new, snapshot, collection, facts.lengths)
            same, written = same + len(batch) - len(new), written + len(new)
            for article in batch:
                there.pop(article.id, None)
        _remove(list(there), collection)
        if (
            collection.count() != snapshot.store.passage_count
        ):  # of what was loaded in part and is in no snapshot any more
            known = {article.id for article in snapshot.store.articles()}
            begun = {row["article_id"] for row in collection.rows(_BEFORE_LAST, ("article_id",))}
            _remove(sorted(begun - known), collection)
        collection.complete(facts, snapshot)
        return Loaded(snapshot.name, same, written, len(there), passages)


def standing(snapshot: Snapshot, collection: MilvusCollection) -> Standing:
    """How the collection stands to a snapshot version. Raises MilvusError."""
    facts = collection.require(snapshot)
    collection.open()
    there = _there(collection)
    wanted = {article.id: _content(article, snapshot) for article in snapshot.store.articles()}
    behind = sum(wanted.get(key) != there.get(key) for key in wanted.keys() | there.keys())
    return Standing(facts.snapshot, len(there), collection.count(), behind)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one loads a snapshot folder at a time: an earlier version may not be loaded over a later one."""
    Snapshot.open(folder, hashed=False)  # or say what is wrong with it, and write nothing
    try:
        lock = FileLock(folder / "milvus.lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise SnapshotError(f"{folder}: another process is loading it; try again when it is done") from error
    try:
        yield
    finally:
        lock.release()


def _there(collection: MilvusCollection) -> dict[str, str]:
    """Article id → content, of every article that is loaded."""
    return {row["article_id"]: row["content"] for row in collection.rows(_LAST, ("article_id", "content"))}


def _content(article: Article, snapshot: Snapshot) -> str:
    """What changes with anything of an article that is in Milvus."""
    first, end = snapshot.store.rows_of(article.id)
    return f"{article.content_hash}:{end - first}"


def _batches(snapshot: Snapshot, progress: Progress | None) -> Iterator[list[Article]]:
    """All articles, in lists of about `BATCH_PASSAGES` passages."""
    batch: list[Article] = []
    passages = 0
    for count, article in enumerate(snapshot.store.articles(), 1):
        first, end = snapshot.store.rows_of(article.id)
        batch.append(article)
        passages += end - first
        if passages >= BATCH_PASSAGES:
            yield batch
            batch, passages = [], 0
        if progress:
            progress(count)
    yield batch


def _remove(articles: Sequence[str], collection: MilvusCollection) -> None:
    for start in range(0, len(articles), _REMOVED_AT_ONCE):
        collection.delete(f"article_id in {listed(articles[start : start + _REMOVED_AT_ONCE])}")


def _write(articles: Sequence[Article], snapshot: Snapshot, collection: MilvusCollection, lengths: Lengths) -> int:
    """Take away what was there of articles before, and write them whole, in the order that lets a later load know it."""
    if not articles:
        return 0
    rows = [row for article in articles for row in _rows(article, snapshot, lengths)]
    contents = dict.fromkeys(row["content"] for row in rows)
    collection.delete(
        f"article_id in {listed(article.id for article in articles)} and content not in {listed(contents)}"
    )
    collection.upsert([row for row in rows if not row["last"]])
    collection.upsert([row for row in rows if row["last"]])
    return len(rows)


def _rows(article: Article, snapshot: Snapshot, lengths: Lengths) -> Iterator[dict[str, Any]]:
    """One row a passage, with the vector that the snapshot has of it."""
    first, end = snapshot.store.rows_of(article.id)
    vectors = snapshot.dense.vectors(first, end)
    for number, passage in enumerate(snapshot.store.passages(range(first, end))):
        yield {
            "id": passage.id,
            "article_id": article.id,
            "content": _content(article, snapshot),
            "number": number,
            "last": number == end - first - 1,
            "title": article.title,
            "heading": json.dumps(passage.heading, ensure_ascii=False),
            "text": passage.text,
            "start": passage.start,
            "end": passage.end,
            "column": article.column,
            "authors": list(article.authors),
            "issue": article.issue,
            "date": article.date or "",
            "dense": vectors[number],
            "sparse": passage_weights(passage, lengths),
        }
