"""The atoms of a region in, its tables as rows of text out; knows no columns of text and no articles.

Each row of a table becomes one line that can be read and cited alone, with the caption, the unit and its headers:
`表1 各市企业数（单位：万元）：杭州，2023年 712，同比 7.6%`. The header of the first column, where it has one, stands
before the first cell (`城市 杭州`). A header over several columns stands before theirs: `2023年企业数 712`.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.reading.pdf_atoms import Atom, rows_of
from index.reading.pdf_columns import is_numeric
from index.reading.pdf_page import Box
from index.reading.spacing import join_wrapped, tidy

_UNIT = re.compile(r"[（(]?\s*(?:计量)?单位\s*[：:]\s*([^（）()]{1,20}?)\s*[）)]?\s*$")
_CAPTION = re.compile(r"(?:续\s*)?(?:表|附表|Table)\s*[\d一二三四五六七八九十]*")
_LABEL = re.compile(r"\s*((?:续\s*)?(?:附?表|图|图表)\s*[\d一二三四五六七八九十.-]+)\s+(.+)")
_CELL_EM, _FIRST_CELL_EM, _NUMERIC_SHARE, _CAPTION_EM = 14.0, 20.0, 0.5, 40.0
_RULES, _THIN, _SAME = 3, 2.0, 3.0


def ruled_areas(boxes: Sequence[Box], em: float) -> list[Box]:
    """The extents of ruled tables: three or more level lines, or rows of cells, with the same two ends."""
    rules: dict[tuple[int, int], list[Box]] = {}
    for box in boxes:
        if box.y1 - box.y0 <= _THIN and box.x1 - box.x0 > 8 * em:
            key = (round(box.x0 / _SAME), round(box.x1 / _SAME))
            near = next((k for k in rules if abs(k[0] - key[0]) <= 1 and abs(k[1] - key[1]) <= 1), key)
            rules.setdefault(near, []).append(box)
    areas = list[Box]()
    for lines in rules.values():
        lines.sort(key=lambda line: line.y0)
        group = [lines[0]]
        for below, line in pairwise([*lines, None]):
            if line is not None and below is not None and line.y0 - below.y0 < 25 * em:
                group.append(line)
                continue
            if len({round(rule.y0) for rule in group}) >= _RULES:
                areas.append(Box(group[0].x0, group[0].y0, group[0].x1, group[-1].y1))
            group = [line] if line is not None else []
    return areas


def with_tables(atoms: Sequence[Atom], areas: Sequence[Box], em: float) -> list[Atom]:
    """The atoms with one in place of each table, its caption and its unit: of those in `areas`, and of those that show
    by their figures.
    """
    left = list(atoms)
    for area in areas:
        inside = [
            a for a in left if area.x0 - em < a.x0 and a.x1 < area.x1 + em and area.y0 < (a.y0 + a.y1) / 2 < area.y1
        ]
        rows = rows_of(inside)
        if sum(1 for row in rows if len(row) > 1) >= 2:
            left = _replaced(left, rows, em)
    rows, at = rows_of(left), 0
    while at < len(rows):
        end = at
        while end < len(rows) and _is_tabular(rows[end]):
            end += 1
        if end - at >= 2 and _has_figures(rows[at:end]):
            left = _replaced(left, rows[at:end], em)
        at = max(end, at + 1)
    return left


def _replaced(atoms: list[Atom], rows: Sequence[Sequence[Atom]], em: float) -> list[Atom]:
    cells = [atom for row in rows for atom in row]
    box = Box(min(a.x0 for a in cells), min(a.y0 for a in cells), max(a.x1 for a in cells), max(a.y1 for a in cells))
    above = [a for a in atoms if a.y0 >= box.y1 - 1 and a.x0 < box.x1 and a.x1 > box.x0 and a not in cells]
    named, caption, unit, top = list[Atom](), "", "", box.y1
    for row in reversed(rows_of(above)):
        text = captioned(" ".join(atom.text for atom in row))
        if row[0].rows or row[-1].y0 - top > 2 * em or caption:
            break
        found = _UNIT.search(text)
        unit = unit or (found[1] if found else "")
        text = text[: found.start()].strip() if found else text
        if text and (not _CAPTION.match(text) or len(text) > _CAPTION_EM):
            if not found:
                break
            text = text if len(text) <= _CAPTION_EM else ""
        caption, top = text, row[0].y1
        named += row
    x0, x1 = min(a.x0 for a in [*cells, *named]), max(a.x1 for a in [*cells, *named])
    lines = table_lines(rows, caption, unit)
    table = Atom("".join(lines), x0, box.y0, x1, max([box.y1, *(a.y1 for a in named)]), cells[0].size, lines)
    gone = {id(atom) for atom in [*cells, *named]}
    return [*(atom for atom in atoms if id(atom) not in gone), table]


def captioned(text: str) -> str:
    """A caption in reading form, with a space after its number: `表1 各市企业数`."""
    found = _LABEL.match(text)
    return f"{tidy(found[1])} {tidy(found[2])}" if found else tidy(text)


def table_lines(rows: Sequence[Sequence[Atom]], caption: str, unit: str) -> tuple[str, ...]:
    """One line of text for each row of figures, in the form that the module describes."""
    spans = _columns(rows)
    grid = _unwrapped([_placed(row, spans) for row in rows])
    headed = 1
    while headed < len(grid) - 1 and not _holds_figures(grid[headed]) and _holds_gaps(grid[headed - 1 : headed + 1]):
        headed += 1
    headed = 0 if _holds_figures(grid[0]) else headed
    headers = [_header(rows[:headed], grid[:headed], column, spans) for column in range(len(spans))]
    start = caption + (f"（单位：{unit}）" if unit else "")
    made = []
    for cells in grid[headed:]:
        said = [" ".join(part for part in pair if part) for pair in zip(headers, cells, strict=True) if pair[1]]
        made.append((f"{start}：" if start else "") + "，".join(said))
    return tuple(made)


def _columns(rows: Sequence[Sequence[Atom]]) -> list[tuple[float, float]]:
    """The extent of each column, from the rows that have the most cells; a cell over two of them widens none."""
    most = max(len(row) for row in rows)
    spans: list[tuple[float, float]] = [(atom.x0, atom.x1) for atom in next(row for row in rows if len(row) == most)]
    for row in reversed(rows):
        for atom in row:
            touched = [i for i, span in enumerate(spans) if atom.x0 < span[1] and atom.x1 > span[0]]
            if len(touched) == 1:
                i = touched[0]
                spans[i] = (min(spans[i][0], atom.x0), max(spans[i][1], atom.x1))
    return spans


def _placed(row: Sequence[Atom], spans: Sequence[tuple[float, float]]) -> list[str]:
    cells = [""] * len(spans)
    for atom in row:
        column = max(range(len(spans)), key=lambda i: _overlap(atom, spans[i]))
        cells[column] = join_wrapped([cells[column], tidy(atom.text)]) if cells[column] else tidy(atom.text)
    return cells


def _overlap(atom: Atom, span: tuple[float, float]) -> float:
    """How much of the column the atom covers; less than 0, by the distance, when none."""
    return min(atom.x1, span[1]) - max(atom.x0, span[0])


def _unwrapped(grid: list[list[str]]) -> list[list[str]]:
    """A row without a first cell and without figures is the rest of the row above, broken in its cells."""
    made: list[list[str]] = []
    for cells in grid:
        if made and len(made) > 1 and not cells[0] and not _holds_figures(cells):
            made[-1] = [join_wrapped([a, b]) if a and b else a or b for a, b in zip(made[-1], cells, strict=True)]
        else:
            made.append(cells)
    return made


def _header(
    rows: Sequence[Sequence[Atom]], grid: Sequence[Sequence[str]], column: int, spans: Sequence[tuple[float, float]]
) -> str:
    """What stands above a column, from the top, with what is set over several columns."""
    parts = list[str]()
    for row, cells in zip(rows, grid, strict=True):
        over = [tidy(a.text) for a in row if _overlap(a, spans[column]) > 0]
        parts.append(over[0] if over and not cells[column] else cells[column])
    return "".join(part for part in parts if part)


def _is_tabular(row: Sequence[Atom]) -> bool:
    return (
        len(row) >= 2
        and not any(atom.rows for atom in row)
        and row[0].em <= _FIRST_CELL_EM
        and all(atom.em <= _CELL_EM for atom in row[1:])
    )


def _has_figures(rows: Sequence[Sequence[Atom]]) -> bool:
    """Whether most cells under the first row and after the first column are figures, in rows of alike length."""
    later = [atom for row in rows[1:] for atom in row[1:]]
    return sum(1 for atom in later if is_numeric(atom.text)) >= max(2, _NUMERIC_SHARE * len(later))


def _holds_figures(cells: Sequence[str]) -> bool:
    """Whether a row is one of figures; years alone are headers."""
    figures = [cell for cell in cells[1:] if cell and is_numeric(cell) and not re.fullmatch(r"(?:19|20)\d\d年?", cell)]
    return bool(figures)


def _holds_gaps(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the second row fills what the first leaves open: a header in two rows."""
    return any(not first and second for first, second in zip(*rows, strict=True))
