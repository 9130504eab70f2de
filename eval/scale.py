"""News in, what collections of so many passages cost out: build, disk, memory, one search, dense recall, requests a second.

    python -m eval.scale [--passages N...] [--news FILE] [--keep DIR] [--store NAME]

Past the end of the news they are repeated, each with its numbers and some of its words changed. Questions are clauses of
the news, and, for asking, the development questions. Building and searching run in processes of their own, so that the
memory of each is its own; the service runs as `wence serve` does by default. `--store` writes what was found, as JSON, and
how it grows, as a table and a plot.
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
from eval.growth import store, table
from eval.load import load
from eval.machine import ROOT, lines, machine, spread
from eval.question import read_questions
from eval.served import free_port, served, started
from index.article import Article
from index.building import build
from index.passage import split
from index.retrieval import CANDIDATES, Retriever
from index.snapshot import Snapshot
from service.ledger.writing import LEDGER

NEWS: Final = ROOT.parent / "shared" / "data" / "news-2023.jsonl.xz"
_QUESTIONS: Final = 1000
_COMPARED: Final = 300
_NEAREST: Final = 10
_LOAD_QUESTIONS: Final = 10_000
_SEARCHERS, _ASKERS = (1, 8, 64), (1, 8)
"""Connections that search and ask at once."""

_DEV: Final = ROOT / "eval" / "questions"
_BARE: Final = """
import sys, uvicorn
from fastapi import FastAPI, Request
app = FastAPI()
@app.get("/healthz")
async def healthz(): return {}
@app.post("/v1/search")
async def search(request: Request): return {"read": len(await request.body())}
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
"""
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
    report = build(articles(news, passages), folder, encoder, derived=(LEDGER,))
    seconds = time.perf_counter() - began
    aside = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = time.process_time() - worked + aside.ru_utime + aside.ru_stime
    snapshot = Snapshot.open(folder, hashed=False)
    return {
        "articles": report.articles,
        "build_s": round(seconds, 1),
        "build_processor_s": round(processor, 1),
        "build_peak_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + aside.ru_maxrss) // 1024,
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
    found: dict[str, Any] = {
        "passages": snapshot.store.passage_count,
        "open_s": round(opened, 2),
        "opened": _resident(),
    }
    found |= _timed("search", retriever.search, questions)
    found["searched"] = _resident()
    vectors = [encoder.encode_question(question) for question in questions]
    found |= _timed("dense", lambda vector: snapshot.dense.search(vector, CANDIDATES), vectors)
    return found | {"questions": len(questions), "recall@10": recall(snapshot, np.stack(vectors[:_COMPARED]))}


def served_load(folder: Path, seconds: float) -> dict[str, Any]:
    """What `wence serve` over the snapshot bears: searches and asks a second, by connections; memory; time to ready."""
    clauses = [_body(question) for question in _questions(Snapshot.open(folder, hashed=False), _LOAD_QUESTIONS)]
    asked = [_body(question.text) for path in sorted(_DEV.glob("*-dev*.jsonl")) for question in read_questions(path)]
    found: dict[str, Any] = {}
    with served(folder) as service:
        found |= {"ready_s": round(service.ready_s, 2), "ready_mb": service.memory_mb}
        for path, bodies, loads in (("search", clauses, _SEARCHERS), ("ask", asked, _ASKERS)):
            load(service.port, f"/v1/{path}", bodies[::2], loads[0], seconds / 2)  # to warm it up
            for connections in loads:
                worked = service.processor_s
                result = load(service.port, f"/v1/{path}", bodies, connections, seconds)
                spent = (service.processor_s - worked) * 1000 / max(1, result["requests"])
                found[f"{path}_http_{connections}"] = result | {"service_processor_ms": round(spent, 2)}
        found["served_mb"] = service.memory_mb
    return found


def bare_load(seconds: float) -> dict[str, Any]:
    """The same of a route that does nothing, in one process: what any answer over HTTP costs here."""
    port = free_port()
    with started([sys.executable, "-c", _BARE, str(port)], port, "/healthz") as service:
        worked = service.processor_s
        result = load(port, "/v1/search", [_body("空")], _SEARCHERS[-1], seconds)
        spent = (service.processor_s - worked) * 1000 / max(1, result["requests"])
    return result | {"service_processor_ms": round(spent, 2)}


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


def measured(passages: int, news: Path, folder: Path, seconds: float) -> dict[str, Any]:
    """Everything of one size; where the folder holds a snapshot already, without the build."""
    found: dict[str, Any] = {}
    for step in ("search",) if (folder / "CURRENT").exists() else ("build", "search"):
        given = ["--only", step, "--keep", str(folder), "--news", str(news), "--passages", str(passages)]
        command = [sys.executable, "-m", "eval.scale", *given]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        found |= json.loads(done.stdout.splitlines()[-1])
    return found | served_load(folder, seconds)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[250_000], help="sizes (default: %(default)s)")
    parser.add_argument(
        "--news", type=Path, default=NEWS, help="JSON Lines of date and text, xz (default: %(default)s)"
    )
    parser.add_argument("--keep", type=Path, help="folder that the snapshots stay in; those there are not built again")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each load (default: %(default)s)")
    parser.add_argument("--store", type=Path, metavar="NAME", help="write NAME.json, NAME.md and NAME.svg")
    parser.add_argument("--only", choices=["build", "search"], help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.only:
        step = searched(arguments.keep) if arguments.only == "search" else None
        print(json.dumps(step or built(arguments.keep, arguments.news, arguments.passages[0])))
        return 0
    found: dict[str, Any] = {"machine": machine(), "bare": bare_load(arguments.seconds), "sizes": []}
    for passages in arguments.passages:
        with tempfile.TemporaryDirectory(prefix="wence-scale-") as scratch:
            folder = arguments.keep / str(passages) if arguments.keep else Path(scratch)
            found["sizes"].append(measured(passages, arguments.news, folder, arguments.seconds))
        if arguments.store:  # after each, as the largest takes long
            store(found, arguments.store)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    print(table(found["sizes"]))
    return 0


def _body(question: str) -> bytes:
    return json.dumps({"question": question}, ensure_ascii=False).encode()


def _changed(text: str, round_number: int, number: int) -> str:
    """The text with other numbers, and some of its clauses in another place."""
    rng = random.Random(f"{round_number}-{number}")
    clauses = re.split("([，。])", re.sub(r"\d", lambda _: str(rng.randrange(1, 10)), text))
    for one in range(0, len(clauses) - 1, 2):
        if rng.random() < _SWAPPED:
            other = rng.randrange(0, len(clauses), 2)
            clauses[one], clauses[other] = clauses[other], clauses[one]
    return "".join(clauses)


def _questions(snapshot: Snapshot, count: int = _QUESTIONS) -> list[str]:
    """A clause each of passages all over the collection."""
    rng = random.Random(7)
    rows = [rng.randrange(len(snapshot.dense)) for _ in range(count)]
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
