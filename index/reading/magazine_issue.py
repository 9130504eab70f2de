"""The pages of an issue and what its contents list in, its articles out: each begun, gone on with, and named."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.article import Article
from index.reading.magazine_contents import Entry, bare, entry_named
from index.reading.magazine_furniture import is_credit
from index.reading.magazine_heads import running_heads
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_paragraphs import paragraphs
from index.reading.magazine_people import byline_of
from index.reading.magazine_roundup import Item, roundup_of
from index.reading.magazine_titles import Naming, first_clause, naming_of
from index.reading.magazine_view import articles_on
from index.reading.magazine_zones import Zones, zones_of
from index.reading.spacing import join_wrapped, tidy_heading, tidy_paragraph

_LONE_CHARACTERS, _REPEATED_CHARACTERS = 200, 400
_WIDTH_CHANGE_EM, _NAMED_WORDS, _FEWEST_LINES = 0.7, 4, 4


def articles_of(pages: Sequence[list[Line]], entries: Sequence[Entry], source: str) -> list[Article]:
    """The articles in the order of their pages; one without a title of its own gets its first clause as one."""
    issue = _Issue(_without_repeats(pages), entries)
    issue.read()
    articles = []
    for draft, (column, inferred) in zip(issue.drafts, issue.columns(), strict=True):
        if inferred:
            draft.naming.note("column_inferred", "true")
        articles.append(_article(draft, column, entries, source))
    return [article for article in articles if article.text]


@dataclass(slots=True)
class _Draft:
    """An article while its pages are read: printed lines of body, or paragraphs already made."""

    naming: Naming
    lines: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Issue:
    def __init__(self, pages: Sequence[list[Line]], entries: Sequence[Entry]) -> None:
        self._pages = pages
        self._entries = entries
        self._titles = frozenset(bare(entry.title) for entry in entries)
        self._heads = running_heads(pages, entries)
        self._open: _Draft | None = None
        self.drafts: list[_Draft] = []

    def read(self) -> None:
        for page in self._pages:
            items = roundup_of(page, self._heads.columns)
            if items:
                self._open = None
                self.drafts += [_item(item) for item in items]
                continue
            for part in articles_on(page, self._heads.all, self._titles):
                self._read_part(part)

    def _read_part(self, page: list[Line]) -> None:
        page, about = _split_biography(page)
        zones = zones_of(page, self._heads.all, self._titles, self._broken_off())
        naming = naming_of(zones.head, zones.tail, self._heads.columns, self._heads.themes, self._entries)
        naming.captions = [tidy_heading(text) for text in zones.captions] + naming.captions
        if about:
            naming.note("about_author", about)
        own = bool(naming.authors) or (naming.sure and not self._broken_off())
        if not own and not self._broken_off() and _is_lone_caption(page):
            self.drafts.append(_lone_caption(page, naming))
        elif own or self._open is None:
            self._begin(zones, naming)
        else:
            self._go_on(self._open, zones, naming)

    def _broken_off(self) -> bool:
        """Whether the article so far ends amid a sentence."""
        return self._open is not None and bool(self._open.lines) and not ends_sentence(self._open.lines[-1])

    def _begin(self, zones: Zones, naming: Naming) -> None:
        before = 0
        if self._open and zones.tail and not zones.head:
            before = _lines_of_another(zones.body, naming.title)
            self._open.lines += zones.body[:before]
        self._open = _Draft(naming, zones.body[before:])
        self.drafts.append(self._open)

    def _go_on(self, draft: _Draft, zones: Zones, naming: Naming) -> None:
        draft.lines += zones.body
        draft.naming.captions += [*([naming.title] if naming.title else []), *naming.captions]
        draft.naming.column = draft.naming.column or naming.column
        for key, value in naming.metadata.items():
            draft.naming.note(key, value)

    def columns(self) -> list[tuple[str, bool]]:
        """The column of each draft, and whether it is only inferred: from the section that runs on around the draft."""
        own = [draft.naming.column or self._listed(draft) for draft in self.drafts]
        last = max((i for i, column in enumerate(own) if column), default=-1)
        columns, section = list[tuple[str, bool]](), ""
        for i, draft in enumerate(self.drafts):
            inferred = not own[i] and i < last and not draft.text  # an item or a lone caption stands in no section
            section = section if draft.text else own[i] or section
            columns.append((section, bool(section)) if inferred else (own[i], False))
        return columns

    def _listed(self, draft: _Draft) -> str:
        entry = entry_named(self._entries, draft.naming.title)
        return entry.column if entry else ""


def _article(draft: _Draft, column: str, entries: Sequence[Entry], source: str) -> Article:
    naming, text = draft.naming, draft.text or paragraphs(draft.lines)
    entry = entry_named(entries, naming.title)
    metadata = dict(naming.metadata)
    if not naming.title:
        metadata["untitled"] = "true"
    if entry and entry.role and "role" not in metadata:
        metadata["role"] = entry.role
    return Article(
        id="",
        title=naming.title or first_clause("\n".join(text)),
        text="\n".join(text),
        authors=naming.authors or (entry.authors if entry else ()),
        column=column,
        page=entry.page if entry else None,
        captions=tuple(dict.fromkeys(naming.captions)),
        source=source,
        metadata=metadata,
    )


def _item(item: Item) -> _Draft:
    naming = Naming(title=item.title, column=item.column)
    if item.section:
        naming.note("section", item.section)
    return _Draft(naming, text=item.text)


def _without_repeats(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The pages without those whose few lines stand word for word on another: extracts set beside the contents."""
    told = ["".join(line.tidy for line in page) for page in pages]
    whole = "\n".join(told)
    return [
        page for page, own in zip(pages, told, strict=True) if len(own) > _REPEATED_CHARACTERS or whole.count(own) < 2
    ]


