"""One page without its running heads in, its pieces in reading order out: headings, paragraphs, table rows, asides.

An aside is what stands in a frame of its own, beside the text in a narrower or smaller setting, or under it as a note.
Knows no other page and no articles.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from index.reading.magazine_labels import ends_sentence
from index.reading.pdf_atoms import Atom, rows_of, usual_size
from index.reading.pdf_columns import regions_of
from index.reading.pdf_page import Box
from index.reading.pdf_tables import captioned, ruled_areas, with_tables
from index.reading.spacing import is_letter_spaced, join_wrapped, tidy_heading, tidy_paragraph

Kind = Literal["heading", "paragraph", "row", "caption"]

LARGER, SMALLER = 1.12, 0.9
_INDENT_EM, _SHORT_EM, _GAP, _NARROW, _HEADING_EM = 0.8, 1.5, 1.45, 0.72, 40
_CAPTION = re.compile(r"(?:图|图表|照片|Figure|Fig\.)\s*[\d一二三四五六七八九十]|.*(?:摄|供图|图/.{2,8})[）)]?$")
_LEADER = re.compile(r"(?:[.·…‥]\s?){4,}\s*[\divx]+$|…{2,}\s*\d+$")  # a line of a table of contents
_LEADER_ENDS = frozenset("0123456789ivx")


class Piece(NamedTuple):
    """A heading, paragraph, row of a table or caption.

    `is_open`: its last line is full; `goes_on`: it may continue a paragraph of the column or page before; `printed`:
    its line as it stands, when it has one only.
    """

    kind: Kind
    text: str
    size: float
    page: int
    is_open: bool = False
    goes_on: bool = False
    indented: bool = False
    aside: bool = False
    printed: str = ""


class Line(NamedTuple):
    """The atoms of one row in one column."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    rows: tuple[str, ...] = ()


def pieces_of(
    atoms: Sequence[Atom], boxes: Sequence[Box], body: float, page: int, known: tuple[float, ...] = ()
) -> list[Piece]:
    """The pieces of page number `page`; `body` is the size of the running text in points. Asides come last.

    `known` are the gutters of pages before, where a single row is enough to find one again.
    """
    left, asides = list(atoms), list[list[Atom]]()
    areas = ruled_areas(boxes, body)
    for frame in _frames(boxes, left, body):
        inside = [atom for atom in left if _within(atom, frame)]
        if any(_within_box(area, frame) for area in areas) or any(a.rows for a in with_tables(inside, (), body)):
            continue
        asides.append(inside)
        left = [atom for atom in left if not _within(atom, frame)]
    main, beside = list[list[Line]](), list[list[Line]]()
    regions = [
        _lines(with_tables(region, (), body)) for region in regions_of(with_tables(left, areas, body), body, known)
    ]
    usual = _usual_width(regions, body)
    for lines in regions:
        lines_main, notes = _notes_apart(lines, body)
        (beside if _is_beside(lines, usual, body, len(regions)) else main).append(lines_main)
        beside.append(notes)
    for inside in asides:
        beside.extend(_lines(region) for region in regions_of(inside, body))
    pieces = [piece for lines in main for piece in _pieces(lines, body, page)]
    return pieces + [piece._replace(aside=True) for lines in beside for piece in _pieces(lines, body, page)]


def _frames(boxes: Sequence[Box], atoms: Sequence[Atom], em: float) -> list[Box]:
    """Frames that hold at least two rows of text, but not all there is; the smallest first."""
    size = [box for box in boxes if box.x1 - box.x0 > 6 * em and box.y1 - box.y0 > 3 * em]
    found = []
    for box in sorted(set(size), key=lambda box: (box.x1 - box.x0) * (box.y1 - box.y0))[:50]:
        inside = sum(1 for atom in atoms if _within(atom, box))
        crossing = any(
            a.y0 < box.y1 and a.y1 > box.y0 and a.x0 < box.x1 - em and a.x1 > box.x0 + em and not _within(a, box)
            for a in atoms
        )
        if 2 <= inside <= 0.7 * len(atoms) and not crossing:
            found.append(box)
    return found


def _within(atom: Atom, box: Box) -> bool:
    return box.x0 - 1 <= atom.x0 and atom.x1 <= box.x1 + 1 and box.y0 < (atom.y0 + atom.y1) / 2 < box.y1


def _within_box(inner: Box, outer: Box) -> bool:
    return (
        outer.x0 - 4 <= inner.x0 and inner.x1 <= outer.x1 + 4 and outer.y0 - 4 <= inner.y0 and inner.y1 <= outer.y1 + 4
    )


def _lines(region: Sequence[Atom]) -> list[Line]:
    lines = []
    for row in rows_of(region):
        size = usual_size(atom.size for atom in row for _ in atom.text[:100])
        box = (min(a.x0 for a in row), min(a.y0 for a in row), max(a.x1 for a in row), max(a.y1 for a in row))
        lines.append(Line(" ".join(atom.text for atom in row), *box, size, row[0].rows))
    return lines


