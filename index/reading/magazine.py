"""The text of a magazine issue, as taken from its PDF, in; its articles in reading form out."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.article import Article
from index.errors import SourceError
from index.reading.magazine_contents import Entry, contents_of, entry_named
from index.reading.magazine_heads import Heads, is_theme, running_heads
from index.reading.magazine_layout import Line, pages_of, width_em
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_paragraphs import paragraphs
from index.reading.magazine_people import byline_of
from index.reading.magazine_roundup import roundup_of
from index.reading.magazine_titles import Naming, first_clause, naming_of
from index.reading.magazine_zones import Zones, is_credit, zones_of
from index.reading.spacing import join_wrapped, tidy_heading, tidy_paragraph

_SAMPLE_LINES, _FEWEST_LINES = 4000, 20
_LONE_CHARACTERS = 200


def is_magazine(text: str) -> bool:
    """Whether the text was taken from the pages of a magazine: printed lines, and two signs of pages or more."""
    sample = "\n".join(text.split("\n", 3 * _SAMPLE_LINES)[: 3 * _SAMPLE_LINES])
    widths = [width_em(row) for row in sample.split("\n") if row.strip()]
    if len(widths) < _FEWEST_LINES or statistics.median(widths) > 40:
        return False
    pages = pages_of(sample)
    lines = [line for page in pages for line in page]
    signs = (
        len(pages) >= 3,
        sum(1 for line in lines if line.text[:1] in "■□◆▲" and byline_of(line.text)) >= 1,
        sum(1 for line in lines if line.doubled) >= 2,
        any(contents_of(page) for page in pages),
        any(line.vertical for line in lines),
    )
    open_ends = sum(1 for line in lines if not ends_sentence(line.text)) / len(lines)
    return sum(signs) >= 2 and open_ends > 0.5


def read_magazine(text: str, source: str) -> Iterator[Article | SourceError]:
    """The articles of the issue in the order of its pages; their ids are empty."""
    pages = pages_of(text)
    contents = [contents_of(page) for page in pages]
    entries = [entry for page in contents for entry in page]
    reader = _Issue([page for page, listed in zip(pages, contents, strict=True) if not listed], entries, source)
    articles = list(reader.articles())
    if not articles:
        yield SourceError(source, "holds no article that could be told from its pages; give it as .md or .jsonl")
    yield from articles


@dataclass(slots=True)
class _Draft:
    """An article while its pages are read."""

    naming: Naming
    lines: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)  # paragraphs already made, for items of a round-up


class _Issue:
    def __init__(self, pages: list[list[Line]], entries: list[Entry], source: str) -> None:
        told = ["".join(line.tidy for line in page) for page in pages]
        repeats = [len(own) < 400 and any(own in other for k, other in enumerate(told) if k != i) for i, own in enumerate(told)]
        self._pages = [page for page, again in zip(pages, repeats, strict=True) if not again]
        self._entries = entries
        self._heads = running_heads(self._pages, entries)
        self._source = source
        self._drafts: list[_Draft] = []
        self._open: _Draft | None = None

    def articles(self) -> Iterator[Article]:
        for page in self._pages:
            self._read(page)
        for draft in self._drafts:
            article = self._article(draft)
            if article.text:
                yield article

    def _read(self, page: list[Line]) -> None:
        items = roundup_of(page, self._heads.columns)
        if items:
            self._open = None
            for item in items:
                self._drafts.append(_Draft(Naming(title=item.title, sure=True, column=item.column), text=item.text))
            return
        page, about = _split_biography(page)
        zones = zones_of(page, self._heads.all, self._broken_off())
        zones = self._without_theme(zones, page)
        naming = naming_of(zones.head, zones.tail, self._heads.columns, self._heads.themes, self._entries)
        naming.captions = [tidy_heading(text) for text in zones.captions] + naming.captions
        if about:
            naming.note("about_author", about)
        self._place(page, zones, naming)

    def _broken_off(self) -> bool:
        return self._open is not None and bool(self._open.lines) and not ends_sentence(self._open.lines[-1])

    def _without_theme(self, zones: Zones, page: list[Line]) -> Zones:
        """The page's first line becomes its column when it stands over the title and other pages speak of it."""
        first = zones.head[0] if len(zones.head) > 1 else None
        if first and not (first.doubled or first.vertical or byline_of(first.text)) and is_theme(first.tidy, page, self._pages):
            self._heads = Heads(self._heads.columns | {first.tidy}, self._heads.themes)
        return zones

    def _place(self, page: list[Line], zones: Zones, naming: Naming) -> None:
        """Begins an article with the page, or goes on with the one before."""
        own = bool(naming.authors) or (naming.sure and not self._broken_off())
        if not own and naming.title and not self._broken_off() and any(line.doubled for line in zones.head[:1]) and naming.place:
            own = True
        if not own and not self._broken_off() and self._is_lone(page):
            body = [line.text for line in page if not is_credit(line.text)]
            text = tidy_paragraph(join_wrapped(body))
            naming.title = first_clause(text)
            naming.captions = [tidy_heading(line.text) for line in page if is_credit(line.text)]
            self._drafts.append(_Draft(naming, text=[text]))
            return
        if own or self._open is None:
            before = _other_body(zones.body, naming.title) if self._open and zones.tail and not zones.head else 0
            if self._open and before:
                self._open.lines += zones.body[:before]
            self._open = _Draft(naming, zones.body[before:])
            self._drafts.append(self._open)
            return
        if zones.body or naming.captions or naming.title:
            known = self._open.naming
            self._open.lines += zones.body
            known.captions += [*([naming.title] if naming.title else []), *naming.captions]
            known.column = known.column or naming.column
            for key, value in naming.metadata.items():
                known.note(key, value)

    def _is_lone(self, page: list[Line]) -> bool:
        return sum(len(line.tidy) for line in page) <= _LONE_CHARACTERS and any(is_credit(line.text) for line in page)

    def _article(self, draft: _Draft) -> Article:
        naming = draft.naming
        text = draft.text or paragraphs(draft.lines)
        metadata = dict(naming.metadata)
        entry = entry_named(self._entries, naming.title)
        title = naming.title
        if not title:
            title, metadata["untitled"] = first_clause("\n".join(text)), "true"
        return Article(
            id="",
            title=title,
            text="\n".join(text),
            authors=naming.authors or (entry.authors if entry else ()),
            column=naming.column or (entry.column if entry else ""),
            page=entry.page if entry else None,
            captions=tuple(dict.fromkeys(naming.captions)),
            source=self._source,
            metadata=metadata,
        )


def _split_biography(page: list[Line]) -> tuple[list[Line], str]:
    """The page without the lines on its author, which follow the byline and begin with the name; and those lines."""
    for i, line in enumerate(page[:-1]):
        byline = byline_of(line.text)
        if byline and page[i + 1].tidy.startswith(tuple(f"{name}{mark}" for name in byline.authors for mark in "，,：（、")):
            return page[: i + 1], "\n".join(paragraphs([other.text for other in page[i + 1 :]]))
    return page, ""


def _other_body(body: Sequence[str], title: str) -> int:
    """How many of the lines belong to the article before, where another begins amid the page with its title after it.

    The column changes its width there, at the end of a paragraph.
    """
    widths = [width_em(line) for line in body]
    best, found = 0.7, 0
    for i in range(4, len(body) - 4):
        if not (ends_sentence(body[i - 1]) and widths[i - 1] < widths[i - 2] - 1):
            continue
        before, after = statistics.median(widths[:i]), statistics.median(widths[i:])
        if abs(before - after) > best:
            best, found = abs(before - after), i
    return found
