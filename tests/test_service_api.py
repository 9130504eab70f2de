"""Every route over HTTP: replies, the one error shape, limits, keys, streaming, and a snapshot exchanged while serving."""

import json
import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.api.app import create_app
from service.pipeline import Pipeline
from service.settings import Settings
from tests.policies import ARTICLES, build_policies
from tests.served import served

ROOT = Path(__file__).parent.parent
KEY = "open sesame"
ADMIN = {"Authorization": f"Bearer {KEY}"}
BUSES = "北岚市新开公交线路多少条？"
TEXTS = {str(item["id"]): str(item["text"]) for item in ARTICLES}
MAX_BYTES = 1_000_000


def application(folder: Path, **settings: Any) -> FastAPI:
    chosen = Settings(snapshot=folder, **settings)
    return create_app(chosen, Pipeline(folder, chosen))


@pytest.fixture(scope="module")
def client(policies: Path) -> Iterator[TestClient]:
    """Reads the shared snapshot; writing is off."""
    with TestClient(application(policies), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def writer(mine: Path) -> Iterator[TestClient]:
    """Reads and, with the admin key, writes a snapshot of its own."""
    with TestClient(application(mine, admin_key=KEY), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def unchanged(policies: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Could write with the admin key; for requests that must be refused, after which nothing may have changed."""
    folder = shutil.copytree(policies, tmp_path_factory.mktemp("unchanged") / "snapshot")
    before = (folder / "CURRENT").read_text(encoding="utf-8")
    with TestClient(application(folder, admin_key=KEY), raise_server_exceptions=False) as client:
        yield client
    assert (folder / "CURRENT").read_text(encoding="utf-8") == before


def refused(
    client: TestClient, method: str, path: str, status: int, code: str, says: str = "", **request: Any
) -> dict[str, Any]:
    """The one shape of an error, and that the OpenAPI document knows it. Returns the error."""
    reply = client.request(method, path, **request)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/json"
    assert set(reply.json()) == {"error"}
    error: dict[str, Any] = reply.json()["error"]
    assert set(error) <= {"code", "message", "detail"}
    assert error["code"] == code
    assert isinstance(error["message"], str)
    assert error["message"]
    assert says in error["message"]
    assert "Traceback" not in reply.text
    documented = operation(client, method, path)
    if documented is not None:
        schema = documented["responses"][str(status)]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ErrorReply"}
    return error


def operation(client: TestClient, method: str, path: str) -> dict[str, Any] | None:
    """What the OpenAPI document says of a request; None for a path or method that it does not know."""
    for template, operations in client.get("/openapi.json").json()["paths"].items():
        if re.fullmatch(re.sub(r"\\{[^}]*\\}", ".+", re.escape(template)), path.split("?", maxsplit=1)[0]):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None


def ask(client: TestClient, question: str, **more: Any) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def stream(client: TestClient, question: str, **more: Any) -> list[tuple[str, Any]]:
    reply = client.post("/v1/ask", json={"question": question, "stream": True, **more})
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["cache-control"] == "no-store"
    events = []
    for block in reply.text.removesuffix("\n\n").split("\n\n"):
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


# asking


def test_ask_gives_an_answer_as_the_contract_has_it(client: TestClient) -> None:
    answer = ask(client, BUSES)
    assert set(answer) == {
        "id", "question", "status", "answer", "short_answers", "statements", "citations", "figures", "retrieved",
        "reason", "composer", "model", "timings_ms", "snapshot", "confidence",
    }  # fmt: skip
    assert (answer["model"], answer["composer"]) == (None, "extractive")
    assert re.fullmatch("[0-9a-f]{32}", answer["id"])
    assert ask(client, BUSES)["id"] != answer["id"]
    assert (answer["status"], answer["short_answers"]) == ("answered", ["28条"])
    assert answer["snapshot"] == client.get("/readyz").json()["snapshot"]
    assert set(answer["timings_ms"]) == {"retrieve", "compose", "total"}
    (citation,) = answer["citations"]
    assert set(citation) == {
        "n", "id", "article_id", "title", "authors", "column", "issue", "date", "page", "quote", "start", "end",
        "reference",
    }  # fmt: skip
    assert TEXTS[citation["article_id"]][citation["start"] : citation["end"]] == citation["quote"]
    assert next((found["text"], found["verdict"]) for found in answer["figures"]) == ("28条", "exact")
    for passage in answer["retrieved"]:
        assert set(passage) == {"passage_id", "article_id", "title", "text", "scores"}
        assert passage["text"] in TEXTS[passage["article_id"]]


@pytest.mark.parametrize(
    "question", [BUSES, "什么是“茶园共富贷”？", "水源保护五大行动包括哪些？", "深圳市有多少条公交线路？"]
)
def test_the_stream_is_the_answer(client: TestClient, question: str) -> None:
    plain = ask(client, question)
    events = stream(client, question)
    assert events[0] == ("status", {"stage": "retrieving"})
    name, final = events[-1]
    assert name == "final"
    assert {**final, "timings_ms": 0, "id": ""} == {**plain, "timings_ms": 0, "id": ""}
    assert "".join(data["text"] for name, data in events if name == "delta") == plain["answer"]
    assert [data for name, data in events if name == "citation"] == plain["citations"]
    seen: list[int] = []
    for name, data in events:
        if name == "citation":
            seen.append(data["n"])
        if name == "delta":
            assert {int(n) for n in re.findall(r"\[(\d+)\]", data["text"])} <= set(seen)


def test_a_stream_refuses_before_it_begins(client: TestClient) -> None:
    refused(client, "POST", "/v1/ask", 422, "invalid_question", json={"question": " ", "stream": True})


def test_history_is_read(client: TestClient) -> None:
    history = [{"role": "user", "content": BUSES}, {"role": "assistant", "content": "28条"}]
    assert ask(client, "投放新能源公交车多少辆呢？", history=history)["short_answers"] == ["460辆"]


def test_search_gives_hits_best_first(client: TestClient) -> None:
    found = client.post("/v1/search", json={"question": "公交线路", "top_k": 3}).json()
    assert set(found) == {"hits", "timings_ms", "snapshot"}
    assert 0 < len(found["hits"]) <= 3
    assert found["hits"][0]["article_id"] == "beilan-bus"
    fused = [hit["scores"]["fused"] for hit in found["hits"]]
    assert fused == sorted(fused, reverse=True)
    for hit in found["hits"]:
        assert TEXTS[hit["article_id"]][hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize(
    ("filters", "within"),
    [
        ({"article_id": ["sisong", "wuda"]}, {"sisong", "wuda"}),
        ({"column": ["政务"]}, {"yunlan-window", "qichuan-window"}),
        ({"author": ["周听"]}, {"yunlan-window", "qichuan-sea"}),
        ({"issue": ["云川政策 2024年第3期"], "author": ["何禾"]}, {"qichuan-window"}),
        ({"date_from": "2024-06-15"}, {"qichuan-sea", "night-school"}),
        ({"date_from": "2024-03-05", "date_to": "2024-03-12"}, {"yunlan-window", "qichuan-window"}),
        ({"column": ["没有这个栏目"]}, set()),
        ({}, {*TEXTS}),
    ],
)
def test_filters_limit_what_is_searched_and_cited(
    client: TestClient, filters: dict[str, Any], within: set[str]
) -> None:
    request = {"question": "2023年多少群众、企业、老人、游客、茶农？", "top_k": 50, "filters": filters}
    hits = client.post("/v1/search", json=request).json()["hits"]
    assert {hit["article_id"] for hit in hits} <= within
    assert bool(hits) == bool(within)
    answer = ask(client, "综合窗口的群众满意率是多少？", filters=filters)
    assert {passage["article_id"] for passage in answer["retrieved"]} <= within
    assert {citation["article_id"] for citation in answer["citations"]} <= within


# the collection


def test_articles_are_listed_page_by_page(client: TestClient) -> None:
    whole = client.get("/v1/articles").json()
    assert (whole["total"], whole["next_cursor"]) == (len(ARTICLES), None)
    assert [item["id"] for item in whole["articles"]] == list(TEXTS)
    found, cursor = [], "0"
    while cursor:
        page = client.get("/v1/articles", params={"limit": 4, "cursor": cursor}).json()
        assert page["total"] == len(ARTICLES)
        found += page["articles"]
        cursor = page["next_cursor"]
    assert found == whole["articles"]
    assert client.get("/v1/articles?cursor=99").json()["articles"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=公交", ["beilan-bus"]),
        ("q=雾溪镇", ["wuxi-village"]),
        ("column=科技", ["yunlan-research", "qichuan-sea"]),
        ("author=陶知秋", ["sisong", "wuda"]),
        ("author=周听&column=政务", ["yunlan-window"]),
        ("q=没有的词", []),
    ],
)
def test_articles_are_picked_out(client: TestClient, query: str, found: list[str]) -> None:
    listed = client.get(f"/v1/articles?{query}").json()
    assert [item["id"] for item in listed["articles"]] == found
    assert listed["total"] == len(found)


def test_one_article(client: TestClient) -> None:
    article = client.get("/v1/articles/yunlan-window").json()
    assert article["text"] == TEXTS["yunlan-window"]
    assert article["characters"] == len(article["text"])
    assert (article["authors"], article["page"]) == (["林岚", "周听"], "12")
    assert article["reference"] == "林岚、周听：《云澜市：一扇窗口办成一揽子事》，《云川政策 2024年第3期》，第12页"


def test_a_citation_is_found_again_where_it_moved_and_told_when_it_changed(writer: TestClient) -> None:
    (citation,) = ask(writer, BUSES)["citations"]
    path = f"/v1/citations/{quote(citation['id'])}"

    def now() -> dict[str, Any]:
        found: dict[str, Any] = writer.get(path).json()
        assert (found["id"], found["article_id"]) == (citation["id"], "beilan-bus")
        assert found["snapshot"] == writer.get("/readyz").json()["snapshot"]
        return found

    found = now()
    assert found["status"] == "unchanged"
    assert (found["quote"], found["start"], found["end"]) == (citation["quote"], citation["start"], citation["end"])

    def edit(text: str) -> None:
        article = next(item for item in ARTICLES if item["id"] == "beilan-bus") | {"text": text}
        assert writer.post("/v1/articles", json={"articles": [article]}, headers=ADMIN).status_code == 200

    before = "北岚市的公交公司刚满六十岁。\n"
    edit(before + TEXTS["beilan-bus"])
    found = now()
    assert found["status"] == "moved"
    assert (found["quote"], found["start"]) == (citation["quote"], citation["start"] + len(before))
    edit(TEXTS["beilan-bus"].replace("28条", "29条"))
    found = now()
    assert (found["status"], found["quote"], found["start"], found["end"]) == ("changed", None, None, None)
    assert ask(writer, BUSES)["short_answers"] == ["29条"]
    edit(TEXTS["beilan-bus"])
    assert now()["status"] == "unchanged"


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ("nobody~0-3~0123456789", "unknown_article"),
        ("beilan-bus", "unknown_citation"),
        ("beilan-bus~0-3~01234", "unknown_citation"),
        ("beilan-bus~9-3~0123456789", "unknown_citation"),
        ("beilan-bus~-3-9~0123456789", "unknown_citation"),
        ("beilan-bus~٣-٩~0123456789", "unknown_citation"),
        ("~0-3~0123456789", "unknown_citation"),
        ("../../etc/passwd", "unknown_citation"),
        ("%00", "unknown_citation"),
        ("x" * 5000, "unknown_citation"),
    ],
)
def test_a_citation_that_is_none(client: TestClient, identity: str, code: str) -> None:
    refused(client, "GET", f"/v1/citations/{quote(identity, safe='%')}", 404, code)


def test_a_citation_with_a_wrong_digest_or_a_span_beyond_its_article_has_changed(client: TestClient) -> None:
    for identity in (
        "beilan-bus~0-3~0123456789",
        "beilan-bus~0-99999999~0123456789",
        "beilan-bus~5000-5003~0123456789",
    ):
        assert client.get(f"/v1/citations/{identity}").json()["status"] == "changed"


# writing


def test_articles_are_added_replaced_and_removed_while_serving(writer: TestClient) -> None:
    story = {
        "title": "镜湖县修绿道",
        "text": "2023年，镜湖县新修绿道63公里。\n\n  绿道沿线有驿站21座。",
        "date": "2024-01-02",
    }
    changed = writer.post("/v1/articles", json={"articles": [story]}, headers=ADMIN).json()
    assert set(changed) == {"snapshot", "articles", "passages"}
    assert changed["articles"] == len(ARTICLES) + 1
    answer = ask(writer, "镜湖县新修绿道多少公里？")
    assert (answer["short_answers"], answer["snapshot"]) == (["63公里"], changed["snapshot"])
    made = answer["citations"][0]["article_id"]
    assert writer.get(f"/v1/articles/{made}").json()["text"] == "2023年，镜湖县新修绿道63公里。\n绿道沿线有驿站21座。"
    story["text"] = "2023年，镜湖县新修绿道70公里。"  # the same title and date make the same id
    changed = writer.post("/v1/articles", json={"articles": [story]}, headers=ADMIN).json()
    assert changed["articles"] == len(ARTICLES) + 1
    assert ask(writer, "镜湖县新修绿道多少公里？")["short_answers"] == ["70公里"]
    assert writer.delete(f"/v1/articles/{made}", headers=ADMIN).json()["articles"] == len(ARTICLES)
    assert ask(writer, "镜湖县新修绿道多少公里？")["status"] == "unanswerable"
    refused(writer, "DELETE", f"/v1/articles/{made}", 404, "unknown_article", made, headers=ADMIN)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("shown", [None, "", "Bearer", "Bearer ", f"Bearer {KEY}!", KEY, f"Basic {KEY}", "Bearer 钥匙"])
def test_writing_needs_the_key(unchanged: TestClient, method: str, shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown.encode()}
    path = "/v1/articles" if method == "POST" else "/v1/articles/sisong"
    body = {"json": {"articles": [{"title": "x", "text": "y"}]}} if method == "POST" else {}
    before = unchanged.get("/readyz").json()["snapshot"]
    refused(unchanged, method, path, 401, "unauthorized", "Bearer", headers=headers, **body)
    assert unchanged.get("/readyz").json()["snapshot"] == before


def test_writing_is_off_without_a_key(client: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, ADMIN):
        refused(client, "DELETE", "/v1/articles/sisong", 403, "forbidden", "WENCE_ADMIN_KEY", headers=headers)
        refused(
            client, "POST", "/v1/articles", 403, "forbidden", json={"articles": [{"title": "x", "text": "y"}]},
            headers=headers,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("articles", "code", "says"),
    [
        ([], "invalid_field", "articles"),
        ([7], "invalid_field", "articles.0"),
        ({}, "invalid_field", "articles"),
        ([{"title": "x"}], "invalid_article", "articles.0"),
        ([{"text": "y"}], "invalid_article", "title"),
        ([{"title": "x", "text": "y"}, {"title": "x", "text": " \n"}], "invalid_article", "articles.1"),
        ([{"title": "x", "text": ["y"]}], "invalid_article", "text"),
        ([{"title": ["x"], "text": "y"}], "invalid_article", "title"),
        ([{"title": "x", "text": "y", "id": "a/b"}], "invalid_article", "id"),
        ([{"title": "x", "text": "y", "date": "2024-02-30"}], "invalid_article", "date"),
        ([{"title": "x", "text": "half \ud83d"}], "invalid_article", "surrogate"),
    ],
)
def test_an_article_that_cannot_be_added(unchanged: TestClient, articles: object, code: str, says: str) -> None:
    before = unchanged.get("/readyz").json()["snapshot"]
    body = json.dumps({"articles": articles}).encode()
    headers = {**ADMIN, "Content-Type": "application/json"}
    refused(unchanged, "POST", "/v1/articles", 422, code, says, content=body, headers=headers)
    assert unchanged.get("/readyz").json()["snapshot"] == before


def test_two_articles_of_one_id_are_a_conflict(unchanged: TestClient) -> None:
    articles = [{"title": "x", "text": "y", "id": "1"}, {"title": "z", "text": "w", "id": "1"}]
    refused(
        unchanged, "POST", "/v1/articles", 409, "conflict", "articles.1", json={"articles": articles}, headers=ADMIN
    )


# operations and the page


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json()["status"] == "ok"


def test_not_ready_until_the_snapshot_is_open(tmp_path: Path) -> None:
    app = create_app(Settings(snapshot=tmp_path / "none"))
    waiting = TestClient(app)  # not started, so nothing has been opened
    assert waiting.get("/healthz").status_code == 200
    assert waiting.get("/metrics").status_code == 200
    refused(waiting, "GET", "/readyz", 503, "not_ready", "being opened")
    with TestClient(app) as started:
        for _ in range(100):
            message = refused(started, "GET", "/readyz", 503, "not_ready")["message"]
            if "being opened" not in message:
                break
            time.sleep(0.02)
        assert "wence build" in message
        assert started.get("/healthz").status_code == 200
        assert started.get("/v1/articles").headers["retry-after"] == "5"
        for path, body in (("/v1/ask", {"question": BUSES}), ("/v1/search", {"question": BUSES})):
            refused(started, "POST", path, 503, "not_ready", json=body)
        for path in ("/v1/articles", "/v1/articles/sisong", "/v1/citations/x~0-1~0123456789"):
            refused(started, "GET", path, 503, "not_ready")


def test_ready_once_the_snapshot_is_open(policies: Path) -> None:
    with TestClient(create_app(Settings(snapshot=policies))) as client:
        for _ in range(500):
            if (reply := client.get("/readyz")).status_code == 200:
                break
            time.sleep(0.02)
        assert reply.json()["snapshot"] == (policies / "CURRENT").read_text(encoding="utf-8").strip()
        assert ask(client, BUSES)["short_answers"] == ["28条"]


def test_metrics_count_requests_answers_and_articles(policies: Path) -> None:
    with TestClient(application(policies)) as client:
        ask(client, BUSES)
        ask(client, "深圳市有多少条公交线路？")
        stream(client, BUSES)
        client.post("/v1/ask", json={"question": ""})
        client.get("/v1/articles/sisong")
        client.get("/v1/articles/nobody")
        client.get("/nothing/here")
        reply = client.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    lines = dict(line.rsplit(" ", 1) for line in reply.text.splitlines() if not line.startswith("#"))
    counted = {
        'wence_requests_total{method="POST",route="/v1/ask",status="200"}': 3,
        'wence_requests_total{method="POST",route="/v1/ask",status="422"}': 1,
        'wence_requests_total{method="GET",route="/v1/articles/{article_id:path}",status="200"}': 1,
        'wence_requests_total{method="GET",route="/v1/articles/{article_id:path}",status="404"}': 1,
        'wence_answers_total{status="answered"}': 2,
        'wence_answers_total{status="unanswerable"}': 1,
        'wence_stage_seconds_count{stage="retrieve"}': 3,
        "wence_snapshot_articles": len(ARTICLES),
        "wence_snapshot_passages": len(ARTICLES),
    }
    assert {name: float(lines[name]) for name in counted} == counted
    assert "nothing" not in reply.text


def test_the_page_and_the_documentation(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "问策" in page.text
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    for file in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        assert client.get(f"/{file}").status_code == 200
    docs = client.get("/docs")
    assert docs.status_code == 200
    for address in re.findall(r'(?:href|src)="([^"]+)"', docs.text):
        assert address.startswith("/"), f"{address} is not served from here"
        assert client.get(address).status_code == 200
    for path in ("/../service/settings.py", "/%2e%2e/settings.py", "/.hidden", "/index.html/x"):
        refused(client, "GET", path, 404, "not_found")


def test_openapi_knows_every_route_and_documents_one_error_shape(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert {(method.upper(), path) for path, found in document["paths"].items() for method in found} == {
        ("POST", "/v1/ask"), ("POST", "/v1/search"), ("GET", "/v1/articles"), ("POST", "/v1/articles"),
        ("GET", "/v1/articles/{article_id}"), ("DELETE", "/v1/articles/{article_id}"),
        ("GET", "/v1/figures"), ("GET", "/v1/figures/indicators"), ("GET", "/v1/reforms"), ("GET", "/v1/reforms/{name}"),
        ("POST", "/v1/feedback"), ("GET", "/v1/feedback"), ("POST", "/v1/chat/completions"), ("GET", "/v1/models"), ("GET", "/v1/models/{model}"),
        ("GET", "/v1/citations/{citation_id}"), ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"),
    }  # fmt: skip
    for found in document["paths"].values():
        for operation in found.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    schema = response["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorReply"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


# errors


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
@pytest.mark.parametrize(
    ("body", "status", "code", "says"),
    [
        ({"question": ""}, 422, "invalid_question", "empty"),
        ({"question": " \n　"}, 422, "invalid_question", "empty"),
        ({"question": "问" * 100_000}, 422, "invalid_question", "100000"),
        ({}, 422, "invalid_field", "question"),
        ({"question": None}, 422, "invalid_field", "question"),
        ({"question": 7}, 422, "invalid_field", "question"),
        ({"question": ["谁？"]}, 422, "invalid_field", "question"),
        ({"question": "谁？", "top_k": 0}, 422, "invalid_field", "top_k"),
        ({"question": "谁？", "top_k": 101}, 422, "invalid_field", "top_k"),
        ({"question": "谁？", "top_k": "many"}, 422, "invalid_field", "top_k"),
        ({"question": "谁？", "top_k": 1e300}, 422, "invalid_field", "top_k"),
        ({"question": "谁？", "filters": []}, 422, "invalid_field", "filters"),
        ({"question": "谁？", "filters": {"column": "政务"}}, 422, "invalid_field", "filters.column"),
        ({"question": "谁？", "filters": {"date_from": "2024-02-30"}}, 422, "invalid_field", "filters.date_from"),
        ({"question": "谁？", "filters": {"author": ["x"] * 1001}}, 422, "invalid_field", "filters.author"),
        ([], 422, "invalid_field", "body"),
        ("谁？", 422, "invalid_field", "body"),
        (None, 422, "invalid_field", "body"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_request_that_cannot_be_asked(
    client: TestClient, path: str, body: object, status: int, code: str, says: str
) -> None:
    error = refused(client, "POST", path, status, code, says, json=body)
    assert error["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("history", "x"), ("history", [{"role": "nobody", "content": "x"}]), ("history", [{"role": "user"}]),
     ("history", [{"role": "user", "content": "x"}] * 101), ("composer", "poet"), ("stream", "perhaps")],
)  # fmt: skip
def test_a_field_of_ask_of_the_wrong_kind(client: TestClient, field: str, value: object) -> None:
    refused(client, "POST", "/v1/ask", 422, "invalid_field", field, json={"question": "谁？", field: value})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b'{"question": }', 400),
        ("{'question': '谁？'}".encode(), 400),
        (b'{"question": "\xff\xfe"}', 400),
        ('{"question": "谁？"}'.encode("gb18030"), 400),
        (b'{"question": "\\ud83d"}', 422),
        (b"[" * 50_000, 400),
        (b"\0", 400),
    ],
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_a_body_that_is_no_json(client: TestClient, path: str, body: bytes, status: int) -> None:
    code = {400: "malformed_json", 422: "invalid_field"}[status]
    if b"\\ud83d" in body:
        reply = client.post(path, content=body, headers={"Content-Type": "application/json"})
        code = reply.json()["error"]["code"]
        assert code in ("invalid_field", "invalid_question")
    refused(client, "POST", path, status, code, content=body, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("query", "field"), [("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("cursor=-1", "cursor"),
                         ("cursor=x", "cursor"), ("cursor=99999999999999999999", "cursor")]
)  # fmt: skip
def test_a_query_of_the_wrong_kind(client: TestClient, query: str, field: str) -> None:
    refused(client, "GET", f"/v1/articles?{query}", 422, "invalid_field", field)


@pytest.mark.parametrize("identity", ["nobody", "'", "%00", "..", "%2e%2e%2fetc", "智", "x" * 5000, " "])
def test_an_article_that_is_not_there(client: TestClient, identity: str) -> None:
    refused(client, "GET", f"/v1/articles/{identity}", 404, "unknown_article" if identity != ".." else "not_found")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("POST", "/v1/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("DELETE", "/nothing", 404, "not_found"),
        ("GET", "/v1/ask", 405, "method_not_allowed"),
        ("DELETE", "/v1/ask", 405, "method_not_allowed"),
        ("PUT", "/v1/articles", 405, "method_not_allowed"),
        ("POST", "/v1/articles/sisong", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("POST", "/", 405, "method_not_allowed"),
    ],
)
def test_an_unknown_route_and_a_wrong_method(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    refused(client, method, path, status, code)


@pytest.mark.parametrize(("path", "allowed"), [("/v1/articles/x", "DELETE, GET"), ("/v1/feedback", "GET, POST")])
def test_a_wrong_method_is_told_every_right_one(client: TestClient, path: str, allowed: str) -> None:
    assert client.put(path).headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/articles"])
def test_a_body_that_is_too_large(unchanged: TestClient, path: str) -> None:
    body = json.dumps({"question": "问", "padding": "x" * MAX_BYTES}).encode()
    headers = {**ADMIN, "Content-Type": "application/json"}
    refused(unchanged, "POST", path, 413, "body_too_large", str(MAX_BYTES), content=body, headers=headers)
    chunks = (body[at : at + 50_000] for at in range(0, len(body), 50_000))  # sent without Content-Length
    refused(unchanged, "POST", path, 413, "body_too_large", str(MAX_BYTES), content=chunks, headers=headers)
    fits = json.dumps({"question": BUSES, "padding": ""}).encode()
    fits = fits[:-2] + b"x" * (MAX_BYTES - len(fits)) + fits[-2:]
    reply = unchanged.post("/v1/ask", content=fits, headers=headers)
    assert reply.status_code == 200


ODD = ["", "\0", "😀" * 700, "％００", "' OR 1=1 --", "((((", "*", "a b c", "~0-3~", "…", "２０２３年", "第十四届", "1/0", "九分之零",
       "从到", "各", "分别", "“”", "《》", "多少" * 500, "，" * 2000, "1" * 2000, "一" * 2000, "%" * 2000]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd[:12]))
def test_no_odd_input_breaks_the_service(client: TestClient, odd: str) -> None:
    replies = [
        client.post("/v1/ask", json={"question": odd}),
        client.post("/v1/ask", json={"question": BUSES, "history": [{"role": "user", "content": odd}]}),
        client.post("/v1/ask", json={"question": odd, "stream": True}),
        client.post("/v1/search", json={"question": odd, "filters": {"column": [odd], "author": [odd]}}),
        client.get("/v1/articles", params={"q": odd, "column": odd, "author": odd}),
        client.get(f"/v1/articles/{quote(odd, safe='')}"),
        client.get(f"/v1/citations/{quote(odd, safe='')}"),
        client.get(f"/{quote(odd, safe='')}"),
    ]
    assert [reply.status_code for reply in replies if reply.status_code >= 500] == []
    assert "event: error" not in replies[2].text


# a snapshot that changes while it is served


def test_a_rebuilt_snapshot_is_taken_up_without_a_restart(writer: TestClient, mine: Path) -> None:
    before = ask(writer, BUSES)
    edited = tuple(
        item | {"text": str(item["text"]).replace("28条", "31条")} for item in ARTICLES if item["id"] != "sisong"
    )
    name = build_policies(mine, edited).snapshot
    after = ask(writer, BUSES)
    assert (before["short_answers"], after["short_answers"]) == (["28条"], ["31条"])
    assert before["snapshot"] != after["snapshot"] == name
    assert writer.get("/readyz").json()["snapshot"] == name
    assert writer.get("/v1/articles").json()["total"] == len(ARTICLES) - 1
    refused(writer, "GET", "/v1/articles/sisong", 404, "unknown_article")


@pytest.mark.parametrize("damage", ["a flipped byte", "no file", "CURRENT gone", "CURRENT garbled", "folder gone"])
def test_a_broken_newer_version_leaves_the_old_one_answering(writer: TestClient, mine: Path, damage: str) -> None:
    before = ask(writer, BUSES)
    edited = tuple(item | {"text": str(item["text"]).replace("28条", "31条")} for item in ARTICLES)
    name = build_policies(mine, edited).snapshot  # not looked at by the service before it is damaged
    store = mine / "versions" / name / "store.sqlite"
    if damage == "a flipped byte":
        content = bytearray(store.read_bytes())
        content[len(content) // 2] ^= 1
        store.write_bytes(content)
    elif damage == "no file":
        store.unlink()
    elif damage == "CURRENT gone":
        (mine / "CURRENT").unlink()
    elif damage == "CURRENT garbled":
        (mine / "CURRENT").write_bytes(b"\xff\xfe\0")
    else:
        shutil.rmtree(mine)
    for _ in range(2):
        after = ask(writer, BUSES)
        assert (after["short_answers"], after["snapshot"]) == (["28条"], before["snapshot"])
        assert writer.get("/readyz").json()["snapshot"] == before["snapshot"]


# over a real connection


@pytest.fixture(scope="module")
def port(policies: Path) -> Iterator[int]:
    with served(policies) as address:
        yield int(address.rpartition(":")[2])


def exchange(port: int, sent: bytes) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_a_served_stream_comes_in_chunks(port: int) -> None:
    body = json.dumps({"question": BUSES, "stream": True}).encode()
    head = f"POST /v1/ask HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    reply = exchange(port, head.encode() + body)
    assert reply.startswith("HTTP/1.1 200")
    assert "transfer-encoding: chunked" in reply.lower()
    assert list(re.findall(r"event: (\w+)", reply)) == ["status", "citation", "delta", "final"]


@pytest.mark.parametrize("declared", [True, False])
def test_a_served_body_that_is_too_large(port: int, declared: bool) -> None:
    size = MAX_BYTES + 10
    head = "POST /v1/ask HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    if declared:  # told by its length, before anything of it is sent
        reply = exchange(port, f"{head}Content-Length: {size}\r\n\r\n".encode())
    else:
        chunk = b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n"
        reply = exchange(port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk)
    assert reply.startswith("HTTP/1.1 413")
    assert json.loads(reply.split("\r\n\r\n")[1])["error"]["code"] == "body_too_large"


def test_a_client_that_leaves_does_no_harm(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
    for rubbish in (b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        assert exchange(port, rubbish).startswith("HTTP/1.1 400")
    assert exchange(port, b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith("HTTP/1.1 200")