def _usual_width(regions: Sequence[Sequence[Line]], body: float) -> float:
    """The width of the column that most of the running text stands in; 0 when there is none."""
    widths = [
        (len(lines), max(line.x1 for line in lines) - min(line.x0 for line in lines))
        for lines in regions
        if any(_is_body(line, body) for line in lines)
    ]
    return max(widths)[1] if widths else 0.0


def _is_beside(lines: Sequence[Line], usual: float, body: float, regions: int) -> bool:
    """Whether a region is a sidebar: all of its running text smaller, or in a column much narrower than the others."""
    if regions < 2 or len(lines) < 2 or any(line.rows for line in lines):
        return False
    small = all(line.size < body * SMALLER for line in lines[1:])
    wide = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    full = sum(1 for line in lines if line.x1 > max(each.x1 for each in lines) - 2 * body)
    return small or (wide < usual * _NARROW and len(lines) >= 4 and full >= len(lines) / 2)


def _notes_apart(lines: list[Line], body: float) -> tuple[list[Line], list[Line]]:
    """The lines, and the small print at their foot."""
    at = len(lines)
    while at > 0 and lines[at - 1].size < body * SMALLER and not lines[at - 1].rows:
        at -= 1
    return (lines[:at], lines[at:]) if 0 < at < len(lines) else (lines, [])


def _is_body(line: Line, body: float) -> bool:
    return body * SMALLER <= line.size <= body * LARGER and not line.rows


def _pieces(lines: Sequence[Line], body: float, page: int) -> list[Piece]:
    """The lines of a region as pieces."""
    pieces, block = list[Piece](), list[Line]()
    running = [line for line in lines if not line.rows and line.size <= body * LARGER] or [
        line for line in lines if not line.rows
    ]
    left, right = min((line.x0 for line in running), default=0.0), max((line.x1 for line in running), default=0.0)
    leading = _leading(running)
    for line in lines:
        if block and not _joins(block[-1], line, left, right, leading, body):
            pieces.append(_piece(block, left, right, body, page))
            block = []
        if line.rows:
            pieces.extend(Piece("row", text, line.size, page) for text in line.rows)
        else:
            block.append(line)
    if block:
        pieces.append(_piece(block, left, right, body, page))
    begun = False  # only the first paragraph of a column, or one after a table or caption, can go on with another
    for i, piece in enumerate(pieces):
        pieces[i] = piece._replace(goes_on=piece.goes_on and not begun)
        begun = piece.kind in ("heading", "paragraph")
    return pieces


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance between base lines; 0 when there is one line."""
    gaps = sorted(above.y0 - below.y0 for above, below in pairwise(lines))
    return gaps[len(gaps) // 2] if gaps else 0.0


def _joins(above: Line, line: Line, left: float, right: float, leading: float, body: float) -> bool:
    """Whether two lines of a column belong to the same paragraph or heading."""
    if line.rows or abs(above.size - line.size) > 0.08 * max(above.size, line.size):
        return False
    em, step = line.size, above.y0 - line.y0
    if line.size > body * LARGER:
        return step < 2.2 * em and not (above.x1 < right - 4 * em and ends_sentence(above.text))
    if (leading and step > leading * _GAP) or (above.text[-1:] in _LEADER_ENDS and _LEADER.search(above.text)):
        return False
    if _CAPTION.match(above.text) and above.x1 < right - _SHORT_EM * em:
        return False
    if line.x0 - left > _INDENT_EM * em:  # a block set in as a whole goes on in itself
        return (
            abs(line.x0 - above.x0) < _INDENT_EM * em / 2
            and above.x1 > right - _SHORT_EM * em
            and not ends_sentence(above.text)
        )
    return above.x1 > right - _SHORT_EM * em or not (ends_sentence(above.text) or above.x1 < right - 4 * em)


def _piece(block: Sequence[Line], left: float, right: float, body: float, page: int) -> Piece:
    size, text = block[0].size, text_of([line.text for line in block])
    if size > body * LARGER and len(text) <= _HEADING_EM * 3:
        return Piece("heading", _heading(block), size, page)
    if _CAPTION.match(text) and len(text) <= _HEADING_EM * 2 and not ends_sentence(text):
        return Piece("caption", captioned(join_wrapped(line.text for line in block)), size, page)
    indented = block[0].x0 - left > _INDENT_EM * size
    is_open = block[-1].x1 > right - _SHORT_EM * size
    printed = block[0].text if len(block) == 1 else ""
    return Piece("paragraph", text, size, page, is_open, not indented, indented, printed=printed)


def _heading(block: Sequence[Line]) -> str:
    lines = [tidy_heading(line.text) for line in block]
    if any(is_letter_spaced(line.text) for line in block) or lines[-1].startswith("—") or lines[0].isascii():
        return join_wrapped(lines)
    return join_wrapped(lines) if len(lines[-1]) <= 3 else "".join(lines)


def text_of(lines: Sequence[str]) -> str:
    """The lines of one paragraph as one, in reading form; a Latin word broken by a hyphen is whole again."""
    joined = ""
    for line in lines:
        words = line[:1].islower() and joined[-1:] == "-" and joined[-3:-1].isascii() and joined[-3:-1].isalpha()
        joined = joined[:-1] + line if words else join_wrapped([joined, line]) if joined else line
    return tidy_paragraph(joined)
