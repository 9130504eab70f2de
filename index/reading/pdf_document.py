"""The path of one PDF in, its articles out; a scan without recognition, or a broken file, is an error that says so.

Runs in a process of its own (pdf_child), for PDFium can crash, hang, and fill the memory. Each page is laid out by itself (pdf_layout), after its running heads and feet are known from all pages
(pdf_furniture); then articles are told apart over the whole file (pdf_articles).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import NamedTuple

from index.article import Article
from index.errors import SourceError
from index.reading.pdf_articles import Draft, drafts_of
from index.reading.pdf_atoms import Atom, atoms_of, usual_size
from index.reading.pdf_columns import gutter_of
from index.reading.pdf_file import PdfFile
from index.reading.pdf_furniture import without_furniture
from index.reading.pdf_layout import Piece, pieces_of
from index.reading.pdf_page import Box, PdfError
from index.reading.record import RecordError, article_of

_SCAN = "has no text layer; run OCR on it, or install the extra: pip install wence[ocr]"
_SCANNED_SHARE, _PAGES_NAMED, _GUTTERS_KEPT = 0.2, 5, 6
_NO_NAME = {"untitled", "anonymous", "unspecified", "unknown", "无标题", "未知"}


class _Read(NamedTuple):
    """One page as kept until the last is read."""

    label: str
    height: float
    atoms: list[Atom]
    boxes: list[Box]
    is_scan: bool


def read_document(path: Path, source: str) -> Iterator[Article | SourceError | None]:
    """The articles of a PDF, with empty ids; pages that cannot be read are named in errors of their own.

    None after each page says that the reading goes on.
    """
    try:
        with PdfFile(path) as file:
            information = file.information()
            pages = list[_Read]()
            for page in file.pages():
                if isinstance(page, PdfError):
                    yield SourceError(source, str(page))
                else:
                    yield None
                    pages.append(_Read(page.label, page.height, atoms_of(page.glyphs), page.boxes, page.is_scan))
    except PdfError as error:
        yield SourceError(source, str(error))
        return
    except OSError as error:
        yield SourceError(source, f"cannot be opened ({error.strerror or error}); check its permissions")
        return
    scans = [page.label for page in pages if page.is_scan]
    if len(scans) > len(pages) * _SCANNED_SHARE:
        named = "、".join(scans[:_PAGES_NAMED]) + (" …" if len(scans) > _PAGES_NAMED else "")
        which = "扫描件/scan:" if len(scans) == len(pages) else f"扫描件/scan: page {named}"
        yield SourceError(source, f"{which} {_SCAN}")
    if any(page.atoms for page in pages):
        yield from _articles(pages, information, source)
    elif pages and len(scans) <= len(pages) * _SCANNED_SHARE:
        yield SourceError(source, "holds no text; give a file with text in it")


def _articles(
    pages: Sequence[_Read], information: dict[str, str], source: str
) -> Iterator[Article | SourceError | None]:
    body = usual_size(atom.size for page in pages for atom in page.atoms for _ in atom.text[::4])
    kept = without_furniture([page.atoms for page in pages], [page.height for page in pages], body)
    pieces, known = list[Piece](), list[float]()
    for i, (page, atoms) in enumerate(zip(pages, kept, strict=True)):
        yield None
        pieces += pieces_of(atoms, page.boxes, body, i, tuple(known))
        gutter = gutter_of(atoms, body) if len(atoms) > 1 else None
        if gutter is not None:
            known = [gutter, *(each for each in known if abs(each - gutter) > body)][:_GUTTERS_KEPT]
    drafts = [draft for draft in drafts_of(pieces, body) if draft.text]
    for draft in drafts:
        fields = _fields(draft, [page.label for page in pages], information, len(drafts) == 1)
        try:
            yield article_of({"title": PurePath(source).stem} | fields, draft.text, source)
        except RecordError as error:
            yield SourceError(source, str(error))
    if not drafts:
        yield SourceError(source, "holds titles or page numbers only; give a file with text in it")


def _fields(draft: Draft, labels: Sequence[str], information: dict[str, str], alone: bool) -> dict[str, object]:
    """What is known of an article; the document information speaks where the text does not, of its only article."""
    ends = (labels[min(draft.pages)], labels[max(draft.pages)])
    authors = draft.byline.authors if draft.byline else ()
    fields: dict[str, object] = {
        "title": draft.title or _said(information, "Title"),
        "authors": list(authors) or (_said(information, "Author") if alone else ""),
        "date": draft.date if _is_day(draft.date) else _created(information),
        "page": ends[0] if ends[0] == ends[1] else f"{ends[0]}-{ends[1]}",
        "captions": draft.captions,
        "kicker": draft.kicker,
        "subtitle": draft.subtitle,
        "role": draft.byline.role if draft.byline else "",
    }
    return {name: value for name, value in fields.items() if value}


def _said(information: dict[str, str], name: str) -> str:
    """An entry that a person wrote: no program's default and no file name."""
    text = " ".join("".join(c if c.isprintable() else " " for c in information.get(name, "")).split())
    text = re.sub(r"^Microsoft \w+ - |\.(?:docx?|pptx?|indd|wps|pdf)$", "", text)
    return "" if text.casefold() in _NO_NAME else text


def _created(information: dict[str, str]) -> str | None:
    found = re.match(r"D:(\d{4})(\d\d)(\d\d)", information.get("CreationDate", ""))
    day = "-".join(found.groups()) if found else None
    return day if _is_day(day) else None


def _is_day(day: str | None) -> bool:
    try:
        return bool(day and date.fromisoformat(day))
    except ValueError:
        return False
