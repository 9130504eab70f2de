"""The Python clients, waiting and asyncio's, against a served wence; and the examples of the README, run as they stand."""

import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from service.answer import Answer, Status
from service.api.app import create_app
from service.client import AsyncClient, Client, StreamEvent, WenceError
from service.pipeline import Pipeline
from service.settings import Settings
from tests.loopback import serving
from tests.policies import ARTICLES
from tests.served import ROOT, served

BUSES = "北岚市新开公交线路多少条？"
KEY = "open sesame"
TEXTS = {str(item["id"]): str(item["text"]) for item in ARTICLES}


@pytest.fixture(scope="module")
def address(policies: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that a test may write to."""
    folder = shutil.copytree(policies, tmp_path_factory.mktemp("client") / "snapshot")
    with served(folder, "--workers", "1", admin_key=KEY) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


@pytest.fixture
async def waiting(address: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(address) as client:
        yield client


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def plain(answer: Answer) -> dict[str, Any]:
    return {name: value for name, value in answer.to_dict().items() if name not in ("id", "timings_ms")}


def test_an_answer_is_the_service_s_own(client: Client, policies: Path) -> None:
    answer = client.ask(BUSES)
    assert (answer.status, answer.short_answers) == (Status.ANSWERED, ("28条",))
    for citation in answer.citations:
        assert TEXTS[citation.article_id][citation.start : citation.end] == citation.quote
    assert answer.figures[0].verdict == "exact"
    settings = Settings(snapshot=policies)
    assert plain(answer) == plain(Pipeline(policies, settings).ask(BUSES))
    followed = client.ask("投放新能源公交车多少辆呢？", [{"role": "user", "content": BUSES}])
    assert followed.short_answers == ("460辆",)
    limited = client.ask(BUSES, top_k=3, filters={"article_id": ["sisong"]}, composer="extractive")
    assert limited.status is Status.UNANSWERABLE
    assert {passage.article_id for passage in limited.retrieved} == {"sisong"}


def told(events: list[StreamEvent]) -> tuple[str, Answer]:
    assert [event.kind for event in events][:1] == ["status"]
    assert events[-1].kind == "final"
    assert events[-1].answer is not None
    return "".join(event.text for event in events if event.kind == "delta"), events[-1].answer


def test_a_stream_is_the_answer(client: Client) -> None:
    events = list(client.stream(BUSES))
    text, answer = told(events)
    assert text == answer.answer
    assert plain(answer) == plain(client.ask(BUSES))
    assert [event.citation for event in events if event.kind == "citation"] == list(answer.citations)


def test_the_collection(client: Client) -> None:
    assert [item["id"] for item in client.articles()] == list(TEXTS)
    assert [item["id"] for item in client.articles("公交")] == ["beilan-bus"]
    assert client.article("sisong")["text"] == TEXTS["sisong"]
    hits = client.search("公交线路", top_k=3)
    assert hits[0]["article_id"] == "beilan-bus"
    assert TEXTS["beilan-bus"][hits[0]["start"] : hits[0]["end"]] == hits[0]["text"]
    (citation,) = client.ask(BUSES).citations
    assert client.citation(citation.id)["quote"] == citation.quote


def test_writing_and_feedback(address: str) -> None:
    with Client(address, KEY) as client:
        story = {"id": "road", "title": "镜湖县修绿道", "text": "2023年，镜湖县新修绿道63公里。"}
        name = client.add_articles([story])
        answer = client.ask("镜湖县新修绿道多少公里？")
        assert (answer.short_answers, answer.snapshot) == (("63公里",), name)
        assert answer.id is not None
        assert re.fullmatch("[0-9a-f]{32}", client.feedback(answer.id, "up", "正好"))
        assert client.remove_article("road") != name
        with pytest.raises(WenceError, match="road"):
            client.article("road")


@pytest.mark.anyio
async def test_the_asynchronous_client_does_the_same(waiting: AsyncClient, client: Client) -> None:
    answer = await waiting.ask(BUSES)
    assert plain(answer) == plain(client.ask(BUSES))
    text, streamed = told([event async for event in waiting.stream(BUSES)])
    assert text == streamed.answer == answer.answer
    assert [item async for item in waiting.articles()] == list(client.articles())
    assert await waiting.article("sisong") == client.article("sisong")
    assert [hit["passage_id"] for hit in await waiting.search("公交")] == [
        hit["passage_id"] for hit in client.search("公交")
    ]
    assert await waiting.citation(answer.citations[0].id) == client.citation(answer.citations[0].id)
    assert answer.id is not None
    assert await waiting.feedback(answer.id, "down")
    with pytest.raises(WenceError) as raised:
        await waiting.ask(" ")
    assert (raised.value.status, raised.value.code) == (422, "invalid_question")


def test_both_clients_have_the_same_methods() -> None:
    assert {name for name in dir(Client) if name[0] != "_"} == {name for name in dir(AsyncClient) if name[0] != "_"}


@pytest.mark.parametrize("streamed", [False, True])
def test_errors_tell_what_the_service_said(client: Client, streamed: bool) -> None:
    with pytest.raises(WenceError) as raised:
        list(client.stream(" ")) if streamed else client.ask(" ")
    assert (raised.value.status, raised.value.code) == (422, "invalid_question")
    assert raised.value.detail == {"field": "question"}
    assert re.fullmatch("[0-9a-f]{32}", raised.value.request_id)
    with pytest.raises(WenceError) as raised:
        client.remove_article("sisong")
    assert raised.value.status == 401


def test_a_service_that_is_not_there() -> None:
    with Client("http://127.0.0.1:1") as client:
        for ask in (client.ask, lambda question: list(client.stream(question))):
            with pytest.raises(WenceError, match=r"127\.0\.0\.1:1") as raised:
                ask(BUSES)
            assert (raised.value.status, raised.value.code) == (0, "unreachable")


def test_it_tries_again_as_the_service_asks() -> None:
    def busy(status: int, wait: str) -> Any:
        def reply(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
            body = b'{"error": {"code": "overloaded", "message": "wait"}}'
            handler.send_response(status)
            handler.send_header("Retry-After", wait)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        return reply

    with serving() as host, Client(host.url.removesuffix("/v1")) as client:
        host.script.extend([busy(503, "0"), busy(429, "0"), busy(503, "0")])
        with pytest.raises(WenceError, match="overloaded"):
            client.feedback("x", "up")
        assert len(host.requests) == 3
        host.script.append(busy(429, "3600"))
        with pytest.raises(WenceError) as raised:
            client.feedback("x", "up")
        assert raised.value.wait_s == 3600
        assert len(host.requests) == 4


def test_the_client_loads_no_engine() -> None:
    code = "import sys, service.client; print([m for m in ('torch','faiss','fastapi','pydantic','numpy') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


# the examples of the README


def examples(language: str) -> list[str]:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, section = readme.partition("\n## From your programs\n")
    found = re.findall(rf"```{language}\n(.*?)```", section.split("\n## ")[0], re.DOTALL)
    assert found
    return found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample collection, served."""
    folder = tmp_path_factory.mktemp("sample") / "snapshot"
    command = [sys.executable, "-m", "service.cli", "build", "corpus", "--snapshot", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with served(folder, "--workers", "1") as address:
        yield address


def ran(command: list[str], source: str, address: str, **more: Any) -> str:
    source = source.replace("http://127.0.0.1:8000", address).replace("127.0.0.1:8000", urlsplit(address).netloc)
    done = subprocess.run([*command, source], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, **more)
    assert done.returncode == 0, done.stderr
    out: str = done.stdout
    return out


@pytest.mark.parametrize("number", range(len(examples("sh"))))
def test_the_examples_in_curl(number: int, sample: str) -> None:
    if not shutil.which("curl"):
        pytest.skip("needs curl")
    out = ran(["bash", "-euc"], examples("sh")[number], sample)
    assert "5780亩" in out


@pytest.mark.parametrize("number", range(len(examples("python"))))
def test_the_examples_in_python(number: int, sample: str) -> None:
    assert "5780亩" in ran([sys.executable, "-c"], examples("python")[number], sample)


@pytest.mark.parametrize("number", range(len(examples("js"))))
def test_the_examples_in_javascript(number: int, sample: str) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("needs Node.js")
    assert "5780亩" in ran([node, "--input-type=module", "-e"], examples("js")[number], sample)


# the OpenAPI document


def test_the_document_is_the_one_that_is_checked_in() -> None:
    command = [sys.executable, "-m", "service.api.document"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    golden = (ROOT / "tests/golden/openapi.json").read_text(encoding="utf-8")
    assert printed == golden, "if the change is meant: python -m service.api.document > tests/golden/openapi.json"


def test_the_document_tells_keys_and_limits(policies: Path, tmp_path: Path) -> None:
    chosen = Settings(snapshot=policies, database=SecretStr(f"sqlite:///{tmp_path / 'r'}"))
    with TestClient(create_app(chosen, Pipeline(policies, chosen))) as client:
        paths = client.get("/openapi.json").json()["paths"]
    assert paths["/v1/ask"]["post"]["security"] == [{"key": []}, {}]
    for path, method in (("/v1/articles", "post"), ("/v1/articles/{article_id}", "delete"), ("/v1/feedback", "get")):
        assert paths[path][method]["security"] == [{"key": []}]
    assert "security" not in paths["/healthz"]["get"]
    assert set(paths["/v1/ask"]["post"]["responses"]) == {
        "200", "400", "401", "403", "408", "413", "422", "429", "503",
    }  # fmt: skip
    assert "422" not in paths["/v1/chat/completions"]["post"]["responses"]
    assert set(paths["/v1/ask"]["post"]["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
