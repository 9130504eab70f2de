"""A disk that is full or read only, at every step of writing: what the user sees, and that what was there stays."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from index.versions import current, kept
from service.api.app import create_app
from service.cli import main
from service.pipeline import Pipeline
from service.records.records import Records
from service.settings import Settings
from tests.policies import ARTICLES, write_articles
from tests.served import ROOT, running, workers
from tests.small_disk import Disk, small_disk

PAGE_BYTES, STEP_BYTES = 4096, 24_576
NEW: dict[str, object] = {
    "id": "road", "title": "镜湖县修绿道", "text": "2023年，镜湖县新修绿道63公里。", "date": "2024-01-02",
}  # fmt: skip
BUSES = "北岚市新开公交线路多少条？"
METHODS = ("GET", "POST", "DELETE")
PATHS = (
    "/v1/articles", "/v1/articles/x", "/v1/search", "/v1/ask", "/v1/figures", "/v1/reforms", "/v1/models", "/healthz",
    "/v1/feedback", "/nowhere",
)  # fmt: skip
ADMIN = {"Authorization": "Bearer key"}
Run = Callable[..., tuple[int, str]]


FULL, LIMITED = "a full disk", "a limit of file sizes"


@pytest.fixture(params=[FULL, LIMITED])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk", mount=request.param == FULL) as found:
        yield found


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: its status, and what it says of failures."""

    def command(*words: object) -> tuple[int, str]:
        status = main([str(word) for word in words])
        return status, capsys.readouterr().err

    return command


def service(folder: Path, database: Path) -> TestClient:
    chosen = Settings(snapshot=folder, database=SecretStr(f"sqlite:///{database}"), admin_key="key")
    return TestClient(create_app(chosen, Pipeline(folder, chosen)), raise_server_exceptions=False)


def ask(client: TestClient) -> str:
    reply = client.post("/v1/ask", json={"question": BUSES})
    assert (reply.status_code, reply.json()["short_answers"]) == (200, ["28条"])
    identity: str = reply.json()["id"]
    return identity


def refused(reply: Any, code: str, says: str) -> None:
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, code), reply.text
    assert says in reply.json()["error"]["message"]
    assert reply.headers["retry-after"] == "5"


# the snapshot


@pytest.mark.parametrize(
    ("disk", "command"),
    [
        *((FULL, command) for command in ("build", "add", "add many", "remove", "compact")),
        (LIMITED, "build"),
    ],
    indirect=["disk"],
)
def test_a_full_disk_leaves_the_version_before(
    tmp_path: Path, policies: Path, disk: Disk, run: Run, command: str
) -> None:
    """With every size of the room that is left, in steps, until there is enough, and just below that by the page or two."""
    one, all_ = write_articles(tmp_path / "new.jsonl", (NEW,)), write_articles(tmp_path / "all.jsonl", (*ARTICLES, NEW))
    words = {
        "build": ("build", all_), "add": ("add", one), "add many": ("add", all_), "remove": ("remove", "sisong"),
        "compact": ("compact",),
    }[command]  # fmt: skip
    folder = disk.folder / "s"

    def done_with(room: int) -> bool:
        shutil.copytree(policies, folder)
        before = current(folder)
        with disk.with_room_for(room):
            status, told = run(*words, "--snapshot", folder)
        if status == 0:
            assert current(folder) != before
        else:
            assert (status, told.count("\n")) == (2, 1), told
            assert "cannot be written" in told, told
            assert "what was there stays as it was; see that the disk has room" in told, told
            assert (current(folder), kept(folder)) == (before, [before])
            assert run("verify", "--snapshot", folder) == (0, "")
            assert run(*words, "--snapshot", folder) == (0, "")
        assert run("verify", "--snapshot", folder) == (0, "")
        shutil.rmtree(folder)
        return status == 0

    rooms = range(0, 20 * STEP_BYTES, STEP_BYTES)
    enough = next(room for room in rooms if done_with(room))
    assert enough > 0
    for room in range(enough - STEP_BYTES + PAGE_BYTES, enough, 2 * PAGE_BYTES):
        done_with(room)


