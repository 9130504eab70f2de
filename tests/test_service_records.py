"""The log of answers and feedback, in SQLite and in PostgreSQL: what is written, when it is durable, what goes wrong."""

import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, inspect, select, text

from service.answer import Answer, Status
from service.api.app import create_app
from service.errors import RecordsError, UnknownAnswerError
from service.pipeline import Pipeline
from service.records import answer_log
from service.records.answer_id import new_id
from service.records.answer_log import AnswerLog, Row, question_hash
from service.records.database import open_database, upgrade
from service.records.records import Records, database_of
from service.records.tables import ANSWERS, METADATA, VERSION
from service.settings import Settings
from tests.postgres import postgres
from tests.served import running

BUSES = "北岚市新开公交线路多少条？"
KEY = "open sesame"
ADMIN = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite'}"
    server: str = request.getfixturevalue("server")
    name = f"d{abs(hash(tmp_path))}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.removesuffix("postgres") + name


def settings(folder: Path, database: str, **more: Any) -> Settings:
    return Settings(snapshot=folder, database=SecretStr(database), **more)


def service(chosen: Settings) -> TestClient:
    return TestClient(create_app(chosen, Pipeline(chosen.snapshot, chosen)), raise_server_exceptions=False)


def rows(database: str) -> list[dict[str, Any]]:
    engine = open_database(database)
    with engine.connect() as connection:
        found = [dict(row._mapping) for row in connection.execute(select(ANSWERS).order_by(ANSWERS.c.at))]
    engine.dispose()
    return found


def answer(identity: str = "a" * 32, question: str = BUSES) -> Answer:
    return Answer(question, Status.UNANSWERABLE, "没有。", id=identity, snapshot="1-x", timings_ms={"total": 1.5})


# the database


def shape(engine: Engine) -> dict[str, Any]:
    """Everything that can be seen of the tables."""
    found = inspect(engine)
    return {
        name: (
            [column | {"type": str(column["type"])} for column in found.get_columns(name)],
            found.get_pk_constraint(name)["constrained_columns"],
            sorted(found.get_indexes(name), key=lambda index: str(index["name"])),
            found.get_foreign_keys(name),
        )
        for name in found.get_table_names()
    }


def test_the_migrations_make_the_tables_that_a_new_database_has(database: str) -> None:
    engine = open_database(database)
    made = shape(engine)
    assert set(made) == {*METADATA.tables, "alembic_version"}
    METADATA.drop_all(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        upgrade(connection)
    assert shape(engine) == made
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == VERSION
    engine.dispose()


def test_many_may_open_a_new_database_at_once(database: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        engines = list(pool.map(open_database, [database] * 6))
    for engine in engines:
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM feedback")).scalar() == 0
        engine.dispose()


def test_a_database_of_a_later_wence_is_left_alone(database: str) -> None:
    engine = open_database(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(RecordsError, match="9999"):
        open_database(database)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("rubbish", "WENCE_DATABASE"),
        ("oracle2://x", "WENCE_DATABASE"),
        ("sqlite:////nowhere/at/all.sqlite", "nowhere"),
        ("postgresql://u:secret@127.0.0.1:1/x", "127.0.0.1"),
    ],
)
def test_a_database_that_cannot_be_used(address: str, says: str) -> None:
    with pytest.raises(RecordsError, match=says) as raised:
        open_database(address)
    assert "secret" not in str(raised.value)


def test_without_a_setting_it_is_a_file_beside_the_snapshot(tmp_path: Path) -> None:
    assert database_of(Settings(snapshot=tmp_path / "s")) == f"sqlite:///{tmp_path / 's.records.sqlite'}"


# the log of answers


def test_every_answer_is_logged_without_its_question(policies: Path, database: str) -> None:
    with service(settings(policies, database)) as client:
        plain = client.post("/v1/ask", json={"question": BUSES}).json()
        streamed = client.post("/v1/ask", json={"question": f" {BUSES}", "stream": True}).text
        chat = client.post(
            "/v1/chat/completions", json={"messages": [{"role": "user", "content": "深圳多大？"}]}
        ).json()
    final = json.loads(streamed.rpartition("data: ")[2])
    logged = {row["id"]: row for row in rows(database)}
    assert set(logged) == {plain["id"], final["id"], chat["wence"]["id"]}
    row = logged[plain["id"]]
    assert row["citations"] == [citation["id"] for citation in plain["citations"]]
    assert (row["status"], row["snapshot"], row["surface"]) == ("answered", plain["snapshot"], "ask")
    assert row["timings_ms"] == plain["timings_ms"]
    assert row["question"] is None
    assert row["question_hash"] == question_hash(BUSES) == logged[final["id"]]["question_hash"]
    assert (logged[chat["wence"]["id"]]["surface"], logged[chat["wence"]["id"]]["status"]) == ("chat", "unanswerable")
    assert logged[chat["wence"]["id"]]["question_hash"] != row["question_hash"]


def test_questions_are_kept_when_asked_for(policies: Path, database: str) -> None:
    with service(settings(policies, database, log_questions=True)) as client:
        client.post("/v1/ask", json={"question": f"{BUSES}\0"})
    assert [row["question"] for row in rows(database)] == [BUSES]


def test_an_answer_is_written_once(database: str) -> None:
    records = Records(settings(Path("s"), database))
    for _ in range(3):
        records.log(answer(), "ask")
        records.log(answer("b" * 32), "ask")
    records.close()
    assert {row["id"] for row in rows(database)} == {"a" * 32, "b" * 32}


def test_what_cannot_be_written_waits_and_is_counted_when_it_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_log, "RETRY_S", 0.02)
    written: list[Row] = []
    lost: list[int] = []
    broken = threading.Event()
    broken.set()

    def write(batch: list[Row], _: list[Row]) -> set[str]:
        if broken.is_set():
            raise RecordsError("no disk")
        written.extend(batch)
        return set()

    log = AnswerLog(write, lost.append, keep_questions=False)
    for number in range(5):
        log.put(answer(f"{number:032x}"), "ask")
    time.sleep(0.5)
    assert written == []
    broken.clear()
    deadline = time.monotonic() + 5
    while len(written) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [row["id"] for row in written] == [f"{number:032x}" for number in range(5)]
    assert lost == []
    broken.set()
    log.put(answer("f" * 32), "ask")
    log.close()
    assert sum(lost) == 1
    log.put(answer("e" * 32), "ask")
    assert sum(lost) == 2


