"""Times what a user waits for: build, cold start to ready, search and ask. Prints and stores JSON with its machine.

python -m eval.bench [--source PATH] [--questions FILE] [--rounds N]
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from embeddings import load_encoder
from eval.machine import lines as _lines
from eval.machine import machine, spread
from eval.question import read_questions
from index.building import build
from index.reading import read_sources
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answering.answerer import Answerer

_ROOT = Path(__file__).parent.parent
_READY_LIMIT_S = 60.0


def in_process(snapshot: Path, questions: list[str], rounds: int) -> dict[str, Any]:
    """Milliseconds of one search and one extractive ask, without HTTP."""
    retriever = Retriever(Snapshot.open(snapshot), load_encoder())
    answerer = Answerer(retriever)
    answerer.ask("预热")
    searches = [_timed(lambda q=question: retriever.search(q)) for _ in range(rounds) for question in questions]
    asks = [_timed(lambda q=question: answerer.ask(q)) for _ in range(rounds) for question in questions]
    return {"search_ms": spread(searches), "ask_ms": spread(asks)}


def over_http(snapshot: Path, questions: list[str], rounds: int) -> dict[str, Any]:
    """Seconds from the start of `wence serve` to ready, then milliseconds of an ask, and resident memory after."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "service.cli", "serve", "--snapshot", str(snapshot), "--port", str(port)]
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL) as service:
        try:
            _wait_until_ready(base, service, began)
            ready_s = time.perf_counter() - began
            asks = [_timed(lambda q=question: _ask(base, q)) for _ in range(rounds) for question in questions]
            resident = next(int(line.split()[1]) for line in _lines(f"/proc/{service.pid}/status") if "VmRSS" in line)
        finally:
            service.terminate()
    return {"ready_s": round(ready_s, 2), "ask_http_ms": spread(asks), "resident_mb": round(resident / 1024)}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=(__doc__ or "").split("\n\n")[0])
    shared = _ROOT.parent / "shared" / "corpus"
    parser.add_argument("--source", type=Path, default=shared if shared.is_dir() else _ROOT / "corpus")
    parser.add_argument("--questions", type=Path, default=_ROOT / "eval" / "questions" / "magazine-dev.jsonl")
    parser.add_argument("--rounds", type=int, default=3)
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
        found |= over_http(snapshot, questions, arguments.rounds)
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


def _ask(base: str, question: str) -> bytes:
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{base}/v1/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        found: bytes = reply.read()
    return found


def _wait_until_ready(base: str, service: "subprocess.Popen[bytes]", began: float) -> None:
    while time.perf_counter() - began < _READY_LIMIT_S and service.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise SystemExit(f"the service was not ready within {_READY_LIMIT_S:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
