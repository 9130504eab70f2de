"""The cells of one table in, a line of text a row out, each with caption, unit and headers; knows no file format.

The form: `2023年各县收入（单位：万元）：县 云澜，收入 120`. So a row that is found alone still says what its figures are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_COLUMNS = 400
_MAX_GRID_CELLS = 400_000
_UNIT = re.compile(r"[（(【\[]?\s*(?:计量|金额|数据)?单\s*位\s*[:：]\s*([^（）()【】\[\]：:]{1,24}?)\s*[）)】\]]?$")
_CAPTION = re.compile(
    r"(?:附?表|附件|专栏|Table)\s*[\d一二三四五六七八九十]{1,3}(?![\d个家户人次元万亿%％])\S{0,3}.{0,80}|附表\s*[:：]?.{0,80}"
)
_FIGURE = re.compile(r"[-+－—–±≥≤<>约近超]?[\d０-９][\d０-９.,，．%％‰+\-—~～/]*\D{0,6}|[-—–/…*]+|")
_YEAR = re.compile(r"(?:19|20)\d\d年?(?:\d{1,2}月?)?(?:[-—~]\d+年?)?")
_ENDS = tuple("。！？；")
_HEADER_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it stands in the source; `columns` and `rows` are how far it reaches."""

    text: str
    columns: int = 1
    rows: int = 1
    head: bool = False


def table_lines(rows: Sequence[Sequence[Cell]], caption: str = "", unit: str = "") -> list[str]:
    """A line for each row under the header; a row that is one wide cell above the header joins caption or unit.

    Without a header the cells follow each other. Empty cells are left out. A table of headers only gives one line.
    """
    grid = _grid(rows)
    width = max((len(row) for row in grid), default=0)
    start = 0
    lead: list[str] = []
    while start < len(grid) and width > 1 and _is_band(grid[start], width):
        text = grid[start][0].text
        if found := unit_of(text):
            unit = unit or found
        elif not caption and len(text) <= _HEADER_CHARACTERS * 2 and not text.endswith(_ENDS):
            caption = text
        elif text:
            lead.append(text)
        start += 1
    body = grid[start:]
    depth = _header_rows(body)
    headers = _headers(body[:depth])
    prefix = _prefix(caption, unit)
    lines = list(lead)
    for row in body[depth:]:
        if width > 1 and _is_band(row, width):
            lines.append(row[0].text)
        elif line := _row_line(row, headers):
            lines.append(prefix + line)
    if depth == len(body) and (line := _joined([header for header in headers if header])):
        lines.append(prefix + line)
    if not any(line.startswith(prefix) for line in lines) and prefix:
        lines.insert(0, prefix.removesuffix("："))
    return [line for line in lines if line]


def unit_of(line: str) -> str:
    """The unit when the line is nothing but one: `（单位：万元）` → `万元`; else empty."""
    found = _UNIT.match(line.strip())
    return found[1].strip() if found and len(line) <= _HEADER_CHARACTERS else ""


def is_caption(line: str) -> bool:
    """Whether a line before a table is its caption: `表1 各县收入`."""
    return bool(_CAPTION.fullmatch(line)) and not line.endswith(_ENDS)


def take_caption(lines: list[str]) -> tuple[str, str]:
    """Caption and unit standing in the last two lines, which are taken out of the list."""
    caption = unit = ""
    for _ in range(2):
        if lines and not unit and (found := unit_of(lines[-1])):
            unit = found
        elif lines and not caption and is_caption(lines[-1]):
            caption = lines[-1]
        else:
            break
        lines.pop()
    return caption, unit


def _prefix(caption: str, unit: str) -> str:
    named = f"（单位：{unit}）" if unit and "单位" not in caption else ""
    return f"{caption}{named}：" if caption or named else ""


