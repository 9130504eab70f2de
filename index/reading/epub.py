"""The bytes of one EPUB book in, an article for each of its chapters out, in reading order, with the book as their issue.

A chapter is what the table of contents names; a file that it does not name goes on with the chapter before. Several
chapters in one file are told apart at the places that the table of contents points to.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from index.article import Article
from index.errors import SourceError
from index.reading.archive import Archive, ArchiveError, resolve
from index.reading.encoding import UndecodableError
from index.reading.html import PageError, parse_page
from index.reading.html_blocks import Block, blocks_of, clean, data_tables, tag_of
from index.reading.html_facts import byline_facts, day_of
from index.reading.record import RecordError, article_of

_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_MAX_CHAPTERS = 20_000
_FURNITURE = re.compile(
    r"(?:封面|扉页|书名页|版权页?|版权信息|目录|cover|title ?page|copyright(?: page)?|(?:table of )?contents)", re.I
)


class BookError(ValueError):
    """The book cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the table of contents: what it says, the file and the place in it, how deep it stands."""

    label: str
    file: str
    anchor: str
    depth: int


@dataclass(slots=True)
class _Chapter:
    title: str
    blocks: list[Block] = field(default_factory=list)
    sub: list[str] = field(default_factory=list)


def read_epub(data: bytes, source: str) -> Iterator[Article | SourceError]:
    """Each chapter's article; a chapter that cannot be read comes out as a SourceError, the others are read."""
    try:
        book = Archive(data)
        package = _package(book)
        root = _xml(book.read(package), package)
        fields = _fields(root)
        chapters = list(_chapters(book, package, root))
    except (ArchiveError, BookError, PageError, UndecodableError) as error:
        yield SourceError(source, str(error))
        return
    found = False
    for chapter in chapters:
        if isinstance(chapter, BookError):
            found = True
            yield SourceError(source, str(chapter))
        elif article := _article(chapter, fields, source):
            found = True
            yield article
    if not found:
        yield SourceError(source, "holds no chapter with text (pictures only?); give its text or a PDF with text")


def _article(chapter: _Chapter, book: dict[str, str], source: str) -> Article | SourceError | None:
    headings = [block.text for block in chapter.blocks[:3] if block.kind == "heading"]
    title = chapter.title or next(iter(headings), "") or book.get("issue", "") or PurePath(source).stem
    blocks = list(chapter.blocks)
    while blocks and _same(blocks[0].text, title):
        blocks.pop(0)
    fields: dict[str, object] = dict(book)
    if blocks and (told := byline_facts(blocks[0].text)) and len(told.pop("rest")) <= 2:
        fields |= told
        blocks.pop(0)
    lines = [block.text for block in blocks if block.kind != "caption"]
    if not lines or (_FURNITURE.fullmatch(title) and sum(map(len, lines)) < 2000):
        return None
    captions = [block.text for block in blocks if block.kind == "caption"]
    try:
        return article_of({**fields, "title": title, "captions": captions}, "\n".join(lines), source)
    except RecordError as error:
        return SourceError(source, f"chapter {title[:60]!r}: {error}")


def _chapters(book: Archive, package: str, root: Any) -> Iterator[_Chapter | BookError]:
    items = {item.get("id", ""): item for item in _all(root, "item")}
    locked = _locked(book)
    contents = _contents(book, package, items, next(iter(_all(root, "spine")), None))
    now: _Chapter | None = None
    spine = [items[each.get("idref", "")] for each in _all(root, "itemref") if each.get("idref", "") in items]
    if len(spine) > _MAX_CHAPTERS:
        raise BookError(f"holds {len(spine)} files, more than {_MAX_CHAPTERS}; split it into smaller books")
    listed: dict[str, list[_Entry]] = {}
    for entry in contents:
        listed.setdefault(entry.file, []).append(entry)
    for item in spine:
        if item.get("media-type") not in _PAGES or "nav" in (item.get("properties") or "").split():
            continue
        name = resolve(package, item.get("href", ""))
        if name in locked:
            raise BookError("is protected against copying (DRM); give it without protection")
        try:
            page = parse_page(book.read(name))
            body = next(iter(page.iter("body", "{*}body")), page)
            blocks = blocks_of(body, data_tables(body))
        except (ArchiveError, PageError, UndecodableError) as error:
            yield BookError(f"chapter file {name[:100]!r} {error}")
            continue
        if not blocks:
            continue
        for part in _parted(blocks, listed.get(name, [])):
            goes_on = now is not None and listed and not part.title and not _starts(part.blocks)
            if now is not None and goes_on:
                now.blocks += part.blocks
                continue
            if now is not None:
                yield now
            now = part
    if now is not None:
        yield now


def _starts(blocks: Sequence[Block]) -> bool:
    return any(block.kind == "heading" and block.level <= 2 for block in blocks[:2])


