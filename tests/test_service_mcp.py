"""The Model Context Protocol with the SDK's own client against a served wence: tools, resources, errors, hosts."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, TextContent, TextResourceContents

from eval.served import build
from service.answer import Answer
from tests.policies import ARTICLES, write_articles
from tests.served import served

BUSES = "北岚市新开公交线路多少条？"
TEXTS = {str(item["id"]): str(item["text"]) for item in ARTICLES}

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def address(policies: Path) -> Iterator[str]:
    with served(policies) as address:
        yield address


def post(address: str, route: str, body: object) -> dict[str, Any]:
    found: dict[str, Any] = httpx2.post(f"{address}{route}", json=body).json()
    return found


async def call(client: Client, tool: str, **arguments: object) -> tuple[str, dict[str, Any]]:
    """The text and the structured content of a call that succeeds."""
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert not result.is_error, result.content
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert result.structured_content is not None
    return content.text, result.structured_content


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_tools_are_told(address: str, mode: str) -> None:
    async with Client(f"{address}/mcp", mode=mode) as client:
        listed = await client.list_tools()
    tools = {tool.name: tool for tool in listed.tools}
    assert set(tools) == {"ask", "search", "read_article", "list_articles", "figures"}
    for tool in tools.values():
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
    assert set(tools["ask"].input_schema["properties"]) == {"question", "history", "top_k", "filters"}
    assert tools["ask"].input_schema["required"] == ["question"]


async def test_ask_is_the_answer_of_the_route(address: str) -> None:
    async with Client(f"{address}/mcp") as client:
        history = [{"role": "user", "content": BUSES}, {"role": "assistant", "content": "28条"}]
        question = "投放新能源公交车多少辆呢？"
        text, found = await call(client, "ask", question=question, history=history)
    answer = post(address, "/v1/ask", {"question": question, "history": history})
    assert set(found) == set(answer) - {"retrieved"}
    for name in set(found) - {"id", "timings_ms"}:
        assert found[name] == answer[name]
    assert set(found) == set(Answer.__dataclass_fields__) - {"retrieved"}
    assert text.startswith(f"{answer['answer']}\n\n> [1] {answer['citations'][0]['reference']}：“")
    for citation in found["citations"]:
        assert TEXTS[citation["article_id"]][citation["start"] : citation["end"]] == citation["quote"]


async def test_search_and_filters(address: str) -> None:
    async with Client(f"{address}/mcp") as client:
        text, found = await call(client, "search", question="公交线路", top_k=3)
        _, only = await call(client, "search", question="公交线路", filters={"article_id": ["sisong"]})
    route = post(address, "/v1/search", {"question": "公交线路", "top_k": 3})
    assert (found["hits"], found["snapshot"]) == (route["hits"], route["snapshot"])
    assert text.startswith("[beilan-bus] ")
    assert {hit["article_id"] for hit in only["hits"]} == {"sisong"}


async def test_articles_are_listed_and_read(address: str) -> None:
    async with Client(f"{address}/mcp") as client:
        _, page = await call(client, "list_articles", limit=4)
        _, rest = await call(client, "list_articles", limit=100, cursor=int(page["next_cursor"]))
        assert [item["id"] for item in page["articles"] + rest["articles"]] == list(TEXTS)
        _, picked = await call(client, "list_articles", author="陶知秋")
        assert [item["id"] for item in picked["articles"]] == ["sisong", "wuda"]
        text, article = await call(client, "read_article", article_id="yunlan-window")
        assert article["text"] == TEXTS["yunlan-window"]
        assert text == f"{article['reference']}\n\n{article['text']}"


async def test_figures_are_those_of_the_route(tmp_path: Path) -> None:
    build(str(write_articles(tmp_path / "policies.jsonl")), tmp_path / "s")
    with served(tmp_path / "s", "--workers", "1") as address:
        async with Client(f"{address}/mcp") as client:
            text, found = await call(client, "figures", q="公交", unit="条")
        route = httpx2.get(f"{address}/v1/figures", params={"q": "公交", "unit": "条"}).json()
    assert found["figures"] == route["figures"]
    assert "28条" in text


async def test_articles_are_resources(address: str) -> None:
    async with Client(f"{address}/mcp") as client:
        listed = (await client.list_resources()).resources
        assert [str(resource.uri) for resource in listed] == [f"wence://articles/{key}" for key in TEXTS]
        templates = (await client.list_resource_templates()).resource_templates
        assert [template.uri_template for template in templates] == ["wence://articles/{article_id}"]
        (content,) = (await client.read_resource("wence://articles/sisong")).contents
        assert isinstance(content, TextResourceContents)
        assert content.text.endswith(TEXTS["sisong"])
        with pytest.raises(MCPError, match="nobody"):
            await client.read_resource("wence://articles/nobody")


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {"question": " "}, "empty"),
        ("ask", {"question": "问" * 2001}, "2001"),
        ("ask", {}, "question"),
        ("search", {"question": "谁？", "top_k": 0}, "top_k"),
        ("search", {"question": "谁？", "filters": {"date_from": "2024-02-30"}}, "date_from"),
        ("read_article", {"article_id": "nobody"}, "nobody"),
        ("list_articles", {"limit": 1001}, "limit"),
        ("dance", {}, "dance"),
    ],
)
async def test_what_cannot_be_done_is_told(address: str, tool: str, arguments: dict[str, Any], says: str) -> None:
    async with Client(f"{address}/mcp") as client:
        result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert says in content.text
    assert "Traceback" not in content.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Content-Type": "text/plain"}, 400),
    ],
)
async def test_a_page_elsewhere_is_kept_out(address: str, headers: dict[str, str], status: int) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    known = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    async with httpx2.AsyncClient() as client:
        reply = await client.post(f"{address}/mcp", json=request, headers=known | headers)
    assert reply.status_code == status, reply.text


async def test_rubbish_breaks_nothing(address: str) -> None:
    async with httpx2.AsyncClient() as client:
        known = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        for body in (b"", b"{", b"[]", b"7", b'{"jsonrpc": "2.0"}', b"\xff"):
            reply = await client.post(f"{address}/mcp", content=body, headers=known)
            assert 400 <= reply.status_code < 500
            assert "error" in json.loads(reply.text)
        assert (await client.post(f"{address}/mcp", content=b"x" * 1_000_001, headers=known)).status_code == 413
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as connection:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{")
    async with Client(f"{address}/mcp") as client:
        assert (await client.list_tools()).tools
