"""News in, collections of so many passages and questions about them out. Measures nothing.

Past the end of the news they are repeated, each with its numbers and some of its words changed.
"""

import json
import lzma
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from eval.machine import ROOT
from index.article import Article
from index.passage import split
from index.snapshot import Snapshot

NEWS: Final = ROOT.parent / "shared" / "data" / "news-2023.jsonl.xz"
_CLAUSE = re.compile(r"[\w\u4e00-\u9fff]{10,40}")
_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")
_SWAPPED: Final = 0.1
"""Share of the clauses of a repeated article that change places."""


def articles(news: Path, passages: int) -> Iterator[Article]:
    """Articles with so many passages in all."""
    left, round_number = passages, 0
    while left > 0:
        with lzma.open(news, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                record = json.loads(line)
                text = record["text"] if round_number == 0 else _changed(record["text"], round_number, number)
                title = text.split("\n", maxsplit=1)[0][:24]
                day = record["date"][:10]
                date = day if _DAY.fullmatch(day) else None
                article = Article(f"n{round_number}-{number}", title, text, date=date)
                yield article
                if (left := left - len(split(article))) <= 0:
                    return
        round_number += 1


def questions(snapshot: Snapshot, count: int) -> list[str]:
    """A clause each of passages all over the collection."""
    rng = random.Random(7)
    rows = [rng.randrange(len(snapshot.dense)) for _ in range(count)]
    clauses = [_CLAUSE.findall(passage.text) for passage in snapshot.store.passages(rows)]
    return [rng.choice(found) for found in clauses if found]


def _changed(text: str, round_number: int, number: int) -> str:
    """The text with other numbers, and some of its clauses in another place."""
    rng = random.Random(f"{round_number}-{number}")
    clauses = re.split("([，。])", re.sub(r"\d", lambda _: str(rng.randrange(1, 10)), text))
    for one in range(0, len(clauses) - 1, 2):
        if rng.random() < _SWAPPED:
            other = rng.randrange(0, len(clauses), 2)
            clauses[one], clauses[other] = clauses[other], clauses[one]
    return "".join(clauses)
