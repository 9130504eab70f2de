"""A PDF file in, its pages one by one out, within bounds of time and size; knows no lines, columns or articles.

PDFium is not thread-safe: it is called here and in pdf_page only, and these run in a process with one thread.
"""

import math
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.reading import pdf_scan
from index.reading.pdf_page import Glyph, Page, PdfError, closing, page_of

MAX_FILE_BYTES = 64 * 2**20
MAX_PAGES, MAX_CHARACTERS, MAX_READING_S = 2_000, 8_000_000, 300.0
_HEAD_BYTES, _TAIL_BYTES = 1024, 4096
_SCAN_DPI, _MOST_SCAN_PIXELS, _NOISE = 200, 20_000_000, 0.25


class PdfFile:
    """An open PDF, to be used with `with`; raises PdfError when the file cannot be read."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            size_bytes = file.seek(0, os.SEEK_END)
            file.seek(max(0, size_bytes - _TAIL_BYTES))
            tail = file.read()
        if size_bytes > MAX_FILE_BYTES:
            limit = f"{size_bytes / 2**20:.0f} MB, more than {MAX_FILE_BYTES // 2**20} MB"
            raise PdfError(f"is too large ({limit}); split it into smaller files")
        if b"%PDF-" not in head:
            raise PdfError("is no PDF, whatever its name says; give the original file")
        if b"%%EOF" not in tail:
            raise PdfError("is cut short: its end is missing; copy or download it again")
        self._document = _open(path)
        self._count = len(self._document)
        if not 0 < self._count <= MAX_PAGES:
            self.close()
            many = f"has {self._count} pages, more than {MAX_PAGES}; split it into smaller files"
            raise PdfError(many if self._count > 0 else "has no pages; give a PDF with text in it")

    def __enter__(self) -> "PdfFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free what PDFium holds."""
        self._document.close()

    def information(self) -> dict[str, str]:
        """The document information: Title, Author, CreationDate ..."""
        return {str(key): str(value) for key, value in self._document.get_metadata_dict().items()}

    def pages(self) -> Iterator[Page | PdfError]:
        """Each page in order, a PdfError in place of one that cannot be read.

        Ends with a PdfError when all together takes too long or holds too much. Recognising scans is not timed.
        """
        spent_s, characters = 0.0, 0
        for i in range(self._count):
            began = time.monotonic()
            try:
                with closing(self._document[i]) as opened:
                    page = page_of(opened, self._label(i))
            except PdfError as error:
                yield error
                continue
            except pdfium.PdfiumError:
                yield PdfError(f"page {self._label(i)} is broken; print the file to a new PDF")
                continue
            spent_s += time.monotonic() - began
            characters += len(page.glyphs)
            yield self._recognised(i, page) if page.is_scan and pdf_scan.is_installed() else page
            if spent_s > MAX_READING_S or characters > MAX_CHARACTERS:
                yield PdfError(f"takes too long or holds too much after page {page.label}; split it into smaller files")
                return

    def _label(self, i: int) -> str:
        return str(self._document.get_page_label(i)).strip() or str(i + 1)

    def _recognised(self, i: int, page: Page) -> Page:
        """The page with the text of its picture as glyphs of even width."""
        with closing(self._document[i]) as opened:
            area = max(1.0, opened.get_width() * opened.get_height())
            scale = min(_SCAN_DPI / 72, math.sqrt(_MOST_SCAN_PIXELS / area))
            with closing(opened.render(scale=scale)) as bitmap:
                picture = bitmap.to_numpy().copy()
        height = picture.shape[0] / scale
        glyphs = list[Glyph]()
        lines = list(pdf_scan.recognise(picture))
        usual = statistics.median([bottom - top for _, _, top, _, bottom in lines] or [1.0])
        for text, x0, given, x1, bottom in lines:
            top = bottom - usual if abs(bottom - given - usual) < _NOISE * usual else given
            left, step, tall = x0 / scale, (x1 - x0) / scale / len(text), (bottom - top) / scale
            base, size = height - bottom / scale + tall * 0.2, tall * 0.85
            for n, c in enumerate(text):
                glyphs.append(Glyph(c, left + step * n, left + step * (n + 1), base, size))
        glyphs = [glyph for glyph in glyphs if not glyph.text.isspace()]
        return page._replace(glyphs=glyphs, height=height, is_scan=not glyphs)


def _open(path: Path) -> Any:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
            raise PdfError("is encrypted; save it without its password") from error
        raise PdfError("is a broken PDF; print it to a new PDF, or give its text") from error
