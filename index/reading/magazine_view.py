"""The lines of a page in, what layout says of each out: how far it falls short of its column, whether it is no body."""

from bisect import bisect_left
from collections.abc import Collection, Sequence

from index.reading.magazine_contents import bare
from index.reading.magazine_furniture import (
    is_announcement,
    is_author_note,
    is_caption,
    is_notice,
    is_place,
    is_table_row,
)
from index.reading.magazine_heads import is_subheading
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import Line, column_widths, width_em
from index.reading.magazine_people import byline_of

FULL_EM, FIRST_EM, WIDE_EM = 1.5, 3.7, 2.0
_EDGE_LINES, _TITLE_LINES, _TAIL_LINES, _BODY_LINES, _NEAR_LINES = 5, 3, 8, 6, 30
_ALIKE_EM, _COLUMN_LINES, _STRETCHED_CHARACTERS, _INDENTED_EM = 1.5, 10, 9, 2.6


class PageView:
    """A page with, for each line, its `columns` width, how far it falls `short` of that, and what it can be.

    `aside` lines certainly are no body; of these `byline` ones name authors, `place` ones the place of a report, and
    `title` ones make a title that the contents list.
    """

    def __init__(self, page: Sequence[Line], heads: Collection[str], titles: Collection[str]) -> None:
        self.lines = page
        widths = [width_em(line.text) for line in page]
        plain = [i for i, line in enumerate(page) if not (line.doubled or line.vertical or is_table_row(line.text))]
        told = dict(zip(plain, column_widths([widths[i] for i in plain]), strict=True))
        usual = sorted(told.values())[len(told) // 2] if told else 0.0
        over = [i for i in plain if told[i] > usual + 1.0]
        wide = _wide_column(over, plain, {i for i in over if widths[i] > usual + 1.0})
        self.columns = [told[i] if i in wide else min(told.get(i, usual), usual + 1.0) for i in range(len(page))]
        self.short = [column - width for column, width in zip(self.columns, widths, strict=True)]
        self._full = sorted(width for width, short in zip(widths, self.short, strict=True) if short >= -WIDE_EM)
        self.byline = [byline_of(line.text) is not None and line.tidy not in heads for line in page]
        edge = {*range(_EDGE_LINES), *range(len(page) - _EDGE_LINES, len(page))}
        self.place = [i in edge and is_place(line.text) and self.short[i] > FIRST_EM for i, line in enumerate(page)]
        self.head = [line.tidy in heads for line in page]
        self.title = [False] * len(page)
        self.aside = [self._is_aside(i, heads) for i in range(len(page))]
        self._set_apart(titles)
        self._name_amid()

    def ends(self, i: int) -> bool:
        """Whether a sentence can end with line i."""
        return ends_sentence(self.lines[i].text)

    def marked(self, i: int) -> bool:
        """Whether line i is a byline by a sign or a label in front."""
        byline = byline_of(self.lines[i].text) if self.byline[i] else None
        return byline is not None and byline.marked

    def _name_amid(self) -> None:
        """A marked byline under short lines, an open sentence before them and body after: names amid the body."""
        for i in range(_EDGE_LINES, len(self.lines) - _TITLE_LINES):
            if not self.marked(i):
                continue
            first = i
            while first > i - _TITLE_LINES and self._may_name(first - 1):
                first -= 1
            before = next((k for k in range(first - 1, -1, -1) if not self.aside[k]), 0)
            open_before = self.short[before] < FIRST_EM and not self.ends(before)
            if first < i and open_before and not all(self.aside[i + 1 : i + 1 + _TITLE_LINES]):
                self.aside[first : i + 1] = self.title[first : i + 1] = [True] * (i + 1 - first)

    def _may_name(self, i: int) -> bool:
        return self.lines[i].text.startswith("——") or (self.short[i] > FIRST_EM and not self.ends(i))

    def runs_on(self, i: int) -> bool:
        """Whether line i is like one of body: full, or the end of a sentence, or indented with a full line after it."""
        following = i + 1 < len(self.lines) and not self.aside[i + 1] and self.short[i + 1] < FULL_EM
        return self.short[i] < FULL_EM or self.ends(i) or (self.short[i] < FIRST_EM and following)

    def _is_aside(self, i: int, heads: Collection[str]) -> bool:
        """Shadow print, vertical lines, running heads, credits, bylines, places, and what is too wide for the column."""
        line = self.lines[i]
        if line.doubled or line.vertical or line.tidy in heads or is_caption(line.text):
            return True
        if i < _TITLE_LINES and is_announcement(line.text) and self.short[i] > FULL_EM:
            return True
        if self.byline[i] or self.place[i] or line.text.startswith("——") or is_author_note(line.text):
            return True
        if is_table_row(line.text) or is_subheading(self.lines, i):
            return False
        if line.spaced:
            return (i < 4 or len(line.tidy) <= 6) and not self._is_stretched(i)
        return self._is_wide(i)

    def _is_stretched(self, i: int) -> bool:
        """Whether a letter-spaced line is one of body that typesetting stretched: it fills its column, first or not."""
        first = i > 0 and (self.byline[i - 1] or self.ends(i - 1)) and FULL_EM <= self.short[i] < _INDENTED_EM
        return len(self.lines[i].tidy) >= _STRETCHED_CHARACTERS and (first or abs(self.short[i]) < FULL_EM)

    def _is_wide(self, i: int) -> bool:
        """Whether line i is too wide for its column, and no two lines of body elsewhere on the page are as wide."""
        if self.short[i] >= -WIDE_EM:
            return False
        return len(self._full) - bisect_left(self._full, self.columns[i] - self.short[i] - _ALIKE_EM) < 2

    def _set_apart(self, titles: Collection[str]) -> None:
        """Titles that the contents list, and a notice that ends the page, are no body either."""
        count = len(self.lines)
        for i in range(count if titles else 0):
            for end in range(i + 1, min(i + _TITLE_LINES, count) + 1):
                if bare("".join(line.text for line in self.lines[i:end])) in titles:
                    self.aside[i:end] = self.title[i:end] = [True] * (end - i)
        notice = next((i for i in range(max(0, count - _TAIL_LINES), count) if is_notice(self.lines[i].text)), count)
        if not any(self.ends(i) for i in range(notice, count)):
            self.aside[notice:] = [True] * (count - notice)


def _wide_column(over: Sequence[int], plain: Sequence[int], full: set[int]) -> frozenset[int]:
    """Those of the lines over the usual width that stand together in so great a number that they are a column."""
    at = {line: k for k, line in enumerate(plain)}
    runs: list[list[int]] = []
    for line in over:
        if not runs or at[line] != at[runs[-1][-1]] + 1:
            runs.append([])
        runs[-1].append(line)
    return frozenset(line for run in runs if len(full.intersection(run)) >= _COLUMN_LINES for line in run)


def articles_on(page: list[Line], heads: Collection[str], titles: Collection[str]) -> list[list[Line]]:
    """The page cut before each article that begins amid it, body before and after.

    There stands a marked byline with its title, or after the end of a sentence a title that the contents list.
    """
    view = PageView(page, heads, titles)
    body = [not view.aside[i] and (view.short[i] < FULL_EM or view.ends(i)) for i in range(len(page))]
    cuts = [0]
    for i in range(len(page)):
        marked = view.marked(i) and not view.title[i]
        enough = sum(body[cuts[-1] : i]) >= _BODY_LINES and sum(body[i:]) >= _BODY_LINES
        if not (marked and enough) and not _begins_listed(view, i):
            continue
        start = i
        while start > cuts[-1] and (
            not (body[start - 1] and (view.ends(start - 1) or view.short[start - 1] < FULL_EM))
            if marked and enough
            else view.byline[start - 1] or view.place[start - 1] or page[start - 1].tidy in heads
        ):
            start -= 1
        listed = view.title[i - 1] or view.title[i]
        if not _is_open(view, i if listed else start):
            cuts.append(start)
    if second := _signed_second(PageView(page[cuts[-1] :], heads, titles)):
        cuts.append(cuts[-1] + second)
    return [page[start:end] for start, end in zip(cuts, [*cuts[1:], len(page)], strict=True)]


def _is_open(view: PageView, i: int) -> bool:
    """Whether the body before line i breaks off in a sentence, so that no article can begin there."""
    before = next((k for k in range(i - 1, -1, -1) if not view.aside[k]), None)
    return before is not None and not view.ends(before)


def _signed_second(view: PageView) -> int:
    """Where a second article begins whose byline is under its body, the first's being over its own; 0 for nowhere.

    It begins at the one line between the bylines that looks like a heading.
    """
    bylines = [i for i, byline in enumerate(view.byline) if byline]
    body = [i for i in range(len(view.lines)) if not view.aside[i]]
    body = [i for i in body if bylines and i > bylines[0]]
    if len(bylines) != 2 or not body or body[-1] > bylines[1]:
        return 0
    found = [
        i
        for i in body[_BODY_LINES:-_BODY_LINES]
        if view.short[i] > FIRST_EM
        and not view.ends(i)
        and not _is_open(view, i)
        and not is_table_row(view.lines[i].text)
    ]
    return found[0] if len(found) == 1 else 0


def _begins_listed(view: PageView, i: int) -> bool:
    """Whether a listed title begins with line i, after the end of an article and with body soon after it."""
    if not view.title[i] or i == 0 or view.title[i - 1]:
        return False
    before = next((k for k in range(i - 1, -1, -1) if not view.aside[k]), None)
    after = [k for k in range(i, min(i + _NEAR_LINES, len(view.lines))) if view.ends(k)]
    return before is not None and view.ends(before) and bool(after)
