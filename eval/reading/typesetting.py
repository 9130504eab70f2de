"""Paragraphs in, rows as a PDF gives them back out: wrapped, shadow-printed, letter-spaced, vertical; knows no articles."""

import random
import re
from collections.abc import Sequence

_NO_START = "，。、；：？！”’）》〉…,.;:?!)"
_NO_END = "“‘（《〈("
_FULL_ROW = 10
_HALF = str.maketrans({"，": ",", "。": ".", "？": "?", "：": ":", "；": ";", "“": '"', "”": '"'})


def half_width(text: str) -> str:
    """The text with half-width punctuation."""
    return text.translate(_HALF)


def wrapped(paragraph: str, width: int, indent: str, whole_numbers: bool) -> list[str]:
    """The rows of one paragraph, the first two characters shorter; `indent` is what extraction keeps of the gap."""
    pieces = re.findall(r"[\d.]+[%％]?|.", paragraph) if whole_numbers else list(paragraph)
    rows, row, room = list[str](), "", width - 2.0
    for piece in pieces:
        size = sum(0.5 if c.isascii() else 1.0 for c in piece)
        if row and size > room and piece not in _NO_START:
            held = row[-1] if row[-1] in _NO_END else ""
            rows.append(row.removesuffix(held))
            row, room = held, width - len(held)
        row += piece
        room -= size
    rows.append(row)
    return [indent + rows[0], *rows[1:]]


def doubled(text: str) -> str:
    """Shadow print: each run of one font twice, the runs parted by figures and quotation marks."""
    return "".join(run * 2 for run in re.findall(r"\d+|[“”]+|[^\d“”]+", text))


def spaced(text: str) -> str:
    """Letter-spaced."""
    return " ".join(text)


def set_apart(row: str, chance: random.Random, share: float) -> str:
    """The row with its figures set apart by spaces, in that share of the rows; now and then a full one stretched."""
    if len(row) > _FULL_ROW and row.isalnum() and chance.random() < share / 5:
        return spaced(row)
    if chance.random() >= share:
        return row
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff])", " ", row)


def two_lines(title: str, chance: random.Random) -> list[str]:
    """A long title, more often than not, in two lines."""
    if len(title) < 9 or chance.random() < 0.4:
        return [title]
    cut = next((i + 1 for i, c in enumerate(title) if c in "，："), len(title) // 2)
    return [title[:cut], title[cut:]]


def open_places(rows: Sequence[str]) -> list[int]:
    """The places between two rows where a sentence is open, no nearer than three rows to either end."""
    return [
        i for i in range(3, len(rows) - 2) if rows[i - 1][-1:] not in tuple('。？！.?!”"；') and "  " not in rows[i]
    ]
