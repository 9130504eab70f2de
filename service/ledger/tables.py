"""Articles in, the rows of the ledger written into one SQLite file: figures, mentions of reforms and their cells."""

import json
import sqlite3
from typing import Final

from index.article import Article
from service.ledger.cells import Cell, cells
from service.ledger.entries import Entry, entries
from service.ledger.mentions import mentions

GRAMMAR: Final = 1
"""Raised when articles are read otherwise than before, so that rows of an earlier reading are not taken over."""

TABLES: Final = """
CREATE TABLE articles (id TEXT PRIMARY KEY, content_hash TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE figures (
    article TEXT NOT NULL, figure_start INTEGER NOT NULL, figure_end INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, text TEXT NOT NULL, number TEXT NOT NULL, value REAL NOT NULL, unit TEXT NOT NULL,
    hedge TEXT NOT NULL, subject TEXT NOT NULL, about TEXT NOT NULL, period TEXT NOT NULL, period_start TEXT,
    period_end TEXT, resolved INTEGER NOT NULL, date TEXT, comparator TEXT NOT NULL, change TEXT NOT NULL, grows INTEGER,
    indicator TEXT NOT NULL, quote TEXT NOT NULL
);
CREATE TABLE mentions (
    article TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    name_start INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, quote TEXT NOT NULL
);
CREATE TABLE cells (
    article TEXT NOT NULL, key TEXT NOT NULL, cell TEXT NOT NULL, text TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, quote TEXT NOT NULL
);
"""
INDEXES: Final = """
CREATE INDEX figures_article ON figures (article, figure_start);
CREATE INDEX figures_indicator ON figures (indicator);
CREATE INDEX mentions_article ON mentions (article);
CREATE INDEX mentions_key ON mentions (key);
CREATE INDEX cells_article ON cells (article);
CREATE INDEX cells_key ON cells (key);
"""
ROWS: Final = ("figures", "mentions", "cells")
"""The tables whose rows are of one article each."""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    connection.executescript(f"PRAGMA user_version = {GRAMMAR};{TABLES}")


def insert(connection: sqlite3.Connection, article: Article) -> None:
    """Read an article and write its rows."""
    connection.execute("INSERT INTO articles VALUES (?, ?)", (article.id, article.content_hash))
    connection.executemany(_into("figures", 22), (_figure(article, entry) for entry in entries(article)))
    for mention in mentions(article):
        quote = article.text[mention.start : mention.end]
        connection.execute(
            _into("mentions", 8),
            (
                article.id,
                mention.key,
                mention.name,
                mention.kind,
                mention.name_start,
                mention.start,
                mention.end,
                quote,
            ),
        )
        connection.executemany(_into("cells", 7), (_cell(article, cell) for cell in cells(article, mention)))


def _into(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"


def _figure(article: Article, entry: Entry) -> tuple[object, ...]:
    high = entry.value[1] if isinstance(entry.value, list) else entry.value
    return (
        article.id, entry.figure_start, entry.figure_end, entry.start, entry.end, entry.text, json.dumps(entry.value),
        float(high), entry.unit, entry.hedge, entry.subject, entry.about, entry.period, entry.days.start,
        entry.days.end, entry.days.resolved, article.date, entry.comparator, entry.change, entry.grows,
        entry.indicator, article.text[entry.start : entry.end],
    )  # fmt: skip


def _cell(article: Article, cell: Cell) -> tuple[object, ...]:
    quote = article.text[cell.start : cell.end]
    return article.id, cell.key, cell.cell, cell.text, cell.start, cell.end, quote
