"""Passages in, a persistent BM25 index out: Chinese words and character bigrams. The only importer of the engine.

tantivy keeps the index in memory-mapped files, adds without rebuilding and filters inside the search.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.errors import SnapshotError, WriteError
from index.passage import Passage
from index.terms import Terms, terms

_WRITER_BYTES = 128_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", fast=True, stored=False, indexed=False)
    builder.add_text_field("article", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("bigrams", stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _open(folder: Path) -> tuple[tantivy.Schema, tantivy.Searcher]:
    """Open for reading. tantivy locks a file beside those it opens, so a folder that is read only is opened by links; those are left
    behind where it still writes while they are thrown away.
    """
    if os.access(folder, os.W_OK):
        index = tantivy.Index.open(str(folder))
        return index.schema, index.searcher()
    with TemporaryDirectory(prefix="wence-lexical-", ignore_cleanup_errors=True) as links:  # what is opened is kept
        for path in folder.glob("[!.]*"):
            (Path(links) / path.name).symlink_to(path.absolute())
        index = tantivy.Index.open(links)
        return index.schema, index.searcher()


class LexicalWriter:
    """Indexes passages one after another, in the order of their rows, into a new folder, or into one that holds an index
    with `rows` rows so far. What is in the folder's files already is never written over.
    """

    def __init__(self, folder: Path, rows: int | None = None) -> None:
        if rows is None:
            folder.mkdir(parents=True)
        self._folder = folder
        with self._as_write_error():
            index = tantivy.Index(_schema(), path=str(folder)) if rows is None else tantivy.Index.open(str(folder))
            self._writer = index.writer(_WRITER_BYTES, num_threads=1)
        self._rows = rows or 0
        self._open = True

    def __enter__(self) -> "LexicalWriter":
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the engine's threads where `close` was not reached, so that the folder can be thrown away."""
        if self._open:
            with suppress(ValueError):  # of a disk that is full, which is told already
                self._writer.rollback()
            with suppress(ValueError):
                self._writer.wait_merging_threads()

    def add(self, passage: Passage) -> None:
        found = terms(passage.indexed_text)
        document = tantivy.Document(
            article=passage.article_id, words=" ".join(found.words), bigrams=" ".join(found.bigrams)
        )
        document.add_unsigned("row", self._rows)
        with self._as_write_error():
            self._writer.add_document(document)
        self._rows += 1

    def remove(self, article_id: str) -> None:
        """Take out what was indexed of an article before; its terms go on counting until the engine merges its files."""
        self._writer.delete_documents_by_term("article", article_id)

    def close(self) -> None:
        with self._as_write_error():
            self._writer.commit()
            self._writer.wait_merging_threads()
        self._open = False

    @contextmanager
    def _as_write_error(self) -> Iterator[None]:
        """What the engine cannot write."""
        try:
            yield
        except (ValueError, OSError) as error:
            raise WriteError(self._folder, str(error)) from error


class LexicalIndex:
    """BM25 over one snapshot version. Scores are BM25 sums, higher is better, comparable within one question."""

    def __init__(self, folder: Path) -> None:
        try:
            self._schema, self._searcher = _open(folder)
        except ValueError as error:
            raise SnapshotError(
                f"{folder}: the lexical index cannot be opened ({error}); run `wence build` again"
            ) from error
        except OSError as error:
            raise SnapshotError(
                f"{folder}: cannot be opened by links in a temporary folder ({error}); name a folder that can be written"
                " to in TMPDIR, or make this one writable"
            ) from error

    @staticmethod
    def write(passages: Iterable[Passage], folder: Path) -> None:
        """Index passages in the order of their rows into an empty folder."""
        writer = LexicalWriter(folder)
        for passage in passages:
            writer.add(passage)
        writer.close()

    def search(
        self, question: Terms, top_k: int, articles: Sequence[str] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and scores of the best passages, best first; `articles` limits the search to those ids."""
        if top_k < 1:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        query = self._any_of(question)
        if articles is not None:
            within = tantivy.Query.term_set_query(self._schema, "article", list(articles))
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(within, 0.0))]
            )
        found = self._searcher.search(query, limit=top_k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in found])
        return np.array(rows, dtype=np.int64), np.array([score for score, _ in found], dtype=np.float32)

    def rows(self, article_id: str | None = None) -> NDArray[np.int64]:
        """The rows of all passages, or of an article's, in order."""
        query = tantivy.Query.all_query()
        if article_id is not None:
            query = tantivy.Query.term_query(self._schema, "article", article_id, "basic")
        found = self._searcher.search(query, limit=max(1, self._searcher.num_docs), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in found])
        return np.sort(np.array(rows, dtype=np.int64))

    def document_frequency(self, field: str, term: str) -> int:
        """In how many passages a word (`words`) or bigram (`bigrams`) stands."""
        return int(self._searcher.doc_freq(field, term))

    def _any_of(self, question: Terms) -> tantivy.Query:
        wanted = [("words", word) for word in question.words] + [("bigrams", pair) for pair in question.bigrams]
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, field, term, "freq"))
                for field, term in wanted
            ]
        )
