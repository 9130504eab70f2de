"""The endpoint generator against a real server on loopback that speaks OpenAI's chat protocol, well and in every way badly."""

import json
import logging
import socket
import time
from typing import Any

import pytest

from service.errors import GeneratorError, GeneratorTimeoutError
from service.generation.endpoint import LARGEST_REPLY_BYTES, EndpointGenerator
from service.generation.generator import Message
from service.generation.sse import StreamError, pieces
from tests.chat import DONE, cut, event, hang, raw, say, told
from tests.loopback import Endpoint, Reply, send

KEY = "sk-secret-5e1f"
REPLY = "2023年，北岚市新开公交线路28条。[1]"
MESSAGES = [Message("system", "规则"), Message("user", "问题")]
OK = b"".join(told(REPLY))


@pytest.fixture(autouse=True)
def afresh(host: Endpoint) -> None:
    host.script.clear()
    host.requests.clear()
    host.headers.clear()


def generator(host: Endpoint, **settings: Any) -> EndpointGenerator:
    chosen: dict[str, Any] = {"key": KEY, "timeout_s": 5, "first_token_s": 2} | settings
    return EndpointGenerator(host.url, "qwen", **chosen)


def written(host: Endpoint, *replies: Reply, **settings: Any) -> str:
    host.script.extend(replies)
    return "".join(generator(host, **settings).write(MESSAGES))


def refused(host: Endpoint, *replies: Reply, **settings: Any) -> GeneratorError:
    """The error of a reply that cannot be used; it never holds the key or what the host said."""
    with pytest.raises(GeneratorError) as caught:
        written(host, *replies, **settings)
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert host.url in str(caught.value)
    return caught.value


def test_what_is_asked(host: Endpoint) -> None:
    assert written(host, say(REPLY)) == REPLY
    (request,) = host.requests
    assert request == {
        "path": "/v1/chat/completions", "model": "qwen", "stream": True, "temperature": 0, "max_tokens": 512,
        "messages": [{"role": "system", "content": "规则"}, {"role": "user", "content": "问题"}],
    }  # fmt: skip
    assert host.headers[0]["authorization"] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent(host: Endpoint) -> None:
    assert written(host, say(REPLY), key="") == REPLY
    assert "authorization" not in host.headers[0]


def test_pieces_come_as_they_are_written(host: Endpoint) -> None:
    host.script.append(raw(told(REPLY), pause_s=0.1))
    began = time.monotonic()
    reply = generator(host).write(MESSAGES)
    first = next(reply)
    first_after_s = time.monotonic() - began
    assert first == REPLY[:3]
    assert "".join(reply) == REPLY[3:]
    assert time.monotonic() - began > max(0.5, 2 * first_after_s)


def test_a_reply_may_be_left_unread(host: Endpoint) -> None:
    host.script.extend([raw(told(REPLY), pause_s=0.2), say("后来")])
    writer = generator(host)
    reply = writer.write(MESSAGES)
    next(reply)
    reply.close()
    assert "".join(writer.write(MESSAGES)) == "后来"


# streams that are unusual and yet sound


@pytest.mark.parametrize(
    "stream",
    [
        OK,
        OK.replace(b"\n", b"\r\n"),
        OK.replace(b"\n", b"\r"),
        OK.replace(b"\n\n", b"\n"),
        OK.replace(b"data: ", b"data:"),
        OK.replace(b"data: ", b": ping\n\nevent: message\nid: 7\nretry: 10\ndata: "),
        OK.removesuffix(DONE),
        OK.removesuffix(b"\n\n"),
        b"\n\n\n" + OK,
        OK.replace(DONE, b'data: {"choices": [], "usage": {"total_tokens": 9}}\n\n' + DONE),
        OK.replace(DONE, b'data: {"choices": [], "usage": null}\n\n'),
        OK + event("多余"),
        b"".join([event(text) for text in REPLY]),  # neither end nor finish reason, but a whole HTTP reply
        b"".join([event([{"type": "text", "text": REPLY}]), DONE]),
        b"".join([event(None, reasoning_content="想"), event(REPLY, logprobs=None), DONE]),
        b"data: " + json.dumps({"choices": [{"delta": {"content": REPLY, "tool_calls": [{"id": "x"}]}}]}).encode(),
    ],
)
@pytest.mark.parametrize("sizes", [(1 << 20,), (1,), (2, 3, 5), (7, 1)])
def test_sound_streams(host: Endpoint, stream: bytes, sizes: tuple[int, ...]) -> None:
    assert "".join(piece for piece in pieces(cut(stream, sizes)) if piece) == REPLY or b"\xe5\xa4\x9a" in stream
    if sizes == (7, 1):
        assert written(host, raw(cut(stream, sizes))) == REPLY
        host.script.clear()


