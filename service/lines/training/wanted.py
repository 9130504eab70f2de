"""Files of asked questions in, articles and what is wanted of them out: a question and the spans that answer it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.training.documents import read_rows
from index.article import Article
from index.reading import read_sources
from index.sentences import Span


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question, the article that answers it, None for any, and the spans or quotes of it that do; a sentence at
    `hidden` is not looked at. `weight` is what its sentences count for.
    """

    question: str
    article: str | None
    spans: tuple[Span, ...] = ()
    quotes: tuple[str, ...] = ()
    hidden: int | None = None
    origin: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles and the questions about them."""

    articles: tuple[Article, ...]
    wanted: tuple[Wanted, ...]


def of_contexts(paths: Sequence[Path]) -> Collection:
    """Rows {context, question, answers: [{text, start}], title?}, each context an article; without unanswerable ones."""
    articles: dict[str, Article] = {}
    wanted: list[Wanted] = []
    for path in paths:
        for row in read_rows(path):
            context = row["context"]
            spans = tuple(span for answer in row["answers"] if (span := _place(context, answer)))
            if spans:
                article = articles.setdefault(
                    context, Article(f"context {len(articles)}", str(row.get("title") or ""), context)
                )
                wanted.append(Wanted(row["question"], article.id, spans, origin=path.name.split(".")[0]))
    return Collection(tuple(articles.values()), tuple(wanted))


def _place(context: str, answer: Mapping[str, Any]) -> Span | None:
    text, start = answer["text"], answer["start"]
    if context[start : start + len(text)] != text:
        start = context.find(text)
    return (start, start + len(text)) if start >= 0 and text else None


def of_questions(files: Sequence[Path], source: Path, weight: float) -> Collection:
    """Question files as `wence evaluate` takes them, those with evidence, over the articles of a file or folder."""
    articles = tuple(found for found in read_sources([source]) if isinstance(found, Article))
    rows: Iterator[dict[str, Any]] = (
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").split("\n") if line.strip()
    )
    return Collection(articles, tuple(
        Wanted(row["question"], None, quotes=tuple(row["evidence"]), origin="asked of collections", weight=weight)
        for row in rows if row.get("evidence") and not row.get("unanswerable") and not row.get("history")
    ))  # fmt: skip


def places(text: str, quotes: Iterable[str]) -> list[Span]:
    """Where quotes stand in a text that may have other white space and widths."""
    kept, at = [], []
    for number, character in enumerate(text):
        for one in unicodedata.normalize("NFKC", character):
            if not one.isspace():
                kept.append(one)
                at.append(number)
    plain, found = "".join(kept), []
    for quote in quotes:
        wanted = "".join(unicodedata.normalize("NFKC", quote).split())
        start = plain.find(wanted) if wanted else -1
        if start >= 0:
            found.append((at[start], at[start + len(wanted) - 1] + 1))
    return found
