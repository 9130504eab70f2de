"""Endpoints of an encoder and of a language model that hang, lie, close or flood: what the person sees who asks."""

import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.verifying import faults
from service.api.app import create_app
from service.cli import main
from service.pipeline import Pipeline
from service.settings import Settings
from tests.chat import event, hang, raw, say
from tests.loopback import Endpoint, Reply, embed, send, serving
from tests.policies import ARTICLES, write_articles

BUSES = "北岚市新开公交线路多少条？"
FACT = "2023年，北岚市新开公交线路28条"


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in [name for name in os.environ if name.startswith("WENCE_")]:
        monkeypatch.delenv(name)
    with serving() as found:
        yield found


# an encoder


def close(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    handler.close_connection = True


def half(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [')
    handler.close_connection = True


def vectors(*rows: list[float]) -> Reply:
    return send(200, {"data": [{"index": number, "embedding": row} for number, row in enumerate(rows)]})


FLOOD = raw(repeat(b"[" * 65_536), kind="application/json")


@pytest.fixture
def encoded(host: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a snapshot whose encoder is the endpoint, which has been asked nothing yet."""
    for name, value in {"WENCE_ENCODER": "m", "WENCE_ENCODER_URL": host.url}.items():
        monkeypatch.setenv(name, value)
    assert main(["build", str(write_articles(tmp_path / "a.jsonl")), "--snapshot", str(tmp_path / "s")]) == 0
    return Settings(snapshot=tmp_path / "s")


@pytest.mark.parametrize(
    ("replies", "says"),
    [
        ([hang(seconds=1)] * 3, "gave no answer within 0.4 s, tried 3 times"),
        ([close] * 3, "cannot be reached"),
        ([half] * 3, "cannot be reached"),
        ([send(500)] * 3, "answered 500, tried 3 times"),
        ([FLOOD], "sent more than 1048576 bytes"),
        ([embed(4)], "vectors of 4 numbers, and of 8 before"),
        ([vectors([float("nan")] * 8)], "not finite"),
        ([vectors([0.5] * 8, [0.5] * 8)], "2 vectors for 1 texts"),
        ([vectors()], "0 vectors for 1 texts"),
        ([send(200, b"<html></html>")], "no usable embeddings"),
    ],
    ids=["hangs", "closes", "breaks off", "fails", "floods", "other length", "NaN", "too many", "none", "no JSON"],
)
def test_an_encoder_that_fails_is_told_and_the_next_question_answered(
    encoded: Settings, host: Endpoint, replies: list[Reply], says: str
) -> None:
    chosen = encoded.model_copy(update={"encoder_timeout_s": 0.4 if "0.4 s" in says else 10.0})
    with TestClient(create_app(chosen, Pipeline(chosen.snapshot, chosen))) as client:
        host.script.extend(replies)
        began = time.monotonic()
        reply = client.post("/v1/ask", json={"question": BUSES})
        assert time.monotonic() - began < 10
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "encoder_unavailable"), reply.text
        assert says in reply.json()["error"]["message"]
        assert reply.headers["retry-after"] == "5"
        assert client.get("/healthz").status_code == 200
        assert client.get("/v1/articles/sisong").status_code == 200
        host.script.clear()
        found = client.post("/v1/ask", json={"question": BUSES})
        assert (found.status_code, found.json()["short_answers"]) == (200, ["28条"])
        host.script.extend(replies)
        streamed = client.post("/v1/ask", json={"question": BUSES, "stream": True})
        assert "event: error" in streamed.text
        assert "encoder_unavailable" in streamed.text


@pytest.mark.parametrize("reply", [FLOOD, embed(4), send(401)], ids=["floods", "other length", "refuses"])
def test_a_build_that_its_encoder_ends_goes_on_when_it_is_well_again(
    host: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reply: Reply
) -> None:
    for name, value in (("ENCODER", "m"), ("ENCODER_URL", host.url), ("ENCODER_BATCH", "4")):
        monkeypatch.setenv(f"WENCE_{name}", value)
    words = ["build", str(write_articles(tmp_path / "a.jsonl")), "--snapshot", str(tmp_path / "s")]
    host.script.extend([embed(8), embed(8), reply])
    assert main(words) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"wence: {host.url}/embeddings ")
    assert told.count("\n") == 1
    host.script.clear()
    assert main(words) == 0
    assert f"{len(ARTICLES)} articles, " in capsys.readouterr().out
    assert list(faults(tmp_path / "s")) == []


# a language model

LATE, BROKEN = "语言模型没有按时答完，改用原文摘录", "语言模型不可用，改用原文摘录"
UNPROVEN = "语言模型的回答查无实据，改用原文摘录"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (hang(seconds=1), LATE),
        (hang([event(f"{FACT}。[1]然后")], seconds=1), LATE),
        (raw(repeat(event("啊")), pause_s=0.01), LATE),
        (raw(repeat(event("啊" * 10_000))), BROKEN),
        (raw(repeat(b"data: " + b"x" * 65_536)), BROKEN),
        (raw([event(f"{FACT}。[1]然后")], whole=False), BROKEN),
        (send(401), BROKEN),
        (say("2023年，北岚市新开公交线路82条。[1]"), UNPROVEN),
        (say(f"{FACT}。[99]"), UNPROVEN),
        (say("据统计，全国新开公交线路9999条。[1][2][3]"), UNPROVEN),
    ],
    ids=["hangs", "hangs midway", "never ends", "floods", "one huge line", "breaks off", "refuses", "wrong figure",
         "no such citation", "invented"],
)  # fmt: skip
def test_a_language_model_that_fails_or_lies_gives_way_to_quotes(
    policies: Path, host: Endpoint, reply: Reply, reason: str
) -> None:
    timeout_s, first_token_s = (1, 0.4) if reason == LATE else (20, 10)
    chosen = Settings(
        snapshot=policies, generator=host.url, generator_model="m", generator_timeout_s=timeout_s,
        generator_first_token_s=first_token_s,
    )  # fmt: skip
    with TestClient(create_app(chosen, Pipeline(policies, chosen))) as client:

        def ask(composer: str, stream: bool) -> Any:
            return client.post("/v1/ask", json={"question": BUSES, "composer": composer, "stream": stream})

        host.script.extend([reply, reply])
        plain = ask("extractive", False).json()
        began = time.monotonic()
        found = ask("generative", False)
        assert time.monotonic() - began < 8
        assert found.status_code == 200
        assert (found.json()["composer"], found.json()["reason"]) == ("extractive", reason)
        for name in ("answer", "short_answers", "statements", "citations", "figures", "status"):
            assert found.json()[name] == plain[name]
        last = ask("generative", True).text.rpartition("event: ")[2]
        assert last.startswith("final\n")
        assert plain["answer"] in last
        host.script.clear()
        host.script.append(say(f"{FACT}。[1]"))
        assert ask("generative", False).json()["composer"] == "generative"
