"""Asked questions with their passages in, scores of the span model out: spans, answerability, calibration, speed.

    python -m eval.spans --reading cmrc2018-dev.jsonl.xz --answerability dureader-checklist-train.jsonl.xz

Spans are measured with the right passage given, by the official CMRC 2018 method. Answerability is measured on the last
fifth of its file, which `wence train spans` leaves out. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.training.documents import read_rows
from embeddings.training.pairs import cut_passages
from eval.metrics.span import exact_match, span_f1
from index.sentences import sentence_spans
from service.answering.question import understand
from service.answering.wording import Kind
from service.spans.ground import Line
from service.spans.model import SpanModel

Row = Mapping[str, Any]
_NUMERIC = (Kind.FIGURE, Kind.DATE)
_HELD_BACK = 0.2
_PASSAGES = 10
_BINS = 10


def lines_of(passages: Sequence[str]) -> list[Line]:
    """The sentences of the passages, as the model takes them."""
    return [Line(text[a:b], number) for number, text in enumerate(passages) for a, b in sentence_spans(text)]


def read(model: SpanModel, question: str, passages: Sequence[str]) -> tuple[str, float]:
    """The exact span found in the passages, "" for none, and how sure it is that they answer the question."""
    understood = understand(question)
    lines = lines_of(passages)
    ranking = model.rank(understood, understood.slots[0], lines)
    found = model.exact(ranking, lines)
    return (lines[found.line].text[found.start : found.end] if found else ""), ranking.certainty


def spans(model: SpanModel, rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """EM and F1 in points over all questions, over those for a figure or date, and over each kind."""
    scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        wanted = [answer["text"] for answer in row["answers"]]
        found, _ = read(model, row["question"], [row["context"]])
        score = exact_match(found, wanted), span_f1(found, wanted)
        kind = understand(row["question"]).slots[0].kind
        for group in ("all", "figure or date" if kind in _NUMERIC else "other kinds", kind):
            scores[group].append(score)
    return {
        group: {"questions": len(items), "em": _points(em), "f1": _points(f1)}
        for group, items in scores.items()
        for em, f1 in [zip(*items, strict=True)]
    }


def _points(values: Sequence[float]) -> float:
    return round(100 * sum(values) / len(values), 1)


def answerability(model: SpanModel, rows: Sequence[Row]) -> dict[str, float]:
    """How well the certainty tells questions with an answer from those without."""
    certain = np.array([read(model, row["question"], [row["context"]])[1] for row in rows])
    answered = np.array([bool(row["answers"]) for row in rows])
    return {
        "questions": len(rows), "unanswerable": int((~answered).sum()), "roc auc": round(area(certain, answered), 3),
        "refused at 5 % false refusals": round(refused(certain, answered, 0.05), 3),
        "refused at 10 % false refusals": round(refused(certain, answered, 0.1), 3),
        "calibration error": round(calibration_error(certain, answered), 3),
    }  # fmt: skip


def area(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: how often a right one scores higher than a wrong one, ties counting half."""
    positive, negative = scores[right], np.sort(scores[~right])
    below = np.searchsorted(negative, positive) + np.searchsorted(negative, positive, side="right")
    return float(below.mean() / 2 / len(negative))


def refused(scores: NDArray[np.float64], right: NDArray[np.bool_], false_refusals: float) -> float:
    """Share of the wrong ones below the threshold that loses this share of the right ones."""
    return float((scores[~right] < np.quantile(scores[right], false_refusals)).mean())


def calibration_error(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al., ICML 2017)."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    gaps = [abs(scores[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())]
    return float(sum(gaps))


def speed(model: SpanModel, rows: Sequence[Row], count: int) -> dict[str, float]:
    """Milliseconds a question over ten passages seen for the first time, ranking and exact span together."""
    took, used = [], []
    for question, passages in _with_ten_passages(rows, count):
        begun, processor = time.perf_counter(), time.process_time()
        read(model, question, passages)
        took.append((time.perf_counter() - begun) * 1e3)
        used.append((time.process_time() - processor) * 1e3)
    return {
        "questions": len(took),
        "median ms": round(float(np.median(took)), 1),
        "mean ms": round(float(np.mean(took)), 1),
        "median processor ms": round(float(np.median(used)), 1),
    }


def _with_ten_passages(rows: Sequence[Row], count: int) -> Iterator[tuple[str, list[str]]]:
    rng = Random(7)
    others = list(dict.fromkeys(passage for row in rows for passage in cut_passages(row["context"])))
    rng.shuffle(others)
    for row in rng.sample(list(rows), min(count, len(rows), len(others) // _PASSAGES)):
        own = cut_passages(row["context"])[:_PASSAGES]
        yield row["question"], own + [others.pop() for _ in range(_PASSAGES - len(own)) if others]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.spans", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--reading", type=Path, help="rows of {context, question, answers}, all answered")
    parser.add_argument("--answerability", type=Path, help="the same, part of them without answers")
    parser.add_argument("--model", type=Path, help="folder of the model; the built-in one by default")
    parser.add_argument("--questions", type=int, help="only that many of the reading questions, drawn at random")
    given = parser.parse_args(argv)
    begun = time.perf_counter()
    model = SpanModel.load(given.model)
    report: dict[str, Any] = {
        "load ms": round((time.perf_counter() - begun) * 1e3), "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }  # fmt: skip
    if given.reading:
        rows = [row for row in read_rows(given.reading) if row["answers"]]
        rows = Random(7).sample(rows, min(given.questions or len(rows), len(rows)))
        report["speed over ten passages"] = speed(model, rows, 300)
        report["spans"] = spans(model, rows)
    if given.answerability:
        rows = list(read_rows(given.answerability))
        report["answerability"] = answerability(model, rows[round(len(rows) * (1 - _HELD_BACK)) :])
    json.dump(report, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
