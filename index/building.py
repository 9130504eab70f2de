"""Articles in, a new snapshot version out: build from nothing, add, replace and remove, encoding only what is new."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from embeddings import Encoder
from index.article import Article, Repeat
from index.dense import DenseWriter
from index.errors import SnapshotError, SourceError, UnknownArticleError
from index.lexical import LexicalWriter
from index.passage import Passage, split
from index.snapshot import Snapshot, new_version, publish, writing
from index.store import Store, StoreWriter

ENCODE_PASSAGES = 4096
Found = Article | Repeat | SourceError
"""What reading yields: an article, another source of one, or a source that cannot be used."""

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


def build(found: Iterable[Found], folder: Path, encoder: Encoder, progress: Progress | None = None) -> Report:
    """Write a snapshot of these articles; one that is there already is replaced.

    Raises SnapshotError when there is no article at all: the folder then stays as it was.
    """
    with writing(folder):
        return _write(found, folder, encoder, None, progress)


def add(found: Iterable[Found], folder: Path, encoder: Encoder, progress: Progress | None = None) -> Report:
    """Add articles, replacing those with the same id in their place; what did not change is not encoded again."""
    with writing(folder):
        before = _open(folder, encoder)
        items = list(found)
        new: dict[str, Article] = {}
        others = [item for item in items if not isinstance(item, Article)]
        for article in (item for item in items if isinstance(item, Article)):
            if article.id in new:
                others.append(_taken(article))
            new.setdefault(article.id, article)
        if not new:
            failures = tuple(item for item in others if isinstance(item, SourceError))
            return Report(before.name, before.store.article_count, before.store.passage_count, 0, failures)
        return _write(_merged(before.store, new, others), folder, encoder, before, progress)


def remove(article_ids: Iterable[str], folder: Path, encoder: Encoder) -> Report:
    """Remove articles by id; UnknownArticleError when one is not there, and then nothing is removed."""
    with writing(folder):
        before = _open(folder, encoder)
        gone = set(article_ids)
        for article_id in gone - {article.id for article in before.store.articles()}:
            raise UnknownArticleError(article_id)
        kept: Iterator[Found] = (article for article in before.store.articles() if article.id not in gone)
        repeats = (repeat for repeat in before.store.repeats() if repeat.article_id not in gone)
        return _write(chain(kept, repeats), folder, encoder, before, None)


def _open(folder: Path, encoder: Encoder) -> Snapshot:
    before = Snapshot.open(folder)
    if before.encoder != encoder.info:
        raise SnapshotError(
            f"{folder}: made with the encoder {before.encoder.name}, not {encoder.info.name};"
            f" run `wence build` again, or set WENCE_ENCODER={before.encoder.name}"
        )
    return before


def _merged(store: Store, new: dict[str, Article], others: Iterable[Found]) -> Iterator[Found]:
    """What was there, with replaced articles in their place, then what is new, then the rest."""
    for article in store.articles():
        yield new.pop(article.id, article)
    yield from new.values()
    yield from store.repeats()
    yield from others


def _taken(article: Article) -> SourceError:
    return SourceError(article.source or article.title, f"gives the id {article.id!r} a second time; change one")


def _write(
    found: Iterable[Found], folder: Path, encoder: Encoder, before: Snapshot | None, progress: Progress | None
) -> Report:
    failures: list[SourceError] = []
    with new_version(folder) as draft, LexicalWriter(draft / "lexical") as lexical:
        store = StoreWriter(draft / "store.sqlite")
        vectors = _Vectors(encoder, before)
        taken: set[str] = set()
        rows = 0
        for item in found:
            if isinstance(item, SourceError):
                failures.append(item)
            elif isinstance(item, Repeat):
                store.repeat(item)
            elif item.id in taken:
                failures.append(_taken(item))
            else:
                taken.add(item.id)
                passages = split(item)
                store.add(item, passages)
                vectors.add(item, passages)
                for passage in passages:
                    lexical.add(passage)
                rows += len(passages)
                if progress:
                    progress(len(taken), rows)
        if not taken and before is None:
            reasons = "; ".join(map(str, failures[:3])) or "no article in the sources"
            raise SnapshotError(f"nothing to index: {reasons}")
        store.close()
        lexical.close()
        vectors.close(draft / "vectors.faiss")
        created = datetime.now(UTC).isoformat(timespec="seconds")
        name = publish(folder, draft, created, encoder.info, len(taken), rows)
    return Report(name, len(taken), rows, vectors.encoded, tuple(failures))


class _Vectors:
    """Writes one vector a passage in row order, taking those of unchanged articles from the version before."""

    def __init__(self, encoder: Encoder, before: Snapshot | None) -> None:
        self._encoder = encoder
        self._before = before
        self._known = before.store.rows_by_content() if before else {}
        self._writer = DenseWriter(encoder.info.dimension)
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

    def close(self, path: Path) -> None:
        self._encode()
        self._writer.close(path)

    def _encode(self) -> None:
        if self._waiting:
            self._writer.add(self._encoder.encode_passages(self._waiting))
            self.encoded += len(self._waiting)
            self._waiting = []