def test_an_endpoint_that_does_not_stream(host: Endpoint) -> None:
    whole = {"choices": [{"message": {"role": "assistant", "content": REPLY}, "finish_reason": "stop"}]}
    assert written(host, send(200, whole, Content_Type="application/json; charset=utf-8")) == REPLY


@pytest.mark.parametrize("reason", ["stop", "length", "tool_calls"])
def test_an_unframed_stream_is_whole_when_it_says_why_it_ends(host: Endpoint, reason: str) -> None:
    assert written(host, raw([event(REPLY), event(finish_reason=reason)], chunked=False)) == REPLY


def test_an_empty_reply_is_empty(host: Endpoint) -> None:
    assert written(host, raw([event(""), event(None), DONE])) == ""


# failures that may pass


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_it_is_asked_again(host: Endpoint, status: int) -> None:
    assert written(host, send(status), say(REPLY)) == REPLY
    assert len(host.requests) == 2


def test_a_broken_connection_is_tried_again(host: Endpoint) -> None:
    assert written(host, raw([], chunked=False), raw([event(None)], whole=False), say(REPLY)) == REPLY


def test_it_waits_as_long_as_it_is_told(host: Endpoint) -> None:
    began = time.monotonic()
    assert written(host, send(429, Retry_After="1"), say(REPLY)) == REPLY
    assert time.monotonic() - began >= 1


def test_it_does_not_wait_beyond_its_time(host: Endpoint) -> None:
    began = time.monotonic()
    assert "answered 429, tries: 1" in str(refused(host, send(429, Retry_After="60")))
    assert time.monotonic() - began < 30


def test_it_gives_up(host: Endpoint) -> None:
    assert "answered 500, tries: 3" in str(refused(host, *[send(500, {"error": KEY})] * 3))
    assert len(host.requests) == 3


def test_wishes_that_are_refused_are_dropped(host: Endpoint) -> None:
    assert written(host, send(400, {"error": "temperature"}), say(REPLY)) == REPLY
    assert set(host.requests[0]) - set(host.requests[1]) == {"temperature", "max_tokens"}


def test_after_the_first_token_nothing_is_tried_again(host: Endpoint) -> None:
    for broken in (raw([event("二〇")], whole=False), raw([event("二〇")], chunked=False)):
        host.requests.clear()
        error = refused(host, broken, say(REPLY))
        assert "tries: 1" in str(error)
        assert len(host.requests) == 1
        host.script.clear()


