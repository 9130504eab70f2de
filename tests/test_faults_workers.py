"""Processes of a service killed under load: the others answer, one takes its place, and no acknowledged feedback is lost."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from service.records.records import Records
from service.settings import Settings
from tests.served import alive, eventually, running, workers

BUSES = "北岚市新开公交线路多少条？"
CLIENTS = 4


@dataclass(slots=True)
class Seen:
    """What clients saw: replies by status, connections that broke, and the feedback that was acknowledged."""

    statuses: set[int] = field(default_factory=set)
    broken: int = 0
    answered: int = 0
    acknowledged: set[str] = field(default_factory=set)


def use(address: str, seen: Seen, over: threading.Event) -> None:
    """Ask and rate, on a connection of its own that is made anew when it breaks."""
    while not over.is_set():
        with httpx2.Client(base_url=address, timeout=15) as client:
            try:
                for _ in range(5):
                    asked = client.post("/v1/ask", json={"question": BUSES})
                    seen.statuses.add(asked.status_code)
                    assert asked.json()["short_answers"] == ["28条"]
                    seen.answered += 1
                    rated = client.post("/v1/feedback", json={"answer_id": asked.json()["id"], "rating": "up"})
                    seen.statuses.add(rated.status_code)
                    seen.acknowledged.add(rated.json()["id"])
            except httpx2.TransportError:
                seen.broken += 1
                time.sleep(0.02)


def kept(folder: Path) -> set[str]:
    records = Records(Settings(snapshot=folder))
    found = {item.id for item in records.list_feedback(100_000, None)}
    records.close()
    return found


@pytest.fixture
def mine(policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A snapshot with records of its own beside it; what a killed service leaves in `TMPDIR` goes with the test."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "s").symlink_to(policies)
    return tmp_path / "s"


def test_a_killed_worker_is_replaced_while_the_other_answers(mine: Path) -> None:
    seen, over = Seen(), threading.Event()
    with running(mine, "--workers", "2") as (address, process), ThreadPoolExecutor(CLIENTS) as pool:
        using = [pool.submit(use, address, seen, over) for _ in range(CLIENTS)]
        try:
            eventually(lambda: len(seen.acknowledged) > 10)
            killed = workers(process.pid)[0]
            os.kill(killed, signal.SIGKILL)
            at = seen.answered
            eventually(lambda: seen.answered > at + 10)
            eventually(lambda: len(workers(process.pid)) == 2 and not alive(killed))
            at = seen.answered
            eventually(lambda: seen.answered > at + 10)
        finally:
            over.set()
        for user in using:
            user.result()
        assert seen.statuses == {200, 201}
        assert seen.broken <= 2 * CLIENTS, "a connection breaks once, and may be taken up by nobody once more"
        numbers = httpx2.get(f"{address}/metrics").text.splitlines()
        assert "wence_questions_in_progress 0.0" in numbers, "what the killed one was at is not counted any more"
        assert seen.acknowledged <= kept(mine)


def test_when_the_first_process_is_killed_all_end_and_nothing_acknowledged_is_lost(mine: Path) -> None:
    seen, over = Seen(), threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        with running(mine, "--workers", "2") as (address, process):
            using = [pool.submit(use, address, seen, over) for _ in range(CLIENTS)]
            eventually(lambda: len(seen.acknowledged) > 10)
            left = workers(process.pid)
            os.kill(process.pid, signal.SIGKILL)
            eventually(lambda: not any(map(alive, left)))
            over.set()
        for user in using:
            user.result()
    assert seen.statuses == {200, 201}
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{address}/healthz")
    assert seen.acknowledged <= kept(mine)
    with running(mine, "--workers", "1") as (address, _):
        asked = httpx2.post(f"{address}/v1/ask", json={"question": BUSES}).json()
        assert asked["short_answers"] == ["28条"]
        reply = httpx2.post(f"{address}/v1/feedback", json={"answer_id": asked["id"], "rating": "up"})
        assert reply.status_code == 201
