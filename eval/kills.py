"""Kills in, what is left of a snapshot out: SIGKILL at random instants of build, add, remove and compact.

python -m eval.kills [--kills N] [--seed N]

A process changes a snapshot again and again, says what it begins and what is done, and is killed. What it leaves must
be sound (`wence verify`) and hold exactly what was acknowledged, or that and the change that was under way, whole.
"""

import argparse
import json
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Literal

import numpy as np

from embeddings import load_encoder
from eval.machine import machine
from index import building
from index.article import Article
from index.command import Options
from index.passage import split
from index.snapshot import Snapshot
from index.verifying import faults
from index.versions import current
from service.ledger.writing import LEDGER

ARTICLES: Final = 60
LONGEST_S: Final = 1.0
"""A process is killed at most so long after it began its first change; later where the machine takes longer for a build."""

_MODULES: Final = ["embeddings.static", "index.building", "service.ledger.writing", "rjieba", "tantivy", "faiss"]
Kind = Literal["build", "add", "remove", "compact"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the editions of articles put in by their numbers, or the numbers of those removed."""

    kind: Kind
    put: dict[int, int] = field(default_factory=dict)
    gone: tuple[int, ...] = ()

    def applied(self, held: dict[int, int]) -> dict[int, int]:
        """What is held after it."""
        before = {} if self.kind == "build" else held
        return {number: edition for number, edition in (before | self.put).items() if number not in self.gone}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the kills hit: how many of each kind of change were under way, how many changes were done between them, how
    many were done though not acknowledged, and what was wrong afterwards; the first fault ends it.
    """

    kills: int
    hit: Counter[str]
    done: int
    finished: int
    wrong: tuple[str, ...]


def article(number: int, edition: int) -> Article:
    """An article of a few passages, another text for every edition."""
    lines = [
        f"第{number}号文章第{edition}版第{line}段，讲了{number * 31 + line}件事情和{edition}次修改。" * 6
        for line in range(3)
    ]
    return Article(f"a{number}", f"文章{number}", "\n".join(lines), date="2024-05-06")


def next_change(chance: random.Random, held: dict[int, int]) -> Change:
    """A change that can be made to what is held."""
    kind: Kind = chance.choices(("build", "add", "remove", "compact"), (1, 4, 2, 1))[0] if held else "build"
    numbers = chance.sample(range(ARTICLES + 10), chance.randint(1, 3))
    if kind == "build":
        return Change(kind, {number: chance.randrange(1000) for number in range(ARTICLES)})
    if kind == "add":
        return Change(kind, {number: chance.randrange(1000) for number in numbers})
    if kind == "remove":
        return Change(kind, gone=tuple(chance.sample(sorted(held), min(2, len(held) - 1))))
    return Change(kind)


def work(folder: Path, seed: int, held: dict[int, int], told: Connection) -> None:
    """Change the snapshot until killed, telling of every change when it begins and when it is done."""
    chance, encoder, options = random.Random(seed), load_encoder(), Options(derived=(LEDGER,))
    while True:
        change = next_change(chance, held)
        articles = [article(number, edition) for number, edition in change.put.items()]
        source = folder.with_name("articles.jsonl")
        if change.kind == "build":
            rows = ({"id": item.id, "title": item.title, "text": item.text, "date": item.date} for item in articles)
            source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        told.send(change)
        if change.kind == "build":
            building.build_from([source], folder, encoder, options)
        elif change.kind == "add":
            building.add(articles, folder, encoder, options)
        elif change.kind == "remove":
            building.remove([f"a{number}" for number in change.gone], folder, encoder, options)
        else:
            building.compact(folder, encoder, options)
        held = change.applied(held)
        told.send(None)


def run(folder: Path, kills: int, seed: int = 1) -> Outcome:
    """Kill so many processes that change a snapshot in `folder`, one after another, and check what each leaves."""
    chance = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_MODULES)
    snapshot, longest_s = folder / "snapshot", _longest_s(folder / "timed")
    held: dict[int, int] = {}
    hit: Counter[str] = Counter()
    done = finished = 0
    wrong: list[str] = []
    for number in range(kills):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(snapshot, seed * 100_003 + number, held, theirs), daemon=True)
        process.start()
        theirs.close()
        ours.poll(None)
        time.sleep(chance.uniform(0, longest_s))
        process.kill()
        process.join()
        if process.exitcode != -signal.SIGKILL:
            wrong.append(f"kill {number}: the process ended by itself with {process.exitcode}")
        told = _all_of(ours)
        acknowledged = told.count(None)
        changes = [change for change in told if change is not None]
        for change in changes[:acknowledged]:
            held = change.applied(held)
        under_way = changes[acknowledged:]
        hit[under_way[0].kind if under_way else "between"] += 1
        done += acknowledged
        allowed = [held, *(change.applied(held) for change in under_way)]
        found, problems = _left(snapshot, allowed)
        wrong += [f"kill {number}: {problem}" for problem in problems]
        finished += found != held
        held = found
        if problems:
            break
    return Outcome(sum(hit.values()), hit, done, finished, tuple(wrong))


def _longest_s(folder: Path) -> float:
    """Time for three builds as the machine is now, so that some changes are done whatever else it does."""
    encoder, articles = load_encoder(), [article(number, 0) for number in range(ARTICLES)]
    began = time.monotonic()
    building.build(articles, folder, encoder, Options(derived=(LEDGER,)))
    return max(LONGEST_S, 3 * (time.monotonic() - began))


def _all_of(told: Connection) -> list[Change | None]:
    found: list[Change | None] = []
    try:
        while told.poll(0):
            found.append(told.recv())
    except (EOFError, OSError):
        pass
    return found


def _left(snapshot: Path, allowed: list[dict[int, int]]) -> tuple[dict[int, int], list[str]]:
    """Which of the allowed states the snapshot is in, and what is wrong with it."""
    if current(snapshot) is None and not allowed[0]:
        return {}, []  # the first build was not done
    problems = list(faults(snapshot, derived=(LEDGER,)))
    opened = Snapshot.open(snapshot)
    texts = {item.id: item.text for item in opened.store.articles()}
    found = [state for state in allowed if texts == {f"a{n}": article(n, edition).text for n, edition in state.items()}]
    if not found:
        return allowed[0], [*problems, f"holds {len(texts)} articles, which are not those acknowledged"]
    encoder = load_encoder()
    for item in opened.store.articles():
        first, end = opened.store.rows_of(item.id)
        expected = encoder.encode_passages([passage.indexed_text for passage in split(item)])
        if not np.allclose(opened.dense.vectors(first, end), expected, atol=1e-6):
            problems.append(f"the vectors of {item.id} are not those of its passages")
    return found[0], problems


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.kills", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the changes and the instants (default: %(default)s)")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="wence-kills-") as folder:
        outcome = run(Path(folder), arguments.kills, arguments.seed)
    for problem in outcome.wrong:
        print(problem, file=sys.stderr)
    figures = {
        "kills": outcome.kills, "hit": dict(outcome.hit), "changes_acknowledged": outcome.done,
        "finished_unacknowledged": outcome.finished, "wrong": len(outcome.wrong), "machine": machine(),
    }  # fmt: skip
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
