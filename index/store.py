"""Articles and passages in SQLite: one file, written once with a snapshot version, then read only.

What is changed later stands in a second file beside it (`index.changes` writes it, `index.store_writer` the first), and
both are read as one.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from index.article import Article
from index.connections import Connections
from index.errors import SnapshotError, UnknownArticleError
from index.found import Repeat
from index.passage import Passage

_FACTS = "SELECT ordinal, id, column_name, issue, authors, date, first_row, end_row FROM"  # an index holds all of them
_VIEW = f"CREATE TEMP VIEW facts AS {_FACTS} main.articles;"
# Both files as one, under the names of the tables. Removed articles take the sources they were also met in with them.
_VIEWS = f"""
CREATE TEMP VIEW facts AS {_FACTS} main.articles WHERE ordinal NOT IN (SELECT ordinal FROM changes.gone)
    UNION ALL {_FACTS} changes.articles;
CREATE TEMP VIEW articles AS SELECT * FROM main.articles WHERE ordinal NOT IN (SELECT ordinal FROM changes.gone)
    UNION ALL SELECT * FROM changes.articles;
CREATE TEMP VIEW passages AS SELECT * FROM main.passages WHERE article NOT IN (SELECT ordinal FROM changes.gone)
    UNION ALL SELECT * FROM changes.passages;
CREATE TEMP VIEW repeats AS SELECT * FROM main.repeats WHERE article NOT IN (SELECT id FROM changes.removed)
    UNION SELECT * FROM changes.repeats;
CREATE TEMP VIEW likenesses AS SELECT * FROM main.likenesses
    WHERE first NOT IN (SELECT ordinal FROM changes.gone) AND second NOT IN (SELECT ordinal FROM changes.gone)
    UNION ALL SELECT * FROM changes.likenesses;
