"""Public questions and 63,000 news articles in, recall of BM25, of the encoder and of both together out, as JSON.

    python -m eval.encoder [--data FOLDER] [--encoder NAME] [--sample N]

One snapshot of all: the news, the contexts of CMRC 2018 dev and of DuReader-checklist, and television items that
training left out, cut to passages as any collection is, without titles. A hit is right when it is of the question's own
article and holds an answer; for a title any passage of its article is.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from embeddings import BUILT_IN, Encoder, load_encoder
from embeddings.training.documents import read_rows
from embeddings.training.pairs import ask, split_sentences
from eval.machine import ROOT, machine
from index.article import Article
from index.building import build
from index.passage import Passage, split
from index.retrieval import Retriever, search_terms
from index.snapshot import Snapshot

HOLD_OUT = 12  # `wence train encoder` leaves out articles 0, 12, 24 … of each source
_SEED = 7
_MADE, _TITLES = 2000, 5000
_DEPTH = 10
_TIMED = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question and what is right: a passage of this article that holds one of `answers`, any where there are none."""

    question: str
    article_id: str
    answers: tuple[str, ...] = ()

    def is_met_by(self, passage: Passage) -> bool:
        if passage.article_id != self.article_id:
            return False
        text = _plain(passage.text)
        return not self.answers or any(answer in text for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Collection:
    """All articles, and the questions of each task."""

    articles: list[Article] = field(default_factory=list)
    tasks: dict[str, list[Wanted]] = field(default_factory=dict)

    def add(self, text: str) -> Article:
        article = Article(f"a{len(self.articles)}", "", text.strip())
        self.articles.append(article)
        return article


def read_collection(folder: Path, sample: int = 0) -> Collection:
    """The collection of a folder of data files; with `sample`, that many questions of each task, drawn with one seed."""
    collection = Collection()
    news = [collection.add(row["text"]) for row in read_rows(folder / "news-2023.jsonl.xz")]
    rng = Random(_SEED)
    made = [
        wanted for article in rng.sample(news[::HOLD_OUT], len(news[::HOLD_OUT])) if (wanted := _made(article, rng))
    ]
    tasks = {
        "CMRC 2018 dev": _asked(collection, folder / "cmrc2018-dev.jsonl.xz"),
        "DuReader-checklist": _asked(collection, folder / "dureader-checklist-train.jsonl.xz"),
        "self-made": made[:_MADE],
        "title → article": _titles(collection, folder / "broadcast-2012-2026.jsonl.xz", rng),
    }
    for name, asked in tasks.items():
        collection.tasks[name] = Random(_SEED).sample(asked, min(sample or len(asked), len(asked)))
    return collection


def _asked(collection: Collection, path: Path) -> list[Wanted]:
    """The answerable questions with an answer that a passage holds whole."""
    contexts: dict[str, tuple[Article, list[str]]] = {}
    found: list[Wanted] = []
    for row in read_rows(path):
        if not row["answers"]:
            continue
        if row["context"] not in contexts:
            article = collection.add(row["context"])
            contexts[row["context"]] = article, [_plain(passage.text) for passage in split(article)]
        article, passages = contexts[row["context"]]
        answers = tuple({_plain(answer["text"]) for answer in row["answers"]})
        if any(answer in passage for answer in answers for passage in passages):
            found.append(Wanted(row["question"], article.id, answers))
    return found


def _made(article: Article, rng: Random) -> Wanted | None:
    """One self-made question on one sentence of an article."""
    passages = split(article)
    sentences = split_sentences(rng.choice(passages).text)
    sentence = rng.choice(sentences) if sentences else ""
    question = ask(sentence, rng)
    return Wanted(question, article.id, (_plain(sentence),)) if question else None


def _titles(collection: Collection, path: Path, rng: Random) -> list[Wanted]:
    """Titles that no other item has, of items that training left out."""
    rows = list(read_rows(path))
    often = Counter(row["title"] for row in rows)
    unseen = [row for row in rows[::HOLD_OUT] if row["text"] and row["title"] and often[row["title"]] == 1]
    chosen = rng.sample(unseen, min(_TITLES, len(unseen)))
    return [Wanted(row["title"], collection.add(row["text"]).id) for row in chosen]


def _plain(text: str) -> str:
    return "".join(text.split())


def ranked(found: Sequence[Sequence[Passage]], wanted: Sequence[Wanted]) -> dict[str, float]:
    """Recall among the first 1, 5 and 10 and the mean reciprocal rank (0 beyond the tenth), in percent."""
    ranks = np.array(
        [
            next((rank for rank, passage in enumerate(row, start=1) if item.is_met_by(passage)), np.inf)
            for row, item in zip(found, wanted, strict=True)
        ]
    )
    recalls = {f"recall@{k}": round(100 * float(np.mean(ranks <= k)), 2) for k in (1, 5, 10)}
    return {**recalls, "mrr@10": round(100 * float(np.mean(1 / ranks)), 2)}


def measure(snapshot: Snapshot, encoder: Encoder, tasks: dict[str, list[Wanted]]) -> dict[str, Any]:
    """The measures of each task by each channel and both, all asked for the question as the retriever reads it."""
    retriever = Retriever(snapshot, encoder)

    def lexical(question: str) -> list[Passage]:
        asked = search_terms(retriever.read(question).searched)
        return snapshot.store.passages(snapshot.lexical.search(asked, _DEPTH)[0].tolist())

    def dense(question: str) -> list[Passage]:
        vector = encoder.encode_question(retriever.read(question).searched)
        return snapshot.store.passages(snapshot.dense.search(vector, _DEPTH)[0].tolist())

    def both(question: str) -> list[Passage]:
        return [hit.passage for hit in retriever.search(question, _DEPTH)]

    channels: dict[str, Callable[[str], list[Passage]]] = {"BM25": lexical, "encoder": dense, "both": both}
    report: dict[str, Any] = {}
    for name, wanted in tasks.items():
        report[name] = {"questions": len(wanted)}
        for channel, search in channels.items():
            report[name][channel] = ranked([search(item.question) for item in wanted], wanted)
    return report


def speed(encoder: Encoder, texts: Sequence[str]) -> dict[str, float]:
    """Passages encoded a second of wall-clock and of processor time (that is, on one core), and ms a question."""
    wall, processor = time.perf_counter(), time.process_time()
    encoder.encode_passages(texts)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    begun = time.perf_counter()
    for text in texts[:1000]:
        encoder.encode_question(text[:20])
    return {
        "passages_per_s": round(len(texts) / wall),
        "passages_per_core_s": round(len(texts) / processor),
        "question_ms": round((time.perf_counter() - begun) / len(texts[:1000]) * 1e3, 3),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one JSON object on stdout."""
    parser = argparse.ArgumentParser(prog="python -m eval.encoder", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--encoder", default=BUILT_IN, help="name or folder of the model")
    parser.add_argument("--dimension", type=int, help="keep that many numbers of each vector")
    parser.add_argument("--sample", type=int, default=0, help="questions of each task (default: all)")
    given = parser.parse_args(argv)
    begun = time.perf_counter()
    encoder = load_encoder(given.encoder, dimension=given.dimension)
    load_ms = round((time.perf_counter() - begun) * 1e3)
    collection = read_collection(given.data, given.sample)
    with tempfile.TemporaryDirectory() as folder:
        build(collection.articles, Path(folder) / "snapshot", encoder)
        snapshot = Snapshot.open(Path(folder) / "snapshot")
        timed = min(_TIMED, len(snapshot.dense))
        report = {
            "encoder": encoder.info.to_dict(),
            "machine": machine(),
            "load_ms": load_ms,
            "passages": len(snapshot.dense),
            "tasks": measure(snapshot, encoder, collection.tasks),
            "speed": speed(encoder, [passage.text for passage in snapshot.store.passages(range(timed))]),
        }
    json.dump(report, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
