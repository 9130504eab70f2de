"""Articles and passages in one SQLite file: written once with a snapshot version, then read only."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from index.article import Article, Repeat
from index.errors import SnapshotError, UnknownArticleError
from index.likeness import Likeness
from index.passage import Passage

_TABLES = """
CREATE TABLE articles (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,
    authors TEXT NOT NULL, column_name TEXT NOT NULL, issue TEXT NOT NULL, date TEXT, page TEXT,
    captions TEXT NOT NULL, source TEXT NOT NULL, metadata TEXT NOT NULL, content_hash TEXT NOT NULL,
    first_row INTEGER NOT NULL, end_row INTEGER NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (ordinal),
    start INTEGER NOT NULL, end INTEGER NOT NULL, heading TEXT NOT NULL
);
CREATE TABLE repeats (article TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE likenesses (first INTEGER NOT NULL, second INTEGER NOT NULL, share REAL NOT NULL);
"""
_ARTICLE = "SELECT id, title, text, authors, column_name, issue, date, page, captions, source, metadata FROM articles"
_PASSAGE = (
    "SELECT p.row, a.id, a.title, p.start, p.end, a.text, p.heading"
    " FROM passages p JOIN articles a ON a.ordinal = p.article WHERE p.row IN (SELECT value FROM json_each(?))"
)

_ALIKE = """
SELECT other.id, other.title, likenesses.share FROM articles own
JOIN likenesses ON own.ordinal IN (first, second)
JOIN articles other ON other.ordinal = first + second - own.ordinal
WHERE own.id = :id ORDER BY likenesses.share DESC, other.ordinal
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; an empty field limits nothing. Dates are inclusive, YYYY-MM-DD."""

    articles: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    date_from: str | None = None
    date_to: str | None = None

    def __bool__(self) -> bool:
        return any((self.articles, self.columns, self.authors, self.issues, self.date_from, self.date_to))


class AlsoIn(NamedTuple):
    """Other sources of the same article, and its near-duplicates as (id, title, share of the shorter one in both)."""

    sources: tuple[str, ...]
    articles: tuple[tuple[str, str, float], ...]


class StoreWriter:
    """Writes articles with their passages in row order; `close` makes the file durable."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        self._articles = self._rows = 0
        self._likeness = Likeness()

    def add(self, article: Article, passages: Sequence[Passage]) -> None:
        first, self._rows = self._rows, self._rows + len(passages)
        self._connection.execute(
            f"INSERT INTO articles VALUES ({', '.join('?' * 15)})",
            (
                self._articles, article.id, article.title, article.text, _dump(article.authors), article.column,
                article.issue, article.date, article.page, _dump(article.captions), article.source,
                _dump(dict(article.metadata)), article.content_hash, first, self._rows,
            ),
        )  # fmt: skip
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
            (
                (row, self._articles, passage.start, passage.end, _dump(passage.heading))
                for row, passage in enumerate(passages, first)
            ),
        )
        self._likeness.add(self._articles, article.text)
        self._articles += 1

    def repeat(self, found: Repeat) -> None:
        """Note another source of an article."""
        self._connection.execute("INSERT INTO repeats VALUES (?, ?)", (found.article_id, found.source))

    def close(self) -> None:
        self._connection.executemany("INSERT INTO likenesses VALUES (?, ?, ?)", self._likeness.pairs())
        self._connection.commit()
        self._connection.close()


class Store:
    """Reads one version's articles and passages; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        try:
            self.article_count: int = self._one("SELECT count(*) FROM articles")[0]
            self.passage_count: int = self._one("SELECT count(*) FROM passages")[0]
        except sqlite3.DatabaseError as error:
            raise SnapshotError(f"{path}: the store cannot be read ({error}); run `wence build` again") from error

    def article(self, article_id: str) -> Article:
        row = self._one(f"{_ARTICLE} WHERE id = ?", article_id)
        if row is None:
            raise UnknownArticleError(article_id)
        return _article(row)

    def articles(self) -> Iterator[Article]:
        """Every article in the order of the sources."""
        yield from map(_article, self._connection().execute(f"{_ARTICLE} ORDER BY ordinal"))

    def repeats(self) -> list[Repeat]:
        """Every further source of an article."""
        rows = self._connection().execute("SELECT article, source FROM repeats").fetchall()
        return [Repeat(*row) for row in rows]

    def also_in(self, article_id: str) -> AlsoIn:
        """Where else an article stands."""
        sources = self._connection().execute("SELECT source FROM repeats WHERE article = ?", (article_id,))
        alike = self._connection().execute(_ALIKE, {"id": article_id})
        return AlsoIn(tuple(source for (source,) in sources), tuple(alike))

    def passages(self, rows: Iterable[int]) -> list[Passage]:
        """The passages of these rows, in the order asked for."""
        wanted = [int(row) for row in rows]
        found = {
            row: Passage(article_id, title, start, end, text[start:end], tuple(json.loads(heading)))
            for row, article_id, title, start, end, text, heading in self._connection().execute(
                _PASSAGE, (_dump(wanted),)
            )
        }
        return [found[row] for row in wanted]

    def rows_of(self, article_id: str) -> tuple[int, int]:
        """First row and end row (exclusive) of an article's passages."""
        row = self._one("SELECT first_row, end_row FROM articles WHERE id = ?", article_id)
        if row is None:
            raise UnknownArticleError(article_id)
        return row[0], row[1]

    def rows_by_content(self) -> dict[str, tuple[int, int]]:
        """Content hash of every article → its first and end row."""
        return {
            key: (first, end)
            for key, first, end in self._connection().execute("SELECT content_hash, first_row, end_row FROM articles")
        }

    def matching(self, filters: Filters) -> list[tuple[str, int, int]]:
        """(article id, first row, end row) of the articles within the filters, in order."""
        clauses: list[str] = []
        values: list[str] = []
        for name, allowed in (("id", filters.articles), ("column_name", filters.columns), ("issue", filters.issues)):
            if allowed:
                clauses.append(f"{name} IN (SELECT value FROM json_each(?))")
                values.append(json.dumps(allowed))
        if filters.authors:
            clauses.append("EXISTS (SELECT 1 FROM json_each(authors) WHERE value IN (SELECT value FROM json_each(?)))")
            values.append(json.dumps(filters.authors))
        for comparison, date in ((">=", filters.date_from), ("<=", filters.date_to)):
            if date:
                clauses.append(f"date {comparison} ?")
                values.append(date)
        where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
        return (
            self._connection()
            .execute(f"SELECT id, first_row, end_row FROM articles{where} ORDER BY ordinal", values)
            .fetchall()
        )

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            self._local.connection = sqlite3.connect(uri, uri=True)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _one(self, query: str, *values: str) -> Any:
        bound = [value.encode(errors="replace").decode() for value in values]  # SQLite takes no half surrogate pair
        return self._connection().execute(query, bound).fetchone()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _article(row: Sequence[Any]) -> Article:
    key, title, text, authors, column, issue, date, page, captions, source, metadata = row
    return Article(
        key, title, text, tuple(json.loads(authors)), column, issue, date, page,
        tuple(json.loads(captions)), source, json.loads(metadata),
    )  # fmt: skip