def test_what_a_full_disk_interrupted_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_articles(tmp_path / "all.jsonl")
    with small_disk(tmp_path / "disk") as disk:
        words = ["build", str(source), "--snapshot", str(disk.folder / "s")]
        with disk.with_room_for(90_000 if disk.mounted else 30_000):
            assert main(words) == 2
        assert main(words) == 0
    assert f"{len(ARTICLES)} articles taken from an interrupted build" in capsys.readouterr().out


def test_writing_over_http_on_a_full_disk_is_refused_and_answers_go_on(
    tmp_path: Path, policies: Path, disk: Disk
) -> None:
    folder = Path(shutil.copytree(policies, disk.folder / "s"))
    with service(folder, tmp_path / "r.sqlite") as client:
        with disk.with_room_for(20_000):
            for reply in (
                client.post("/v1/articles", json={"articles": [NEW]}, headers=ADMIN),
                client.delete("/v1/articles/sisong", headers=ADMIN),
            ):
                refused(reply, "storage_unavailable", "see that the disk has room")
            ask(client)
            assert client.get("/v1/articles/sisong").status_code == 200
        assert client.post("/v1/articles", json={"articles": [NEW]}, headers=ADMIN).status_code == 200
        found = client.post("/v1/ask", json={"question": "镜湖县新修绿道多少公里？"}).json()
        assert found["short_answers"] == ["63公里"]


@pytest.fixture
def sealed(tmp_path: Path, policies: Path) -> Iterator[Disk]:
    """A disk that nothing can be written to, with a snapshot in `s`."""
    with small_disk(tmp_path / "disk") as disk:
        folder = Path(shutil.copytree(policies, disk.folder / "s"))
        for lock in folder.rglob("*.lock"):
            lock.unlink()
        with disk.read_only():
            try:
                (folder / "probe").touch()
            except OSError:
                yield disk
            else:
                pytest.skip("this user may write everywhere and mount nothing")


def test_a_read_only_snapshot_answers_and_refuses_changes(sealed: Disk) -> None:
    """Its records lie beside it, so that they cannot be written either."""
    folder = sealed.folder / "s"
    with service(folder, sealed.folder / "s.records.sqlite") as client:
        identity = ask(client)
        assert client.get("/readyz").json()["parts"] == {"search": "ok", "database": "unavailable"}
        assert client.get("/v1/articles/sisong").status_code == 200
        reply = client.post("/v1/articles", json={"articles": [NEW]}, headers=ADMIN)
        refused(reply, "storage_unavailable", "Read-only file system" if sealed.mounted else "Permission denied")
        reply = client.post("/v1/feedback", json={"answer_id": identity, "rating": "up"})
        refused(reply, "database_unavailable", "see that it is there and may be written to")
        ask(client)


@pytest.mark.parametrize(
    "words", [("add", "corpus"), ("build", "corpus"), ("remove", "sisong"), ("compact",), ("rollback",)]
)
def test_commands_that_write_refuse_a_read_only_snapshot(sealed: Disk, run: Run, words: tuple[str, ...]) -> None:
    folder = sealed.folder / "s"
    assert run("verify", "--snapshot", folder) == (0, "")
    assert run("ask", BUSES, "--snapshot", folder) == (0, "")
    status, told = run(*words, "--snapshot", folder)
    assert (status, told.count("\n")) == (2, 1), told
    assert str(folder) in told
    assert "cannot be written (" in told or words == ("rollback",), told


# the records


