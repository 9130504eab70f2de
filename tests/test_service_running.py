"""The service as it is run, with several workers: request ids, logs, metrics, readiness, stopping, hot switches."""

import json
import logging
import re
import shutil
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from embeddings import load_encoder
from index.article import Article
from index.building import add
from service.api.app import create_app
from service.logs import REQUEST_ID, JsonLines
from service.pipeline import Pipeline
from service.settings import Settings
from tests.chat import event, hang, raw
from tests.loopback import serving
from tests.policies import ARTICLES
from tests.served import running, served

BUSES = "北岚市新开公交线路多少条？"
ASK = {"question": BUSES}
FACT = "2023年，北岚市新开公交线路28条"
TWO = ("--workers", "2")


def client(folder: Path, **settings: Any) -> TestClient:
    chosen = Settings(snapshot=folder, **settings)
    return TestClient(create_app(chosen, Pipeline(folder, chosen)), raise_server_exceptions=False)


def test_asks_take_turns_where_they_are_computed_and_wait_together_where_a_model_writes(policies: Path) -> None:
    def at_once(**chosen: Any) -> int:
        settings = Settings(snapshot=policies, concurrency=30, **chosen)
        return Pipeline(policies, settings).at_once

    assert at_once() == 1
    assert at_once(generator="http://127.0.0.1:9/v1", generator_model="m") == 30


# request ids and logs


def test_every_reply_has_the_id_of_its_request(policies: Path) -> None:
    with client(policies) as asked:
        shown = {"X-Request-Id": "trace-01:a/b"}
        for method, path in (
            ("POST", "/v1/ask"),
            ("GET", "/nothing"),
            ("GET", "/"),
            ("GET", "/healthz"),
            ("GET", "/v1/ask"),
        ):
            assert asked.request(method, path, json=ASK, headers=shown).headers["x-request-id"] == "trace-01:a/b"
            made = {asked.request(method, path, json=ASK).headers["x-request-id"] for _ in range(2)}
            assert len(made) == 2
            assert all(re.fullmatch("[0-9a-f]{32}", identity) for identity in made)
        for bad in (b"x" * 129, b"a b", "号".encode(), b""):
            found = asked.get("/healthz", headers=[(b"X-Request-Id", bad)]).headers["x-request-id"]
            assert re.fullmatch("[0-9a-f]{32}", found)
        streamed = asked.post("/v1/ask", json={**ASK, "stream": True}, headers=shown)
        assert streamed.headers["x-request-id"] == "trace-01:a/b"


def test_json_logs_tell_each_request_and_no_question(policies: Path) -> None:
    broken = {"log": "json", "database": "sqlite:////nowhere/r.sqlite"}
    with running(policies, *TWO, stderr=True, settings=broken) as (address, process):
        httpx2.post(f"{address}/v1/ask", json=ASK, headers={"X-Request-Id": "first"})
        httpx2.get(f"{address}/v1/articles/nobody?q={BUSES}", headers={"X-Request-Id": "second"})
        time.sleep(1)
        process.terminate()
        _, err = process.communicate(timeout=30)
    rows = [json.loads(line) for line in err.splitlines()]
    told = {row["request_id"]: row for row in rows if row["logger"] == "wence.requests"}
    assert set(told) == {"first", "second"}
    assert [(told[key]["method"], told[key]["route"], told[key]["status"]) for key in ("first", "second")] == [
        ("POST", "/v1/ask", 200), ("GET", "/v1/articles/{article_id:path}", 404),
    ]  # fmt: skip
    assert told["first"]["ms"] > 0
    assert any("not logged yet" in row["message"] and row["level"] == "error" for row in rows)
    assert "公交" not in err


def test_a_failure_is_logged_with_its_request(caplog: pytest.LogCaptureFixture) -> None:
    token = REQUEST_ID.set("this")
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError:
        logging.getLogger("wence").exception("it broke: %s", "badly", extra={"part": "search"})
    row = json.loads(JsonLines().format(caplog.records[-1]))
    REQUEST_ID.reset(token)
    assert (row["message"], row["request_id"], row["part"], row["level"]) == (
        "it broke: badly",
        "this",
        "search",
        "error",
    )
    assert "ZeroDivisionError: by zero" in row["traceback"]


# metrics


def numbers(text: str) -> dict[str, float]:
    pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_any_worker_tells_the_metrics_of_all(policies: Path) -> None:
    with served(policies, *TWO) as address:
        for _ in range(30):  # each on a connection of its own
            assert httpx2.post(f"{address}/v1/ask", json=ASK).status_code == 200
        found = [numbers(httpx2.get(f"{address}/metrics").text) for _ in range(6)]
    for read in found:
        assert read['wence_requests_total{method="POST",route="/v1/ask",status="200"}'] == 30
        assert read['wence_answers_total{status="answered"}'] == 30
        assert read['wence_stage_seconds_count{stage="retrieve"}'] == 30
        assert read["wence_questions_in_progress"] == 0
        assert read["wence_snapshot_articles"] == len(ARTICLES)
        assert 0 < read["wence_snapshot_age_seconds"] < 3600


