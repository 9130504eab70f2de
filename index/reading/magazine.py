"""The text of a magazine issue, as taken from its PDF, in; its articles in reading form out."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.article import Article
from index.errors import SourceError
from index.reading.magazine_contents import Entry, bare, contents_of
from index.reading.magazine_folio import Page, imprint_of, pages_told
from index.reading.magazine_issue import articles_of
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import pages_of, width_em
from index.reading.magazine_people import byline_of

_SAMPLE_ROWS, _FEWEST_LINES, _MOST_CHARACTERS = 12_000, 20, 4_000_000
_SIGNS, _OPEN_SHARE, _LINE_EM = 2, 0.5, 40


def is_magazine(text: str) -> bool:
    """Whether the text was taken from the pages of a magazine: printed lines that break sentences, and two signs more.

    Signs are page marks, marked bylines, shadow print, a table of contents, vertical lines. Text longer than four
    million characters is no single issue.
    """
    if len(text) > _MOST_CHARACTERS:
        return False
    sample = "\n".join(text.split("\n", _SAMPLE_ROWS)[:_SAMPLE_ROWS])
    widths = [width_em(row) for row in sample.split("\n") if row.strip()]
    if len(widths) < _FEWEST_LINES or statistics.median(widths) > _LINE_EM:
        return False
    pages = pages_of(sample)
    lines = [line for page in pages for line in page]
    signs = (
        len(pages) >= 3,
        any(line.text[:1] in "■□◆▲" and byline_of(line.text) for line in lines),
        sum(1 for line in lines if line.doubled) >= 2,
        any(contents_of(page) for page in pages),
        any(line.vertical for line in lines),
    )
    broken = sum(1 for line in lines if not ends_sentence(line.text))
    return sum(signs) >= _SIGNS and broken > len(lines) * _OPEN_SHARE


def read_magazine(text: str, source: str) -> Iterator[Article | SourceError]:
    """The articles of the issue in the order of its pages, dated and numbered as it tells; their ids are empty."""
    pages = pages_of(text)
    contents = [contents_of(page) for page in pages]
    entries = [entry for page in contents for entry in page]
    imprint = imprint_of(pages, [page for page, listed in zip(pages, contents, strict=True) if listed])
    told = pages_told(pages, {entry.column for entry in entries if entry.column})
    matter = [page for page, listed in zip(told, contents, strict=True) if not listed]
    articles = articles_of([_marked(page, entries) for page in matter], entries, imprint, source)
    if not articles:
        yield SourceError(source, "holds no article that could be told from its pages; give it as .md or .jsonl")
    yield from articles


def _marked(page: Page, entries: Sequence[Entry]) -> Page:
    """The page with a mark before each line that is, letter for letter, who the contents say wrote an article."""
    known = {"".join(entry.authors): " ".join(entry.authors) for entry in entries if entry.authors}
    lines = [
        replace(line, text=f"■{known[told]}")
        if (told := bare(line.text)) in known and not byline_of(line.text)
        else line
        for line in page.lines
    ]
    return replace(page, lines=lines)
