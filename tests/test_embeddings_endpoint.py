import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np
import pytest

from embeddings import Encoder, EncoderError, EncoderInfo, EndpointError, load_encoder
from embeddings.endpoint import EndpointEncoder
from tests.encoders import HashEncoder
from tests.loopback import Endpoint, Reply, embed, send, serving

KEY = "sk-hushhush0123456789"
TEXTS = ["财政资金", "国务院印发意见", "a", "增长5.2%", "问策"]


def encoder_at(endpoint: Endpoint, **options: Any) -> Encoder:
    """An encoder whose first call is over and forgotten."""
    encoder = load_encoder("some/model", url=endpoint.url, **options)
    endpoint.requests.clear()
    return encoder


def test_vectors_are_in_the_order_of_the_texts_and_of_unit_length(endpoint: Endpoint) -> None:
    encoder = encoder_at(endpoint, batch_size=2)
    assert isinstance(encoder, EndpointEncoder)
    expected = HashEncoder(8)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), expected.encode_passages(TEXTS), atol=1e-6)
    assert endpoint.inputs == [TEXTS[:2], TEXTS[2:4], TEXTS[4:]]
    assert {(request["model"], request["path"]) for request in endpoint.requests} == {("some/model", "/v1/embeddings")}
    np.testing.assert_allclose(encoder.encode_question("问"), expected.encode_question("问"), atol=1e-6)
    assert encoder.encode_passages([]).shape == (0, 8)


def test_what_it_is_is_known_after_the_first_call(endpoint: Endpoint) -> None:
    endpoint.dimension = 24
    encoder = load_encoder(
        "some/model", url=endpoint.url, revision="2024-06", question_prefix="问：", passage_prefix="文："
    )
    assert encoder.info == EncoderInfo("some/model", "2024-06", 24, "问：", "文：", precision="")
    assert len(endpoint.requests) == 1


def test_prefixes_and_fewer_dimensions(endpoint: Endpoint) -> None:
    encoder = encoder_at(endpoint, question_prefix="问：", passage_prefix="文：", dimension=3)
    rows = encoder.encode_passages(TEXTS)
    whole = HashEncoder(8).encode_passages(["文：" + text for text in TEXTS])[:, :3]
    lengths = np.linalg.norm(whole, axis=1, keepdims=True)
    np.testing.assert_allclose(rows, whole / np.where(lengths, lengths, 1), atol=1e-6)
    encoder.encode_question("a")
    assert endpoint.inputs[-1] == ["问：a"]
    with pytest.raises(EncoderError, match="dimension 9 asked of some/model, which has 8: choose 1 to 8"):
        encoder_at(endpoint, dimension=9)


def test_blank_texts_are_zero_rows_and_not_sent(endpoint: Endpoint) -> None:
    encoder = encoder_at(endpoint)
    rows = encoder.encode_passages(["", "a", " \n"])
    assert endpoint.inputs == [["a"]]
    assert np.linalg.norm(rows, axis=1).round(5).tolist() == [0, 1, 0]
    assert not encoder.encode_question("").any()
    assert not encoder.encode_passages([" "]).any()


@pytest.mark.parametrize("text", ["😀", "\ud800", "\x00", '"\\', "长" * 100_000])
def test_any_text_arrives_as_it_is(endpoint: Endpoint, text: str) -> None:
    endpoint.script.append(embed(8))
    encoder = encoder_at(endpoint)
    endpoint.script.append(send(200, {"data": [{"index": 0, "embedding": [1, 0, 0, 0, 0, 0, 0, 0]}]}))
    encoder.encode_question(text)
    assert endpoint.inputs == [[text]]


