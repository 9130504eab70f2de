"""A tree of HTML in, the lines that a person reads out, with what each of them is; knows no pages and no metadata."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from index.reading.spacing import HAN
from index.reading.table import Cell, table_lines, take_caption

Kind = Literal["text", "heading", "entry", "row", "caption"]

SKIPPED = frozenset(
    "script style noscript template head svg iframe object embed applet audio video canvas map nav select button input textarea "
    "option datalist dialog rt rp".split()
)
BLOCKS = frozenset(
    "html body address article aside blockquote center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hgroup hr li main menu ol p pre section summary table caption thead tbody tfoot tr td th ul".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MAX_SPAN = 400
_LONG_CELL = 400  # characters

_WIDE = rf"{HAN}\u3000-\u303f\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\u2026"
_SOFT_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n]\s*(?=[{_WIDE}])")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
_BREAK = "\x0c"  # stands for <br> until the text is taken apart; never in the text itself


@dataclass(frozen=True, slots=True)
class Block:
    """One line. `anchors` are the ids of the elements that began since the block before; `links` counts linked characters."""

    text: str
    kind: Kind = "text"
    level: int = 0
    links: int = 0
    anchors: tuple[str, ...] = ()


def walk(root: Any, skipped: frozenset[Any] = frozenset()) -> Iterator[tuple[str, Any, str]]:
    """("open", element, ""), ("text", element, text) and ("close", element, "") in reading order, however deep.

    What is never read (scripts, forms, `skipped` elements, hidden ones) is left out.
    """
    from lxml import etree  # noqa: PLC0415 - kept out of the start of every command

    steps = etree.iterwalk(root, events=("start", "end"))
    left_out: Any = None
    for event, element in steps:
        if left_out is None and event == "start":
            if element is not root and (tag_of(element) in SKIPPED or element in skipped or _hidden(element)):
                left_out = element
                steps.skip_subtree()
                continue
            yield "open", element, ""
            if element.text:
                yield "text", element, element.text
        elif event == "end":
            if left_out is element:
                left_out = None
            elif left_out is not None:
                continue
            else:
                yield "close", element, ""
            if element is not root and element.tail:
                yield "text", element.getparent(), element.tail


def tag_of(element: Any) -> str:
    """The element's name in lower case without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def clean(text: str) -> str:
    """One line as a browser shows it: white space single, none where a line of Chinese was broken, nothing invisible."""
    return " ".join(_INVISIBLE.sub("", _SOFT_BREAK.sub("", text)).split())


def _hidden(element: Any) -> bool:
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style) and "display:none" in style[:500].replace(" ", "").lower()


def blocks_of(root: Any, tables: frozenset[Any], skipped: frozenset[Any] = frozenset()) -> list[Block]:
    """The lines of the tree; the elements of `tables` are read row by row, other tables as if they were none."""
    reader = _Reader(tables)
    for step, element, text in walk(root, skipped):
        if step == "text":
            reader.text(text)
        elif step == "open":
            reader.open(element)
        else:
            reader.close(element)
    reader.flush()
    return reader.blocks


@dataclass(slots=True)
class _Table:
    """What has been read of one table."""

    element: Any
    rows: list[list[Cell]] = field(default_factory=list)
    cell: Any = None
    caption: str = ""


