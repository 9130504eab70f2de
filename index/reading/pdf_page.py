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
_SMALLEST, _FAR = 0.5, 20_000.0  # points
_UNKNOWN, _UNKNOWN_SHARE = "\ufffd", 0.5
_JOINED = frozenset("fijlt")
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
    turn: int  # in quarters, counter-clockwise; -1 for text that stands askew
    box: Box
    x: float
    y: float
    size: float
    spaced: bool


def page_of(page: Any, label: str) -> Page:
    """The page as it is read; one whose fonts do not tell their characters is a scan. Raises PdfError when it holds
    too much.
    """
    with closing(page.get_textpage()) as text:
        count = text.count_chars()
        if count > MAX_PAGE_CHARACTERS:
            raise PdfError(f"page {label} holds {count} characters, more than {MAX_PAGE_CHARACTERS}; split it")
        raws = list(_raws(text, count))
    turns = Counter(raw.turn for raw in raws if raw.turn >= 0)
    turn = turns.most_common(1)[0][0] if turns else 0
    frame = Box(*page.get_bbox())
    whole = _turned(frame, turn, frame)
    glyphs, unknown = list[Glyph](), 0
    for raw in raws:
        if raw.turn == turn:
            x0, _, x1, _ = _turned(raw.box, turn, frame)
            base = _turned(Box(raw.x, raw.y, raw.x, raw.y), turn, frame).y0 if turn else raw.y - frame.y0
            if x1 > 0 and x0 < whole.x1 and 0 <= base < whole.y1:
                glyphs.append(Glyph(raw.text, x0, x1, base, raw.size, raw.spaced))
                unknown += raw.text == _UNKNOWN
    drawn, pictured = _drawn(page)
    boxes = [_turned(box, turn, frame) for box in drawn]
    if unknown > len(glyphs) * _UNKNOWN_SHARE:
        return Page(label, whole.y1, [], boxes, is_scan=True)
    return Page(label, whole.y1, [g for g in glyphs if g.text != _UNKNOWN], boxes, pictured and not glyphs)


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
    spaced, before, parts = False, Box(0, 0, 0, 0), 0
    for i in range(count):
        character = _character(pdfium_c.FPDFText_GetUnicode(text, i))
        if character == " ":
            spaced = spaced or not pdfium_c.FPDFText_IsGenerated(text, i)
            continue
        pdfium_c.FPDFText_GetLooseCharBox(text, i, box)
        pdfium_c.FPDFText_GetMatrix(text, i, matrix)
        pdfium_c.FPDFText_GetCharOrigin(text, i, x, y)
        found = Box(box.left, box.bottom, box.right, box.top)
        parts = parts + 1 if found == before and character in _JOINED else 0  # of one ligature: ﬃ comes as f, f, i
        before = found
        if parts:
            found = found._replace(x0=found.x0 + (found.x1 - found.x0) * 0.3 * min(parts, 3))
        size = pdfium_c.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        values = (found.x0, found.y0, found.x1, found.y1, x.value, y.value)
        if _SMALLEST < size < _FAR and min(values) > -_FAR and max(values) < _FAR and sum(values) < 6 * _FAR:  # no NaN
            yield _Raw(character, _quarter(matrix.a, matrix.b), found, x.value, y.value, size, spaced)
        spaced = False


def _character(code: int) -> str:
    """The character, a hyphen for what PDFium makes of one at the end of a line, a space for what prints nothing."""
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        return _UNKNOWN
    character = chr(code)
    if character in _HYPHENS:
        return "-"
    if 0xE000 <= code < 0xF900 or code >= 0xF0000:  # for private use: the font alone knows what it prints
        return _UNKNOWN
    return character if character.isprintable() and not character.isspace() else " "


def _quarter(a: float, b: float) -> int:
    if b == 0 and a > 0:
        return 0
    turn = math.atan2(b, a) / (math.pi / 2)
    return round(turn) % 4 if abs(turn - round(turn)) < _ASKEW else -1


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