"""
_FILTERS_REMEMBERED = 4
_BOUND = 100
ARTICLE = "SELECT id, title, text, authors, column_name, issue, date, page, captions, source, metadata FROM articles"


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


class Store:
    """Reads one version's articles and passages; safe to share between threads. `changes` is the second file, if any."""

    def __init__(self, path: Path, changes: Path | None = None) -> None:
        self._connections = Connections(partial(_opened, path, changes))
        self._matched: dict[Filters, list[tuple[str, int, int]]] = {}
        try:
            self.article_count: int = self._one("SELECT count(*) FROM facts")[0]
            self.passage_count: int = self._one("SELECT coalesce(sum(end_row - first_row), 0) FROM facts")[0]
        except sqlite3.DatabaseError as error:
            raise SnapshotError(f"{path}: the store cannot be read ({error}); run `wence build` again") from error

    def article(self, article_id: str) -> Article:
        row = self._one(f"{ARTICLE} WHERE id = ?", article_id)
        if row is None:
            raise UnknownArticleError(article_id)
        return as_article(row)

    def articles(self) -> Iterator[Article]:
        """Every article in the order of the sources."""
        yield from map(as_article, self._connection().execute(f"{ARTICLE} ORDER BY ordinal"))

    def page(
        self, limit: int, offset: int, q: str = "", column: str = "", author: str = ""
    ) -> tuple[list[Article], int]:
        """Some of the articles in the order of the sources, and how many there are in all; `q` looks in title and text."""
        where = (
            " WHERE (:q = '' OR instr(title, :q) OR instr(text, :q)) AND (:column = '' OR column_name = :column)"
            " AND (:author = '' OR EXISTS (SELECT 1 FROM json_each(authors) WHERE value = :author))"
        )
        bound = {"q": sound(q), "column": sound(column), "author": sound(author), "limit": limit, "offset": offset}
        total: int = self._connection().execute(f"SELECT count(*) FROM articles{where}", bound).fetchone()[0]
        rows = self._connection().execute(f"{ARTICLE}{where} ORDER BY ordinal LIMIT :limit OFFSET :offset", bound)
        return [as_article(row) for row in rows], total

    def repeats(self) -> list[Repeat]:
        """Every further source of an article."""
        rows = self._connection().execute("SELECT article, source FROM repeats").fetchall()
        return [Repeat(*row) for row in rows]

    def also_in(self, article_id: str) -> AlsoIn:
        """Where else an article stands."""
        sources = self._connection().execute("SELECT source FROM repeats WHERE article = ?", (article_id,))
        number = self._one("SELECT ordinal FROM articles WHERE id = ?", article_id)
        alike = self._connection().execute(
            "SELECT first + second - :own, share FROM likenesses WHERE :own IN (first, second) ORDER BY share DESC, 1",
            {"own": number[0] if number else None},
        )
        titled = "SELECT id, title FROM articles WHERE ordinal = ?"
        articles = [
            (*self._connection().execute(titled, (other,)).fetchone(), share) for other, share in alike.fetchall()
        ]
        return AlsoIn(tuple(source for (source,) in sources), tuple(articles))

    def passages(self, rows: Iterable[int]) -> list[Passage]:
        """The passages of these rows, in the order asked for."""
        wanted = [int(row) for row in rows]
        spans = self._among("SELECT row, article, start, end, heading FROM passages WHERE row IN", wanted)
        ordinals = list({ordinal for _, ordinal, *_ in spans})
        texts = self._among("SELECT ordinal, id, title, text FROM articles WHERE ordinal IN", ordinals)
        articles = {ordinal: rest for ordinal, *rest in texts}
        found: dict[int, Passage] = {}
        for row, ordinal, start, end, heading in spans:
            article_id, title, text = articles[ordinal]
            found[row] = Passage(article_id, title, start, end, text[start:end], tuple(orjson.loads(heading)))
        return [found[row] for row in wanted]

    def rows_of(self, article_id: str) -> tuple[int, int]:
        """First row and end row (exclusive) of an article's passages."""
        row = self._one("SELECT first_row, end_row FROM facts WHERE id = ?", article_id)
        if row is None:
            raise UnknownArticleError(article_id)
        return row[0], row[1]

    def rows_by_content(self) -> dict[str, tuple[int, int]]:
        """Content hash of every article → its first and end row."""
        return {
            key: (first, end)
            for key, first, end in self._connection().execute("SELECT content_hash, first_row, end_row FROM articles")
        }

    def empty_rows(self, total: int) -> NDArray[np.int64]:
        """Those of the first `total` rows that no passage has any more."""
        empty = np.ones(total, dtype=bool)
        for first, end in self._connection().execute("SELECT first_row, end_row FROM facts"):
            empty[first:end] = False
        return np.flatnonzero(empty)

    def loose_ends(self) -> int:
        """How many passages and likenesses there are of articles that are not there."""
        known = "(SELECT ordinal FROM facts)"
        passages = f"SELECT count(*) FROM passages WHERE article NOT IN {known}"
        likenesses = f"SELECT count(*) FROM likenesses WHERE first NOT IN {known} OR second NOT IN {known}"
        return int(self._one(passages)[0]) + int(self._one(likenesses)[0])

    def matching(self, filters: Filters) -> list[tuple[str, int, int]]:
        """(article id, first row, end row) of the articles within the filters, in order; not to be changed.

        The last filters are remembered: who asks as of a day asks more than once.
        """
        found = self._matched.get(filters)
        if found is None:
            if len(self._matched) >= _FILTERS_REMEMBERED:
                self._matched.clear()
            found = self._matched[filters] = self._matching(filters)
        return found

    def _matching(self, filters: Filters) -> list[tuple[str, int, int]]:
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
            .execute(f"SELECT id, first_row, end_row FROM facts{where} ORDER BY ordinal", values)
            .fetchall()
        )

    def _among(self, query: str, values: Sequence[int]) -> list[Any]:
        """All rows of a query that ends in IN; a few values are bound one by one, since a list in JSON is read slowly."""
        if len(values) > _BOUND:
            return (
                self._connection()
                .execute(f"{query} (SELECT value FROM json_each(?))", (json.dumps(values),))
                .fetchall()
            )
        return self._connection().execute(f"{query} ({','.join('?' * len(values))})", values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        return self._connections.mine()

    def _one(self, query: str, *values: str) -> Any:
        return self._connection().execute(query, [sound(value) for value in values]).fetchone()


def _opened(path: Path, changes: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(read_only(path), uri=True, check_same_thread=False)
    connection.execute("PRAGMA temp_store = MEMORY")
    if changes:
        connection.execute("ATTACH ? AS changes", (read_only(changes),))
    connection.executescript(_VIEWS if changes else _VIEW)
    return connection


def read_only(path: Path) -> str:
    """The address of a file that nobody writes any more."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def sound(text: str) -> str:
    """Text as SQLite takes it: without half surrogate pairs."""
    return text.encode(errors="replace").decode()


def as_article(row: Sequence[Any]) -> Article:
    """An article from a row of ARTICLE's query."""
    key, title, text, authors, column, issue, date, page, captions, source, metadata = row
    return Article(
        key, title, text, tuple(json.loads(authors)), column, issue, date, page,
        tuple(json.loads(captions)), source, json.loads(metadata),
    )  # fmt: skip
