"""Articles in as reading yields them, a whole version published: store, vectors, lexical index and what is derived.

What is done is saved in the draft every few hundred articles, so that a writer over the same draft goes on from there.
Knows no earlier version but to take vectors from it.
"""

import shutil
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from embeddings import Encoder
from index.article import Article
from index.command import Options, Report
from index.derived import written
from index.errors import SnapshotError, SourceError
from index.found import FileRead, Found, Repeat
from index.lexical import LexicalWriter
from index.manifest import SCRATCH
from index.passage import split
from index.snapshot import Snapshot
from index.store_writer import StoreWriter
from index.vectors import Vectors
from index.versions import publish

VECTORS = f"vectors{SCRATCH}"
SAVE_ARTICLES = 500


class VersionWriter:
    """A version being written: articles and vectors as they come, the lexical index and the rest when it is published."""

    def __init__(self, draft: Path, encoder: Encoder, before: Snapshot | None, options: Options) -> None:
        if not (draft / VECTORS).exists():  # nothing was begun, or its vectors are gone
            (draft / "store.sqlite").unlink(missing_ok=True)
        self.store = StoreWriter(draft / "store.sqlite")
        self._draft = draft
        self._encoder = encoder
        self._vectors = Vectors(encoder, before, draft / VECTORS, self.store.rows)
        self._before = before
        self._options = options
        self._failures: list[SourceError] = []
        self._taken = {article.id for article in self.store.saved_articles()}
        self._resumed = self.store.articles

    def __enter__(self) -> "VersionWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.store.abandon()
        self._vectors.abandon()

    def write(self, found: Iterable[Found]) -> None:
        """Take in what reading yields, saving every few hundred articles."""
        files = len(self.store.saved_files())
        for item in found:
            match item:
                case SourceError():
                    self._failures.append(item)
                case Repeat():
                    self.store.repeat(item)
                case FileRead():
                    self.store.file(item)
                    files += 1
                case Article() if item.id in self._taken:
                    self._failures.append(taken(item))
                case Article():
                    self._add(item)
            if self._options.progress:
                self._options.progress(files, self.store.articles, self.store.rows)

    def publish(self, folder: Path) -> Report:
        """Make the version the current one."""
        if not self.store.articles and self._before is None:
            reasons = "; ".join(map(str, self._failures[:3])) or "no article in the sources"
            raise SnapshotError(f"nothing to index: {reasons}")
        self._vectors.save()  # before the store is, as ever
        self.store.save()
        shutil.rmtree(self._draft / "lexical", ignore_errors=True)  # of a publishing that was interrupted
        before = self._before.path if self._before else None
        with written(self._options.derived, self._draft, before, self.store.articles):
            with LexicalWriter(self._draft / "lexical") as lexical:
                for passage in self.store.passages():
                    lexical.add(passage)
                lexical.close()
            dense = asdict(self._vectors.close(self._draft / "vectors.faiss"))
        self.store.close()
        articles, rows = self.store.articles, self.store.rows
        name = publish(folder, self._draft, self._encoder.info, articles, rows, dense=dense, keep=self._options.keep)
        return Report(name, articles, rows, self._vectors.encoded, tuple(self._failures), self._resumed)

    def _add(self, article: Article) -> None:
        passages = split(article)
        self._taken.add(article.id)
        self.store.add(article, passages)
        self._vectors.add(article, passages)
        if self.store.articles % SAVE_ARTICLES == 0:
            self._vectors.save()  # first, so that no saved passage is without its vector
            self.store.save()


def taken(article: Article) -> SourceError:
    """What is wrong with an article whose id another has."""
    return SourceError(article.source or article.title, f"gives the id {article.id!r} a second time; change one")
