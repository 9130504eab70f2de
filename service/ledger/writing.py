"""The ledger as part of a snapshot version: written whole with it, or, where little changes, as a small file beside it.

`ledger.sqlite` is written once and shared by later versions; `changes.ledger.sqlite` holds what was put in since, and the
ids of what is gone from the first. Only articles that changed are read again.
"""

import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from index.article import Article
from index.store import read_only
from index.versions import take_over
from service.ledger.reading import read, rows_of
from service.ledger.tables import GRAMMAR, INDEXES, ROWS, create, insert

FILE: Final = "ledger.sqlite"
CHANGES: Final = "changes.ledger.sqlite"


def views(changed: bool) -> str:
    """SQL that makes one view of each table, of both files where there are changes."""
    made = []
    for table in ("articles", *ROWS):
        column = "id" if table == "articles" else "article"
        both = f" WHERE {column} NOT IN (SELECT id FROM changes.gone) UNION ALL SELECT * FROM changes.{table}"
        made.append(f"CREATE TEMP VIEW all_{table} AS SELECT * FROM base.{table}{both if changed else ''};")
    return "".join(made)


class LedgerFiles:
    """Makes the ledger of a version; hand it to the functions of `index.building` as one of `Options.derived`."""

    def write(self, draft: Path, articles: Iterable[Article], before: Path | None) -> None:
        """The whole ledger; rows of articles that did not change are taken from the version before."""
        (draft / FILE).unlink(missing_ok=True)
        with closing(sqlite3.connect(draft / FILE, uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            create(connection)
            known = _known(connection, before) if before else {}
            connection.execute("BEGIN")
            for article, rows in read(_fresh(articles, known, connection)):
                insert(connection, article, rows)
            connection.execute("COMMIT")
            connection.executescript(INDEXES)

    def change(self, draft: Path, before: Path, put: Sequence[Article], gone: Collection[str]) -> None:
        """The ledger of `before` with few articles changed; none where `before` has none, or one of another grammar."""
        if not is_there(before):
            return
        take_over(before, draft, [FILE])
        known = (before / CHANGES).exists()
        if known:
            shutil.copyfile(before / CHANGES, draft / CHANGES)
        with closing(sqlite3.connect(draft / CHANGES)) as connection:
            if not known:
                create(connection)
                connection.executescript(f"CREATE TABLE gone (id TEXT PRIMARY KEY) WITHOUT ROWID;{INDEXES}")
            for article_id in gone:
                connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
                for table in ROWS:
                    connection.execute(f"DELETE FROM {table} WHERE article = ?", (article_id,))
                connection.execute("INSERT OR IGNORE INTO gone VALUES (?)", (article_id,))
            for article in put:
                insert(connection, article, rows_of(article))
            connection.commit()

    def faults(self, version: Path, articles: Iterable[Article]) -> Iterator[str]:
        """Whether the ledger holds these articles as they are, each row a stretch of its article word for word."""
        if not is_there(version):
            return
        with closing(opened(version)) as connection:
            known = dict(connection.execute("SELECT id, content_hash FROM all_articles"))
            for article in articles:
                if known.pop(article.id, None) != article.content_hash:
                    yield f"{version / FILE}: does not hold article {article.id} as it is; run `wence compact`"
                    continue
                spans = "SELECT figure_start, figure_end, text, start, end, quote FROM all_figures WHERE article = ?"
                for first, last, text, start, end, quote in connection.execute(spans, (article.id,)):
                    if article.text[first:last] != text or article.text[start:end] != quote:
                        yield f"{version / FILE}: figure {text!r} of {article.id} does not stand there; run `wence compact`"
        for article_id in known:
            yield f"{version / FILE}: holds article {article_id}, which is not there; run `wence compact`"


LEDGER: Final = LedgerFiles()


def is_there(version: Path) -> bool:
    """Whether a version has a ledger that this grammar wrote."""
    if not (version / FILE).exists():
        return False
    with closing(sqlite3.connect(read_only(version / FILE), uri=True)) as connection:
        return bool(connection.execute("PRAGMA user_version").fetchone()[0] == GRAMMAR)


def opened(version: Path) -> sqlite3.Connection:
    """A connection that reads a version's ledger through the views `all_articles`, `all_figures`…; one thread at a time."""
    connection = sqlite3.connect(":memory:", uri=True, check_same_thread=False)
    _attach(connection, version)
    return connection


def _attach(connection: sqlite3.Connection, version: Path) -> None:
    connection.execute("ATTACH ? AS base", (read_only(version / FILE),))
    changed = (version / CHANGES).exists()
    if changed:
        connection.execute("ATTACH ? AS changes", (read_only(version / CHANGES),))
    connection.executescript(views(changed))


def _fresh(articles: Iterable[Article], known: dict[str, str], connection: sqlite3.Connection) -> Iterator[Article]:
    """The articles that must be read; the rows of the others are copied on the way."""
    for article in articles:
        if known.get(article.id) != article.content_hash:
            yield article
            continue
        for table in ("articles", *ROWS):
            column = "id" if table == "articles" else "article"
            connection.execute(f"INSERT INTO {table} SELECT * FROM all_{table} WHERE {column} = ?", (article.id,))


def _known(connection: sqlite3.Connection, before: Path) -> dict[str, str]:
    """Content hash of every article of the version before whose rows can be taken over."""
    if not is_there(before):
        return {}
    _attach(connection, before)
    return dict(connection.execute("SELECT id, content_hash FROM all_articles"))
