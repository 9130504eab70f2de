"""Articles put in and taken out of a finished store in, a small file beside it out: what differs from the store.

It holds what was put in since the store was written, with likenesses and clauses of its own, and the numbers of what
is gone from the store. A change later goes on in it. Knows no vectors and no lexical index.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from index.article import Article
from index.disk import save_array
from index.errors import UnknownArticleError
from index.found import Repeat
from index.likeness import Likeness, in_order, new_pairs, without
from index.passage import Passage
from index.store import read_only
from index.store_writer import TABLES, insert

_GONE = """
CREATE TABLE gone (ordinal INTEGER PRIMARY KEY);
CREATE TABLE removed (id TEXT PRIMARY KEY);
"""


class ChangesWriter:
    """Writes `changes.sqlite` and `changes.npy` in a folder that holds `store.sqlite` and `clauses.npy`."""

    def __init__(self, folder: Path) -> None:
        """Goes on with the changes that are in the folder already."""
        path = folder / "changes.sqlite"
        known = path.exists()
        self._clauses = folder / "changes.npy"
        self._base = np.load(folder / "clauses.npy", mmap_mode="r")
        self._earlier = np.load(self._clauses) if known else self._base[:0]
        self._likeness = Likeness()
        self._connection = sqlite3.connect(path, uri=True)
        if not known:
            self._connection.executescript(TABLES + _GONE)
        self._connection.execute("ATTACH ? AS base", (read_only(folder / "store.sqlite"),))
        highest = "SELECT max(coalesce(max(ordinal), -1), coalesce((SELECT max(ordinal) FROM base.articles), -1)) FROM articles"
        self._next: int = self._connection.execute(highest).fetchone()[0] + 1
        self._put: list[tuple[int, str]] = []

    def put(self, article: Article, passages: Sequence[Passage], first: int) -> None:
        """Add an article with its passages from row `first` on, or replace the one of its id in its place."""
        try:
            ordinal = self._take_out(article.id)
        except UnknownArticleError:
            ordinal, self._next = self._next, self._next + 1
        insert(self._connection, ordinal, article, passages, first)
        self._put.append((ordinal, article.text))

    def remove(self, article_id: str) -> None:
        """Take an article out, with all that is known of it. Raises UnknownArticleError."""
        self._take_out(article_id)
        self._connection.execute("DELETE FROM repeats WHERE article = ?", (article_id,))
        self._connection.execute("INSERT OR IGNORE INTO removed VALUES (?)", (article_id,))

    def repeat(self, found: Iterable[Repeat]) -> None:
        """Note other sources of articles that were put in."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO repeats SELECT :id, :source WHERE :source NOT IN"
            " (SELECT source FROM articles WHERE id = :id UNION SELECT source FROM base.articles WHERE id = :id)",
            ({"id": repeat.article_id, "source": repeat.source} for repeat in found),
        )

    def close(self) -> None:
        """Let go of the files; what was not finished is lost."""
        self._connection.close()

    def finish(self) -> None:
        """Compare what was put in with everything else, and write it."""
        for ordinal, text in sorted(self._put):
            self._likeness.add(ordinal, text)
        new = self._likeness.clauses()
        gone = [ordinal for (ordinal,) in self._connection.execute("SELECT ordinal FROM gone")]
        pairs = new_pairs(new, self._base, gone, self._earlier)
        self._connection.executemany("INSERT INTO likenesses VALUES (?, ?, ?)", pairs)
        self._connection.commit()
        save_array(self._clauses, in_order(self._earlier, new))

    def _take_out(self, article_id: str) -> int:
        """Make an article disappear and return its number."""
        put_in = "SELECT ordinal, first_row, end_row FROM articles WHERE id = ?"
        found = self._connection.execute(put_in, (article_id,)).fetchone()
        if found:
            own, rows = found[:1], found[1:]
            self._connection.execute("DELETE FROM articles WHERE ordinal = ?", own)
            self._connection.execute("DELETE FROM passages WHERE row >= ? AND row < ?", rows)
            self._earlier = without(self._earlier, own)
        else:
            still = " WHERE id = ? AND ordinal NOT IN (SELECT ordinal FROM gone)"
            own = self._connection.execute(f"SELECT ordinal FROM base.articles{still}", (article_id,)).fetchone()
            if own is None:
                raise UnknownArticleError(article_id)
            self._connection.execute("INSERT INTO gone VALUES (?)", own)
        self._connection.execute("DELETE FROM likenesses WHERE ? IN (first, second)", own)
        ordinal: int = own[0]
        return ordinal
