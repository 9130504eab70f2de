"""The lines of a page in, what stands before the body, the body, and what stands after it out; names nothing yet."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from index.reading.magazine_layout import Line, column_widths, width_em
from index.reading.magazine_labels import costs_of, ends_sentence
from index.reading.magazine_people import byline_of, role_length

_WIDE_EM, _FULL_EM, _FIRST_EM = 2.0, 1.5, 3.7
_CREDIT = re.compile(r"\s(?:摄|摄影|供图|图|制图|绘|漫画|画)$|(?:摄影|供图|制图|漫画)$|(?:图片|摄影|漫画|制图)[：:/／]")
_HEAD_LINES, _TAIL_LINES = 24, 8
_UNTITLED_COST, _TITLED_COST, _CLOSE = 1.2, 4.0, 1.5


@dataclass(slots=True)
class Zones:
    """One page, or the part of one that one article fills."""

    head: list[Line] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


def zones_of(page: Sequence[Line], heads: Collection[str], continues: bool) -> Zones:
    """The page cut into head, body and tail; captions amid the body stand apart.

    `heads` are the running heads of the issue; `continues` tells that the page before broke off in a sentence.
    """
    view = _View(page, heads)
    start = view.body_start(continues)
    end = view.body_end(start)
    zones = Zones(head=list(page[:start]), tail=list(page[end:]))
    for i in range(start, end):
        if not view.aside[i]:
            zones.body.append(page[i].text)
        elif page[i].tidy not in heads:
            zones.captions.append(page[i].text)
    return zones


def is_credit(text: str) -> bool:
    """Whether the line names a photographer or draughtsman."""
    return bool(_CREDIT.search(text.strip()))


class _View:
    """A page with what its layout says of each line: how much it falls short of its column, whether it is no body."""

    def __init__(self, page: Sequence[Line], heads: Collection[str]) -> None:
        self._page = page
        widths = [width_em(line.text) for line in page]
        plain = [i for i, line in enumerate(page) if not (line.doubled or line.vertical)]
        told = dict(zip(plain, column_widths([widths[i] for i in plain]), strict=True))
        usual = sorted(told.values())[len(told) // 2] if told else 0.0
        self._columns = [min(told.get(i, usual), usual + 1.0) for i in range(len(page))]
        self.short = [column - width for column, width in zip(self._columns, widths, strict=True)]
        self.byline = [byline_of(line.text) is not None and line.tidy not in heads for line in page]
        self.aside = [self._is_aside(i, heads) for i in range(len(page))]

    def _is_aside(self, i: int, heads: Collection[str]) -> bool:
        """Whether the line certainly is no body: shadow print, vertical, a running head, a credit, a byline, too wide."""
        line = self._page[i]
        if line.doubled or line.vertical or line.tidy in heads or self.byline[i] or is_credit(line.text):
            return True
        if line.spaced:
            return i < 4 or len(line.tidy) <= 6
        return self.short[i] < -_WIDE_EM or line.text.startswith("——")

    def body_start(self, continues: bool) -> int:
        """The index of the first body line: after titles, bylines with their roles, standfirsts, captions."""
        start = 0
        while start < min(len(self._page), _HEAD_LINES):
            ahead = next((i for i in range(start, min(start + 4, len(self._page))) if self.aside[i]), None)
            if ahead is None:
                break
            if ahead > start:
                after_wide = start > 0 and self.short[start - 1] < -_WIDE_EM
                if continues or not (after_wide or self.byline[ahead] or not self._runs_on(start)):
                    break
                start = ahead
            if self.byline[start]:
                start += role_length([line.text for line in self._page[start + 1 : start + 7]])
            start += 1
        return start

    def _runs_on(self, i: int) -> bool:
        """Like a line of body: full, or the end of a sentence, or indented with a full line after it."""
        if self.short[i] < _FULL_EM or ends_sentence(self._page[i].text):
            return True
        following = i + 1 < len(self._page) and not self.aside[i + 1] and self.short[i + 1] < _FULL_EM
        return self.short[i] < _FIRST_EM and following

    def body_end(self, start: int) -> int:
        """The index after the last body line: where the last lines, which end no sentence, read worse as body than apart.

        A page that has its byline but no title yet gives its lines away more easily than one that has both.
        """
        plain = [i for i in range(start, len(self._page)) if not self.aside[i]]
        costs = costs_of([self._page[i].text for i in plain], [self._columns[i] for i in plain])
        price = _UNTITLED_COST if self._lacks_title(start) else _TITLED_COST
        best, end = costs[-1] + _CLOSE * self._page_ends_open(plain), len(self._page)
        for taken in range(1, min(_TAIL_LINES, len(plain)) + 1):
            kept = len(plain) - taken
            if ends_sentence(self._page[plain[kept]].text):
                break
            apart = price * taken
            after_byline = any(self.byline[k] for k in range(plain[kept - 1] + 1 if kept else start, plain[kept]))
            cost = costs[kept] + (0.0 if after_byline else apart)
            if cost < best:
                best, end = cost, (plain[kept - 1] + 1 if kept else start)
        if end == len(self._page) and plain:
            end = plain[-1] + 1
        return end

    def _page_ends_open(self, plain: list[int]) -> bool:
        """Whether the last body line could be a sub-heading with nothing under it."""
        return bool(plain) and self.short[plain[-1]] > _FIRST_EM and not ends_sentence(self._page[plain[-1]].text)

    def _lacks_title(self, start: int) -> bool:
        """Whether a byline stands before the body and nothing that could be the title printed once beside it."""
        at = next((i for i in range(start) if self.byline[i]), None)
        if at is None:
            return False
        return not any(
            not (line.doubled or line.vertical or line.spaced or self.short[i] < -_WIDE_EM * 3)
            for i, line in enumerate(self._page[:at])
        )