def _is_lone_caption(page: Sequence[Line]) -> bool:
    """Whether the page is a picture with its caption: a few lines and who took it."""
    return sum(len(line.tidy) for line in page) <= _LONE_CHARACTERS and any(is_credit(line.text) for line in page)


def _lone_caption(page: Sequence[Line], naming: Naming) -> _Draft:
    text = tidy_paragraph(join_wrapped(line.text for line in page if not is_credit(line.text)))
    credits = [tidy_heading(line.text) for line in page if is_credit(line.text)]
    return _Draft(Naming(title=first_clause(text), column=naming.column, captions=credits), text=[text])


def _split_biography(page: list[Line]) -> tuple[list[Line], str]:
    """The page without the lines on its author, which follow the byline and begin with the name; and those lines."""
    for i, line in enumerate(page[:-1]):
        byline = byline_of(line.text)
        if byline and page[i + 1].tidy.startswith(
            tuple(f"{name}{mark}" for name in byline.authors for mark in "，,：（、")
        ):
            return page[: i + 1], "\n".join(paragraphs([other.text for other in page[i + 1 :]]))
    return page, ""


def _lines_of_another(body: Sequence[str], title: str) -> int:
    """How many of the lines belong to the article before, where another begins amid the page with its title after it.

    There the column changes its width, at the end of a paragraph, and the next speaks of what the title names.
    """
    widths = [width_em(line) for line in body]
    words = {title[i : i + 2] for i in range(len(title) - 1)}

    def named(i: int) -> int:
        opening = "".join(body[i : i + 5])
        return sum(1 for word in words if word in opening)

    best, found = _WIDTH_CHANGE_EM, 0
    for i in range(_FEWEST_LINES, len(body) - _FEWEST_LINES):
        if ends_sentence(body[i - 1]) and widths[i - 1] < widths[i - 2] - 1 and named(i) >= named(0) + _NAMED_WORDS:
            change = abs(statistics.median(widths[:i]) - statistics.median(widths[i:]))
            if change > best:
                best, found = change, i
    return found
