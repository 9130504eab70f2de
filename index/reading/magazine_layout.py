"""The text of an issue in, its pages as printed lines out, each with what its layout shows; knows no articles.

A page begins where a line begins with a space, after a form feed, or after more empty lines than usual.
"""

import re
import statistics
from dataclasses import dataclass
from functools import lru_cache

from index.reading.doubling import split_doubled_end, undouble
from index.reading.spacing import is_letter_spaced, tidy

_DOUBLED_SHARE = 0.6
_LINE_CHARACTERS = 160  # no printed line is longer
_VERTICAL_CHARACTERS = 120  # nor are the vertical lines of a page together
_LEADER = re.compile(r"[.…·⋯]{4,}")  # the dots of a table of contents come in pairs, too
_NARROW = frozenset("“”‘’，、。；：？！《》（）〈〉")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: shadow print undone, a vertical line in one piece, spaces inside as printed."""

    text: str
    doubled: bool = False
    vertical: bool = False

    @property
    def tidy(self) -> str:
        """The line without the spaces of typesetting."""
        return tidy(self.text)

    @property
    def spaced(self) -> bool:
        """Whether it is set with a space between all its characters."""
        return is_letter_spaced(self.text)


def pages_of(text: str) -> list[list[Line]]:
    """The pages of an issue, each a list of its lines in the order of the text."""
    rows = _rows(text)
    indented = sum(1 for gap, row in rows if row.startswith(" ")) > len(rows) / 5
    usual = statistics.median_low([gap for gap, _ in rows]) if rows else 0
    pages: list[list[tuple[int, str]]] = []
    for gap, row in rows:
        begins = row.startswith("\f") or (row.startswith(" ") and not indented) or gap >= usual + 2
        if begins or not pages:
            pages.append([])
        pages[-1].append((gap, row.strip()))
    return [_lines(page, usual) for page in pages]


@lru_cache(maxsize=20_000)
def width_em(line: str) -> float:
    """The printed width in Han characters, half a character for marks that are set close and for Latin ones."""
    return sum(0.5 if c in _NARROW else 0.55 if c.isascii() else 1.0 for c in tidy(line))


def column_widths(widths: list[float]) -> list[float]:
    """For each line the width of the column it stands in: that of the full lines among the six before and after it."""
    columns = []
    for i in range(len(widths)):
        around = sorted(widths[max(0, i - 6) : i + 7], reverse=True)
        columns.append(around[int(len(around) * 0.3)])
    return columns


def _rows(text: str) -> list[tuple[int, str]]:
    """Each printed line with the number of empty lines before it; a form feed stays in front of its line."""
    rows, gap, feed = list[tuple[int, str]](), 0, ""
    for row in re.sub(r"\n?\f", "\n\f", text).split("\n"):
        if row.startswith("\f"):
            feed = "\f"
        if row.strip():
            rows.append((gap, feed + row.lstrip("\f")))
            gap, feed = 0, ""
        else:
            gap += 1
    return rows


def _lines(page: list[tuple[int, str]], usual: int) -> list[Line]:
    lines, at = list[Line](), 0
    while at < len(page):
        end = at
        while end < len(page) and len(page[end][1]) == 1:
            end += 1
        if 2 <= end - at <= _VERTICAL_CHARACTERS:
            lines.extend(Line(text, vertical=True) for text in _vertical(page[at:end], usual))
        else:
            end = max(end, at + 1)
            lines.extend(line for _, row in page[at:end] for line in _horizontal(row))
        at = end
    return lines


def _vertical(run: list[tuple[int, str]], usual: int) -> list[str]:
    """Vertical lines, one character a row: a new one begins where the rows stand as far apart as elsewhere."""
    close = any(gap < usual for gap, _ in run[1:])
    texts = [run[0][1]]
    for gap, character in run[1:]:
        if close and gap >= usual:
            texts.append("")
        texts[-1] += character
    return [text.replace("﹃", "“").replace("﹄", "”").replace("﹁", "‘").replace("﹂", "’") for text in texts]


def _horizontal(row: str) -> list[Line]:
    if len(row) > _LINE_CHARACTERS or _LEADER.search(row):
        return [Line(row)]
    sentence, caption = split_doubled_end(row)
    if caption:
        return [Line(sentence), Line(caption, doubled=True)]
    printed, share = undouble(row)
    return [Line(printed, doubled=True)] if share >= _DOUBLED_SHARE and len(row) >= 4 else [Line(row)]