def test_feedback_is_refused_on_a_full_disk_and_answers_wait_for_room(
    policies: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.records.answer_log.RETRY_S", 0.1)
    database = disk.folder / "r.sqlite"
    with service(policies, database) as client:
        first = ask(client)
        kept_one = client.post("/v1/feedback", json={"answer_id": first, "rating": "up"})
        assert kept_one.status_code == 201
        with disk.with_room_for(0):
            given = [ask(client) for _ in range(10)]
            reply = client.post("/v1/feedback", json={"answer_id": first, "rating": "down", "comment": "满" * 4000})
            refused(reply, "database_unavailable", "try again")
        again = client.post("/v1/feedback", json={"answer_id": given[-1], "rating": "down"})
        assert again.status_code == 201
        listed = client.get("/v1/feedback", headers=ADMIN).json()["feedback"]
        assert [item["id"] for item in listed] == [again.json()["id"], kept_one.json()["id"]]
        unlogged = [line for line in client.get("/metrics").text.splitlines() if line.startswith("wence_answers_unlog")]
        assert unlogged[0].endswith(" 0.0")
    records = Records(Settings(database=SecretStr(f"sqlite:///{database}")))
    for identity in (first, *given):  # feedback is taken for answers that are there alone
        assert records.add_feedback(identity, "up", None).result(5)
    records.close()


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\0" + b"\xff" * 8192])
def test_a_spoiled_database_is_told_and_answers_go_on(policies: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.sqlite").write_bytes(content)
    with service(policies, tmp_path / "r.sqlite") as client:
        identity = ask(client)
        reply = client.post("/v1/feedback", json={"answer_id": identity, "rating": "up"})
        refused(reply, "database_unavailable", "database")
        assert client.get("/readyz").json()["parts"]["database"] == "unavailable"
    assert (tmp_path / "r.sqlite").read_bytes() == content


def test_a_database_spoiled_while_it_serves_is_told_and_answers_go_on(policies: Path, tmp_path: Path) -> None:
    database = tmp_path / "r.sqlite"
    with service(policies, database) as client:
        identity = ask(client)
        assert client.post("/v1/feedback", json={"answer_id": identity, "rating": "up"}).status_code == 201
        for path in tmp_path.glob("r.sqlite*"):
            path.write_bytes(b"\xff" * path.stat().st_size)
        reply = client.post("/v1/feedback", json={"answer_id": identity, "rating": "up"})
        refused(reply, "database_unavailable", "try again")
        ask(client)


# temporary files, and the log


def test_a_temporary_folder_that_cannot_be_used_is_named(
    sealed: Disk, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A read-only snapshot is opened by links in a temporary folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    status, told = run("ask", BUSES, "--snapshot", sealed.folder / "s")
    assert (status, told.count("\n")) == (2, 1), told
    assert str(tmp_path / "nowhere") in told
    assert "in TMPDIR" in told


def test_a_start_without_room_for_temporary_files_is_refused(
    policies: Path, disk: Disk, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
    with disk.with_room_for(100_000):
        status, told = run("serve", "--port", "0", "--workers", "2", "--snapshot", policies)
    assert (status, told.count("\n")) == (2, 1), told
    assert str(disk.folder) in told
    assert "name another folder in TMPDIR" in told


def test_workers_outlive_a_temporary_folder_that_fills_up(
    policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their metrics are in memory that is mapped from there; a page without room would end them."""
    with small_disk(tmp_path / "tmp") as disk:
        if not disk.mounted:
            pytest.skip("no small disk can be mounted, and a limit of this process is not met by others")
        monkeypatch.setenv("TMPDIR", str(disk.folder))
        chosen = {"database": f"sqlite:///{tmp_path / 'r.sqlite'}"}
        with (
            running(policies, "--workers", "2", settings=chosen) as (address, process),
            httpx2.Client(base_url=address, headers={"Connection": "close"}) as client,  # so that both are asked
        ):
            assert client.get("/readyz").status_code == 200
            before = workers(process.pid)
            with disk.with_room_for(0):
                for number in range(30):  # ever more routes and codes, so that ever more numbers are kept
                    client.request(METHODS[number // 10], PATHS[number % 10])
                assert "wence_requests_total" in client.get("/metrics").text
                assert workers(process.pid) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_finds_no_room_is_told(policies: Path) -> None:
    command = [sys.executable, "-m", "service.cli", "ask", BUSES, "--snapshot", str(policies)]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "No space left on device" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_log_that_finds_no_room_stops_nothing(policies: Path, tmp_path: Path) -> None:
    chosen = {"log": "json", "database": f"sqlite:///{tmp_path / 'r.sqlite'}"}
    with Path("/dev/full").open("w") as full, running(policies, stderr=full, settings=chosen) as (address, _):
        for _ in range(3):
            reply = httpx2.post(f"{address}/v1/ask", json={"question": BUSES})
            assert (reply.status_code, reply.json()["short_answers"]) == (200, ["28条"])
