"""A number of passages in, what a collection of that size costs out: build, disk, memory, one search and ask, dense recall.

Building and searching run in processes of their own, so that the memory of each is its own; what a build cost is kept
beside its snapshot, for when that is measured again. `eval.bench` puts it all together.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np

from embeddings import load_encoder
from eval.bearing import bears, dev_questions
from eval.limits import flat_scan
from eval.machine import ROOT, lines, machine, spread
from eval.news import articles, questions
from index.building import build
from index.command import Options
from index.retrieval import CANDIDATES, Retriever, search_terms
from index.snapshot import Snapshot
from service.answering.answerer import Answerer
from service.answering.ranking import EvidenceRetriever
from service.ledger.writing import LEDGER

_QUESTIONS: Final = 1000
_LOAD_QUESTIONS: Final = 10_000
_ASKED: Final = 300
_COMPARED: Final = 300
_NEAREST: Final = 10


def measured(passages: int, news: Path, folder: Path, seconds: float) -> dict[str, Any]:
    """Everything of one size; where the folder holds a snapshot already, it is not built again."""
    kept = folder.with_name(f"{folder.name}.build.json")
    if not (folder / "CURRENT").exists():
        cost = _apart("build", folder, news, passages)
        kept.write_text(json.dumps(cost, indent=1) + "\n", encoding="utf-8")
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    found |= _apart("search", folder, news, passages)
    clauses = questions(Snapshot.open(folder, hashed=False), _LOAD_QUESTIONS)
    return found | bears(folder, clauses, dev_questions(), seconds)


def _apart(step: str, folder: Path, news: Path, passages: int) -> dict[str, Any]:
    """A step in a process of its own."""
    command = [sys.executable, "-m", "eval.scale", step, str(folder), str(news), str(passages)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def built(folder: Path, news: Path, passages: int) -> dict[str, Any]:
    """Build a snapshot; its seconds, the most memory meanwhile, and its files."""
    encoder = load_encoder()
    began, worked = time.perf_counter(), time.process_time()
    report = build(articles(news, passages), folder, encoder, Options(derived=(LEDGER,)))
    seconds = time.perf_counter() - began
    aside = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = time.process_time() - worked + aside.ru_utime + aside.ru_stime
    snapshot = Snapshot.open(folder, hashed=False)
    return {
        "built_at": machine()["commit"],
        "articles": report.articles,
        "build_s": round(seconds, 1),
        "build_processor_s": round(processor, 1),
        "build_peak_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + aside.ru_maxrss) // 1024,
        "snapshot_mb": round(sum(size for size, _ in snapshot.manifest.files.values()) / 1e6),
        "largest_mb": {name: round(size / 1e6) for name, (size, _) in _largest(snapshot)},
        "dense": snapshot.manifest.dense,
    }


def searched(folder: Path) -> dict[str, Any]:
    """Milliseconds of one search and one ask in process, of both channels alone, memory after, and the dense recall."""
    encoder = load_encoder()
    began = time.perf_counter()
    snapshot = Snapshot.open(folder)
    retriever = Retriever(snapshot, encoder)
    found: dict[str, Any] = {"open_s": round(time.perf_counter() - began, 2)}
    clauses = questions(snapshot, _QUESTIONS)
    for clause in clauses[:50]:
        retriever.search(clause)
    found |= {"passages": snapshot.store.passage_count, "questions": len(clauses), "opened": _resident()}
    found |= _timed("search", retriever.search, clauses) | {"searched": _resident()}
    vectors = [encoder.encode_question(clause) for clause in clauses]
    found |= _timed("dense", lambda vector: snapshot.dense.search(vector, CANDIDATES), vectors)
    terms = [search_terms(clause) for clause in clauses]
    found |= _timed("lexical", lambda cut: snapshot.lexical.search(cut, CANDIDATES), terms)
    found |= {"flat_scan": flat_scan(snapshot, vectors[:20])}
    answerer = Answerer(EvidenceRetriever(snapshot, encoder))
    answerer.ask("预热")
    found |= _timed("ask", answerer.ask, dev_questions()[:_ASKED])
    return found | {"recall@10": recall(snapshot, np.stack(vectors[:_COMPARED]))}


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


def main(argv: list[str]) -> int:
    """One step: `build` or `search`, the snapshot's folder, the news, the number of passages."""
    step, folder, news, passages = argv
    found = built(Path(folder), Path(news), int(passages)) if step == "build" else searched(Path(folder))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