class _Reader:
    """Takes the steps of a walk and makes blocks of them."""

    def __init__(self, tables: frozenset[Any]) -> None:
        self.blocks: list[Block] = []
        self._tables = tables
        self._table: _Table | None = None
        self._buffer: list[str] = []
        self._kinds: list[tuple[Any, Kind, int]] = []
        self._anchors: list[str] = []
        self._links = 0
        self._linked = 0
        self._kept_lines = 0

    def text(self, text: str) -> None:
        self._buffer.append(text.replace(_BREAK, " ") if not self._kept_lines else text.replace("\n", _BREAK))
        if self._links:
            self._linked += len(text.strip())

    def open(self, element: Any) -> None:
        tag = tag_of(element)
        if tag in BLOCKS:
            self.flush()
        anchor = element.get("id") or (element.get("name") if tag == "a" else None)
        if anchor:
            self._anchors.append(anchor)
        if tag == "br":
            self._buffer.append("\n" if self._table else _BREAK)
        elif tag == "a":
            self._links += 1
        elif tag == "pre":
            self._kept_lines += 1
        elif tag in HEADINGS:
            self._kinds.append((element, "heading", int(tag[1])))
        elif tag == "li":
            self._kinds.append((element, "entry", 0))
        elif tag == "figcaption":
            self._kinds.append((element, "caption", 0))
        elif element in self._tables and self._table is None:
            self._table = _Table(element)
        elif self._table is not None and tag == "tr":
            self._table.rows.append([])
        elif self._table is not None and tag in ("td", "th"):
            self._table.cell = element

    def close(self, element: Any) -> None:
        tag, table = tag_of(element), self._table
        if table is not None and tag == "caption":
            table.caption = clean(self._taken().replace(_BREAK, " "))
        elif table is not None and element is table.cell:
            self._close_cell(table, element)
        elif table is not None and element is table.element:
            self._close_table(table)
        elif tag in BLOCKS:
            self.flush()
        if tag == "a":
            self._links -= 1
        elif tag == "pre":
            self._kept_lines -= 1
        if self._kinds and self._kinds[-1][0] is element:
            self._kinds.pop()

    def flush(self) -> None:
        """What has been read since the last block becomes one, or one for each line of it."""
        if self._table is not None:
            self._buffer.append("\u3000")  # between paragraphs inside a cell
            return
        kind, level = self._kinds[-1][1:] if self._kinds else ("text", 0)
        links, self._linked = self._linked, 0
        if not self._buffer:
            return
        for line in map(clean, self._taken().split(_BREAK)):
            if line:
                self._add(line, kind, level, min(links, len(line)))

    def _taken(self) -> str:
        text = "".join(self._buffer)
        self._buffer.clear()
        return text

    def _add(self, line: str, kind: Kind, level: int = 0, links: int = 0) -> None:
        self.blocks.append(Block(line, kind, level, links, tuple(self._anchors)))
        self._anchors.clear()

    def _close_cell(self, table: _Table, element: Any) -> None:
        text = clean(self._taken().replace(_BREAK, " "))
        if not table.rows:
            table.rows.append([])
        columns, rows = _span(element, "colspan"), _span(element, "rowspan")
        table.rows[-1].append(Cell(text, columns, rows, tag_of(element) == "th"))
        table.cell = None

    def _close_table(self, table: _Table) -> None:
        loose, self._table = clean(self._taken()), None
        held = [block.text for block in self.blocks[-2:]]
        looked_at = len(held)
        caption, unit = take_caption(held)
        for block in self.blocks[len(self.blocks) - looked_at + len(held) :]:
            self._anchors[:0] = block.anchors
            self.blocks.pop()
        if loose:
            self._add(loose, "text")
        for line in table_lines(table.rows, table.caption or caption, unit):
            self._add(line, "row")


def data_tables(root: Any) -> frozenset[Any]:
    """The tables that hold data; old pages also use tables to lay out text, which are none."""
    found: list[Any] = []
    opened: list[_Shape] = []
    for step, element, text in walk(root):
        tag = tag_of(element) if step != "text" else ""
        if step == "text":
            if opened:
                opened[-1].characters += len(text.strip())
        elif step == "open" and tag == "table":
            for shape in opened:
                shape.lays_out = True
            opened.append(_Shape(element, lays_out=element.get("role") in ("presentation", "none")))
        elif opened and step == "open":
            opened[-1].see(tag)
        elif opened and tag == "table" and opened[-1].element is element:
            shape = opened.pop()
            shape.see("tr")
            if not shape.lays_out and shape.rows > 1 and shape.widest > 1:
                found.append(element)
    return frozenset(found)


@dataclass(slots=True)
class _Shape:
    """What tells a table of data from one that lays out a page."""

    element: Any
    lays_out: bool = False
    rows: int = 0
    widest: int = 0
    cells: int = 0
    characters: int = 0
    paragraphs: int = 0

    def see(self, tag: str) -> None:
        if tag in ("tr", "td", "th"):
            if self.characters > _LONG_CELL and self.paragraphs > 3:
                self.lays_out = True
            self.characters = self.paragraphs = 0
        if tag == "tr":
            self.rows += self.cells > 0
            self.widest, self.cells = max(self.widest, self.cells), 0
        elif tag in ("td", "th"):
            self.cells += 1
        elif tag in ("h1", "h2", "h3"):
            self.lays_out = True
        elif tag in ("p", "br", "li"):
            self.paragraphs += 1


def _span(element: Any, name: str) -> int:
    value = (element.get(name) or "1").strip()
    return max(1, min(int(value), MAX_SPAN)) if value.isascii() and value.isdigit() and len(value) < 9 else 1