def _parted(blocks: list[Block], entries: Sequence[_Entry]) -> list[_Chapter]:
    """The chapters of one file: parted where entries as high as the file's first one point to."""
    top = min((entry.depth for entry in entries), default=0)
    places = {anchor: at for at, block in reversed(list(enumerate(blocks))) for anchor in block.anchors}
    starts: dict[int, str] = {}
    for entry in entries:
        if entry.depth == top:
            starts.setdefault(places.get(entry.anchor, 0) if entry.anchor else 0, entry.label)
    chapters: list[_Chapter] = []
    cuts = sorted({0, *starts})
    for start, end in zip(cuts, [*cuts[1:], len(blocks)], strict=True):
        chapters.append(_Chapter(starts.get(start, ""), [replace(block, anchors=()) for block in blocks[start:end]]))
    return chapters


def _contents(book: Archive, package: str, items: dict[str, Any], spine: Any) -> list[_Entry]:
    """The table of contents: the navigation document (EPUB 3), else the NCX (EPUB 2); empty when neither can be read."""
    try:
        for item in items.values():
            if "nav" in (item.get("properties") or "").split():
                name = resolve(package, item.get("href", ""))
                if entries := _navigation(parse_page(book.read(name)), name):
                    return entries
        ncx = items.get((spine.get("toc") if spine is not None else None) or "ncx")
        if ncx is not None:
            name = resolve(package, ncx.get("href", ""))
            return _ncx(_xml(book.read(name), name), name)
    except (ArchiveError, BookError, PageError, UndecodableError):
        return []
    return []


def _navigation(root: Any, name: str) -> list[_Entry]:
    entries: list[_Entry] = []
    navs = [each for each in root.iter() if tag_of(each) == "nav"]
    toc = next((nav for nav in navs if "toc" in " ".join(nav.attrib.values()).split()), navs[0] if navs else None)
    for link in toc.iter() if toc is not None else ():
        if tag_of(link) == "a" and link.get("href"):
            depth = sum(1 for above in link.iterancestors() if tag_of(above) == "ol")
            entries.append(_entry("".join(link.itertext()), link.get("href"), name, depth))
            if len(entries) == _MAX_CHAPTERS:
                break
    return entries


def _ncx(root: Any, name: str) -> list[_Entry]:
    entries: list[_Entry] = []
    for point in _all(root, "navPoint"):
        label = next((each for each in point if tag_of(each) == "navlabel"), None)
        target = next((each for each in point if tag_of(each) == "content"), None)
        if target is not None:
            depth = sum(1 for above in point.iterancestors() if tag_of(above) == "navpoint")
            text = "" if label is None else "".join(label.itertext())
            entries.append(_entry(text, target.get("src", ""), name, depth))
    return entries[:_MAX_CHAPTERS]


def _entry(label: str, href: str, name: str, depth: int) -> _Entry:
    return _Entry(clean(label), resolve(name, href), href.partition("#")[2], depth)


def _package(book: Archive) -> str:
    root = _xml(book.read(_CONTAINER), _CONTAINER)
    path = next((each.get("full-path") for each in _all(root, "rootfile") if each.get("full-path")), None)
    if path is None:
        raise BookError(f"names no package in {_CONTAINER}, so it is damaged; get the book again")
    return resolve("", path)


def _locked(book: Archive) -> frozenset[str]:
    """The members that are encrypted."""
    name = "META-INF/encryption.xml"
    if name not in book.names:
        return frozenset()
    root = _xml(book.read(name), name)
    return frozenset(resolve("", each.get("URI", "")) for each in _all(root, "CipherReference"))


def _fields(root: Any) -> dict[str, str]:
    """What the book says of itself: issue (its title), authors, date, publisher, language."""
    given: dict[str, list[str]] = {}
    for element in root.iter():
        if tag := tag_of(element):
            text = clean(element.text or "")[:500]
            if text and tag in ("title", "creator", "date", "publisher", "language"):
                given.setdefault(tag, []).append(text)
    fields = {
        "issue": given.get("title", [""])[0],
        "authors": "、".join(given.get("creator", [])[:20]),
        "date": day_of(given.get("date", [""])[0]),
        "publisher": given.get("publisher", [""])[0],
        "language": given.get("language", [""])[0],
    }
    return {name: value for name, value in fields.items() if value}


def _all(root: Any, name: str) -> Iterator[Any]:
    wanted = name.lower()
    return (each for each in root.iter() if tag_of(each) == wanted)


def _xml(data: bytes, name: str) -> Any:
    """The tree of one XML part; entities are not followed and nothing outside is loaded."""
    from lxml import etree  # noqa: PLC0415 - kept out of the start of every command

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        told = " ".join(str(error).split())[:80].replace(";", ",")
        raise BookError(f"has a damaged part {name[:100]!r} ({told}); get the book again") from None


def _same(line: str, title: str) -> bool:
    return re.sub(r"\s+", "", line) == re.sub(r"\s+", "", title)