# failures that will not pass


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (send(401, {"error": f"bad key {KEY}"}), "WENCE_GENERATOR_KEY"),
        (send(403), "WENCE_GENERATOR_KEY"),
        (send(404), "WENCE_GENERATOR_MODEL"),
        (send(302, Location="http://127.0.0.1:1/"), "answered 302"),
        (raw([b"data: {broken\n\n"]), "what is no JSON"),
        (raw([b"data: " + b"[" * 100_000 + b"\n\n"]), "what is no JSON"),
        (raw([b"data: 3\n\n"]), "JSON that is no object"),
        (raw([b"data: {}\n\n"]), "no list of `choices`"),
        (raw([b'data: {"choices": [3]}\n\n']), "a choice that is no object"),
        (raw([event(3)]), "content that is no text"),
        (raw([b'data: {"error": {"message": "sk-secret-5e1f"}}\n\n']), "an error in place of a reply"),
        (raw([event("甲"), event(finish_reason="content_filter")]), "content filter"),
        (raw([b"data: \xff\xfe\n\n"]), "what is no JSON"),
        (raw([b"data: " + b"x" * (LARGEST_REPLY_BYTES // 2)] * 3), "more than"),
        (raw([event("啊" * 1000)] * 400), "more than"),
        (send(200, "<html>", Content_Type="application/json"), "JSON that is no object"),
    ],
)
def test_what_cannot_be_used_is_told(host: Endpoint, reply: Reply, says: str) -> None:
    assert says in str(refused(host, reply))
    assert len(host.requests) == 1


def test_a_page_in_place_of_a_stream(host: Endpoint) -> None:
    page = send(200, b"<html>hello</html>", Content_Type="text/html")
    assert "ended before its reply did" in str(refused(host, page, page, page))


def test_a_line_without_end() -> None:
    with pytest.raises(StreamError, match="a line without end"):
        list(pieces([b"data: "] + [b"x" * 1000] * 2000))


# time


def late(host: Endpoint, reply: Reply, **settings: Any) -> float:
    """Seconds until a reply was given up for lack of time; it is not asked for again."""
    began = time.monotonic()
    error = refused(host, reply, say(REPLY), **settings)
    assert isinstance(error, GeneratorTimeoutError)
    assert len(host.requests) == 1
    return time.monotonic() - began


def test_silence_before_the_first_token(host: Endpoint) -> None:
    assert late(host, hang(), first_token_s=0.3) < 1.5


def test_comments_are_silence(host: Endpoint) -> None:
    assert late(host, raw([b": wait\n\n", event(None)] * 40, pause_s=0.1), first_token_s=0.4) < 2


def test_silence_in_the_middle(host: Endpoint) -> None:
    assert late(host, hang([event("二〇")]), first_token_s=0.3) < 1.5


def test_the_whole_reply_has_a_limit(host: Endpoint) -> None:
    assert 0.5 < late(host, raw([event("啊")] * 60, pause_s=0.05), timeout_s=0.6) < 1.5


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    writer = EndpointGenerator(f"http://127.0.0.1:{port}/v1", "m", key=KEY, timeout_s=3)
    with pytest.raises(GeneratorError, match="cannot be reached, tries: 3"):
        list(writer.write(MESSAGES))


# what it is made of


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://h/v1", "http://h/v1/chat/completions"),
        ("http://h/v1/", "http://h/v1/chat/completions"),
        ("https://h:8443/v1/chat/completions", "https://h:8443/v1/chat/completions"),
        ("http://h/v1?api-version=1", "http://h/v1/chat/completions?api-version=1"),
    ],
)
def test_addresses(url: str, where: str) -> None:
    assert EndpointGenerator(url, "m")._address == where


@pytest.mark.parametrize(
    ("url", "model", "key", "says"),
    [
        ("ftp://h/v1", "m", "", "WENCE_GENERATOR is no web address"),
        ("http:///v1", "m", "", "WENCE_GENERATOR is no web address"),
        ("http://h:99999/v1", "m", "", "WENCE_GENERATOR is no web address"),
        ("http://me:secret@h/v1", "m", "", "WENCE_GENERATOR holds a name or password"),
        ("http://h/v1", " ", "", "WENCE_GENERATOR_MODEL is empty"),
        ("http://h/v1", "m", "键", "WENCE_GENERATOR_KEY"),
        ("http://h/v1", "m", "a b", "WENCE_GENERATOR_KEY"),
        ("http://h/v1", "m", "a\nb", "WENCE_GENERATOR_KEY"),
    ],
)
def test_what_cannot_be_an_endpoint(url: str, model: str, key: str, says: str) -> None:
    with pytest.raises(GeneratorError, match=says) as caught:
        EndpointGenerator(url, model, key=key)
    assert "secret" not in str(caught.value)


def test_the_key_is_never_logged(host: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        written(host, send(500, KEY), say(REPLY))
        refused(host, send(401, KEY))
    assert KEY not in caplog.text
    assert KEY not in repr(generator(host))
