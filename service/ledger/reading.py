"""Articles in, the rows that each gives the ledger out, in order; many are read by several processes at once.

A process of this module reads articles as lines of JSON and writes rows as lines of JSON, so that what calls it may hold
threads and need not be importable.
"""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import islice
from queue import SimpleQueue
from threading import Thread
from typing import IO, Final, cast

from index.article import Article
from service.ledger.cells import cells
from service.ledger.entries import Entry, entries
from service.ledger.mentions import mentions

Rows = dict[str, list[list[object]]]
"""For each table of the ledger the rows of one article."""

_MANY: Final = 1000
"""Fewer articles are read here; it takes about a second to start the processes."""

_AHEAD: Final = 64
"""Articles that a process may have waiting."""


def rows_of(article: Article) -> Rows:
    """What one article gives the ledger."""
    found = mentions(article)
    said = [cell for mention in found for cell in cells(article, mention)]
    return {
        "figures": [_figure(article, entry) for entry in entries(article)],
        "mentions": [
            [article.id, one.key, one.name, one.kind, one.name_start, one.start, one.end, article.text[one.start : one.end], one.titled]
            for one in found
        ],
        "cells": [
            [article.id, one.key, one.cell, one.text, one.start, one.end, article.text[one.start : one.end]]
            for one in said
        ],
    }  # fmt: skip


def read(articles: Iterable[Article]) -> Iterator[tuple[Article, Rows]]:
    """Each article with its rows, in order."""
    waiting = iter(articles)
    first = list(islice(waiting, _MANY))
    workers = min(len(os.sched_getaffinity(0)), 8)
    if len(first) < _MANY or workers < 2:
        yield from ((article, rows_of(article)) for article in (*first, *waiting))
        return
    with ExitStack() as stack:
        processes = [stack.enter_context(_Process()) for _ in range(workers)]
        sent: deque[tuple[Article, _Process]] = deque()
        for number, article in enumerate(_chain(first, waiting)):
            process = processes[number % workers]
            process.send(article)
            sent.append((article, process))
            if len(sent) >= _AHEAD * workers:
                done, process = sent.popleft()
                yield done, process.take()
        while sent:
            done, process = sent.popleft()
            yield done, process.take()


def _chain(first: list[Article], rest: Iterator[Article]) -> Iterator[Article]:
    while first:
        yield first.pop(0)
    yield from rest


class _Process:
    """Another interpreter that reads articles in the order in which they are sent."""

    def __init__(self) -> None:
        # It finds the packages where this process does, not in the folder that the command was given in.
        found = os.pathsep.join(folder for folder in sys.path if folder)
        self._process = subprocess.Popen(  # noqa: S603 - this module, by this interpreter
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": found},
            start_new_session=True,  # Ctrl-C is for who called
        )
        self._input, self._output = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        self._found: SimpleQueue[str] = SimpleQueue()
        self._reader = Thread(target=self._drain, daemon=True)
        self._reader.start()

    def __enter__(self) -> "_Process":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        with suppress(BrokenPipeError):
            self._input.close()

    def send(self, article: Article) -> None:
        record = {"id": article.id, "title": article.title, "text": article.text, "date": article.date}
        self._input.write(f"{json.dumps(record)}\n")
        self._input.flush()

    def take(self) -> Rows:
        line = self._found.get()
        if not line:
            raise OSError(f"a process that reads figures ended with status {self._process.wait()}")
        rows: Rows = json.loads(line)
        return rows

    def _drain(self) -> None:
        """Take what comes as it comes, so that neither side waits for the other; the last line is empty."""
        with self._output:
            for line in self._output:
                self._found.put(line)
        self._found.put("")


def _figure(article: Article, entry: Entry) -> list[object]:
    high = entry.value[1] if isinstance(entry.value, list) else entry.value
    return [
        article.id, entry.figure_start, entry.figure_end, entry.start, entry.end, entry.text, json.dumps(entry.value),
        float(high), entry.unit, entry.hedge, entry.subject, entry.about, entry.period, entry.days.start,
        entry.days.end, entry.days.resolved, article.date, entry.comparator, entry.change, entry.grows,
        entry.indicator, article.text[entry.start : entry.end],
    ]  # fmt: skip


if __name__ == "__main__":
    for sent_line in sys.stdin:
        sys.stdout.write(f"{json.dumps(rows_of(Article(**json.loads(sent_line))))}\n")
        sys.stdout.flush()
