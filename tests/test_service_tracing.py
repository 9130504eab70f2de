"""Traces as a collector gets them, over a real socket from a served wence; and nothing of them where none is named."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anyio
import httpx2
import pytest
from mcp import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from service.cli import main
from tests.served import ROOT, running

BUSES = "北岚市新开公交线路多少条？"
ASK = {"question": BUSES}
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CALLER = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-Id": "this-one"}


@dataclass(slots=True)
class Collector:
    """What came in, and with which headers."""

    url: str
    batches: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """Those of wence and FastAPI, each trace's in order of time."""
        read = map(ExportTraceServiceRequest.FromString, self.batches)
        scopes = [scope for one in read for resource in one.resource_spans for scope in resource.scope_spans]
        return sorted((span for scope in scopes for span in scope.spans), key=lambda span: span.start_time_unix_nano)

    @property
    def services(self) -> set[str]:
        read = map(ExportTraceServiceRequest.FromString, self.batches)
        about = [pair for one in read for resource in one.resource_spans for pair in resource.resource.attributes]
        return {pair.value.string_value for pair in about if pair.key == "service.name"}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that speaks OTLP over HTTP, in a thread; port chosen by the system."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            collector.headers.append({name.lower(): value for name, value in self.headers.items()})
            collector.batches.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def about(span: Span) -> dict[str, str | int]:
    return {pair.key: pair.value.string_value or pair.value.int_value for pair in span.attributes}


def below(span: Span, spans: list[Span]) -> list[Span]:
    return [other for other in spans if other.parent_span_id == span.span_id]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_requests_answers_and_stages_are_traced(policies: Path, workers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=policies")
    with collecting() as collector:
        settings = {"otel_endpoint": collector.url}
        with running(policies, "--workers", workers, settings=settings) as (address, process):
            answer = httpx2.post(f"{address}/v1/ask", json=ASK, headers=CALLER).json()
            httpx2.post(f"{address}/v1/ask", json={**ASK, "stream": True})
            chat = {"model": "wence", "messages": [{"role": "user", "content": BUSES}]}
            httpx2.post(f"{address}/v1/chat/completions", json=chat)
            httpx2.get(f"{address}/v1/articles?q={BUSES}")
            httpx2.get(f"{address}/v1/articles/nobody-{BUSES}")
            httpx2.post(f"{address}/v1/ask", json={"question": ""})
            for path in ("healthz", "readyz", "metrics"):
                httpx2.get(f"{address}/{path}")
            process.terminate()
            process.wait(20)
    spans = collector.spans
    requests = [span for span in spans if span.kind == Span.SPAN_KIND_SERVER]
    assert [(span.name, about(span)["http.response.status_code"]) for span in requests] == [
        ("POST /v1/ask", 200),
        ("POST /v1/ask", 200),
        ("POST /v1/chat/completions", 200),
        ("GET /v1/articles", 200),
        ("GET /v1/articles/{article_id}", 404),
        ("POST /v1/ask", 422),
    ]
    assert (requests[0].trace_id.hex(), requests[0].parent_span_id.hex()) == (TRACE, PARENT)
    assert about(requests[0])["wence.request_id"] == "this-one"
    assert len({span.trace_id for span in requests}) == 6
    for request, surface in zip(requests, ("ask", "ask", "chat"), strict=False):
        (told,) = below(request, spans)
        assert (told.name, told.trace_id) == ("answer", request.trace_id)
        assert about(told) == {
            "wence.surface": surface, "wence.status": "answered", "wence.composer": "extractive",
            "wence.snapshot": answer["snapshot"], "wence.citations": 1, "wence.passages": len(answer["retrieved"]),
        }  # fmt: skip
        retrieve, compose = below(told, spans)
        assert (retrieve.name, compose.name) == ("retrieve", "compose")
        assert told.start_time_unix_nano <= retrieve.start_time_unix_nano
        assert retrieve.end_time_unix_nano == compose.start_time_unix_nano
        assert compose.end_time_unix_nano == told.end_time_unix_nano
    assert [below(request, spans) for request in requests[3:]] == [[], [], []]
    stages = below(below(requests[0], spans)[0], spans)
    for span in stages:
        assert span.end_time_unix_nano - span.start_time_unix_nano == round(answer["timings_ms"][span.name] * 1e6)
    assert len(spans) == 6 + 3 * 3, "no spans of probes, and no others"
    assert collector.services == {"wence"}
    assert {headers["x-tenant"] for headers in collector.headers} == {"policies"}
    for batch in collector.batches:
        assert "公交".encode() not in batch, "no question, path or query is told"


def test_an_agents_question_is_traced_too(policies: Path) -> None:
    async def ask(address: str) -> None:
        async with Client(f"{address}/mcp") as client:
            await client.call_tool("ask", {"question": BUSES})

    with collecting() as collector:
        settings = {"otel_endpoint": collector.url}
        with running(policies, "--workers", "1", settings=settings) as (address, process):
            with ThreadPoolExecutor() as aside:  # the browser's driver has a loop of its own in this thread
                aside.submit(anyio.run, ask, address).result()
            process.terminate()
            process.wait(20)
    spans = collector.spans
    (told,) = [span for span in spans if span.name == "answer"]
    assert about(told)["wence.surface"] == "mcp"
    (request,) = [span for span in spans if span.span_id == told.parent_span_id]
    assert about(request)["http.request.method"] == "POST"
    assert "公交".encode() not in b"".join(collector.batches)


def test_a_collector_that_is_away_holds_nobody_up(policies: Path) -> None:
    settings = {"otel_endpoint": "http://127.0.0.1:9"}
    with running(policies, "--workers", "1", stderr=True, settings=settings) as (address, process):
        assert httpx2.post(f"{address}/v1/ask", json=ASK).json()["status"] == "answered"
        began = time.monotonic()
        process.terminate()
        _, told = process.communicate(timeout=20)
    assert time.monotonic() - began < 8
    assert "span" in told
    assert "公交" not in told


_OFF = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
from service.api.app import create_app
from service.pipeline import Pipeline
from service.settings import Settings
settings = Settings(snapshot=Path(sys.argv[1]))
with TestClient(create_app(settings, Pipeline(settings.snapshot, settings))) as client:
    assert client.post("/v1/ask", json={"question": sys.argv[2]}).json()["status"] == "answered"
print(*(name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))))
"""


def test_nothing_is_traced_or_loaded_unless_a_collector_is_named(
    policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
        command = [sys.executable, "-c", _OFF, str(policies), BUSES]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert told == "\n"
    assert collector.batches == []


def test_without_the_extra_the_command_says_so(
    policies: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENCE_OTEL_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter", None)
    assert main(["serve", "--port", "0", "--snapshot", str(policies)]) == 2
    assert "pip install 'wence[otel]'" in capsys.readouterr().err


def test_a_collector_has_an_address(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WENCE_OTEL_ENDPOINT", "collector:4318")
    with pytest.raises(SystemExit) as stopped:
        main(["serve"])
    assert stopped.value.code == 2
    assert "WENCE_OTEL_ENDPOINT: " in capsys.readouterr().err
