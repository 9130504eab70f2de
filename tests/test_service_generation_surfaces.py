"""The generative composer over HTTP, on the command line and in an evaluation: one answer everywhere."""

import asyncio
import gc
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Scope

from eval.evaluation import Job, evaluate
from service.answer import Answer, Status
from service.api.app import create_app
from service.api.streaming import Chunks, EventStream, events
from service.cli import main
from service.generation.composer import Event, Sign
from service.pipeline import Pipeline
from service.settings import Settings
from tests.chat import event, hang, raw, say
from tests.loopback import Endpoint, Reply, send

BUSES = "北岚市新开公交线路多少条？"
FACT = "2023年，北岚市新开公交线路28条"
Events = list[tuple[str, Any]]


def settings(folder: Path, host: Endpoint) -> Settings:
    return Settings(
        snapshot=folder, generator=host.url, generator_model="qwen", generator_timeout_s=2, generator_first_token_s=0.5
    )


@pytest.fixture(scope="module")
def client(policies: Path, host: Endpoint) -> Iterator[TestClient]:
    chosen = settings(policies, host)
    with TestClient(create_app(chosen, Pipeline(policies, chosen))) as client:
        yield client


def told(body: str) -> Events:
    blocks = (block.split("\n") for block in body.removesuffix("\n\n").split("\n\n"))
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def drained(chunks: Chunks) -> str:
    async def drain() -> bytes:
        return b"".join([chunk async for chunk in chunks])

    return asyncio.run(drain()).decode()


def stream(client: TestClient, question: str, **more: Any) -> Events:
    reply = client.post("/v1/ask", json={"question": question, "composer": "generative", "stream": True, **more})
    assert reply.status_code == 200
    return told(reply.text)


REPLIES: list[tuple[str, Reply, str]] = [
    (BUSES, say(f"{FACT}。[1]"), "generative"),
    ("水源保护五大行动包括哪些？", say("- 源头封育行动[1]\n- 管网改造行动【1】\n- 雨污分流行动[[1]]"), "generative"),
    (BUSES, say("新开29条。[1]"), "extractive"),
    (BUSES, say("无法回答"), "extractive"),
    ("深圳市有多少条公交线路？", say("无法回答"), "generative"),
    (BUSES, say(""), "extractive"),
    (BUSES, send(401), "extractive"),
    (BUSES, hang(), "extractive"),
    (BUSES, hang([event(f"{FACT}。[1]投放")]), "extractive"),
    (BUSES, raw([event(f"{FACT}。[1]投放")], whole=False), "extractive"),
]


@pytest.mark.parametrize(("question", "reply", "composer"), REPLIES)
def test_the_stream_is_the_answer(
    client: TestClient, host: Endpoint, question: str, reply: Reply, composer: str
) -> None:
    host.script.extend([reply, reply])
    plain = client.post("/v1/ask", json={"question": question, "composer": "generative"}).json()
    found = stream(client, question)
    assert plain["composer"] == composer
    assert found[0] == ("status", {"stage": "retrieving"})
    name, final = found[-1]
    assert name == "final"
    assert {**final, "timings_ms": 0, "id": ""} == {**plain, "timings_ms": 0, "id": ""}
    last = max((at for at, item in enumerate(found) if item == ("status", {"stage": "restarting"})), default=0)
    assert "".join(data["text"] for name, data in found[last:] if name == "delta") == plain["answer"]
    assert [data for name, data in found[last:] if name == "citation"] == plain["citations"]
    seen: set[int] = set()
    for name, data in found[last:]:
        if name == "citation":
            seen.add(data["n"])
        if name == "delta":
            assert {int(n) for n in re.findall(r"\[(\d+)\]", data["text"])} <= seen


def test_statements_are_sent_while_the_model_writes(client: TestClient, host: Endpoint) -> None:
    question = "水源保护五大行动包括哪些？"
    lines = [
        event("- 源头封育行动[1]\n"),
        event("- 管网改造行动[1]\n"),
        event("- 雨污分流行动[1]\n"),
        event(finish_reason="stop"),
    ]
    host.script.append(raw(lines, pause_s=0.2))
    assert [data["stage"] for name, data in stream(client, question) if name == "status"] == ["retrieving", "composing"]
    chosen = settings(client.app.state.wence.settings.snapshot, host)  # type: ignore[attr-defined]
    host.script.append(raw(lines, pause_s=0.2))
    began, at = time.monotonic(), []
    for item in Pipeline(chosen.snapshot, chosen).compose(question, composer="generative"):
        if not isinstance(item, Sign):
            at.append(time.monotonic() - began)
    assert len(at) == 4
    assert at[2] - at[0] > 0.3


def test_a_restart_is_told(client: TestClient, host: Endpoint) -> None:
    host.script.append(raw([event(f"{FACT}。[1]投放"), event("新")], whole=False))
    names = [name if name != "status" else data["stage"] for name, data in stream(client, BUSES)]
    assert names == [
        "retrieving", "composing", "citation", "delta", "restarting", "citation", "delta", "final",
    ]  # fmt: skip