def test_refusals_are_counted(policies: Path, tmp_path: Path) -> None:
    with client(policies, keys="on", admin_key="k", database=SecretStr(f"sqlite:///{tmp_path / 'r'}")) as asked:
        asked.post("/v1/ask", json=ASK)
        asked.post("/v1/ask", json=ASK, headers={"Authorization": "Bearer x"})
        found = numbers(asked.get("/metrics", headers={"Authorization": "Bearer k"}).text)
    assert found['wence_refused_total{code="unauthorized"}'] == found['wence_refused_total{code="invalid_key"}'] == 1


# readiness


def test_ready_asks_the_parts(policies: Path, tmp_path: Path) -> None:
    gone = SecretStr("sqlite:////nowhere/r.sqlite")
    with client(policies, database=SecretStr(f"sqlite:///{tmp_path / 'r'}")) as asked:
        assert asked.get("/readyz").json()["parts"] == {"search": "ok", "database": "ok"}
    with client(policies, database=gone) as asked:
        assert asked.get("/readyz").json()["parts"] == {"search": "ok", "database": "unavailable"}
    with client(policies, database=gone, keys="on") as asked:
        reply = asked.get("/readyz")
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "database_unavailable")
        assert asked.get("/healthz").status_code == 200


def test_a_service_that_waits_for_its_language_model_is_alive(policies: Path) -> None:
    many = 45  # more than there are threads for routes
    with serving() as model:
        model.script.extend([hang(seconds=4)] * many)
        chosen = {"generator": model.url, "generator_model": "m", "composer": "generative", "generator_timeout_s": "3"}
        with served(policies, "--workers", "1", **chosen) as address, ThreadPoolExecutor(many) as pool:
            asking = [pool.submit(httpx2.post, f"{address}/v1/ask", json=ASK, timeout=30) for _ in range(many)]
            while len(model.requests) < 40:
                time.sleep(0.02)
            began = time.monotonic()
            assert httpx2.get(f"{address}/healthz").json()["status"] == "ok"
            took_s = time.monotonic() - began
            assert {found.result().status_code for found in asking} == {200}
    assert took_s < 1.5


# stopping


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("route", ["/v1/ask", "/v1/chat/completions"])
def test_a_stream_is_finished_before_the_service_stops(policies: Path, workers: str, route: str) -> None:
    pieces = [event(f"{FACT}。[1]"), *[event("\n")] * 15, event(finish_reason="stop")]
    with serving() as model:
        model.script.append(raw(pieces, pause_s=0.1))
        chosen = {"generator": model.url, "generator_model": "m", "composer": "extractive"}
        with running(policies, "--workers", workers, settings=chosen) as (address, process):
            messages = [{"role": "user", "content": BUSES}]
            body = {**ASK, "composer": "generative", "model": "wence-generative", "messages": messages, "stream": True}
            with httpx2.stream("POST", f"{address}{route}", json=body) as reply:
                chunks = reply.iter_text()
                while not model.requests:
                    if route == "/v1/ask":
                        next(chunks)
                    time.sleep(0.02)
                process.send_signal(signal.SIGTERM)
                text = "".join(chunks)
            assert process.wait(15) in (0, -signal.SIGTERM)  # one process ends by the signal that stopped it
            with pytest.raises(httpx2.ConnectError):
                httpx2.get(f"{address}/healthz")
    if route == "/v1/ask":
        final = json.loads(text.rpartition("event: final\ndata: ")[2])
        assert (final["composer"], final["answer"]) == ("generative", f"{FACT}。[1]")
    else:
        assert text.endswith("data: [DONE]\n\n")
        assert FACT in text


# hot switches


def test_every_worker_takes_up_a_new_version(policies: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(policies, tmp_path / "mine")
    over = threading.Event()
    seen: set[tuple[str, str]] = set()

    def ask(address: str) -> None:
        while not over.is_set():
            reply = httpx2.post(f"{address}/v1/ask", json={"question": "镜湖县新修绿道多少公里？"})
            assert reply.status_code == 200, reply.text
            seen.add((reply.json()["snapshot"], "".join(reply.json()["short_answers"])))

    with served(folder, *TWO) as address, ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask, address) for _ in range(2)]
        try:
            names = []
            for kilometres in (63, 64, 65):
                story = Article("road", "镜湖县修绿道", f"2023年，镜湖县新修绿道{kilometres}公里。", date="2024-01-02")
                names.append(add([story], folder, load_encoder()).snapshot)
                deadline = time.monotonic() + 20
                while (names[-1], f"{kilometres}公里") not in seen and time.monotonic() < deadline:
                    time.sleep(0.05)
            at_once = {httpx2.get(f"{address}/readyz").json()["snapshot"] for _ in range(20)}
        finally:
            over.set()
        for asked in asking:
            asked.result()
    assert at_once == {names[-1]}
    assert {(names[0], "63公里"), (names[1], "64公里"), (names[2], "65公里")} <= seen
    assert len({name for name, _ in seen}) == len(seen), "a version has one answer"
