"""A gold list in, what each article of an issue holds out: names, ends, captions, and the body where it may be copied."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

MAGAZINE = Path(__file__).parent / "magazine.json"


@dataclass(frozen=True, slots=True)
class Gold:
    """One article as a person reads it off the pages.

    `start`, `end` and `captions` are the first or last eight characters without spaces; the title is empty where none
    is printed, the column where none is printed on the article's pages or in the contents. `body` is known for issues
    of our own only.
    """

    title: str
    authors: tuple[str, ...]
    column: str
    start: str
    end: str
    captions: tuple[str, ...] = ()
    page: str = ""
    issue: str = ""
    date: str = ""
    body: tuple[str, ...] = ()


def magazine_gold(path: Path = MAGAZINE) -> list[Gold]:
    """The list of the magazine issue of the sample collection, made by reading it."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [Gold(**{**row, "authors": tuple(row["authors"]), "captions": tuple(row["captions"])}) for row in rows]


def bare(text: str) -> str:
    """The text without spaces."""
    return re.sub(r"\s+", "", text)
