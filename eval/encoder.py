"""A question set and passages in, recall of an encoder alone, of BM25 alone and of both fused out, as JSON.

Passages: the contexts of the question file cut to about 170 characters, filled up with news passages to the number
asked for. A question's right passages are those of its own context in which one of its answers stands.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import BUILT_IN, Encoder, load_encoder
from embeddings.training.documents import read_rows
from embeddings.training.pairs import cut_passages
from index.lexical import LexicalIndex
from index.passage import Passage
from index.retrieval import CANDIDATES
from index.terms import terms

_DEPTH = 100
_HOLD_OUT = 20  # news rows 0, 20, 40 … are not trained on


@dataclass(frozen=True, slots=True)
class Task:
    """Question i is answered by each of the passages numbered in `gold[i]`."""

    passages: list[str]
    questions: list[str]
    gold: list[frozenset[int]]


def read_task(questions: Path, news: Path, *, question_count: int, passage_count: int, seed: int = 7) -> Task:
    """Draws the questions with `seed`; news passages come from the rows that training holds out, then from any."""
    rows = [row for row in read_rows(questions) if row["answers"]]
    numbers: dict[str, range] = {}
    passages: list[str] = []
    for row in rows:
        if row["context"] not in numbers:
            cut = cut_passages(row["context"])
            numbers[row["context"]] = range(len(passages), len(passages) + len(cut))
            passages.extend(cut)
    asked: list[str] = []
    gold: list[frozenset[int]] = []
    for row in Random(seed).sample(rows, len(rows)):
        answers = {_plain(answer["text"]) for answer in row["answers"]}
        right = frozenset(i for i in numbers[row["context"]] if any(a in _plain(passages[i]) for a in answers))
        if right and len(asked) < question_count:
            asked.append(row["question"])
            gold.append(right)
    told = list(read_rows(news))
    for row in told[::_HOLD_OUT] + told[1::_HOLD_OUT]:
        passages.extend(cut_passages(row["text"]))
        if len(passages) >= passage_count:
            break
    return Task(passages[:passage_count], asked, gold)


def _plain(text: str) -> str:
    return "".join(text.split())


def bm25_scores(passages: Sequence[str], questions: Sequence[str]) -> NDArray[np.float32]:
    """Shape (questions, passages): the lexical channel's scores of its best hundred, 0 for all others."""
    scores = np.zeros((len(questions), len(passages)), dtype=np.float32)
    with TemporaryDirectory() as folder:
        LexicalIndex.write((_passage(text) for text in passages), Path(folder) / "lexical")
        lexical = LexicalIndex(Path(folder) / "lexical")
        for row, question in zip(scores, questions, strict=True):
            found, values = lexical.search(terms(question), _DEPTH)
            row[found] = values
    return scores


def _passage(text: str) -> Passage:
    return Passage(article_id="", title="", start=0, end=len(text), text=text, heading=())


def fuse(dense: NDArray[np.float32], lexical: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """`weight` x cosine + (1 - `weight`) x BM25 as a share of its best; each channel offers its first candidates.

    As the retriever does it: a channel that did not offer a passage adds nothing.
    """
    best = np.maximum(lexical.max(axis=1, keepdims=True), 1e-9)
    near = np.where(_among_first(dense), dense, 0)
    return np.asarray(weight * near + (1 - weight) * np.where(_among_first(lexical), lexical, 0) / best)


def fuse_all(dense: NDArray[np.float32], lexical: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """The same sum, with the cosine of every passage that either channel offers."""
    offered = _among_first(dense) | _among_first(lexical)
    best = np.maximum(lexical.max(axis=1, keepdims=True), 1e-9)
    return np.where(offered, weight * dense + (1 - weight) * lexical / best, -1).astype(np.float32)


def fuse_ranks(dense: NDArray[np.float32], lexical: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """Weighted reciprocal ranks, k = 60, over each channel's candidates (Cormack et al., SIGIR 2009)."""
    total = np.zeros_like(dense)
    for scores, share in ((dense, weight), (lexical, 1 - weight)):
        order = np.argsort(-scores, axis=1, kind="stable")[:, :CANDIDATES]
        points = np.broadcast_to(share / (60 + np.arange(1, order.shape[1] + 1)), order.shape).astype(np.float32)
        np.put_along_axis(total, order, np.take_along_axis(total, order, axis=1) + points, axis=1)
    return total


def _among_first(scores: NDArray[np.float32]) -> NDArray[np.bool_]:
    count = min(CANDIDATES, scores.shape[1])
    least = np.partition(scores, -count, axis=1)[:, -count]
    return np.asarray(scores >= least[:, None])


def recall(scores: NDArray[np.float32], gold: Sequence[frozenset[int]]) -> dict[str, float]:
    """Share of questions with a right passage at rank 1 and among the first 10."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    first = [bool(right & {int(row[0])}) for row, right in zip(order, gold, strict=True)]
    ten = [bool(right & set(row.tolist())) for row, right in zip(order, gold, strict=True)]
    return {"recall@1": round(float(np.mean(first)), 4), "recall@10": round(float(np.mean(ten)), 4)}


def measure(task: Task, encoder: Encoder, weights: Sequence[float]) -> dict[str, Any]:
    """Recall of each channel and fusion, encoding speeds; the report's body."""
    begun = time.perf_counter()
    matrix = encoder.encode_passages(task.passages)
    passages_s = time.perf_counter() - begun
    begun = time.perf_counter()
    asked = np.stack([encoder.encode_question(question) for question in task.questions])
    question_s = (time.perf_counter() - begun) / len(task.questions)
    dense, lexical = asked @ matrix.T, bm25_scores(task.passages, task.questions)
    return {
        "questions": len(task.questions),
        "passages": len(task.passages),
        "dense": recall(dense, task.gold),
        "bm25": recall(lexical, task.gold),
        "fused": {str(w): recall(fuse(dense, lexical, w), task.gold) for w in weights},
        "fused, all cosines": {str(w): recall(fuse_all(dense, lexical, w), task.gold) for w in weights},
        "fused by rank": {str(w): recall(fuse_ranks(dense, lexical, w), task.gold) for w in weights},
        "passages_per_s": round(len(task.passages) / passages_s),
        "question_ms": round(question_s * 1e3, 3),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one JSON object on stdout."""
    parser = argparse.ArgumentParser(prog="python -m eval.encoder", description=__doc__)
    parser.add_argument(
        "--questions", type=Path, required=True, help="JSON Lines of {context, question, answers}, .xz too"
    )
    parser.add_argument("--news", type=Path, required=True, help="JSON Lines of {text}: passages that answer nothing")
    parser.add_argument("--encoder", default=BUILT_IN, help="name or folder of the model")
    parser.add_argument("--question-count", type=int, default=1000)
    parser.add_argument("--passage-count", type=int, default=20_000)
    parser.add_argument("--weights", type=float, nargs="+", default=[0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6])
    given = parser.parse_args(argv)
    begun = time.perf_counter()
    encoder = load_encoder(given.encoder)
    loaded: Mapping[str, Any] = {
        "encoder": encoder.info.to_dict(),
        "load_ms": round((time.perf_counter() - begun) * 1e3),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    task = read_task(
        given.questions, given.news, question_count=given.question_count, passage_count=given.passage_count
    )
    json.dump({**loaded, **measure(task, encoder, given.weights)}, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
