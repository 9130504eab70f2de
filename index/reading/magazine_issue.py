"""The pages of an issue and what its contents list in, its articles out: each begun, gone on with, and named."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.article import Article
from index.reading.magazine_contents import Entry, bare, entry_named
from index.reading.magazine_folio import Imprint, Page
from index.reading.magazine_furniture import is_credit
from index.reading.magazine_heads import running_heads
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import Line
from index.reading.magazine_paragraphs import paragraphs
from index.reading.magazine_parts import (
    is_lone_caption,
    lines_of_another,
    split_biography,
    split_footnotes,
    without_repeats,
)
from index.reading.magazine_roundup import Item, roundup_of
from index.reading.magazine_titles import Naming, first_clause, naming_of
from index.reading.magazine_view import articles_on
from index.reading.magazine_year import year_of
from index.reading.magazine_zones import Zones, zones_of
from index.reading.spacing import join_wrapped, tidy_heading, tidy_paragraph


def articles_of(pages: Sequence[Page], entries: Sequence[Entry], imprint: Imprint, source: str) -> list[Article]:
    """The articles in the order of their pages; one without a title of its own gets its first clause as one."""
    issue = _Issue(without_repeats(pages), entries)
    issue.read()
    articles = []
    for draft, (column, inferred) in zip(issue.drafts, issue.columns(), strict=True):
        if inferred:
            draft.naming.note("column_inferred", "true")
        article = _article(draft, column, entries, source)
        articles.append(replace(article, issue=imprint.issue, date=imprint.date))
    told = [article for article in articles if article.text]
    year = None if imprint.date else year_of([article.text for article in told])
    return [_of_year(article, year) for article in told] if year else told


def _of_year(article: Article, year: int) -> Article:
    return replace(article, metadata={**article.metadata, "year": str(year), "year_inferred": "true"})


@dataclass(slots=True)
class _Draft:
    """An article while its pages are read: printed lines of body, or paragraphs already made."""

    naming: Naming
    lines: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    page: str = ""
    head: str = ""  # the column in the running head of its first page


class _Issue:
    def __init__(self, pages: Sequence[Page], entries: Sequence[Entry]) -> None:
        self._pages = pages
        self._entries = entries
        self._titles = frozenset(bare(entry.title) for entry in entries)
        self._heads = running_heads([page.lines for page in pages], entries)
        self._open: _Draft | None = None
        self.drafts: list[_Draft] = []

    def read(self) -> None:
        for page in self._pages:
            before = len(self.drafts)
            items = roundup_of(page.lines, self._heads.columns, self._titles, page.column)
            if items:
                self._open = None
                self.drafts += [_item(item) for item in items]
            else:
                lines, about = split_biography(page.lines)
                parts = articles_on(lines, self._heads.all, self._titles)
                for i, part in enumerate(parts):
                    self._read_part(part, about if i == len(parts) - 1 else "", self._runs_on(page.number))
            for draft in self.drafts[before:]:
                draft.page, draft.head = page.number, page.column
            if self._open and before == len(self.drafts):
                self._open.head = self._open.head or page.column

    def _runs_on(self, number: str) -> bool:
        """Whether the contents name articles on pages before and after this one, and none on it."""
        listed = {int(entry.page) for entry in self._entries}
        return bool(number and listed) and min(listed) < int(number) < max(listed) and int(number) not in listed

    def _read_part(self, page: list[Line], about: str, runs_on: bool) -> None:
        page, notes = split_footnotes(page)
        zones = zones_of(page, self._heads.all, self._titles, self._broken_off())
        naming = naming_of(zones.head, zones.tail, self._heads.columns, self._heads.themes, self._entries)
        naming.captions = [tidy_heading(text) for text in zones.captions] + naming.captions
        for key, text in [("about_author", about), *(("notes", note) for note in notes)]:
            if text:
                naming.note(key, text)
        named = bool(naming.authors) and not self._signs_off(naming, zones)
        own = named or naming.listed or (naming.sure and not (runs_on or self._broken_off()))
        if not own and not self._broken_off() and is_lone_caption(page):
            self.drafts.append(_lone_caption(page, naming))
        elif own or self._open is None:
            self._begin(zones, naming)
        else:
            self._go_on(self._open, zones, naming)

    def _broken_off(self) -> bool:
        """Whether the article so far ends amid a sentence."""
        return self._open is not None and bool(self._open.lines) and not ends_sentence(self._open.lines[-1])

    def _signs_off(self, naming: Naming, zones: Zones) -> bool:
        """Whether a byline, without a title and after the body, is that of the open article, which has none so far."""
        unsigned = self._open is not None and bool(self._open.naming.title) and not self._open.naming.authors
        return unsigned and not naming.title and not zones.head

    def _begin(self, zones: Zones, naming: Naming) -> None:
        before = 0
        if self._open and zones.tail and not zones.head and not naming.listed:
            before = lines_of_another(zones.body, naming.title)
            self._open.lines += zones.body[:before]
        self._open = _Draft(naming, zones.body[before:])
        self.drafts.append(self._open)

    def _go_on(self, draft: _Draft, zones: Zones, naming: Naming) -> None:
        draft.lines += zones.body
        draft.naming.captions += [*([naming.title] if naming.title else []), *naming.captions]
        draft.naming.column = draft.naming.column or naming.column
        draft.naming.authors = draft.naming.authors or naming.authors
        for key, value in naming.metadata.items():
            draft.naming.note(key, value)

    def columns(self) -> list[tuple[str, bool]]:
        """The column of each draft, and whether it is only inferred: from the section that runs on around the draft."""
        own = [draft.naming.column or self._listed(draft) or draft.head for draft in self.drafts]
        last = max((i for i, column in enumerate(own) if column), default=-1)
        columns, section = list[tuple[str, bool]](), ""
        for i, draft in enumerate(self.drafts):
            inferred = not own[i] and i < last and not draft.text  # an item or a lone caption stands in no section
            section = section if draft.text else own[i] or section
            columns.append((section, bool(section)) if inferred else (own[i], False))
        return columns

    def _listed(self, draft: _Draft) -> str:
        entry = _entry_of(draft.naming, self._entries)
        return entry.column if entry else ""


def _article(draft: _Draft, column: str, entries: Sequence[Entry], source: str) -> Article:
    naming, text = draft.naming, draft.text or paragraphs(draft.lines)
    entry = _entry_of(naming, entries)
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
        page=entry.page if entry else draft.page or None,
        captions=tuple(dict.fromkeys(naming.captions)),
        source=source,
        metadata=metadata,
    )


def _entry_of(naming: Naming, entries: Sequence[Entry]) -> Entry | None:
    """What the contents say of the article, whether or not they print the place before the title."""
    return entry_named(entries, naming.title) or entry_named(entries, naming.title.removeprefix(naming.place))


def _item(item: Item) -> _Draft:
    naming = Naming(title=item.title, column=item.column)
    if item.section:
        naming.note("section", item.section)
    return _Draft(naming, text=item.text)


def _lone_caption(page: Sequence[Line], naming: Naming) -> _Draft:
    text = tidy_paragraph(join_wrapped(line.text for line in page if not is_credit(line.text)))
    credits = [tidy_heading(line.text) for line in page if is_credit(line.text)]
    return _Draft(Naming(title=first_clause(text), column=naming.column, captions=credits), text=[text])
