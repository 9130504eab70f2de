"""Several processes behind one port: what becomes of one that dies, and of all when the first goes."""

import json
import os
import signal
import urllib.request
from http import HTTPStatus
from pathlib import Path

import pytest

from embeddings import load_encoder
from eval.served import Served, served
from index.article import Article
from index.building import add, build
from tests.served import alive, eventually, running, workers

HARBOUR = Article("harbour", "港口", "云港码头有二十三座吊机。")


def test_workers_share_a_port_are_replaced_and_go_with_the_first(tmp_path: Path) -> None:
    name = build([HARBOUR], tmp_path, load_encoder()).snapshot
    with served(tmp_path, "--workers", "2") as service:
        first = workers(service.pid)
        assert len(first) == 2
        assert search(service)["snapshot"] == name
        for pid in (service.pid, *first):  # the built-in models need none of it, and it would be 300 MB
            assert "libtorch" not in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
        os.kill(first[0], signal.SIGKILL)
        eventually(lambda: len(workers(service.pid)) == 2 and first[0] not in workers(service.pid))
        new = add([Article("bridge", "大桥", "云港大桥长九百米。")], tmp_path, load_encoder()).snapshot
        for _ in range(8):  # a connection each, so that more than one of them is asked
            assert search(service)["snapshot"] == new
        left = workers(service.pid)
        os.kill(service.pid, signal.SIGKILL)
        eventually(lambda: not any(map(alive, left)))


def test_workers_stop_when_told(tmp_path: Path) -> None:
    build([HARBOUR], tmp_path, load_encoder())
    with served(tmp_path, "--workers", "2") as service:
        found = workers(service.pid)
        os.kill(service.pid, signal.SIGTERM)
        eventually(lambda: not any(map(alive, found)))


def test_a_stop_is_not_lost_while_others_are_started(tmp_path: Path) -> None:
    build([HARBOUR], tmp_path, load_encoder())
    with running(tmp_path, "--workers", "2") as (_, process):
        eventually(lambda: "keeper.py" in command(process.pid))
        assert str(tmp_path) in command(process.pid), "a person sees what it was started for"
        found = workers(process.pid)
        os.kill(found[0], signal.SIGKILL)
        eventually(lambda: "keeper.py" not in command(process.pid))
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert not any(map(alive, found))


def test_a_worker_that_cannot_be_replaced_yet_is_replaced_later(tmp_path: Path) -> None:
    build([HARBOUR], tmp_path / "s", load_encoder())
    with (tmp_path / "log").open("w") as log, running(tmp_path / "s", "--workers", "2", stderr=log) as (_, process):
        eventually(lambda: len(workers(process.pid)) == 2)
        found = workers(process.pid)
        (tmp_path / "s").rename(tmp_path / "away")
        os.kill(found[0], signal.SIGKILL)
        eventually(lambda: "no worker can be started" in (tmp_path / "log").read_text(encoding="utf-8"))
        assert workers(process.pid) == found[1:]
        (tmp_path / "away").rename(tmp_path / "s")
        eventually(lambda: len(workers(process.pid)) == 2)


def test_the_folder_that_workers_share_goes_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([HARBOUR], tmp_path / "s", load_encoder())
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    with running(tmp_path / "s", "--workers", "2") as (_, process):
        eventually(lambda: len(workers(process.pid)) == 2)
        assert list((tmp_path / "tmp").iterdir())
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert not list((tmp_path / "tmp").iterdir())


def command(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")


def search(service: Served) -> dict[str, object]:
    body = json.dumps({"question": "云港码头有多少座吊机？"}).encode()
    url = f"http://127.0.0.1:{service.port}/v1/search"
    with urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"})) as reply:
        assert reply.status == HTTPStatus.OK
        found: dict[str, object] = json.loads(reply.read())
    return found
