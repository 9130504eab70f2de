"""The lines of a page in, what layout says of each out: how far it falls short of its column, whether it is no body."""

from collections.abc import Collection, Sequence

from index.reading.magazine_contents import bare
from index.reading.magazine_furniture import is_credit, is_notice, is_place
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import Line, column_widths, width_em
from index.reading.magazine_people import byline_of

FULL_EM, FIRST_EM, WIDE_EM = 1.5, 3.7, 2.0
_EDGE_LINES, _TITLE_LINES, _TAIL_LINES, _BODY_LINES = 5, 3, 8, 6


class PageView:
    """A page with, for each line, its `columns` width, how far it falls `short` of that, and what it can be.

    `aside` lines certainly are no body; of these `byline` ones name authors and `place` ones the place of a report.
    """

    def __init__(self, page: Sequence[Line], heads: Collection[str], titles: Collection[str]) -> None:
        self.lines = page
        widths = [width_em(line.text) for line in page]
        plain = [i for i, line in enumerate(page) if not (line.doubled or line.vertical)]
        told = dict(zip(plain, column_widths([widths[i] for i in plain]), strict=True))
        usual = sorted(told.values())[len(told) // 2] if told else 0.0
        self.columns = [min(told.get(i, usual), usual + 1.0) for i in range(len(page))]
        self.short = [column - width for column, width in zip(self.columns, widths, strict=True)]
        self.byline = [byline_of(line.text) is not None and line.tidy not in heads for line in page]
        edge = {*range(_EDGE_LINES), *range(len(page) - _EDGE_LINES, len(page))}
        self.place = [i in edge and is_place(line.text) and self.short[i] > FIRST_EM for i, line in enumerate(page)]
        self.aside = [self._is_aside(i, heads) for i in range(len(page))]
        self._set_apart(titles)

    def ends(self, i: int) -> bool:
        """Whether a sentence can end with line i."""
        return ends_sentence(self.lines[i].text)

    def runs_on(self, i: int) -> bool:
        """Whether line i is like one of body: full, or the end of a sentence, or indented with a full line after it."""
        following = i + 1 < len(self.lines) and not self.aside[i + 1] and self.short[i + 1] < FULL_EM
        return self.short[i] < FULL_EM or self.ends(i) or (self.short[i] < FIRST_EM and following)

    def _is_aside(self, i: int, heads: Collection[str]) -> bool:
        """Shadow print, vertical lines, running heads, credits, bylines, places, and what is too wide for the column."""
        line = self.lines[i]
        if line.doubled or line.vertical or line.tidy in heads or is_credit(line.text):
            return True
        if self.byline[i] or self.place[i] or line.text.startswith("——"):
            return True
        return (i < 4 or len(line.tidy) <= 6) if line.spaced else self.short[i] < -WIDE_EM

    def _set_apart(self, titles: Collection[str]) -> None:
        """Titles that the contents list, and a notice that ends the page, are no body either."""
        count = len(self.lines)
        for i in range(count if titles else 0):
            for end in range(i + 1, min(i + _TITLE_LINES, count) + 1):
                if bare("".join(line.text for line in self.lines[i:end])) in titles:
                    self.aside[i:end] = [True] * (end - i)
        notice = next((i for i in range(max(0, count - _TAIL_LINES), count) if is_notice(self.lines[i].text)), count)
        if not any(self.ends(i) for i in range(notice, count)):
            self.aside[notice:] = [True] * (count - notice)


def articles_on(page: list[Line], heads: Collection[str], titles: Collection[str]) -> list[list[Line]]:
    """The page cut before each article that begins amid it: a marked byline with its title, body before and after."""
    view = PageView(page, heads, titles)
    body = [not view.aside[i] and (view.short[i] < FULL_EM or view.ends(i)) for i in range(len(page))]
    cuts = [0]
    for i in range(len(page)):
        marked = view.byline[i] and not page[i].text[:1].isalnum()
        if not marked or sum(body[cuts[-1] : i]) < _BODY_LINES or sum(body[i:]) < _BODY_LINES:
            continue
        start = i
        while start > cuts[-1] and not (body[start - 1] and (view.ends(start - 1) or view.short[start - 1] < FULL_EM)):
            start -= 1
        cuts.append(start)
    return [page[start:end] for start, end in zip(cuts, [*cuts[1:], len(page)], strict=True)]
