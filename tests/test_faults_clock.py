"""A clock that jumps, back and forth: limits, time-outs and pings are measured by another, and nothing is lost by it."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from pydantic import SecretStr

from index.article import Article
from index.building import add, build, roll_back
from index.versions import current, kept
from service.answer import Answer, Status
from service.api.app import create_app
from service.api.metrics import Metrics
from service.api.streaming import events
from service.errors import GeneratorTimeoutError
from service.generation.composer import Event
from service.generation.endpoint import EndpointGenerator
from service.generation.generator import Message
from service.pipeline import Pipeline
from service.records.database import open_database
from service.records.keys import create_key, revoke_key
from service.records.records import Records
from service.settings import Settings
from tests.chat import hang
from tests.encoders import HashEncoder
from tests.loopback import serving

BUSES = "北岚市新开公交线路多少条？"
SITE = "https://site.example"
JUMPS = [timedelta(days=-4000), timedelta(hours=-1), timedelta(hours=1), timedelta(days=4000)]
jumps = pytest.mark.parametrize("jump", JUMPS, ids=["years back", "an hour back", "an hour on", "years on"])


def after(jump: timedelta) -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + jump, tick=True)


@jumps
def test_limits_keys_and_feedback_outlive_a_jump(policies: Path, tmp_path: Path, jump: timedelta) -> None:
    address = f"sqlite:///{tmp_path / 'r.sqlite'}"
    engine = open_database(address)
    (_, one), (_, two), (gone, three) = (create_key(engine, "k", "ask") for _ in range(3))
    revoke_key(engine, gone.id)
    engine.dispose()
    chosen = Settings(snapshot=policies, database=SecretStr(address), keys="on", rate_per_key=4)
    with TestClient(create_app(chosen, Pipeline(policies, chosen))) as client:

        def ask(shown: str) -> Any:
            return client.post("/v1/ask", json={"question": BUSES}, headers={"Authorization": f"Bearer {shown}"})

        def rate(identity: str, rating: str, shown: str) -> Any:
            body = {"answer_id": identity, "rating": rating}
            return client.post("/v1/feedback", json=body, headers={"Authorization": f"Bearer {shown}"})

        def listed(limit: int) -> list[str]:
            """Every id, page by page."""
            records = Records(chosen)
            found: list[str] = []
            while page := records.list_feedback(limit, found[-1] if found else None):
                found += [item.id for item in page]
            records.close()
            return found

        identity = ask(one).json()["id"]
        acknowledged = [rate(identity, "up", one).json()["id"], rate(identity, "up", one).json()["id"]]
        assert ask(one).status_code == 200
        assert ask(one).status_code == 429
        with after(jump):
            refused = ask(one)
            assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate_limited")
            assert 1 <= int(refused.headers["retry-after"]) <= 15
            assert ask(three).status_code == 401
            found = ask(two)
            assert (found.status_code, found.json()["short_answers"]) == (200, ["28条"])
            acknowledged += [rate(identity, "down", two).json()["id"], rate(found.json()["id"], "up", two).json()["id"]]
            assert sorted(listed(1)) == sorted(listed(100)) == sorted(acknowledged)
        acknowledged.append(rate(found.json()["id"], "up", two).json()["id"])
        assert sorted(listed(2)) == sorted(acknowledged)


def test_the_questions_of_a_day_follow_the_clock_and_are_there_again_when_it_is_put_right(
    policies: Path, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path / 'r.sqlite'}"
    engine = open_database(address)
    _, shown = create_key(engine, "page", "ask", (SITE,), 1)
    engine.dispose()
    chosen = Settings(snapshot=policies, database=SecretStr(address), keys="on")
    with TestClient(create_app(chosen, Pipeline(policies, chosen))) as client:

        def ask() -> int:
            headers = {"Authorization": f"Bearer {shown}", "Origin": SITE}
            return int(client.post("/v1/ask", json={"question": BUSES}, headers=headers).status_code)

        assert [ask(), ask()] == [200, 429]
        with after(timedelta(days=1)):
            assert [ask(), ask()] == [200, 429]
        assert ask() == 429


@jumps
def test_versions_go_on_counting_and_no_age_is_below_nothing(tmp_path: Path, jump: timedelta) -> None:
    folder, encoder = tmp_path / "s", HashEncoder()
    names = [build([Article("a", "甲", "甲地块。")], folder, encoder).snapshot]
    with after(jump):
        names.append(add([Article("b", "乙", "乙地块。")], folder, encoder).snapshot)
        assert 0 <= age_s(folder) < 60
    names.append(add([Article("c", "丙", "丙地块。")], folder, encoder).snapshot)
    assert [int(name[:6]) for name in names] == [1, 2, 3]
    assert current(folder) == names[-1]
    assert kept(folder) == names[1:]
    assert 0 <= age_s(folder) < 60
    assert roll_back(folder) == names[1]
    assert age_s(folder) == pytest.approx(max(0.0, -jump.total_seconds()), abs=60)


def age_s(folder: Path) -> float:
    metrics = Metrics()
    metrics.look_at(Pipeline(folder, Settings(), HashEncoder()).snapshot)
    lines = metrics.text().decode().splitlines()
    return float(next(line for line in lines if line.startswith("wence_snapshot_age_seconds ")).split()[1])


@jumps
def test_a_model_that_hangs_is_given_up_in_time_all_the_same(jump: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as host:
        host.script.append(hang())
        writer = EndpointGenerator(host.url, "m", first_token_s=0.4)
        began = time.monotonic()
        with after(jump), pytest.raises(GeneratorTimeoutError):
            list(writer.write([Message("user", "问")]))
        assert 0.3 < time.monotonic() - began < 2.5


@jumps
def test_pings_and_the_end_of_a_stream_come_all_the_same(jump: timedelta) -> None:
    def compose() -> Iterator[Event]:
        with after(jump):
            time.sleep(0.35)
        yield Answer(BUSES, Status.UNANSWERABLE, "没有。", reason="没有")

    async def drained() -> bytes:
        return b"".join([chunk async for chunk in events(compose, ping_s=0.1)])

    names = [line for line in asyncio.run(drained()).decode().splitlines() if line.startswith("event: ")]
    assert names[0] == "event: status"
    assert 1 <= names.count("event: ping") < 50
    assert names[-2:] == ["event: delta", "event: final"]
