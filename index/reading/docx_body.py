"""The body of a Word document in, its lines out with the style of each; knows no titles and no metadata.

Deleted text, hidden text, fields' codes, page heads and feet are left out; inserted text, text boxes and footnotes are read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from index.reading.docx_numbering import Numbering
from index.reading.html_blocks import clean
from index.reading.table import Cell, table_lines, take_caption

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset((f"{W}del", f"{W}moveFrom", f"{W}rt", f"{W}pPr", f"{W}sectPr", f"{W}sdtPr", _FALLBACK))
_THROUGH = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_CONTENTS = re.compile(r"(?:toc|目录|目錄)\s*\d*(?:\s*标题)?|toc heading")
_MAX_SPAN = 400


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the body; `style` is the style's name in lower case, "row" for a row of a table."""

    text: str
    style: str = ""
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: its name in lower case, and the list it numbers (numId, level), if any."""

    name: str
    number: tuple[str, int] | None = None


class Body:
    """Reads the paragraphs and tables of one document in their order."""

    def __init__(self, styles: Mapping[str, Style], numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering

    def lines(self, container: Any) -> list[Line]:
        """The lines of a body, a text box or a note."""
        lines: list[Line] = []
        for element in _children(container):
            if element.tag == f"{W}p":
                lines += self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element, lines)
        return lines

    def _paragraph(self, paragraph: Any) -> list[Line]:
        style = self._styles.get(_value(paragraph.find(f"{W}pPr/{W}pStyle")), Style(""))
        text, boxes = _text(paragraph)
        if _CONTENTS.fullmatch(style.name):
            return []
        texts = [line for line in map(clean, text.split("\x0c")) if line]
        if texts and (label := self._label(paragraph, style)):
            texts[0] = clean(label + texts[0])
        centred = _value(paragraph.find(f"{W}pPr/{W}jc")) == "center"
        lines = [Line(line, style.name, centred) for line in texts]
        for box in boxes:
            lines += self.lines(box)
        return lines

    def _label(self, paragraph: Any, style: Style) -> str:
        numbered = paragraph.find(f"{W}pPr/{W}numPr")
        if numbered is not None:
            level = _value(numbered.find(f"{W}ilvl"))
            number = _value(numbered.find(f"{W}numId"))
            inherited = style.number[0] if style.number else ""
            return self._numbering.label(number or inherited, int(level) if level.isdigit() and len(level) == 1 else 0)
        return self._numbering.label(*style.number) if style.number else ""

    def _table(self, table: Any, lines: list[Line]) -> None:
        rows = [row for row in _children(table) if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None]
        cells = [[cell for cell in _children(row) if cell.tag == f"{W}tc"] for row in rows]
        if max((len(row) for row in cells), default=0) < 2:
            for row in cells:  # a box around text
                for cell in row:
                    lines += self.lines(cell)
            return
        held = [line.text for line in lines[-2:]]
        looked_at = len(held)
        caption, unit = take_caption(held)
        del lines[len(lines) - looked_at + len(held) :]
        grid = self._cells(rows, cells)
        lines += [Line(line, "row") for line in table_lines(grid, caption, unit)]

    def _cells(self, rows: list[Any], cells: list[list[Any]]) -> list[list[Cell]]:
        above: dict[int, str] = {}
        grid: list[list[Cell]] = []
        for row, members in zip(rows, cells, strict=True):
            head = _on(row.find(f"{W}trPr/{W}tblHeader"))
            made = [Cell("")] * _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
            column = len(made)
            for member in members:
                wide = _number(member.find(f"{W}tcPr/{W}gridSpan"), 1)
                merged = member.find(f"{W}tcPr/{W}vMerge")
                if merged is not None and _value(merged) != "restart":
                    text = above.get(column, "")
                else:
                    text = clean("\u3000".join(line.text for line in self.lines(member)))
                    above[column] = text
                made.append(Cell(text, wide, 1, head))
                column += wide
            grid.append(made)
        return grid


def _children(container: Any) -> Iterator[Any]:
    """Paragraphs, tables, rows or cells in a container, through content controls and insertions."""
    waiting = [iter(container)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag in _THROUGH:
            waiting.append(iter(element))
        elif isinstance(element.tag, str):
            yield element


def _text(paragraph: Any) -> tuple[str, list[Any]]:
    """A paragraph's text, line breaks as form feeds, and the text boxes that hang on it."""
    from lxml import etree  # noqa: PLC0415 - kept out of the start of every command

    parts: list[str] = []
    boxes: list[Any] = []
    steps = etree.iterwalk(paragraph, events=("start",))
    for _, element in steps:
        tag = element.tag
        if tag in _LEFT_OUT or (tag == f"{W}r" and _on(element.find(f"{W}rPr/{W}vanish"))):
            steps.skip_subtree()
        elif tag == f"{W}txbxContent":
            boxes.append(element)
            steps.skip_subtree()
        elif tag in (f"{W}t", f"{_M}t"):
            parts.append(element.text or "")
        elif tag == f"{W}tab":
            parts.append(" ")
        elif tag == f"{W}noBreakHyphen":
            parts.append("-")
        elif tag in (f"{W}br", f"{W}cr") and element.get(f"{W}type", "textWrapping") == "textWrapping":
            parts.append("\x0c")
    return "".join(parts), boxes


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(f"{W}val", ""))


def _on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")


def _number(element: Any, otherwise: int) -> int:
    value = _value(element)
    return (
        max(otherwise, min(int(value), _MAX_SPAN))
        if value.isascii() and value.isdigit() and len(value) < 9
        else otherwise
    )