def _is_band(row: Sequence[Cell], width: int) -> bool:
    """Whether one cell reaches over the whole table, or only the first of several is filled and wide."""
    return len(row) == width and row[0].columns >= width


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Rows of equal cells: one that reaches over several places stands in each of them."""
    grid: list[list[Cell]] = []
    below: dict[int, tuple[Cell, int]] = {}  # column → cell from above and how many more rows it fills
    total = 0
    for row in rows:
        filled: list[Cell] = []
        waiting = iter(row)
        cell = next(waiting, None)
        while (cell is not None or len(filled) in below) and len(filled) < MAX_COLUMNS:
            if len(filled) in below:
                above, left = below.pop(len(filled))
                filled.append(above)
                if left > 1:
                    below[len(filled) - 1] = (above, left - 1)
            elif cell is not None:
                for _ in range(min(max(cell.columns, 1), MAX_COLUMNS - len(filled)) if total < _MAX_GRID_CELLS else 1):
                    if cell.rows > 1 and total < _MAX_GRID_CELLS:
                        below[len(filled)] = (cell, cell.rows - 1)
                    filled.append(cell)
                cell = next(waiting, None)
        while cell is not None:  # beyond the last column that is told apart: kept, without header
            filled.append(cell)
            cell = next(waiting, None)
        total += len(filled)
        if any(each.text for each in filled):
            grid.append(filled)
    return grid


def _header_rows(body: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top are headers: those marked as such, else the first if it reads like one."""
    depth = 0
    while depth < len(body) and all(cell.head or not cell.text for cell in body[depth]):
        depth += 1
    if depth:
        return depth
    if len(body) < 2 or len(body[0]) < 2:
        return 0
    first = [cell.text for cell in body[0]]
    names = {text for text in first if text}
    if len(names) < 2 or any(cell.head for row in body[1:] for cell in row[:1]):
        return 0
    if not all(len(text) <= _HEADER_CHARACTERS and not text.endswith((*_ENDS, "：", ":")) for text in names):
        return 0
    if any(_FIGURE.fullmatch(text) and not _YEAR.fullmatch(text) for text in names):
        return 0
    if len(body[0]) == 2 and not any(_FIGURE.fullmatch(row[-1].text) for row in body[1:]) and len(body) < 3:
        return 0  # two by two and no figures: names with their values beside them
    depth = 1
    while depth < len(body) - 1 and depth < 4 and _continues_header(body[depth - 1], body[depth]):
        depth += 1
    return depth


def _continues_header(above: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Whether a row holds the lower part of a header: a cell from above reaches into it, or names stand under a wide one."""
    reaching = any(cell.rows > 1 and cell.text and cell in above for cell in row)
    under_wide = any(cell.columns > 1 for cell in above)
    plain = all(not _FIGURE.fullmatch(cell.text) or _YEAR.fullmatch(cell.text) or not cell.text for cell in row)
    return plain and (reaching or under_wide)


def _headers(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """For each column the header cells above it, each once, from top to bottom."""
    width = max((len(row) for row in rows), default=0)
    columns = ([row[i] for row in rows if i < len(row)] for i in range(width))
    return [_joined_words(dict.fromkeys(cell.text for cell in column if cell.text)) for column in columns]


def _joined_words(words: dict[str, None]) -> str:
    joined = ""
    for word in words:
        joined += (" " if joined[-1:].isascii() and joined and word[:1].isascii() else "") + word
    return joined


def _row_line(row: Sequence[Cell], headers: Sequence[str]) -> str:
    parts: list[str] = []
    last: Cell | None = None
    for i, cell in enumerate(row):
        if not cell.text or (cell is last and cell.columns > 1):
            continue
        last = cell
        header = headers[i] if i < len(headers) else ""
        parts.append(f"{header} {cell.text}" if header and header != cell.text else cell.text)
    return _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    """The cells of a row as one line; after a name with a colon its value follows at once."""
    line = ""
    for part in parts:
        line += part if not line or line.endswith(("：", ":")) else f"，{part}"
    return line