def test_the_log_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_log, "MOST_WAITING", 10)
    lost: list[int] = []
    hold = threading.Event()

    def write(_: list[Row], __: list[Row]) -> set[str]:
        hold.wait(5)
        return set()

    log = AnswerLog(write, lost.append, keep_questions=False)
    for number in range(50):
        log.put(answer(f"{number:032x}"), "ask")
    assert 30 <= sum(lost) <= 40
    hold.set()
    log.close()


# feedback


def test_feedback_is_kept_and_read(policies: Path, database: str) -> None:
    with service(settings(policies, database, admin_key=KEY, log_questions=True)) as client:
        identity = client.post("/v1/ask", json={"question": BUSES}).json()["id"]
        kept = []
        for body in ({"rating": "up"}, {"rating": "down", "comment": "少了一半\0😀"}, {"rating": "up", "comment": ""}):
            reply = client.post("/v1/feedback", json={"answer_id": identity, **body})
            assert reply.status_code == 201, reply.text
            assert reply.json()["answer_id"] == identity
            kept.append(reply.json()["id"])
        found = client.get("/v1/feedback", headers=ADMIN).json()
        assert [item["id"] for item in found["feedback"]] == kept[::-1]
        assert [(item["rating"], item["comment"]) for item in found["feedback"]] == [
            ("up", None), ("down", "少了一半😀"), ("up", None),
        ]  # fmt: skip
        assert {(item["status"], item["question"]) for item in found["feedback"]} == {("answered", BUSES)}
        first = client.get("/v1/feedback?limit=2", headers=ADMIN).json()
        assert [item["id"] for item in first["feedback"]] == kept[:0:-1]
        rest = client.get(f"/v1/feedback?limit=2&cursor={first['next_cursor']}", headers=ADMIN).json()
        assert ([item["id"] for item in rest["feedback"]], rest["next_cursor"]) == (kept[:1], None)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"answer_id": "0" * 32, "rating": "up"}, 404, "unknown_answer"),
        ({"answer_id": "x", "rating": "up"}, 404, "unknown_answer"),
        ({"answer_id": "\0", "rating": "up"}, 404, "unknown_answer"),
        ({"answer_id": "0" * 32, "rating": "meh"}, 422, "invalid_field"),
        ({"answer_id": "0" * 32, "rating": "up", "comment": "x" * 5001}, 422, "invalid_field"),
        ({"answer_id": "0" * 32}, 422, "invalid_field"),
        ({"rating": "up"}, 422, "invalid_field"),
    ],
)
def test_feedback_that_cannot_be_kept(policies: Path, tmp_path: Path, body: object, status: int, code: str) -> None:
    with service(settings(policies, f"sqlite:///{tmp_path / 'r.sqlite'}")) as client:
        reply = client.post("/v1/feedback", json=body)
        assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
        half = b'{"answer_id": "%s", "rating": "up", "comment": "\\ud83d"}' % (b"0" * 32)
        reply = client.post("/v1/feedback", content=half, headers={"Content-Type": "application/json"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_field")


def test_feedback_is_for_the_admin_to_read(policies: Path, tmp_path: Path) -> None:
    with service(settings(policies, f"sqlite:///{tmp_path / 'r.sqlite'}", admin_key=KEY)) as client:
        assert client.get("/v1/feedback").status_code == 401
        assert client.get("/v1/feedback?cursor=x", headers=ADMIN).status_code == 422
        assert client.get("/v1/feedback", headers=ADMIN).json() == {"feedback": [], "next_cursor": None}


def test_answers_are_given_without_a_database_and_feedback_is_not_taken(policies: Path) -> None:
    with service(settings(policies, "sqlite:////nowhere/at/all.sqlite")) as client:
        found = client.post("/v1/ask", json={"question": BUSES})
        assert (found.status_code, found.json()["short_answers"]) == (200, ["28条"])
        reply = client.post("/v1/feedback", json={"answer_id": found.json()["id"], "rating": "up"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "database_unavailable")
        assert reply.headers["retry-after"] == "5"


def test_a_database_that_is_locked_is_told(policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.records.database.WAIT_S", 0.2)
    file = tmp_path / "r.sqlite"
    with service(settings(policies, f"sqlite:///{file}")) as client:
        identity = client.post("/v1/ask", json={"question": BUSES}).json()["id"]
        assert client.post("/v1/feedback", json={"answer_id": identity, "rating": "up"}).status_code == 201
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        reply = client.post("/v1/feedback", json={"answer_id": identity, "rating": "down"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "database_unavailable")
        other.execute("ROLLBACK")
        other.close()
        assert client.post("/v1/feedback", json={"answer_id": identity, "rating": "down"}).status_code == 201


def test_an_answer_of_another_worker_may_be_late(database: str) -> None:
    ours, theirs = (Records(settings(Path("s"), database)) for _ in range(2))
    made = new_id()
    early = ours.add_feedback(made, "up", None)
    assert not wait([early], 1).done
    theirs.log(answer(made), "ask")
    assert [item.id for item in ours.list_feedback(10, None)] == []
    identity = early.result(5)
    assert [item.id for item in ours.list_feedback(10, None)] == [identity]
    ours.close()
    theirs.close()


def test_an_answer_that_nobody_gave_is_told_at_once_when_it_is_old(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_log, "LATE_S", 0.6)
    records = Records(settings(Path("s"), database))
    with pytest.raises(UnknownAnswerError):
        records.add_feedback("a" * 32, "up", None).result(5)
    began = time.monotonic()
    with pytest.raises(UnknownAnswerError):
        records.add_feedback(new_id(), "up", None).result(5)
    assert time.monotonic() - began > 0.5
    left = records.add_feedback(new_id(), "up", None)
    records.close()
    with pytest.raises(UnknownAnswerError):
        left.result(0)
    with pytest.raises(RecordsError):
        records.add_feedback(new_id(), "up", None).result(0)


def test_feedback_of_many_processes_at_once_is_all_kept(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'r.sqlite'}"
    all_records = [Records(settings(Path("s"), database)) for _ in range(4)]
    made = [new_id() for _ in range(400)]
    for number, identity in enumerate(made):
        all_records[number % 4].log(answer(identity), "ask")
    given = [all_records[number % 3].add_feedback(identity, "up", None) for number, identity in enumerate(made)]
    kept = {future.result(30) for future in given}
    assert len(kept) == 400
    assert {item.id for item in all_records[3].list_feedback(1000, None)} == kept
    for records in all_records:
        records.close()


@pytest.mark.slow
def test_what_was_acknowledged_outlives_a_kill(policies: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'r.sqlite'}"
    kept: list[str] = []
    with running(policies, settings={"database": database}) as (address, process):
        identity = httpx2.post(f"{address}/v1/ask", json={"question": BUSES}).json()["id"]

        def rate() -> None:
            while True:
                try:
                    reply = httpx2.post(f"{address}/v1/feedback", json={"answer_id": identity, "rating": "up"})
                except httpx2.HTTPError:
                    return
                kept.append(reply.json()["id"])

        with ThreadPoolExecutor(4) as pool:
            for _ in range(4):
                pool.submit(rate)
            while len(kept) < 20:
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
    records = Records(settings(policies, database))
    assert set(kept) <= {item.id for item in records.list_feedback(1000, None)}
    records.close()
