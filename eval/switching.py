"""Versions published under load in, failed and mixed requests out: a service is asked steadily while it switches.

python -m eval.switching [--rate N] [--seconds N] [--articles N]
"""

import argparse
import http.client
import json
import re
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from embeddings import load_encoder
from eval.machine import machine, spread
from eval.served import served
from index.article import Article
from index.building import add, build
from index.command import Options

QUESTION: Final = "灯塔县修成绿道多少公里？"
ASKERS: Final = 8
FIRST: Final = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: when it was due and how long it took, its status, the version it names, and the editions it shows."""

    milliseconds: float
    status: int
    snapshot: str
    editions: frozenset[int]


def editions(number: int) -> list[Article]:
    """Two articles that tell the edition of the collection that they are of."""
    return [
        Article(f"tower{n}", f"灯塔县绿道之{n}", f"灯塔县修成绿道{FIRST + number}公里，这是第{n}条。") for n in (1, 2)
    ]


def filler(count: int) -> list[Article]:
    """Articles about something else, some 700 characters each."""
    return [
        Article(
            f"f{n}",
            f"第{n}号县的事",
            "\n".join(
                f"第{n}号县在{line}月里办成了{n * 7 + line}件事，群众说办得好，办得快，下一步还要接着办{line * 3}件。"
                * 2
                for line in range(9)
            ),
        )
        for n in range(count)
    ]


def ask(port: int) -> Reply:
    """One search; status 0 when there was no reply."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        body = json.dumps({"question": QUESTION, "top_k": 5})
        connection.request("POST", "/v1/search", body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        found = json.loads(reply.read())
    except (OSError, ValueError, http.client.HTTPException):
        return Reply((time.perf_counter() - began) * 1000, 0, "", frozenset())
    finally:
        connection.close()
    shown = {int(km) - FIRST for hit in found.get("hits", ()) for km in re.findall("绿道([0-9]+)公里", hit["text"])}
    return Reply((time.perf_counter() - began) * 1000, reply.status, found.get("snapshot", ""), frozenset(shown))


def steadily(port: int, rate: float, over: threading.Event) -> list[Reply]:
    """Ask so many times a second until it is over, whether or not the replies before have come."""
    with ThreadPoolExecutor(ASKERS) as pool:
        began, asked = time.perf_counter(), []
        while not over.is_set():
            asked.append(pool.submit(ask, port))
            time.sleep(max(0.0, began + len(asked) / rate - time.perf_counter()))
        return [reply.result() for reply in asked]


def measure(folder: Path, rate: float, seconds: float, articles: int) -> dict[str, Any]:
    """Publish one change after another for so many seconds while a service over `folder` is asked."""
    encoder = load_encoder()
    of_version = {build([*filler(articles), *editions(0)], folder, encoder).snapshot: 0}
    over = threading.Event()
    with served(folder) as service, ThreadPoolExecutor(1) as asker:
        try:
            replies = asker.submit(steadily, service.port, rate, over)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                edition = len(of_version)
                of_version[add(editions(edition), folder, encoder, Options(keep=1)).snapshot] = edition
                time.sleep(0.5)
            over.set()
            seen = replies.result()
        finally:
            over.set()
    return {
        "rate": rate,
        "requests": len(seen),
        "failed": sum(reply.status != http.HTTPStatus.OK for reply in seen),
        "mixed": sum(reply.status == http.HTTPStatus.OK and reply.editions != {of_version[reply.snapshot]} for reply in seen),
        "versions_published": len(of_version) - 1,
        "versions_answered_from": len({reply.snapshot for reply in seen}),
        "request_ms": spread([reply.milliseconds for reply in seen]),
        "machine": machine(),
    }  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.switching", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rate", type=float, default=50, help="requests a second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="how long (default: %(default)s)")
    parser.add_argument("--articles", type=int, default=5000, help="in the collection (default: %(default)s)")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="wence-switching-") as folder:
        found = measure(Path(folder) / "snapshot", arguments.rate, arguments.seconds, arguments.articles)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if found["failed"] or found["mixed"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
