"""News in, what a collection of so many passages costs out: build, disk, memory, one search, and the dense recall.

    python -m eval.scale [--passages N] [--news FILE] [--keep DIR]

Past the end of the news they are repeated, each with its numbers and some of its words changed. Questions are clauses of
the news. Building and searching run in processes of their own, so that the memory of each is its own.
"""

import argparse
import json
import lzma
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from embeddings import load_encoder
from eval.machine import ROOT, lines, machine, spread
from index.article import Article
from index.building import build
from index.passage import split
from index.retrieval import CANDIDATES, Retriever
from index.snapshot import Snapshot

NEWS: Final = ROOT.parent / "shared" / "data" / "news-2023.jsonl.xz"
_QUESTIONS: Final = 1000
_COMPARED: Final = 300
_NEAREST: Final = 10
_CLAUSE = re.compile(r"[\w\u4e00-\u9fff]{10,40}")
_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")
_SWAPPED: Final = 0.1
"""Share of the clauses of a repeated article that change places."""


def articles(news: Path, passages: int) -> Iterator[Article]:
    """Articles with so many passages in all."""
    left, round_number = passages, 0
    while left > 0:
        with lzma.open(news, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                record = json.loads(line)
                text = record["text"] if round_number == 0 else _changed(record["text"], round_number, number)
                title = text.split("\n", maxsplit=1)[0][:24]
                day = record["date"][:10]
                date = day if _DAY.fullmatch(day) else None
                article = Article(f"n{round_number}-{number}", title, text, date=date)
                yield article
                if (left := left - len(split(article))) <= 0:
                    return
        round_number += 1


def built(folder: Path, news: Path, passages: int) -> dict[str, Any]:
    """Build a snapshot; its seconds, the most memory meanwhile, and its files."""
    encoder = load_encoder()
    began, worked = time.perf_counter(), time.process_time()
    report = build(articles(news, passages), folder, encoder)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    snapshot = Snapshot.open(folder, hashed=False)
    return {
        "articles": report.articles,
        "passages": report.passages,
        "build_s": round(seconds, 1),
        "build_processor_s": round(processor, 1),
        "build_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "snapshot_mb": round(sum(size for size, _ in snapshot.manifest.files.values()) / 1e6),
        "largest_mb": {name: round(size / 1e6) for name, (size, _) in _largest(snapshot)},
        "dense": snapshot.manifest.dense,
    }


def searched(folder: Path) -> dict[str, Any]:
    """Milliseconds of one search in process and of its parts, memory after, and the dense recall by questions."""
    encoder = load_encoder()
    began = time.perf_counter()
    retriever = Retriever(Snapshot.open(folder), encoder)
    opened = time.perf_counter() - began
    snapshot, questions = retriever.snapshot, _questions(retriever.snapshot)
    for question in questions[:50]:
        retriever.search(question)
    found: dict[str, Any] = {"open_s": round(opened, 2), "opened": _resident()}
    found |= _timed("search", retriever.search, questions)
    found["searched"] = _resident()
    vectors = [encoder.encode_question(question) for question in questions]
    found |= _timed("dense", lambda vector: snapshot.dense.search(vector, CANDIDATES), vectors)
    return found | {"questions": len(questions), "recall@10": recall(snapshot, np.stack(vectors[:_COMPARED]))}


def recall(snapshot: Snapshot, questions: Any) -> float:
    """Share of the ten nearest that the dense index finds when asked for ten; as near as the tenth is as good."""
    dense, best = snapshot.dense, np.full((len(questions), 0), -1.0, dtype=np.float32)
    for start in range(0, len(dense), 16_384):
        block = questions @ dense.vectors(start, min(start + 16_384, len(dense))).T
        best = -np.sort(-np.hstack([best, block]), axis=1)[:, :_NEAREST]
    found = 0
    for question, cosines in zip(questions, best, strict=True):
        found += int((dense.search(question, _NEAREST)[1] >= cosines[-1] - 1e-5).sum())
    return round(found / best.size, 4)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--passages", type=int, default=250_000, help="in the collection (default: %(default)s)")
    parser.add_argument(
        "--news", type=Path, default=NEWS, help="JSON Lines of date and text, xz (default: %(default)s)"
    )
    parser.add_argument("--keep", type=Path, help="folder that the snapshot stays in")
    parser.add_argument("--only", choices=["build", "search"], help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.only:
        step = searched(arguments.keep) if arguments.only == "search" else None
        print(json.dumps(step or built(arguments.keep, arguments.news, arguments.passages)))
        return 0
    found: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory(prefix="wence-scale-") as folder:
        for step_name in ("build", "search"):
            given = ["--only", step_name, "--keep", str(arguments.keep or folder), "--news", str(arguments.news)]
            command = [sys.executable, "-m", "eval.scale", *given, "--passages", str(arguments.passages)]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
            found |= json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def _changed(text: str, round_number: int, number: int) -> str:
    """The text with other numbers, and some of its clauses in another place."""
    rng = random.Random(f"{round_number}-{number}")
    clauses = re.split("([，。])", re.sub(r"\d", lambda _: str(rng.randrange(1, 10)), text))
    for one in range(0, len(clauses) - 1, 2):
        if rng.random() < _SWAPPED:
            other = rng.randrange(0, len(clauses), 2)
            clauses[one], clauses[other] = clauses[other], clauses[one]
    return "".join(clauses)


def _questions(snapshot: Snapshot) -> list[str]:
    """A clause each of passages all over the collection."""
    rng = random.Random(7)
    rows = [rng.randrange(len(snapshot.dense)) for _ in range(_QUESTIONS)]
    clauses = [_CLAUSE.findall(passage.text) for passage in snapshot.store.passages(rows)]
    return [rng.choice(found) for found in clauses if found]


def _resident() -> dict[str, int]:
    """MB in memory: its own, and those of files that the system can take back."""
    status = dict(line.split(":", maxsplit=1) for line in lines("/proc/self/status"))
    return {name: int(status[key].split()[0]) // 1024 for name, key in (("own_mb", "RssAnon"), ("files_mb", "RssFile"))}


def _largest(snapshot: Snapshot) -> list[tuple[str, tuple[int, str]]]:
    return sorted(snapshot.manifest.files.items(), key=lambda item: -item[1][0])[:5]


def _timed(name: str, run: Callable[[Any], object], given: Iterable[Any]) -> dict[str, dict[str, float]]:
    """Milliseconds by the clock, and of processor time, which other work on the machine changes less."""
    clock, processor = [], []
    for one in given:
        began, worked = time.perf_counter(), time.process_time()
        run(one)
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return {f"{name}_ms": spread(clock), f"{name}_processor_ms": spread(processor)}


if __name__ == "__main__":
    raise SystemExit(main())
