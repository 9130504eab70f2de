"""OpenAI's protocol: its own client, LangChain's and LiteLLM's against a served wence, and the Answer in what they get."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient
from openai.types.chat import ChatCompletionMessageParam

from service.answer import Answer, Citation, Statement, Status
from service.api.app import create_app
from service.api.chat.completion import Limits, count_tokens, worded
from service.pipeline import Pipeline
from service.settings import Settings
from tests.chat import event, raw, say
from tests.loopback import Endpoint
from tests.policies import ARTICLES
from tests.served import served

BUSES = "北岚市新开公交线路多少条？"
FACT = "2023年，北岚市新开公交线路28条"
TEXTS = {str(item["id"]): str(item["text"]) for item in ARTICLES}
USER: list[ChatCompletionMessageParam] = [{"role": "user", "content": BUSES}]


@pytest.fixture(scope="module")
def address(policies: Path) -> Iterator[str]:
    with served(policies) as address:
        yield f"{address}/v1"


@pytest.fixture(scope="module")
def client(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=address, api_key="none", max_retries=0)


@pytest.fixture(scope="module")
def inside(policies: Path) -> Iterator[TestClient]:
    settings = Settings(snapshot=policies)
    with TestClient(create_app(settings, Pipeline(policies, settings)), raise_server_exceptions=False) as client:
        yield client


def asked(inside: TestClient, question: str, history: list[str]) -> dict[str, Any]:
    turns = [{"role": "user", "content": text} for text in history]
    answer: dict[str, Any] = inside.post("/v1/ask", json={"question": question, "history": turns}).json()
    return same(answer)


def same(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what differs between two of the same."""
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms", "retrieved")}


# the official client


@pytest.mark.parametrize(
    ("messages", "question", "history"),
    [
        (USER, BUSES, []),
        ([{"role": "system", "content": "你是一只猫。"}, *USER], BUSES, []),
        ([*USER, {"role": "assistant", "content": "28条"}, {"role": "user", "content": "投放新能源公交车多少辆呢？"}],
         "投放新能源公交车多少辆呢？", [BUSES]),
        ([{"role": "user", "content": [{"type": "text", "text": "北岚市新开"}, {"type": "text", "text": "公交线路多少条？"}]}],
         "北岚市新开\n公交线路多少条？", []),
        ([{"role": "user", "content": "深圳市有多少条公交线路？"}], "深圳市有多少条公交线路？", []),
        ([{"role": "user", "content": "水源保护五大行动包括哪些？"}], "水源保护五大行动包括哪些？", []),
    ],
)  # fmt: skip
def test_the_official_client_gets_the_answer(
    client: openai.OpenAI,
    inside: TestClient,
    messages: list[ChatCompletionMessageParam],
    question: str,
    history: list[str],
) -> None:
    whole = client.chat.completions.create(model="wence", messages=messages)
    answer = asked(inside, question, history)
    extra: dict[str, Any] = (whole.model_extra or {})["wence"]
    assert same(extra) == answer
    assert whole.id == f"chatcmpl-{extra['id']}"
    (choice,) = whole.choices
    content = choice.message.content or ""
    assert content.startswith(answer["answer"])
    notes = re.findall(r"^> \[(\d+)\] (.+)：“(.+)”$", content, re.MULTILINE)
    assert notes == [
        (str(item["n"]), item["reference"], item["quote"].replace("\n", " ")) for item in answer["citations"]
    ]
    for citation in extra["citations"]:
        assert TEXTS[citation["article_id"]][citation["start"] : citation["end"]] == citation["quote"]
    annotations = choice.message.annotations or []
    assert [content[item.url_citation.start_index : item.url_citation.end_index] for item in annotations] == [
        f"[{item['n']}]" for item in answer["citations"]
    ]
    assert choice.finish_reason == "stop"
    assert whole.usage is not None
    assert whole.usage.completion_tokens == count_tokens(content)
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
    pieces = list(client.chat.completions.create(model="wence", messages=messages, stream=True))
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == content
    assert pieces[0].choices[0].delta.role == "assistant"
    assert [piece.choices[0].finish_reason for piece in pieces] == [None] * (len(pieces) - 1) + ["stop"]
    assert same((pieces[-1].model_extra or {})["wence"]) == answer
    assert all("wence" not in (piece.model_extra or {}) for piece in pieces[:-1])


def test_the_address_of_a_citation_leads_to_it(client: openai.OpenAI, address: str, inside: TestClient) -> None:
    message = client.chat.completions.create(model="wence", messages=USER).choices[0].message
    (annotation,) = message.annotations or []
    url = annotation.url_citation.url
    assert url.startswith(address)
    assert (
        inside.get(url.removeprefix(address.removesuffix("/v1"))).json()["quote"] == f"{FACT}，投放新能源公交车460辆。"
    )


