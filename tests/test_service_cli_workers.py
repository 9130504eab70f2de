"""Several processes behind one port: what becomes of one that dies, and of all when the first goes."""

import json
import os
import signal
import urllib.request
from http import HTTPStatus
from pathlib import Path

from embeddings import load_encoder
from eval.served import Served, served
from index.article import Article
from index.building import add, build
from tests.served import alive, eventually, workers

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


def search(service: Served) -> dict[str, object]:
    body = json.dumps({"question": "云港码头有多少座吊机？"}).encode()
    url = f"http://127.0.0.1:{service.port}/v1/search"
    with urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"})) as reply:
        assert reply.status == HTTPStatus.OK
        found: dict[str, object] = json.loads(reply.read())
    return found
