"""Question files and a snapshot in, a table of scores out: how many answers are right, by type.

    python -m eval.answers [--questions FILE ...] [--source PATH] [--failures]

An answer counts as right when it holds every key within the length that the contract allows; an unanswerable question
when it is refused. A question without an answer counts as wrong.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from embeddings import Encoder, load_encoder
from eval.metrics.text import evidence_ranks, exactly, includes
from index.building import build
from index.reading import read_sources
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answer import Answer, Status
from service.answering.answerer import Answerer

_HERE = Path(__file__).parent
_SHORT, _LONG = 120, 400
_SHORT_TYPES = frozenset("figure date entity comparison".split())
Question = dict[str, Any]


def read_questions(path: Path) -> list[Question]:
    """The questions of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def ask(answerer: Answerer, question: Question) -> Answer:
    """The answer to one question of a file, with its history."""
    history = tuple(turn["content"] for turn in question.get("history", ()) if turn["role"] == "user")
    return answerer.ask(question["question"], history)


def is_right(question: Question, answer: Answer) -> bool:
    """Right, short enough, and not a refusal; for an unanswerable question a refusal."""
    if question.get("unanswerable"):
        return answer.status is Status.UNANSWERABLE
    limit = _SHORT if question["type"] in _SHORT_TYPES else _LONG
    return answer.status is not Status.UNANSWERABLE and (
        len(answer.answer) <= limit and includes(answer.answer, question["must_include"])
    )


def score(answerer: Answerer, questions: Iterable[Question], failures: bool) -> dict[str, Any]:
    """Counts of right answers by type, exact short answers, evidence recall, and the median time of an ask in ms."""
    right: dict[str, list[bool]] = defaultdict(list)
    short: list[bool] = []
    recall: dict[int, list[bool]] = {1: [], 5: [], 10: []}
    times: list[float] = []
    for question in questions:
        answer = ask(answerer, question)
        right[question["type"]].append(is_right(question, answer))
        times.append(answer.timings_ms["total"])
        if not question.get("unanswerable"):
            ranks = evidence_ranks([passage.text for passage in answer.retrieved], question["evidence"])
            for k, found in recall.items():
                found.append(any(rank and rank <= k for rank in ranks))
        if question["type"] in ("figure", "date"):
            short.append(exactly(answer.short_answers, question["answers"]))
        if failures and not right[question["type"]][-1]:
            wanted = question.get("answers") or question.get("why")
            print(
                f"{question['id']} [{question['type']}] {question['question']}\n   wanted {wanted}\n   got {answer.answer}"
            )
    answerable = [item for kind, items in right.items() if kind != "unanswerable" for item in items]
    return {
        "types": {kind: (sum(items), len(items)) for kind, items in right.items()},
        "answerable": (sum(answerable), len(answerable)),
        "short_answers": (sum(short), len(short)),
        "recall": {k: round(statistics.mean(found), 3) for k, found in recall.items() if found},
        "median_ms": round(statistics.median(times), 1),
    }


def open_answerer(source: Path, encoder: Encoder, folder: Path) -> Answerer:
    """An answerer over a fresh snapshot of a source."""
    build(read_sources([source]), folder, encoder)
    answerer = Answerer(Retriever(Snapshot.open(folder), encoder))
    answerer.ask("预热")
    return answerer


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.answers", description=(__doc__ or "").split("\n\n")[0])
    shared = _HERE.parent.parent / "shared" / "corpus"
    parser.add_argument("--questions", type=Path, nargs="+", default=sorted((_HERE / "questions").glob("*-dev*.jsonl")))
    parser.add_argument("--source", type=Path, default=shared if shared.is_dir() else _HERE.parent / "corpus")
    parser.add_argument("--failures", action="store_true", help="print every wrong answer")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        answerer = open_answerer(arguments.source, load_encoder(), Path(folder) / "snapshot")
        for path in arguments.questions:
            found = score(answerer, read_questions(path), arguments.failures)
            print(f"{path.name} over {os.path.relpath(arguments.source, _HERE.parent)}")
            for kind, (good, total) in found["types"].items():
                print(f"  {kind:13} {good:4}/{total:<4} {good / total:.3f}")
            for name in ("answerable", "short_answers"):
                good, total = found[name]
                print(f"  {name:13} {good:4}/{total:<4} {good / max(1, total):.3f}")
            print(f"  evidence recall {found['recall']}, median {found['median_ms']} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