def test_usage_is_sent_when_asked_for(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="wence", messages=USER)
    *pieces, last = client.chat.completions.create(
        model="wence", messages=USER, stream=True, stream_options={"include_usage": True}
    )
    assert last.choices == []
    assert last.usage == whole.usage
    assert same((last.model_extra or {})["wence"]) == same((whole.model_extra or {})["wence"])
    assert [piece.usage for piece in pieces] == [None] * len(pieces)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("limits", "content", "finish"),
    [
        ({"stop": "投放"}, f"{FACT}，", "stop"),
        ({"stop": ["没有的词", "，投放", "公交车"]}, FACT, "stop"),
        ({"max_tokens": 4}, "2023年，北", "length"),
        ({"max_completion_tokens": 4, "max_tokens": 100}, "2023年，北", "length"),
        ({"stop": "北岚", "max_tokens": 4}, "2023年，", "stop"),
    ],
)
def test_the_text_ends_where_it_shall(
    client: openai.OpenAI, stream: bool, limits: dict[str, Any], content: str, finish: str
) -> None:
    if stream:
        pieces = list(client.chat.completions.create(model="wence", messages=USER, stream=True, **limits))
        found = "".join(piece.choices[0].delta.content or "" for piece in pieces)
        why = pieces[-1].choices[0].finish_reason
    else:
        choice = client.chat.completions.create(model="wence", messages=USER, **limits).choices[0]
        found, why = choice.message.content or "", choice.finish_reason
    assert (found, why) == (content, finish)


def test_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["wence", "wence-extractive"]
    assert client.models.retrieve("wence-extractive").owned_by == "wence"
    with pytest.raises(openai.NotFoundError, match="wence-extractive"):
        client.models.retrieve("gpt")


def test_what_ask_takes_is_taken_too(client: openai.OpenAI) -> None:
    only = {"wence": {"top_k": 2, "filters": {"article_id": ["sisong"]}}}
    whole = client.chat.completions.create(model="wence-extractive", messages=USER, extra_body=only)
    assert (whole.model_extra or {})["wence"]["status"] == "unanswerable"


