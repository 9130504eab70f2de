"""Files of a snapshot of every kind, cut short, with a bit turned, empty or gone: refused by name, and the way back works."""

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from index.manifest import read_manifest
from index.versions import current, kept, path_of
from service.api.app import create_app
from service.cli import main
from service.pipeline import Pipeline
from service.settings import Settings
from tests.policies import ARTICLES, write_articles
from tests.served import running

BUSES = "北岚市新开公交线路多少条？"
MORE: tuple[dict[str, object], ...] = tuple(
    {"id": f"m{n}", "title": f"旧闻{n}", "text": f"第{n}号旧闻说，某地办成了{n * 3}件事，大家都很满意。"}
    for n in range(40)
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: its status, and what it says of success and of failure."""

    def command(*words: object) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        return status, *capsys.readouterr()

    return command


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions, the current one with changes beside what it shares with the one before."""
    folder = tmp_path_factory.mktemp("two")
    source = write_articles(folder / "all.jsonl", (*ARTICLES, *MORE))
    new = write_articles(folder / "new.jsonl", ({"id": "road", "title": "镜湖县", "text": "镜湖县新修绿道63公里。"},))
    for words in (["build", str(source)], ["add", str(new)]):
        assert main([*words, "--snapshot", str(folder / "s")]) == 0
    return folder / "s"


def files(folder: Path) -> list[Path]:
    """One of each kind, of the segments of the lexical index those of the first."""
    version = path_of(folder, str(current(folder)))
    names = list(read_manifest(version).files)
    first = min(name.partition(".")[0] for name in names if name.endswith(".term"))
    names = [name for name in names if name.endswith((".json", ".npy", ".sqlite", ".faiss")) or name.startswith(first)]
    return [folder / "CURRENT", version / "manifest.json", *(version / name for name in names)]


def cut(content: bytearray) -> bytes:
    return bytes(content[: len(content) * 2 // 3])


def turned(content: bytearray) -> bytes:
    content[random.Random(len(content)).randrange(len(content))] ^= 0x04
    return bytes(content)


DAMAGES = (cut, turned, None)
KINDS = 18  # of files: what `files` lists


def test_these_are_the_kinds_of_files(two: Path) -> None:
    found = files(two)
    assert len(found) == KINDS
    assert {path.suffix or path.name for path in found} == {
        "CURRENT", ".json", ".sqlite", ".faiss", ".npy", ".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term",
    }  # fmt: skip


@pytest.mark.parametrize("number", range(KINDS))
def test_a_damaged_file_is_named_and_the_version_before_answers(
    two: Path, tmp_path: Path, run: Run, number: int
) -> None:
    sound = files(two)[number].read_bytes()
    for at, damage in enumerate(DAMAGES):
        content = damage(bytearray(sound)) if damage else None
        if content == sound:
            continue
        folder = Path(shutil.copytree(two, tmp_path / f"s{at}"))
        path, newest = files(folder)[number], str(current(folder))
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        elif path.name == "CURRENT":
            continue  # which is no snapshot at all, and told elsewhere
        status, _, told = run("verify", "--snapshot", folder)
        assert status == 2, damage
        assert str(path.parent if path.name == "CURRENT" else path) in told, damage
        for words in (("ask", BUSES), *((("serve", "--port", "0"), ("add", "corpus")) if damage is cut else ())):
            status, out, told = run(*words, "--snapshot", folder)
            assert (status, out, told.count("\n")) == (2, "", 1), damage
            assert f"{folder}/" in told, damage
            assert "run `wence build` again, or go back with `wence rollback" in told, damage
        way_back = told.partition("`wence rollback ")[2].partition("`")[0]
        if path.name == "CURRENT":
            assert way_back in kept(folder)
        else:
            assert way_back not in (newest, "")
        assert run("rollback", way_back, "--snapshot", folder)[0] == 0
        status, out, _ = run("ask", BUSES, "--snapshot", folder)
        assert (status, "28条" in out) == (0, True)


def test_a_file_that_both_versions_share_is_named_and_a_build_mends_it(two: Path, tmp_path: Path, run: Run) -> None:
    """Links are kept by a copy that keeps them; damage in place is in both."""
    folder = tmp_path / "s"
    shutil.copytree(two, folder)
    newest, before = (path_of(folder, name) / "store.sqlite" for name in reversed(kept(folder)))
    before.unlink()
    os.link(newest, before)
    with newest.open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff" * 16)
    assert run("rollback", "--snapshot", folder)[0] == 2
    assert str(before) in run("rollback", "--snapshot", folder)[2]
    assert run("build", write_articles(tmp_path / "again.jsonl"), "--snapshot", folder)[0] == 0
    assert run("verify", "--snapshot", folder)[0] == 0
    assert "28条" in run("ask", BUSES, "--snapshot", folder)[1]


# while it is served


@pytest.fixture
def mine(two: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two, tmp_path / "s"))


@pytest.mark.parametrize("damage", [cut, turned])
def test_a_damaged_version_is_not_taken_up(mine: Path, tmp_path: Path, damage: Callable[[bytearray], bytes]) -> None:
    chosen = Settings(snapshot=mine)
    new = write_articles(tmp_path / "n.jsonl", ({"id": "n", "title": "新", "text": "北岚市新开公交线路31条。"},))
    with TestClient(create_app(chosen, Pipeline(mine, chosen))) as client:
        before = client.post("/v1/ask", json={"question": BUSES}).json()
        assert main(["build", str(new), "--snapshot", str(mine)]) == 0
        for path in files(mine)[2:]:
            path.write_bytes(damage(bytearray(path.read_bytes())))
        for _ in range(3):
            after = client.post("/v1/ask", json={"question": BUSES}).json()
            assert (after["short_answers"], after["snapshot"]) == (["28条"], before["snapshot"])


def test_a_store_that_is_cut_short_while_it_serves_is_told(mine: Path) -> None:
    chosen = Settings(snapshot=mine)
    with TestClient(create_app(chosen, Pipeline(mine, chosen)), raise_server_exceptions=False) as client:
        os.truncate(files(mine)[2:][[path.name for path in files(mine)[2:]].index("store.sqlite")], 8192)
        for question in (BUSES, "松坪县的老年食堂有多少家？"):
            reply = client.post("/v1/ask", json={"question": question})
            assert (reply.status_code, reply.json()["error"]["code"]) == (503, "snapshot_unusable"), reply.text
            assert "`wence verify` says which" in reply.json()["error"]["message"]
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200


@pytest.fixture
def cut_short(mine: Path) -> Iterator[str]:
    """What a service with two workers says last, after the vectors that it has mapped are cut short under it."""
    with running(mine, "--workers", "2", stderr=True) as (address, process):
        assert httpx2.post(f"{address}/v1/ask", json={"question": BUSES}).status_code == 200
        os.truncate(next(path for path in files(mine) if path.name == "vectors.faiss"), 0)
        deadline = time.monotonic() + 40
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(httpx2.HTTPError):
                httpx2.post(f"{address}/v1/ask", json={"question": f"{BUSES}{time.monotonic()}"}, timeout=5)
        assert process.wait(20) == 2
        yield process.stderr.read() if process.stderr else ""


def test_a_mapped_file_that_is_cut_short_stops_the_service_with_its_name(cut_short: str) -> None:
    """Reading what is gone of a mapped file ends a process, and each that takes its place."""
    assert "vectors.faiss: missing or damaged; run `wence build` again" in cut_short.splitlines()[-1]
    assert "Traceback" not in cut_short
