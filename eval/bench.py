"""Times what a user waits for: build, cold start to ready, search and ask. Prints and stores JSON with its machine.

python -m eval.bench [--source PATH] [--questions FILE] [--rounds N] [--seconds N]
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from embeddings import load_encoder
from eval.load import load
from eval.machine import machine, spread
from eval.question import read_questions
from eval.served import served
from index.building import build
from index.reading import read_sources
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answering.answerer import Answerer

_ROOT = Path(__file__).parent.parent


def in_process(snapshot: Path, questions: list[str], rounds: int) -> dict[str, Any]:
    """Milliseconds of one search and one extractive ask, without HTTP."""
    retriever = Retriever(Snapshot.open(snapshot), load_encoder())
    answerer = Answerer(retriever)
    answerer.ask("预热")
    searches = [_timed(lambda q=question: retriever.search(q)) for _ in range(rounds) for question in questions]
    asks = [_timed(lambda q=question: answerer.ask(q)) for _ in range(rounds) for question in questions]
    return {"search_ms": spread(searches), "ask_ms": spread(asks)}


def over_http(snapshot: Path, questions: list[str], seconds: float) -> dict[str, Any]:
    """Seconds from the start of `wence serve` to ready, what it bears by connections, and memory of its processes after."""
    bodies = [json.dumps({"question": question}, ensure_ascii=False).encode() for question in questions]
    found: dict[str, Any] = {}
    with served(snapshot) as service:
        found["ready_s"] = round(service.ready_s, 2)
        for path in ("search", "ask"):
            for connections in (1, 8, 64):
                found[f"{path}_http_{connections}"] = load(service.port, f"/v1/{path}", bodies, connections, seconds)
        found |= {"ask_http_ms": found["ask_http_1"]["milliseconds"], "memory_mb": service.memory_mb}
    return found


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=(__doc__ or "").split("\n\n")[0])
    shared = _ROOT.parent / "shared" / "corpus"
    parser.add_argument("--source", type=Path, default=shared if shared.is_dir() else _ROOT / "corpus")
    parser.add_argument("--questions", type=Path, default=_ROOT / "eval" / "questions" / "magazine-dev.jsonl")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load over HTTP (default: %(default)s)")
    arguments = parser.parse_args(argv)
    questions = [question.text for question in read_questions(arguments.questions)]
    found: dict[str, Any] = {
        **machine(),
        "source": os.path.relpath(arguments.source, _ROOT),
        "questions": len(questions),
    }
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder) / "snapshot"
        began = time.perf_counter()
        report = build(read_sources([arguments.source]), snapshot, load_encoder())
        found |= {"articles": report.articles, "passages": report.passages}
        found |= {"build_s": round(time.perf_counter() - began, 2), "snapshot": report.snapshot}
        found |= in_process(snapshot, questions, arguments.rounds)
        found |= over_http(snapshot, questions, arguments.seconds)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    print(text)
    stored = _ROOT / "bench" / f"{found['measured'].replace(':', '')}.json"
    stored.parent.mkdir(exist_ok=True)
    stored.write_text(text + "\n", encoding="utf-8")
    return 0


def _timed(run: Any) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
