"""Articles and passages in, one SQLite file out, and the clauses of the articles beside it; `index.store` reads them."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from index.article import Article
from index.disk import save_array
from index.found import FileRead, Repeat
from index.likeness import Likeness
from index.passage import Passage
from index.store import ARTICLE, as_article

TABLES: Final = """
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
# All that filters and rows need, so that no text is read for them.
_FACTS = "CREATE INDEX facts ON articles (date, ordinal, id, column_name, issue, authors, first_row, end_row)"


class StoreWriter:
    """Writes articles with their passages in row order. What was saved last survives a crash, and a writer that is
    opened on the file again goes on from there; `close` finishes it, and writes `clauses.npy` beside it.
    """

    def __init__(self, path: Path) -> None:
        known = path.exists()
        self._path = path
        self._connection = sqlite3.connect(path)
        if not known:
            self._connection.executescript(TABLES)
        self.rows: int = self._connection.execute("SELECT count(*) FROM passages").fetchone()[0]
        self.articles: int = self._connection.execute("SELECT count(*) FROM articles").fetchone()[0]

    def save(self) -> None:
        """Make what has been written so far durable."""
        self._connection.commit()

    def saved_articles(self) -> Iterator[Article]:
        """The articles written so far."""
        yield from map(as_article, self._connection.execute(f"{ARTICLE} ORDER BY ordinal"))

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
        insert(self._connection, self.articles, article, passages, first)
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
        self._connection.execute("DELETE FROM likenesses")  # of a writer that was stopped just after it had finished
        self._connection.execute("DROP INDEX IF EXISTS facts")
        self._connection.executemany("INSERT INTO likenesses VALUES (?, ?, ?)", likeness.pairs())
        self._connection.execute(_FACTS)
        self._connection.commit()
        self._connection.close()
        save_array(self._path.with_name("clauses.npy"), likeness.clauses())


def insert(
    connection: sqlite3.Connection, ordinal: int, article: Article, passages: Sequence[Passage], first: int
) -> None:
    """Write an article under its number, with its passages from row `first` on."""
    connection.execute(
        f"INSERT INTO articles VALUES ({', '.join('?' * 15)})",
        (
            ordinal, article.id, article.title, article.text, _dump(article.authors), article.column,
            article.issue, article.date, article.page, _dump(article.captions), article.source,
            _dump(dict(article.metadata)), article.content_hash, first, first + len(passages),
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
        (
            (row, ordinal, passage.start, passage.end, _dump(passage.heading))
            for row, passage in enumerate(passages, first)
        ),
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
