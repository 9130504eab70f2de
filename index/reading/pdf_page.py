"""One open PDF page in, its upright glyphs, rules and frames out; called by pdf_file only.

Text turned by a quarter is read along the direction that most of the page has; what stands askew (a watermark) or in
another direction is no text to read.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

MAX_PAGE_CHARACTERS = 50_000
_MOST_OBJECTS = 5_000
_ASKEW = 0.1  # of a quarter turn
_HYPHENS = frozenset("\x02\xad\ufffe")  # what PDFium makes of a hyphen at the end of a line


class PdfError(ValueError):
    """The file or one page cannot be read; the message says why and what to do."""


class Box(NamedTuple):
    """A rectangle in points from the lower left corner of the page as it is read."""

    x0: float
    y0: float
    x1: float
    y1: float


class Glyph(NamedTuple):
    """One printed character: its extent along the line, its base line; `spaced` when a space stands before it."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    spaced: bool = False


class Page(NamedTuple):
    """One page: what is printed on it, the lines and frames drawn on it, and whether it is a picture without text."""

    label: str
    height: float
    glyphs: list[Glyph]
    boxes: list[Box]
    is_scan: bool = False


class _Raw(NamedTuple):
    text: str
    turn: float  # in quarters, counter-clockwise
    box: Box
    x: float
    y: float
    size: float
    spaced: bool


def page_of(page: Any, label: str) -> Page:
    """The page as it is read. Raises PdfError when it holds too much."""
    with closing(page.get_textpage()) as text:
        count = text.count_chars()
        if count > MAX_PAGE_CHARACTERS:
            raise PdfError(f"page {label} holds {count} characters, more than {MAX_PAGE_CHARACTERS}; split it")
        raws = list(_raws(text, count))
    turns = Counter(round(raw.turn) % 4 for raw in raws)
    turn = turns.most_common(1)[0][0] if turns else 0
    frame = Box(*page.get_bbox())
    whole = _turned(frame, turn, frame)
    glyphs = list[Glyph]()
    for raw in raws:
        if round(raw.turn) % 4 == turn and abs(raw.turn - round(raw.turn)) < _ASKEW:
            box = _turned(raw.box, turn, frame)
            base = _turned(Box(raw.x, raw.y, raw.x, raw.y), turn, frame).y0
            if box.x1 > 0 and box.x0 < whole.x1 and 0 <= base < whole.y1:
                glyphs.append(Glyph(raw.text, box.x0, box.x1, base, raw.size, raw.spaced))
    drawn, pictured = _drawn(page)
    return Page(label, whole.y1, glyphs, [_turned(box, turn, frame) for box in drawn], pictured and not glyphs)


@contextmanager
def closing(opened: Any) -> Iterator[Any]:
    """Close at the end, as PDFium wants it: children before parents."""
    try:
        yield opened
    finally:
        opened.close()


def _raws(text: Any, count: int) -> Iterator[_Raw]:
    box, matrix = pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    spaced = False
    for i in range(count):
        code = pdfium_c.FPDFText_GetUnicode(text, i)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        if character in _HYPHENS:
            character = "-"
        if not character.isprintable() or character.isspace():
            spaced = spaced or not pdfium_c.FPDFText_IsGenerated(text, i)
            continue
        pdfium_c.FPDFText_GetLooseCharBox(text, i, box)
        pdfium_c.FPDFText_GetMatrix(text, i, matrix)
        pdfium_c.FPDFText_GetCharOrigin(text, i, x, y)
        size = pdfium_c.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        found = Box(box.left, box.bottom, box.right, box.top)
        if 0.5 < size < 2_000 and all(math.isfinite(value) and abs(value) < 1e5 for value in (*found, x.value, y.value)):
            turn = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
            yield _Raw(character, turn, found, x.value, y.value, size, spaced)
        spaced = False


def _drawn(page: Any) -> tuple[list[Box], bool]:
    """The extents of what is drawn, and whether there is a picture."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    boxes, pictured = list[Box](), False
    for i in range(min(pdfium_c.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        found = pdfium_c.FPDFPage_GetObject(page, i)
        kind = pdfium_c.FPDFPageObj_GetType(found)
        pictured |= kind in (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH and pdfium_c.FPDFPageObj_GetBounds(found, left, bottom, right, top):
            boxes.append(Box(left.value, bottom.value, right.value, top.value))
    return [box for box in boxes if all(math.isfinite(value) for value in box)], pictured


def _turned(box: Box, turn: int, frame: Box) -> Box:
    """The box as seen when the page is turned so that its text is upright, from the corner of the frame."""
    x0, y0, x1, y1 = box.x0 - frame.x0, box.y0 - frame.y0, box.x1 - frame.x0, box.y1 - frame.y0
    width, height = frame.x1 - frame.x0, frame.y1 - frame.y0
    if turn == 1:
        return Box(y0, width - x1, y1, width - x0)
    if turn == 2:
        return Box(width - x1, height - y1, width - x0, height - y0)
    if turn == 3:
        return Box(height - y1, x0, height - y0, x1)
    return Box(x0, y0, x1, y1)
