"""A snapshot in, what `wence serve` over it bears out: seconds to ready, searches and asks a second, memory."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from eval.load import load
from eval.machine import ROOT
from eval.question import read_questions
from eval.served import Served, free_port, served, started

CONNECTIONS: Final = (1, 8, 64)
"""Clients that search and ask at once, each waiting for its reply."""

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


def dev_questions() -> list[str]:
    """The development questions of every set in eval/questions."""
    folder = ROOT / "eval" / "questions"
    return [question.text for path in sorted(folder.glob("*-dev*.jsonl")) for question in read_questions(path)]


def bears(snapshot: Path, searched: Sequence[str], asked: Sequence[str], seconds: float) -> dict[str, Any]:
    """So many seconds of each load; milliseconds are the client's, processor milliseconds the service's."""
    found: dict[str, Any] = {}
    with served(snapshot) as service:
        found |= {"ready_s": round(service.ready_s, 2), "ready_mb": service.memory_mb}
        for path, questions in (("search", searched), ("ask", asked)):
            bodies = [_body(question) for question in questions]
            load(service.port, f"/v1/{path}", bodies[::2], 1, seconds / 2)  # to warm it up
            for connections in CONNECTIONS:
                found[f"{path}_http_{connections}"] = _loaded(service, path, bodies, connections, seconds)
        found["served_mb"] = service.memory_mb
    return found


def bare(seconds: float) -> dict[str, Any]:
    """The same of a route that does nothing, in one process: what any answer over HTTP costs here."""
    port = free_port()
    with started([sys.executable, "-c", _BARE, str(port)], port, "/healthz") as service:
        return _loaded(service, "search", [_body("空")], CONNECTIONS[-1], seconds)


def _loaded(service: Served, path: str, bodies: Sequence[bytes], connections: int, seconds: float) -> dict[str, Any]:
    worked = service.processor_s
    found = load(service.port, f"/v1/{path}", bodies, connections, seconds)
    spent = (service.processor_s - worked) * 1000 / max(1, found["requests"])
    return found | {"service_processor_ms": round(spent, 2)}


def _body(question: str) -> bytes:
    return json.dumps({"question": question}, ensure_ascii=False).encode()