def test_the_key_is_sent_and_shown_nowhere(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    encoder = encoder_at(endpoint, key=f" {KEY}\n")
    assert endpoint.headers[-1]["authorization"] == f"Bearer {KEY}"
    for status in (401, 403, 400, 404, 500, 500, 500):
        endpoint.script.append(send(status, {"error": {"message": f"key {KEY} is wrong"}}))
    for _ in range(5):
        with pytest.raises(EndpointError) as caught:
            encoder.encode_question("a")
        assert "hush" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert "hush" not in caplog.text + repr(encoder.info) + repr(vars(encoder)["info"])
    encoder_at(endpoint)
    assert "authorization" not in endpoint.headers[-1]


@pytest.mark.parametrize("key", ["a b", "a\nb", "键", "a\x00"])
def test_a_key_that_fits_no_header_is_refused_unnamed(key: str) -> None:
    with pytest.raises(EndpointError, match="WENCE_ENCODER_KEY holds characters") as caught:
        load_encoder("m", url="http://127.0.0.1:1/v1", key=key)
    assert key not in str(caught.value)


def hang(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    time.sleep(0.6)
    handler.close_connection = True


def drop(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    handler.close_connection = True


def cut_short(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data":')
    handler.close_connection = True


def drip(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A byte now and then: each in time, the whole never."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _pause in range(12):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)
    handler.close_connection = True


@pytest.mark.parametrize(
    "failures",
    [
        (send(429), send(503)), (send(408), send(500, b"<html>")), (send(502), send(504)),
        (hang, hang), (drop, drop), (cut_short, cut_short), (drip, drip),
    ],
    ids=["429 503", "408 500", "502 504", "hang", "drop", "cut short", "drip"],
)  # fmt: skip
def test_what_may_pass_is_tried_again(endpoint: Endpoint, failures: tuple[Reply, Reply]) -> None:
    encoder = encoder_at(endpoint, timeout_s=0.3)
    endpoint.script.extend(failures)
    np.testing.assert_allclose(encoder.encode_question("问"), HashEncoder(8).encode_question("问"), atol=1e-6)
    assert endpoint.inputs == [["问"]] * 3


@pytest.mark.parametrize("dated", [False, True])
def test_the_pause_that_is_asked_for_is_kept(endpoint: Endpoint, dated: bool) -> None:
    encoder = encoder_at(endpoint)
    wanted = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if dated else "1"
    endpoint.script.append(send(429, Retry_After=wanted))
    begun = time.monotonic()
    encoder.encode_passages(["a"])
    assert time.monotonic() - begun >= 0.9
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize("wanted", ["", "soon", "-5", "nan", "0"])
def test_a_pause_that_cannot_be_read_is_a_short_one(endpoint: Endpoint, wanted: str) -> None:
    encoder = encoder_at(endpoint)
    endpoint.script.append(send(503, Retry_After=wanted))
    encoder.encode_question("a")
    assert len(endpoint.requests) == 2


def test_no_redirect_is_followed(endpoint: Endpoint) -> None:
    encoder = encoder_at(endpoint, key=KEY)
    with serving() as elsewhere:
        for status in (301, 302, 307, 308):
            endpoint.script.append(send(status, Location=f"{elsewhere.url}/embeddings"))
            with pytest.raises(EndpointError, match=f"answered {status}"):
                encoder.encode_question("问")
        assert elsewhere.requests == []


def test_a_person_does_not_wait_for_a_long_pause(endpoint: Endpoint) -> None:
    encoder = encoder_at(endpoint)
    endpoint.script.append(send(429, Retry_After="30"))
    begun = time.monotonic()
    with pytest.raises(EndpointError, match="answered 429 and asks for a pause of 30 s, tried 1 times"):
        encoder.encode_question("a")
    assert time.monotonic() - begun < 15


def test_it_gives_up_in_the_end(endpoint: Endpoint) -> None:
    encoder = encoder_at(endpoint, timeout_s=0.3)
    endpoint.script.extend([send(500)] * 2 + [hang])
    with pytest.raises(EndpointError, match=r"/v1/embeddings gave no answer within 0\.3 s, tried 3 times"):
        encoder.encode_question("a")


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(EndpointError, match=rf"127\.0\.0\.1:{port}/v1/embeddings cannot be reached .*tried 3 times"):
        load_encoder("m", url=f"http://127.0.0.1:{port}/v1")


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, {"error": {"message": "no"}}, r"refused the key \(status 401\): check WENCE_ENCODER_KEY"),
        (403, b"", r"refused the key \(status 403\)"),
        (400, {"error": {"message": "too\nlong"}}, r"answered 400 \(too long\): check WENCE_ENCODER_URL"),
        (404, {"detail": "Not Found"}, r"answered 404 \(Not Found\): check WENCE_ENCODER_URL, which usually ends"),
        (404, b"\xff<html>", r"answered 404: check"),
        (413, {"message": "x" * 5000}, r"answered 413 \(x{200}\): choose a smaller WENCE_ENCODER_BATCH"),
        (422, b"[" * 100_000, r"answered 422: check"),
        (301, b"", r"answered 301: check WENCE_ENCODER_URL"),
        (204, b"", r"answered 204: check WENCE_ENCODER_URL"),
    ],
)
def test_a_refusal_is_told_and_not_tried_again(endpoint: Endpoint, status: int, body: object, says: str) -> None:
    encoder = encoder_at(endpoint)
    endpoint.script.append(send(status, body, Location="/elsewhere"))
    with pytest.raises(EndpointError, match=says) as caught:
        encoder.encode_question("a")
    assert "\n" not in str(caught.value)
    assert len(endpoint.requests) == 1


def items(*embeddings: object, **more: object) -> dict[str, object]:
    return {"data": [{"index": i, "embedding": row} for i, row in enumerate(embeddings)]} | more


GOOD = [0.5] * 8


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "Expecting value"),
        (b"<html>hello</html>", "Expecting value"),
        (b"\xe9\x97", "codec"),
        (b"[" * 200_000, "brackets"),
        ([], "no list of objects"),
        ({"data": None}, "no list of objects"),
        ({"data": [GOOD, GOOD]}, "no list of objects"),
        ({"error": {"message": "model is loading"}}, "no list of objects"),
        (items(GOOD), "1 vectors for 2 texts"),
        (items(GOOD, GOOD, GOOD), "3 vectors for 2 texts"),
        ({"data": [{"index": 0, "embedding": GOOD}] * 2}, "does not run from 0 to 1"),
        ({"data": [{"index": n, "embedding": GOOD} for n in (1, 2)]}, "does not run from 0 to 1"),
        ({"data": [{"index": n, "embedding": GOOD} for n in ("0", "1")]}, "does not run from 0 to 1"),
        ({"data": [{"embedding": GOOD}] * 2}, "does not run from 0 to 1"),
        ({"data": [{"index": 0}, {"index": 1}]}, "no list of numbers"),
        (items(GOOD, "AAAAAA=="), "no list of numbers"),
        (items([], []), "no list of numbers"),
        (items(GOOD, GOOD[:7]), "another length"),
        (items(GOOD, ["0.5"] * 8), "no number"),
        (items(GOOD, [None] * 8), "no number"),
        (items(GOOD, [True] * 8), "no number"),
        (items(GOOD, [GOOD] * 8), "no number"),
        (items(GOOD, [float("nan")] * 8), "not finite"),
        (items(GOOD, [float("inf")] * 8), "not finite"),
        (items(GOOD, [1e300] * 8), "not finite"),
        (items(GOOD, [10**400] * 8), "beyond all bounds"),
        (items(GOOD[:4], GOOD[:4]), r"vectors of 4 numbers, and of 8 before"),
    ],
)
def test_a_reply_that_cannot_be_used_is_told(endpoint: Endpoint, body: object, says: str) -> None:
    encoder = encoder_at(endpoint)
    endpoint.script.append(send(200, body))
    with pytest.raises(EndpointError, match=says) as caught:
        encoder.encode_passages(["a", "b"])
    assert str(caught.value).startswith(f"{endpoint.url}/embeddings sent ")
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    ("path", "posted"),
    [("", "/embeddings"), ("/v1/", "/v1/embeddings"), ("/v1/embeddings", "/v1/embeddings"),
     ("/openai?api-version=1&code=hidden", "/openai/embeddings?api-version=1&code=hidden")],
)  # fmt: skip
def test_the_address_as_clients_take_it(endpoint: Endpoint, path: str, posted: str) -> None:
    encoder = load_encoder("m", url=endpoint.url.removesuffix("/v1") + path)
    assert endpoint.requests[0]["path"] == posted
    endpoint.script.append(send(400))
    with pytest.raises(EndpointError, match=r"/embeddings answered 400") as caught:
        encoder.encode_question("a")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("url", ["host/v1", "ftp://host", "http://", "http://[", "http://host:x/", "http://host:99999"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(EndpointError, match="WENCE_ENCODER_URL is no web address"):
        load_encoder("m", url=url)


def test_an_address_with_a_password_is_refused_unnamed() -> None:
    with pytest.raises(EndpointError, match="WENCE_ENCODER_KEY") as caught:
        load_encoder("m", url=f"http://me:{KEY}@host/v1")
    assert "hush" not in str(caught.value)


def test_wrong_options_are_named(endpoint: Endpoint) -> None:
    with pytest.raises(EncoderError, match="set WENCE_ENCODER"):
        load_encoder(url=endpoint.url)
    with pytest.raises(EncoderError, match="batch size 0"):
        load_encoder("m", url=endpoint.url, batch_size=0)


def test_encoding_from_several_threads(endpoint: Endpoint) -> None:
    encoder = encoder_at(endpoint)
    with ThreadPoolExecutor(8) as threads:
        for text, row in zip(TEXTS * 8, threads.map(encoder.encode_question, TEXTS * 8), strict=True):
            np.testing.assert_allclose(row, HashEncoder(8).encode_question(text), atol=1e-6)
