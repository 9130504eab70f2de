"""The pages of an issue in, its running heads out: columns and themes printed apart from the articles under them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.reading.magazine_columns import is_usual_column
from index.reading.magazine_contents import Entry, bare
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_people import byline_of, is_job

_SLOT = re.compile(r"\S(?:\s\S){1,7}")
_COLUMN_EM, _THEME_EM, _SPACED_CHARACTERS, _BYLINE_LINES, _FIRST_ROWS = 8, 20, 8, 6, 3


@dataclass(frozen=True, slots=True)
class Heads:
    """Running heads: short ones name the column, longer ones a theme that several articles share."""

    columns: frozenset[str]
    themes: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Both kinds, each without the spaces of typesetting."""
        return self.columns | self.themes


def running_heads(pages: Sequence[Sequence[Line]], entries: Iterable[Entry]) -> Heads:
    """What the contents name as columns, what stands letter-spaced, what recurs at the edge of pages."""
    listed = list(entries)
    titles = {bare(entry.title) for entry in listed}
    columns = {entry.column for entry in listed if entry.column}
    recurring: Counter[str] = Counter()
    told = ["".join(line.tidy for line in page) for page in pages]
    for number, page in enumerate(pages):
        edge = [*page[:2], *page[-3:]]
        recurring.update({line.tidy for line in [*edge, *(line for line in page if line.doubled or line.vertical)]})
        columns |= {line.tidy for i, line in enumerate(page) if _is_spaced_head(line) and not is_subheading(page, i)}
        columns |= {line.tidy for line in edge if is_usual_column(line.tidy)}
        if len(page) > 1 and page[0].vertical and width_em(page[0].text) <= 4:
            columns.add(page[0].tidy)
        columns |= _section_head(page, told[:number] + told[number + 1 :])
    columns |= _slot_heads(pages)
    columns = {column for column in columns if bare(column) not in titles}
    repeated = {text for text, count in recurring.items() if count >= 2 and _may_be_head(text)}
    short = {text for text in repeated if width_em(text) <= _COLUMN_EM}
    return Heads(frozenset(columns | short), frozenset(repeated - short - columns))


def _slot_heads(pages: Sequence[Sequence[Line]]) -> set[str]:
    """The first lines of the pages, where most pages begin with a few letter-spaced characters."""
    firsts = [page[0] for page in pages if page and _SLOT.fullmatch(page[0].text) and not page[0].vertical]
    return {line.tidy for line in firsts} if len(firsts) >= max(3, len(pages) / 2) else set()


def _section_head(page: Sequence[Line], others: Sequence[str]) -> set[str]:
    """The first of several lines over a byline, when two other pages speak of it too: it heads a section."""
    bylines = [i for i, line in enumerate(page[:_BYLINE_LINES]) if byline_of(line.text)]
    if not bylines or bylines[0] < 2 or any(line.doubled or line.vertical for line in page[:2]):
        return set()
    return {page[0].tidy} if sum(1 for other in others if page[0].tidy in other) >= 2 else set()


def is_subheading(page: Sequence[Line], at: int) -> bool:
    """Whether a letter-spaced line amid the body heads the paragraphs under it: a sentence ends before it."""
    if not (page[at].spaced and _FIRST_ROWS <= at < len(page) - 1) or page[at].vertical:
        return False
    before, after = page[at - 1], page[at + 1]
    return ends_sentence(before.text) and not (after.spaced or after.doubled or byline_of(after.text))


def _is_spaced_head(line: Line) -> bool:
    return line.spaced and len(line.tidy) <= _SPACED_CHARACTERS and not re.search(r"[^\u4e00-\u9fff]", line.tidy)


def _may_be_head(text: str) -> bool:
    return (
        len(text) > 1 and not (ends_sentence(text) or is_job(text) or byline_of(text)) and width_em(text) <= _THEME_EM
    )