@pytest.mark.parametrize("composer", ["poetic", "", 3, ["generative"]])
def test_an_unknown_composer(client: TestClient, composer: object) -> None:
    for streamed in (False, True):
        reply = client.post("/v1/ask", json={"question": BUSES, "composer": composer, "stream": streamed})
        assert reply.status_code == 422
        assert reply.json()["error"]["detail"][0]["field"] == "composer"


def test_the_extractive_composer_asks_no_model(client: TestClient, host: Endpoint) -> None:
    before = len(host.requests)
    for more in ({}, {"composer": "extractive"}, {"composer": None}):
        assert client.post("/v1/ask", json={"question": BUSES, **more}).json()["composer"] == "extractive"
    assert len(host.requests) == before


def test_without_a_model_quotes_answer(policies: Path) -> None:
    chosen = Settings(snapshot=policies)
    with TestClient(create_app(chosen, Pipeline(policies, chosen))) as client:
        found = client.post("/v1/ask", json={"question": BUSES, "composer": "generative"}).json()
    assert (found["composer"], found["model"], found["short_answers"]) == ("extractive", None, ["28条"])
    assert found["reason"] == "没有设置语言模型，改用原文摘录"


# silence, and listeners who leave


def test_silence_is_told_by_pings() -> None:
    def compose() -> Iterator[Event]:
        time.sleep(0.35)
        yield Answer(BUSES, Status.UNANSWERABLE, "没有。", reason="没有")

    found = told(drained(events(compose, ping_s=0.1)))
    assert [name for name, _ in found] == ["status", "ping", "ping", "ping", "delta", "final"]


def test_who_leaves_stops_the_model() -> None:
    stopped = threading.Event()

    def compose() -> Iterator[Event]:
        try:
            while True:
                time.sleep(0.01)
                yield Sign.WORK
        finally:
            stopped.set()

    async def receive() -> Message:
        await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    sent: list[Message] = []
    scope: Scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
    gc.disable()
    try:
        asyncio.run(EventStream(events(compose, ping_s=0.1))(scope, receive, send))
        assert stopped.wait(2)
    finally:
        gc.enable()
    assert b'{"stage":"composing"}' in b"".join(message.get("body", b"") for message in sent)


def test_an_error_of_ours_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def compose() -> Iterator[Event]:
        yield Sign.WORK
        raise ZeroDivisionError("secret")

    found = told(drained(events(compose)))
    assert [name for name, _ in found] == ["status", "status", "error"]
    assert found[-1][1]["error"]["code"] == "internal"
    assert "secret" not in json.dumps(found)
    assert "composing an answer failed" in caplog.text


# the command line and evaluation


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, policies: Path, host: Endpoint) -> None:
    for name, value in {"SNAPSHOT": str(policies), "GENERATOR": host.url, "GENERATOR_MODEL": "qwen"}.items():
        monkeypatch.setenv(f"WENCE_{name}", value)


@pytest.mark.usefixtures("environment")
def test_ask_takes_a_composer(host: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    host.script.append(say(f"{FACT}。[1]"))
    assert main(["ask", BUSES, "--composer", "generative", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["composer"], found["model"], found["answer"]) == ("generative", "qwen", f"{FACT}。[1]")
    host.script.append(say("29条[1]"))
    assert main(["ask", BUSES, "--composer", "generative"]) == 0
    assert "语言模型的回答查无实据，改用原文摘录" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["ask", BUSES, "--composer", "poetic"])


@pytest.mark.parametrize(
    ("generator", "says"), [("", "WENCE_GENERATOR"), ("/nowhere/model", "nowhere"), ("http://", "WENCE_GENERATOR")]
)
def test_a_model_that_cannot_be_had_is_one_line(
    generator: str, says: str, policies: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENCE_GENERATOR", generator)
    monkeypatch.setenv("WENCE_COMPOSER", "generative")
    assert main(["ask", BUSES, "--snapshot", str(policies)]) == 2
    ran = capsys.readouterr()
    assert (ran.out, ran.err.count("\n")) == ("", 1)
    assert says in ran.err


def test_an_evaluation_runs_both(policies: Path, host: Endpoint, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    row = {
        "id": "1",
        "question": BUSES,
        "answers": ["28条"],
        "must_include": [["28条"]],
        "evidence": ["新开公交线路28条"],
        "type": "figure",
    }
    questions.write_text(json.dumps(row), encoding="utf-8")
    host.script.append(say(f"{FACT}。[1]"))
    chosen = settings(policies, host)
    finished, _ = evaluate(Job(questions, policies, tmp_path / "r", chosen, composers=("extractive", "generative")))
    rows = [json.loads((done.folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()[-1]) for done in finished]
    assert [row["answer"]["composer"] for row in rows] == ["extractive", "generative"]
    assert rows[1]["answer"]["answer"] == f"{FACT}。[1]"
    assert [done.report["scores"]["right"]["mean"] for done in finished] == [1, 1]
