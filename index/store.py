"""Articles and passages in one SQLite file: written once with a snapshot version, then read only."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from index.article import Article, FileRead, Repeat
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
CREATE TABLE repeats (article TEXT NOT NULL, source TEXT NOT NULL, UNIQUE (article, source));
CREATE TABLE files (source TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, changed_ns INTEGER NOT NULL);
CREATE TABLE likenesses (first INTEGER NOT NULL, second INTEGER NOT NULL, share REAL NOT NULL);
"""
_ARTICLE = "SELECT id, title, text, authors, column_name, issue, date, page, captions, source, metadata FROM articles"
_PASSAGES = "SELECT p.row, a.id, a.title, p.start, p.end, a.text, p.heading FROM passages p JOIN articles a ON a.ordinal = p.article"

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
    """Writes articles with their passages in row order. What was saved last survives a crash, and a writer that is
    opened on the file again goes on from there; `close` finishes it.
    """

    def __init__(self, path: Path) -> None:
        known = path.exists()
        self._connection = sqlite3.connect(path)
        if not known:
            self._connection.executescript(_TABLES)
        self.rows: int = self._connection.execute("SELECT count(*) FROM passages").fetchone()[0]
        self.articles: int = self._connection.execute("SELECT count(*) FROM articles").fetchone()[0]

    def save(self) -> None:
        """Make what has been written so far durable."""
        self._connection.commit()

    def saved_articles(self) -> Iterator[Article]:
        """The articles written so far."""
        yield from map(_article, self._connection.execute(f"{_ARTICLE} ORDER BY ordinal"))

    def saved_files(self) -> frozenset[FileRead]:
        """The files read to their end so far."""
        return frozenset(FileRead(*row) for row in self._connection.execute("SELECT * FROM files"))

    def passages(self) -> Iterator[Passage]:
        """Every passage in the order of the rows, each article's text read once."""
        own = "SELECT start, end, heading FROM passages WHERE row >= ? AND row < ? ORDER BY row"
        articles = self._connection.execute("SELECT id, title, text, first_row, end_row FROM articles ORDER BY ordinal")
        for article_id, title, text, first, end_row in articles:
            for start, end, heading in self._connection.execute(own, (first, end_row)):
                yield Passage(article_id, title, start, end, text[start:end], tuple(json.loads(heading)))

    def add(self, article: Article, passages: Sequence[Passage]) -> None:
        first, self.rows = self.rows, self.rows + len(passages)
        self._connection.execute(
            f"INSERT INTO articles VALUES ({', '.join('?' * 15)})",
            (
                self.articles, article.id, article.title, article.text, _dump(article.authors), article.column,
                article.issue, article.date, article.page, _dump(article.captions), article.source,
                _dump(dict(article.metadata)), article.content_hash, first, self.rows,
            ),
        )  # fmt: skip
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
            (
                (row, self.articles, passage.start, passage.end, _dump(passage.heading))
                for row, passage in enumerate(passages, first)
            ),
        )
        self.articles += 1

    def repeat(self, found: Repeat) -> None:
        """Note another source of an article; its own source is none."""
        own = "SELECT 1 FROM articles WHERE id = :id AND source = :source"
        self._connection.execute(
            f"INSERT OR IGNORE INTO repeats SELECT :id, :source WHERE NOT EXISTS ({own})",
            {"id": found.article_id, "source": found.source},
        )

    def file(self, read: FileRead) -> None:
        """Note a file read to its end."""
        row = (read.source, read.size_bytes, read.changed_ns)
        self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", row)

    def abandon(self) -> None:
        """Leave the file as it was saved last."""
        self._connection.close()

    def close(self) -> None:
        likeness = Likeness()
        for number, (text,) in enumerate(self._connection.execute("SELECT text FROM articles ORDER BY ordinal")):
            likeness.add(number, text)
        self._connection.executemany("INSERT INTO likenesses VALUES (?, ?, ?)", likeness.pairs())
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

    def page(
        self, limit: int, offset: int, q: str = "", column: str = "", author: str = ""
    ) -> tuple[list[Article], int]:
        """Some of the articles in the order of the sources, and how many there are in all; `q` looks in title and text."""
        where = (
            " WHERE (:q = '' OR instr(title, :q) OR instr(text, :q)) AND (:column = '' OR column_name = :column)"
            " AND (:author = '' OR EXISTS (SELECT 1 FROM json_each(authors) WHERE value = :author))"
        )
        bound = {"q": _sound(q), "column": _sound(column), "author": _sound(author), "limit": limit, "offset": offset}
        total: int = self._connection().execute(f"SELECT count(*) FROM articles{where}", bound).fetchone()[0]
        rows = self._connection().execute(f"{_ARTICLE}{where} ORDER BY ordinal LIMIT :limit OFFSET :offset", bound)
        return [_article(row) for row in rows], total

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
        query = f"{_PASSAGES} WHERE p.row IN (SELECT value FROM json_each(?))"
        found = {row[0]: _passage(row) for row in self._connection().execute(query, (_dump(wanted),))}
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
        return self._connection().execute(query, [_sound(value) for value in values]).fetchone()


def _sound(text: str) -> str:
    """Text as SQLite takes it: without half surrogate pairs."""
    return text.encode(errors="replace").decode()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _passage(row: Sequence[Any]) -> Passage:
    _, article_id, title, start, end, text, heading = row
    return Passage(article_id, title, start, end, text[start:end], tuple(json.loads(heading)))


def _article(row: Sequence[Any]) -> Article:
    key, title, text, authors, column, issue, date, page, captions, source, metadata = row
    return Article(
        key, title, text, tuple(json.loads(authors)), column, issue, date, page,
        tuple(json.loads(captions)), source, json.loads(metadata),
    )  # fmt: skip
