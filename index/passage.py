"""An article in, its passages out: whole sentences of one section, with exact spans and the headings above them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.article import Article
from index.sentences import Span, clause_spans, paragraph_spans, sentence_spans

TARGET_CHARS = 200
"""A passage is closed before the sentence that would carry it past this many characters."""

_HEADING_CHARS = 32
_OPEN_END = re.compile(r"[。！？!?；;，,、：:…]$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article: `article.text[start:end] == text`.

    `heading` is the path above it (issue, column, title, sub-heading): embedded and indexed, never shown as text.
    """

    article_id: str
    title: str
    start: int
    end: int
    text: str
    heading: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.article_id}:{self.start}-{self.end}"

    @property
    def indexed_text(self) -> str:
        """What the encoder and the lexical index see."""
        return "\n".join((*self.heading, self.text))


def split(article: Article) -> list[Passage]:
    """Cut an article into passages of about `TARGET_CHARS` characters at sentence ends, none across a sub-heading.

    An article without body text yields one passage of no characters, so that its title can still be found.
    """
    base = tuple(part for part in (article.issue, article.column, article.title) if part)
    passages = [
        Passage(article.id, article.title, start, end, article.text[start:end], (*base, *heading))
        for heading, section in _sections(article.text)
        for start, end in _groups(article.text, section)
    ]
    return passages or [Passage(article.id, article.title, 0, 0, "", base)]


def is_heading(line: str, following: str) -> bool:
    """Whether a line of its own is a sub-heading: short, open-ended, and above a line of running text."""
    short = 0 < len(line) <= _HEADING_CHARS and not _OPEN_END.search(line)
    return short and (len(following) > _HEADING_CHARS or bool(_OPEN_END.search(following)))


def _sections(text: str) -> Iterator[tuple[tuple[str, ...], Span]]:
    """(sub-headings, span of the running text below them); consecutive headings are kept together."""
    lines = paragraph_spans(text)
    heading: tuple[str, ...] = ()
    start = end = 0
    for number, (left, right) in enumerate(lines):
        later = [text[a:b].strip() for a, b in lines[number + 1 : number + 3]]
        line = text[left:right].strip()
        if later and (
            is_heading(line, later[0]) or (len(later) > 1 and is_heading(line, later[1]) and is_heading(*later))
        ):
            if start < end:
                yield heading, (start, end)
                heading = ()
            heading, start, end = (*heading, line), right, right
        else:
            start, end = (left, right) if start == end else (start, right)
    if start < end:
        yield heading, (start, end)


def _groups(text: str, section: Span) -> Iterator[Span]:
    """Neighbouring sentences of a section, joined up to the target length; a longer sentence is cut at clauses."""
    start = end = section[0]
    for left, right in _units(text, section):
        if start < end and right - start > TARGET_CHARS:
            yield start, end
            start = left
        elif start == end:
            start = left
        end = right
    if start < end:
        yield start, end


def _units(text: str, section: Span) -> Iterator[Span]:
    for left, right in sentence_spans(text, *section):
        if right - left <= 2 * TARGET_CHARS:
            yield left, right
            continue
        for begin, stop in clause_spans(text, left, right):
            yield from ((cut, min(cut + TARGET_CHARS, stop)) for cut in range(begin, stop, TARGET_CHARS))
