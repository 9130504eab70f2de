"""The tables of the ledger in SQLite, and the rows of an article written into them."""

import sqlite3
from typing import Final

from index.article import Article
from service.ledger.reading import Rows

GRAMMAR: Final = 5
"""Raised when articles are read otherwise than before, so that rows of an earlier reading are not taken over."""

TABLES: Final = """
CREATE TABLE articles (id TEXT PRIMARY KEY, content_hash TEXT NOT NULL, title TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE figures (
    article TEXT NOT NULL, figure_start INTEGER NOT NULL, figure_end INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, text TEXT NOT NULL, number TEXT NOT NULL, value REAL NOT NULL, unit TEXT NOT NULL,
    hedge TEXT NOT NULL, subject TEXT NOT NULL, about TEXT NOT NULL, period TEXT NOT NULL, period_start TEXT,
    period_end TEXT, resolved INTEGER NOT NULL, date TEXT, comparator TEXT NOT NULL, change TEXT NOT NULL, grows INTEGER,
    indicator TEXT NOT NULL, quote TEXT NOT NULL
);
CREATE TABLE mentions (
    article TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    name_start INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, quote TEXT NOT NULL, titled INTEGER NOT NULL
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
ROWS: Final = {"figures": 22, "mentions": 9, "cells": 7}
"""The tables whose rows are of one article each, and how many columns they have."""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    connection.executescript(f"PRAGMA user_version = {GRAMMAR};{TABLES}")


def insert(connection: sqlite3.Connection, article: Article, rows: Rows) -> None:
    """Write the rows of an article."""
    connection.execute("INSERT INTO articles VALUES (?, ?, ?)", (article.id, article.content_hash, article.title))
    for table, columns in ROWS.items():
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows[table])