@pytest.mark.parametrize(
    ("request_", "kind", "code", "param", "says"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError, "model_not_found", "model", "wence-extractive"),
        ({"model": "wence-generative"}, openai.NotFoundError, "model_not_found", "model", "wence-extractive"),
        ({"n": 2}, openai.BadRequestError, "unsupported_value", "n", "one answer"),
        ({"n": 0}, openai.BadRequestError, "invalid_field", "n", "greater"),
        ({"logprobs": True}, openai.BadRequestError, "unsupported_value", "logprobs", "leave"),
        ({"response_format": {"type": "json_object"}}, openai.BadRequestError, "unsupported_value", "response_format", "text"),
        ({"response_format": {}}, openai.BadRequestError, "unsupported_value", "response_format", "text"),
        ({"tool_choice": "required"}, openai.BadRequestError, "unsupported_value", "tool_choice", "tools"),
        ({"stop": ["1", "2", "3", "4", "5"]}, openai.BadRequestError, "invalid_field", "stop", "4"),
        ({"max_tokens": 0}, openai.BadRequestError, "invalid_field", "max_tokens", "greater"),
        ({"messages": []}, openai.BadRequestError, "invalid_field", "messages", "1"),
        ({"messages": [{"role": "user", "content": " "}]}, openai.BadRequestError, "invalid_question", "messages", "question"),
        ({"messages": [{"role": "system", "content": "x"}]}, openai.BadRequestError, "invalid_question", "messages", "question"),
        ({"messages": [{"role": "user", "content": "问" * 2001}]}, openai.BadRequestError, "context_length_exceeded",
         "messages", "2001"),
        ({"messages": [{"role": "poet", "content": "x"}]}, openai.BadRequestError, "invalid_field", "messages.0.role", "user"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
         openai.BadRequestError, "unsupported_value", "messages.0.content.0", "image_url"),
        ({"messages": [{"role": "user", "content": 7}]}, openai.BadRequestError, "invalid_field", "messages.0.content", "list"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_errors_are_as_the_client_knows_them(
    client: openai.OpenAI, request_: dict[str, Any], kind: type[openai.APIStatusError], code: str, param: str, says: str
) -> None:
    body: dict[str, Any] = {"model": "wence", "messages": USER, **request_}
    with pytest.raises(kind) as raised:
        client.chat.completions.create(**body)
    assert (raised.value.code, raised.value.param, raised.value.type) == (code, param, "invalid_request_error")
    assert says in raised.value.message


def test_errors_before_the_route_have_that_shape_too(inside: TestClient) -> None:
    path, headers = "/v1/chat/completions", {"Content-Type": "application/json"}
    for reply, status, code in (
        (inside.post(path, content=b"{", headers=headers), 400, "malformed_json"),
        (inside.post(path, content=b"x" * 1_000_001, headers=headers), 413, "body_too_large"),
        (inside.get(path), 405, "method_not_allowed"),
    ):
        assert reply.status_code == status
        error = reply.json()["error"]
        assert (error["code"], error["type"], error["param"]) == (code, "invalid_request_error", None)
        assert error["message"]
    waiting = TestClient(create_app(Settings(snapshot=Path("nowhere"))))
    reply = waiting.post(path, json={"messages": USER})
    assert (reply.status_code, reply.json()["error"]["type"]) == (503, "server_error")
    assert reply.headers["retry-after"] == "5"


@pytest.mark.anyio
async def test_the_asynchronous_client(address: str) -> None:
    async with openai.AsyncOpenAI(base_url=address, api_key="none") as client:
        pieces = [
            piece async for piece in await client.chat.completions.create(model="wence", messages=USER, stream=True)
        ]
        whole = await client.chat.completions.create(model="wence", messages=USER)
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == whole.choices[0].message.content


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


# clients of others


def test_langchain(address: str) -> None:
    from langchain_openai import ChatOpenAI  # noqa: PLC0415 - slow to import
    from pydantic import SecretStr  # noqa: PLC0415

    model = ChatOpenAI(model="wence", base_url=address, api_key=SecretStr("none"), stream_usage=True)
    turns = [("system", "只答数字"), ("human", BUSES), ("ai", "28条"), ("human", "投放新能源公交车多少辆呢？")]
    whole = model.invoke(turns)
    assert "460辆" in str(whole.content)
    assert "> [1] 《北岚市公交换新车》，2024-01-09：“" in str(whole.content)
    assert whole.usage_metadata is not None
    pieces = list(model.stream(turns))
    assert "".join(str(piece.content) for piece in pieces) == whole.content
    used = [piece.usage_metadata for piece in pieces if piece.usage_metadata]
    assert [item["total_tokens"] for item in used] == [whole.usage_metadata["total_tokens"]]


def test_litellm(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    import litellm  # noqa: PLC0415 - slow to import

    about: dict[str, Any] = {"model": "openai/wence", "api_base": address, "api_key": "none", "messages": USER}
    whole = litellm.completion(**about)
    content = whole.choices[0].message.content
    assert content.startswith(f"{FACT}，投放新能源公交车460辆。[1]\n\n> [1] ")
    pieces = list(litellm.completion(**about, stream=True))
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == content
    with pytest.raises(litellm.exceptions.BadRequestError, match="one answer"):
        litellm.completion(**about, n=2)


# a language model behind it


def test_what_a_model_took_back_is_not_sent(policies: Path, host: Endpoint) -> None:
    settings = Settings(snapshot=policies, generator=host.url, generator_model="qwen", generator_first_token_s=0.5)
    with TestClient(create_app(settings, Pipeline(policies, settings))) as client:
        models = [model["id"] for model in client.get("/v1/models").json()["data"]]
        assert models == ["wence", "wence-extractive", "wence-generative"]
        request = {"model": "wence-generative", "messages": USER, "stream": True}
        for reply, answer in (
            (say(f"{FACT}。[1]"), f"{FACT}。[1]"),
            (raw([event(f"{FACT}。[1]投放"), event("新")], whole=False), f"{FACT}，投放新能源公交车460辆。[1]"),
        ):
            host.script.append(reply)
            lines = client.post("/v1/chat/completions", json=request).text.split("\n\n")
            assert lines[-2:] == ["data: [DONE]", ""]
            chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]
            text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
            assert text.startswith(f"{answer}\n\n")


# the text


def test_a_reason_stands_before_the_footnotes() -> None:
    citation = Citation(1, "a~0-2~x", "a", "题", (), "", "", None, None, "甲\n乙。", 0, 4, "《题》")
    statement = Statement("甲\n乙。", (1,), "supported")
    answer = Answer(
        "？", Status.PARTIAL, "甲\n乙。[1]", statements=(statement,), citations=(citation,), reason="没有提到丙"
    )
    assert worded(answer, Limits()).text == "甲\n乙。[1]\n\n（没有提到丙）\n\n> [1] 《题》：“甲 乙。”"
    assert worded(answer, Limits(tokens=0)) == worded(answer, Limits(stop=("甲",))).__class__((), "length")


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("2023年，新开28条。", 8), ("Hello, wence_1!", 6), (" \n", 0), ("😀", 1)]
)
def test_tokens_are_counted(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens
