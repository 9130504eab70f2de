"""Who may ask: keys missing, wrong, revoked, of the wrong scope or origin; CORS; rates; room; time-outs; the command."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from mmap import mmap
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from eval.serving.soak import Load, press
from service.api.app import create_app
from service.api.gate import keyring
from service.api.gate.rates import RATES_BYTES, Rates
from service.api.gate.room import Room
from service.cli import main
from service.pipeline import Pipeline
from service.records.database import open_database
from service.records.keys import create_key, list_keys, matching, revoke_key
from service.settings import Settings, is_loopback
from tests.chat import hang
from tests.loopback import serving
from tests.served import running

BUSES = "北岚市新开公交线路多少条？"
ASK = {"question": BUSES}
SITE = "https://site.example"
ADMIN_KEY = "open sesame"


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


Service = Callable[..., TestClient]


@pytest.fixture
def service(policies: Path, database: str) -> Iterator[Service]:
    """A service that needs keys, with these settings besides."""
    clients: list[TestClient] = []

    def start(**settings: Any) -> TestClient:
        chosen = Settings(snapshot=policies, database=SecretStr(database), **{"keys": "on", **settings})
        client = TestClient(create_app(chosen, Pipeline(policies, chosen)), raise_server_exceptions=False)
        clients.append(client.__enter__())
        return client

    yield start
    for client in clients:
        client.__exit__(None, None, None)


def key(database: str, scope: Any = "ask", origins: tuple[str, ...] = (), per_day: int | None = None) -> str:
    engine = open_database(database)
    _, shown = create_key(engine, "test", scope, origins, per_day)
    engine.dispose()
    return shown


def bearer(shown: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {shown}", **headers}


def refused(reply: httpx2.Response, status: int, code: str) -> None:
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code), reply.text
    assert reply.headers["content-type"] == "application/json"
    assert reply.json()["error"]["message"]


# keys


def test_a_key_opens_what_its_scope_says(service: Service, database: str) -> None:
    ask, admin = key(database), key(database, "admin")
    client = service()
    for shown in (ask, admin):
        assert client.post("/v1/ask", json=ASK, headers=bearer(shown)).json()["short_answers"] == ["28条"]
        assert client.get("/v1/articles", headers=bearer(shown)).status_code == 200
        assert client.get("/metrics", headers=bearer(shown)).status_code == 200
    refused(client.delete("/v1/articles/nobody", headers=bearer(ask)), 403, "forbidden")
    refused(client.get("/v1/feedback", headers=bearer(ask)), 403, "forbidden")
    refused(client.delete("/v1/articles/nobody", headers=bearer(admin)), 404, "unknown_article")
    assert client.get("/v1/feedback", headers=bearer(admin)).status_code == 200


GUARDED = [("POST", "/v1/ask"), ("POST", "/v1/search"), ("GET", "/v1/articles"), ("GET", "/v1/articles/sisong"),
           ("POST", "/v1/articles"), ("DELETE", "/v1/articles/sisong"), ("GET", "/v1/citations/x"), ("POST", "/v1/feedback"),
           ("GET", "/v1/feedback"), ("POST", "/v1/chat/completions"), ("GET", "/v1/models"), ("POST", "/mcp"),
           ("GET", "/metrics"), ("GET", "/v1/figures"), ("GET", "/v1/nothing")]  # fmt: skip


def test_without_a_key_nothing_is_open_but_the_page(service: Service, database: str) -> None:
    shown, gone = key(database), key(database)
    engine = open_database(database)
    revoke_key(engine, gone.split("-")[1])
    engine.dispose()
    client = service()
    for method, path in GUARDED:
        refused(client.request(method, path, json=ASK), 401, "unauthorized")
        for wrong in (
            shown[:-1] + "x" * (shown[-1] != "x") + "y" * (shown[-1] == "x"),
            gone,
            "none",
            "wence-",
            shown[6:],
        ):
            reply = client.request(method, path, json=ASK, headers=bearer(wrong))
            refused(reply, 401, "invalid_key")
            assert reply.headers["www-authenticate"] == "Bearer"
    for path in ("/healthz", "/readyz", "/", "/docs", "/openapi.json"):
        assert client.get(path).status_code == 200
    error = client.post("/v1/chat/completions", json={}).json()["error"]
    assert (error["type"], error["param"]) == ("authentication_error", None)


def test_a_revoked_key_opens_nothing_a_moment_later(
    service: Service, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "RENEW_S", 0.2)
    shown = key(database)
    client = service()
    assert client.post("/v1/ask", json=ASK, headers=bearer(shown)).status_code == 200
    engine = open_database(database)
    revoke_key(engine, shown.split("-")[1])
    engine.dispose()
    time.sleep(0.25)
    refused(client.post("/v1/ask", json=ASK, headers=bearer(shown)), 401, "invalid_key")


def test_a_key_made_while_serving_is_known_a_moment_later(
    service: Service, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "RENEW_S", 0.2)
    client = service()
    refused(client.post("/v1/ask", json=ASK, headers=bearer("wence-00000000-" + "x" * 43)), 401, "invalid_key")
    shown = key(database)
    time.sleep(0.25)
    assert client.post("/v1/ask", json=ASK, headers=bearer(shown)).status_code == 200


def test_the_key_of_the_settings_opens_everything(service: Service) -> None:
    client = service(admin_key=ADMIN_KEY)
    assert client.post("/v1/ask", json=ASK, headers=bearer(ADMIN_KEY)).status_code == 200
    refused(client.delete("/v1/articles/nobody", headers=bearer(ADMIN_KEY)), 404, "unknown_article")
    refused(client.post("/v1/ask", json=ASK, headers=bearer(ADMIN_KEY + "!")), 401, "invalid_key")


def test_where_no_keys_are_needed_any_is_taken_and_an_admin_key_works(service: Service, database: str) -> None:
    admin = key(database, "admin")
    client = service(keys="off")
    for headers in ({}, bearer("none"), bearer("wence-00000000-" + "x" * 43)):
        assert client.post("/v1/ask", json=ASK, headers=headers).status_code == 200
    refused(client.delete("/v1/articles/nobody", headers=bearer(admin)), 404, "unknown_article")
    refused(client.delete("/v1/articles/nobody"), 403, "forbidden")


def test_only_the_hash_of_a_key_is_kept(database: str, tmp_path: Path) -> None:
    engine = open_database(database)
    made, shown = create_key(engine, "one", "ask")
    other, _ = create_key(engine, "two", "ask")
    keys = {item.id: item for item in list_keys(engine)}
    engine.dispose()
    assert matching(shown, keys) == keys[made.id]
    assert matching(shown.replace(made.id, other.id), keys) is None
    assert matching("", keys) is None
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert made.hash.encode() in content
    assert shown.encode() not in content
    assert shown.rpartition("-")[2].encode() not in content


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.5", False), ("wence.example", False)],
)  # fmt: skip
def test_keys_are_needed_unless_it_listens_on_this_machine_alone(host: str, alone: bool) -> None:
    assert is_loopback(host) == alone
    assert Settings(host=host).needs_keys != alone
    assert not Settings(host=host, keys="off").needs_keys
    assert Settings(host=host, keys="on").needs_keys


def test_a_served_wence_asks_for_keys_on_every_address_and_logs_none(policies: Path, database: str) -> None:
    shown = key(database)
    wrong = shown[:-4] + "abcd"
    with running(policies, "--host", "0.0.0.0", settings={"database": database}, stderr=True) as (address, process):
        local = address.replace("0.0.0.0", "127.0.0.1")
        assert httpx2.post(f"{local}/v1/ask", json=ASK).status_code == 401
        for tried, status in ((shown, 200), (wrong, 401)):
            for path in ("/v1/ask", "/v1/chat/completions", "/v1/nothing"):
                reply = httpx2.post(f"{local}{path}", json={**ASK, "messages": 1}, headers=bearer(tried))
                assert reply.status_code == (status if path == "/v1/ask" or status == 401 else reply.status_code)
                assert tried not in reply.text
        process.terminate()
        out, err = process.communicate(timeout=20)
    for text in (out, err):
        assert shown[-20:] not in text
        assert wrong[-20:] not in text


# keys for web pages


def test_a_page_asks_with_its_own_key_from_its_own_origin(service: Service, database: str) -> None:
    shown = key(database, origins=(SITE, "http://localhost:3000"), per_day=100)
    client = service()
    for origin in (SITE, "http://localhost:3000"):
        reply = client.post("/v1/ask", json=ASK, headers=bearer(shown, Origin=origin))
        assert reply.status_code == 200
        assert reply.headers["access-control-allow-origin"] == origin
        assert "Origin" in reply.headers["vary"]
    for origin in ("https://evil.example", "http://site.example", "https://site.example.evil", "null"):
        reply = client.post("/v1/ask", json=ASK, headers=bearer(shown, Origin=origin))
        refused(reply, 403, "wrong_origin")
        assert "access-control-allow-origin" not in reply.headers
    refused(client.post("/v1/ask", json=ASK, headers=bearer(shown)), 403, "wrong_origin")
    here = bearer(shown, Origin=SITE)
    identity = client.post("/v1/ask", json=ASK, headers=here).json()["id"]
    assert client.post("/v1/feedback", json={"answer_id": identity, "rating": "up"}, headers=here).status_code == 201
    assert client.get("/v1/articles/sisong", headers=here).status_code == 200
    for method, path in (("GET", "/v1/articles"), ("GET", "/metrics"), ("POST", "/mcp"), ("DELETE", "/v1/articles/sisong"),
                         ("POST", "/v1/chat/completions")):  # fmt: skip
        refused(client.request(method, path, headers=here), 403, "wrong_scope")
    refused(client.get("/v1/feedback", headers=here), 403, "forbidden")


def test_a_page_has_so_many_questions_a_day(service: Service, database: str) -> None:
    shown = key(database, origins=(SITE,), per_day=3)
    client, again = service(), service()  # as after a restart, or in another worker
    here = bearer(shown, Origin=SITE)
    for number in range(3):
        assert (client, again)[number % 2].post("/v1/ask", json=ASK, headers=here).status_code == 200
    for asked in (client, again):
        reply = asked.post("/v1/ask", json=ASK, headers=here)
        refused(reply, 429, "daily_limit")
        assert reply.headers["retry-after"] == "3600"
        assert reply.headers["access-control-allow-origin"] == SITE
    assert client.get("/v1/articles/sisong", headers=here).status_code == 200


# CORS


def test_a_browser_is_told_what_pages_may_do(service: Service, database: str) -> None:
    key(database, origins=(SITE,), per_day=3)
    client = service(origins="https://other.example, http://localhost:8080")
    for origin, allowed in ((SITE, True), ("https://other.example", True), ("http://localhost:8080", True),
                            ("https://evil.example", False), ("null", False)):  # fmt: skip
        reply = client.options("/v1/ask", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert reply.status_code == (204 if allowed else 403)
        assert reply.headers.get("access-control-allow-origin") == (origin if allowed else None)
        assert "Origin" in reply.headers["vary"]
        if allowed:
            assert "authorization" in reply.headers["access-control-allow-headers"]
            assert "POST" in reply.headers["access-control-allow-methods"]


def test_pages_of_a_listed_origin_are_answered_and_see_errors(service: Service) -> None:
    client = service(keys="off", origins="https://other.example")
    here = {"Origin": "https://other.example"}
    reply = client.post("/v1/ask", json=ASK, headers=here)
    assert reply.headers["access-control-allow-origin"] == "https://other.example"
    assert "ratelimit" in reply.headers["access-control-expose-headers"]
    reply = client.post("/v1/ask", json={}, headers=here)
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (422, "https://other.example")
    reply = client.post("/v1/ask", json=ASK, headers={"Origin": "https://evil.example"})
    assert (reply.status_code, reply.headers.get("access-control-allow-origin")) == (200, None)
    assert "access-control-allow-origin" not in client.post("/v1/ask", json=ASK).headers


# rates


def test_a_key_has_so_many_requests_a_minute(service: Service, database: str) -> None:
    one, two = key(database), key(database)
    client = service(rate_per_key=5, rate_per_address=0)
    for left in (4, 3, 2, 1, 0):
        reply = client.get("/v1/models", headers=bearer(one))
        assert reply.status_code == 200
        assert reply.headers["ratelimit-policy"] == '"key";q=5;w=60'
        assert reply.headers["ratelimit"].startswith(f'"key";r={left};t=')
    reply = client.get("/v1/models", headers=bearer(one))
    refused(reply, 429, "rate_limited")
    assert 1 <= int(reply.headers["retry-after"]) <= 12
    assert client.get("/v1/models", headers=bearer(two)).status_code == 200
    assert client.get("/healthz").status_code == 200


def test_an_address_has_so_many_requests_a_minute_wrong_keys_too(service: Service) -> None:
    client = service(rate_per_address=3)
    for _ in range(3):
        refused(client.post("/v1/ask", json=ASK), 401, "unauthorized")
    refused(client.post("/v1/ask", json=ASK), 429, "rate_limited")


def test_no_rates_where_no_keys_are_needed(service: Service) -> None:
    client = service(keys="off")
    for _ in range(400):
        assert client.get("/v1/models").status_code == 200
    assert "ratelimit" not in client.get("/v1/models").headers


def test_workers_that_share_memory_share_rates() -> None:
    memory = mmap(-1, RATES_BYTES)
    one, other = Rates(memory), Rates(memory)
    assert [rates.take("a", 4).remaining for rates in (one, other, other, one)] == [3, 2, 1, 0]
    assert other.take("a", 4).wait_s > 0


def test_a_rate_refills_evenly_and_names_do_not_mix() -> None:
    rates = Rates()
    assert [rates.take("a", 1200).wait_s for _ in range(1200)] == [0] * 1200
    assert rates.take("a", 1200).wait_s == 1
    time.sleep(0.12)
    assert [rates.take("a", 1200).wait_s for _ in range(2)] == [0, 0]
    assert rates.take("a", 1200).wait_s == 1
    for number in range(50_000):
        assert rates.take(f"b{number}", 10).remaining == 9
    standing = rates.take("c", 60)
    assert (standing.limit, standing.remaining, standing.reset_s, standing.wait_s) == (60, 59, 1, 0)


# room and time


def test_more_questions_than_there_is_room_for_are_refused_at_once(policies: Path, database: str) -> None:
    with serving() as model:
        chosen = Settings(
            snapshot=policies, database=SecretStr(database), concurrency=3, generator=model.url, generator_model="m",
            generator_first_token_s=3, generator_timeout_s=3,
        )  # fmt: skip
        model.script.extend([hang()] * 3)
        with TestClient(create_app(chosen, Pipeline(policies, chosen))) as client, ThreadPoolExecutor(3) as pool:
            slow = [pool.submit(client.post, "/v1/ask", json={**ASK, "composer": "generative"}) for _ in range(3)]
            while len(model.requests) < 3:
                time.sleep(0.01)
            began = time.monotonic()
            reply = client.post("/v1/ask", json=ASK)
            assert time.monotonic() - began < 1
            refused(reply, 503, "overloaded")
            assert reply.headers["retry-after"] == "1"
            assert client.get("/v1/articles").status_code == 200
            assert [done.result().status_code for done in slow] == [200] * 3
            assert client.post("/v1/ask", json=ASK).status_code == 200


def test_there_is_less_room_once_for_each_crowd_that_is_late_and_more_as_answers_come_soon() -> None:
    room = Room(100, fixed=False)
    assert _size(room) == 64
    for _ in range(20):
        room.learn(2.0)
    assert _size(room) == 51
    time.sleep(0.05)
    room.learn(0.01)  # where nobody is waiting nothing is learnt
    assert _size(room) == 51
    room.taken = 51
    for _ in range(3):
        room.learn(1.0)
    assert _size(room) == 51
    for _ in range(8):
        room.learn(0.3)
    assert _size(room) == 53
    for _ in range(1000):
        room.learn(0.3)
    assert _size(room) == 100


def test_room_has_a_floor_and_a_setting_that_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.gate.room.IN_TIME_S", -1.0)
    room, small, fixed = Room(100, fixed=False), Room(3, fixed=False), Room(100, fixed=True)
    for each in (room, small, fixed):
        for _ in range(50):
            each.learn(-0.5)
    assert (_size(room), _size(small), _size(fixed)) == (8, 3, 100)


def _size(room: Room) -> int:
    """How many it takes before it is full."""
    taken, room.taken = room.taken, 0
    while not room.is_full:
        room.taken += 1
    size, room.taken = room.taken, taken
    return size


@pytest.mark.slow
def test_ten_times_too_many_are_refused_early_and_those_taken_are_answered(policies: Path, database: str) -> None:
    load = Load("overload", 300)
    with running(policies, "--workers", "1", settings={"database": database}) as (address, process):
        press(address, [f"北岚市新开公交线路多少条{mark}" for mark in ("？", "", "?", "呢")], load, 5)
        threads = len(list(Path(f"/proc/{process.pid}/task").iterdir()))
    assert set(load.failures) == {"overloaded"}
    assert load.milliseconds
    assert not load.feedback_failures
    assert median(load.refused_ms) < median(load.milliseconds)
    assert threads < 12  # those that wait take none


def test_an_answer_that_does_not_begin_in_time_is_given_up(policies: Path, database: str) -> None:
    with serving() as model:
        chosen = Settings(
            snapshot=policies, database=SecretStr(database), request_timeout_s=0.4, generator=model.url,
            generator_model="m", generator_first_token_s=3, generator_timeout_s=3,
        )  # fmt: skip
        model.script.append(hang())
        with TestClient(create_app(chosen, Pipeline(policies, chosen))) as client:
            reply = client.post("/v1/ask", json={**ASK, "composer": "generative"})
            refused(reply, 503, "timed_out")
            model.script.append(hang())
            streamed = client.post("/v1/ask", json={**ASK, "composer": "generative", "stream": True})
            assert "event: final" in streamed.text  # it has begun, and may last


# the command


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = main(["keys", *words])
    except SystemExit as error:
        status = int(str(error.code))
    ran = capsys.readouterr()
    return status, ran.out, ran.err


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_makes_lists_and_revokes(
    as_json: bool, database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENCE_DATABASE", database)
    extra = ("--json",) if as_json else ()
    status, out, _ = run(capsys, "create", "site", "--origin", "HTTPS://Site.example/", "--per-day", "7", *extra)
    assert status == 0
    shown = json.loads(out)["key"] if as_json else out.splitlines()[0]
    engine = open_database(database)
    (made,) = list_keys(engine)
    assert (made.name, made.scope, made.origins, made.per_day) == ("site", "ask", (SITE,), 7)
    assert matching(shown, {made.id: made}) == made
    status, out, _ = run(capsys, "list", *extra)
    assert status == 0
    assert shown not in out
    assert made.id in out
    assert run(capsys, "revoke", made.id, *extra)[0] == 0
    assert matching(shown, {item.id: item for item in list_keys(engine)}) is None
    engine.dispose()
    status, _, err = run(capsys, "revoke", made.id)
    assert (status, err.count("\n")) == (2, 1)
    assert "keys list" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["create"], "NAME"),
        (["revoke"], "ID"),
        (["list", "x"], "nothing"),
        (["create", "x", "--scope", "owner"], "owner"),
        (["create", "x", "--origin", "site.example", "--per-day", "1"], "https://example.org"),
        (["create", "x", "--origin", f"{SITE}/page", "--per-day", "1"], "https://example.org"),
        (["create", "x", "--origin", SITE], "--per-day"),
        (["create", "x", "--origin", SITE, "--per-day", "1", "--scope", "admin"], "scope ask"),
        (["create", "x", "--per-day", "0"], "per-day"),
        (["revoke", "ffffffff"], "keys list"),
    ],
)
def test_what_the_command_refuses(
    words: list[str], says: str, database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENCE_DATABASE", database)
    status, out, err = run(capsys, *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_a_slow_body_holds_no_room_and_is_given_up(policies: Path, database: str) -> None:
    settings = {"database": database, "body_timeout_s": "1", "concurrency": "1", "workers": "1"}
    with running(policies, settings=settings) as (address, _), ThreadPoolExecutor(1) as pool:
        slow = pool.submit(httpx2.post, f"{address}/v1/ask", content=_paused(), timeout=20)
        time.sleep(0.3)
        assert httpx2.post(f"{address}/v1/ask", json=ASK).status_code == 200
        refused(slow.result(), 408, "body_timeout")


def _paused() -> Iterator[bytes]:
    yield b'{"question": '
    time.sleep(2)
    yield b'"?"}'
