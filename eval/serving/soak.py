"""A running service in, how it bears load out: many clients, ten times as many, new versions and feedback meanwhile.

python -m eval.serving.soak --seconds 1800       what `make soak SECONDS=1800` runs
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from eval.machine import ROOT, machine
from eval.served import build, served
from eval.serving.plain import Plain
from service.client import Client

CLIENTS, OVERLOAD = 64, 10
FEEDBACK_EVERY: Final = 20
SWITCH_S: Final = 5.0
FLAT: Final = 1.2
"""Memory at the end, at most so many times what it was after the first phase."""


@dataclass(slots=True)
class Load:
    """What one phase saw."""

    name: str
    clients: int
    milliseconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    feedback_failures: Counter[str] = field(default_factory=Counter)
    refused_ms: list[float] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    snapshots: set[str] = field(default_factory=set)
    seconds: float = 0.0

    def row(self) -> dict[str, Any]:
        """Its figures."""
        return {
            "phase": self.name, "clients": self.clients, "asks": len(self.milliseconds),
            "asks_per_s": round(len(self.milliseconds) / self.seconds, 1), "p50_ms": _at(self.milliseconds, 0.5),
            "p99_ms": _at(self.milliseconds, 0.99), "failures": dict(self.failures),
            "refused_p50_ms": _at(self.refused_ms, 0.5), "refused_p99_ms": _at(self.refused_ms, 0.99),
            "feedback": len(self.feedback), "feedback_failures": dict(self.feedback_failures), "snapshots": len(self.snapshots),
        }  # fmt: skip


def _at(values: list[float], share: float) -> float | None:
    return round(sorted(values)[int(share * (len(values) - 1))], 1) if values else None


def press(address: str, questions: list[str], load: Load, seconds: float) -> Load:
    """Have so many clients ask for so long, each on a connection of its own."""

    async def all_of_them() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(_ask(address, questions, load, number, until) for number in range(load.clients)))

    began = time.monotonic()
    asyncio.run(all_of_them())
    load.seconds = time.monotonic() - began
    return load


async def _ask(address: str, questions: list[str], load: Load, number: int, until: float) -> None:
    """One client, which waits where it is told to."""
    chance = random.Random(number)
    async with Plain(address) as client:
        for asked in range(10**9):
            start = time.monotonic()
            if start > until:
                return
            try:
                status, reply = await client.post("/v1/ask", {"question": chance.choice(questions)})
            except (OSError, asyncio.IncompleteReadError):
                load.failures["unreachable"] += 1
                return
            took_ms = (time.monotonic() - start) * 1000
            if status == HTTPStatus.OK:
                load.milliseconds.append(took_ms)
                load.snapshots.add(reply["snapshot"])
                if asked % FEEDBACK_EVERY:
                    continue
                rating = {"answer_id": reply["id"], "rating": "up", "comment": f"{number}"}
                status, reply = await client.post("/v1/feedback", rating)
                if status == HTTPStatus.CREATED:
                    load.feedback.append(reply["id"])
                    continue
                load.feedback_failures[reply["error"]["code"]] += 1
            else:
                load.failures[reply["error"]["code"]] += 1
                load.refused_ms.append(took_ms)
            await asyncio.sleep(1)


def switch(address: str, key: str, over: threading.Event) -> None:
    """Publish a new version every few seconds."""
    edition = 0
    with Client(address, key) as client:
        while not over.wait(SWITCH_S):
            edition += 1
            client.add_articles(
                [{"id": "soak", "title": "第几版", "text": f"这是第{edition}版，全县新修绿道{edition}公里。"}]
            )


def soak(source: str, questions: list[str], seconds: float) -> list[dict[str, Any]]:
    """The figures of each phase, then what became of acknowledged feedback."""
    key = "soak"
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder) / "snapshot"
        build(source, snapshot)
        with served(snapshot, settings={"admin_key": key}) as service:
            press(service.address, questions, Load("warming", 8), min(5.0, seconds / 10))
            rows: list[dict[str, Any]] = [{"memory_mb": service.memory_mb["resident"]}]
            over = threading.Event()
            switching = threading.Thread(target=switch, args=(service.address, key, over))
            switching.start()
            loads = []
            for load, share in (
                (Load("load", CLIENTS), 0.5), (Load("overload", CLIENTS * OVERLOAD), 0.25), (Load("after", CLIENTS), 0.25),
            ):  # fmt: skip
                loads.append(press(service.address, questions, load, seconds * share))
                rows.append({**load.row(), "memory_mb": service.memory_mb["resident"]})
            over.set()
            switching.join()
        kept = _kept(snapshot)
        acknowledged = {identity for load in loads for identity in load.feedback}
        rows.append({"feedback_acknowledged": len(acknowledged), "lost": len(acknowledged - kept)})
    return rows


def _kept(snapshot: Path) -> set[str]:
    from service.records.records import Records  # noqa: PLC0415 - once the service has ended
    from service.settings import Settings  # noqa: PLC0415

    records = Records(Settings(snapshot=snapshot))
    try:
        return {item.id for item in records.list_feedback(10**9, None)}
    finally:
        records.close()


def main() -> int:
    """Print a line of JSON for each phase; status 1 when anything but room failed, feedback was lost or memory grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", default=str(ROOT / "corpus"), help="what is asked (default: the sample collection)")
    parser.add_argument("--questions", type=Path, default=ROOT / "eval/questions/sample-dev.jsonl")
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    done = soak(arguments.source, [row["question"] for row in rows], arguments.seconds)
    for row in done:
        print(json.dumps(row, ensure_ascii=False))
    print(json.dumps({"machine": machine(), "seconds": arguments.seconds}, ensure_ascii=False))
    failed = any(set(row.get("failures", ())) - {"overloaded"} or row.get("feedback_failures") for row in done)
    grown = done[-2]["memory_mb"] > FLAT * done[1]["memory_mb"]
    return 1 if failed or grown or done[-1]["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
