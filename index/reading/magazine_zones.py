"""The lines of a page in, what stands before the body, the body, and what stands after it out; names nothing yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from index.reading.magazine_furniture import is_author_note
from index.reading.magazine_labels import costs_of
from index.reading.magazine_layout import Line
from index.reading.magazine_people import role_length
from index.reading.magazine_view import FIRST_EM, FULL_EM, WIDE_EM, PageView

_HEAD_LINES, _SKIPPED_LINES, _TAIL_LINES, _TITLE_LINES = 24, 4, 8, 3
# What it costs to take a line from the end of the body, against what the line costs as body: little where a title is
# wanted, more when the line is as long as the column, much where the page has its title.
_WANTED_COST, _FULL_COST, _UNWANTED_COST, _OPEN_HEADING_COST = 0.3, 2.0, 4.0, 1.5


@dataclass(slots=True)
class Zones:
    """One page, or the part of one that one article fills."""

    head: list[Line] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


def zones_of(page: Sequence[Line], heads: Collection[str], titles: Collection[str], continues: bool) -> Zones:
    """The page cut into head, body and tail; captions amid the body stand apart, names amid it go to the tail.

    `heads` are the running heads of the issue, `titles` those its contents list, without marks and spaces;
    `continues` tells that the page before broke off in a sentence.
    """
    view = PageView(page, heads, titles)
    start = _body_start(view, continues)
    end = _body_end(view, start)
    zones, amid = Zones(head=list(page[:start])), list[Line]()
    for i in range(start, end):
        if not view.aside[i]:
            zones.body.append(page[i].text)
        elif _names(view, i):
            amid.append(page[i])
        elif page[i].tidy not in heads:
            zones.captions.append(page[i].text)
    zones.tail = [*amid, *page[end:]]
    return zones


def _names(view: PageView, i: int) -> bool:
    """Whether line i, amid the body, is part of a listed title, or a subtitle or byline beside one; or an author's note."""
    around = range(max(0, i - 2), min(i + 3, len(view.lines)))
    beside = (view.byline[i] or view.lines[i].text.startswith("——")) and any(view.title[k] for k in around)
    return view.title[i] or beside or is_author_note(view.lines[i].text)


def _body_start(view: PageView, continues: bool) -> int:
    """The index of the first body line: after titles, bylines with their roles, standfirsts, captions."""
    count = len(view.lines)
    start = 0 if continues else _after_byline(view)
    while start < min(count, _HEAD_LINES):
        ahead = next((i for i in range(start, min(start + _SKIPPED_LINES, count)) if view.aside[i]), None)
        if ahead is None:
            break
        if ahead > start:
            ends_standfirst = start > 0 and view.short[start - 1] < -WIDE_EM
            if continues or (view.runs_on(start) and not ends_standfirst):
                break
        start = ahead + 1
    return start if continues else start + _untaken_title(view, start)


def _untaken_title(view: PageView, start: int) -> int:
    """How many lines at the start of a body signed at its end are its title: short, ending no sentence."""
    if all(view.head[:start]) and _signed_below(view, start):
        for i in range(start, min(start + _TITLE_LINES, len(view.lines) - 1)):
            if view.short[i] < FIRST_EM or view.ends(i):
                return i - start
    return 0


def _signed_below(view: PageView, start: int) -> bool:
    below = [i for i in range(start, len(view.lines)) if view.byline[i]]
    return bool(below) and below[0] >= len(view.lines) - _TITLE_LINES


def _after_byline(view: PageView) -> int:
    """The index after the byline and its role that stand before any sentence of body; 0 when none does."""
    for i in range(min(len(view.lines), _HEAD_LINES)):
        if view.byline[i]:
            return i + 1 + role_length([line.text for line in view.lines[i + 1 : i + 7]])
        if not view.aside[i] and view.ends(i):
            break
    return 0


def _body_end(view: PageView, start: int) -> int:
    """The index after the last body line: the last lines, ending no sentence, may read worse as body than apart."""
    plain = [i for i in range(start, len(view.lines)) if not view.aside[i]]
    if not plain:
        return start
    costs = costs_of([view.lines[i].text for i in plain], [view.columns[i] for i in plain])
    wanted = _lacks_title(view, start)
    open_heading = view.short[plain[-1]] > FIRST_EM and not view.ends(plain[-1])
    best, end, apart = costs[-1] + _OPEN_HEADING_COST * open_heading, plain[-1] + 1, 0.0
    for kept in range(len(plain) - 1, max(-1, len(plain) - 1 - _TAIL_LINES), -1):
        i, before = plain[kept], plain[kept - 1] + 1 if kept else start
        if view.ends(i):
            break
        apart += _UNWANTED_COST if not wanted else _FULL_COST if view.short[i] < FULL_EM else _WANTED_COST
        named = any(view.byline[k] or view.place[k] for k in range(before, i))
        cost = costs[kept] + (0.0 if named else apart)
        if cost <= best:
            best, end = cost, before
    return end


def _lacks_title(view: PageView, start: int) -> bool:
    """Whether a byline stands before the body and nothing that could be the title is printed once beside it."""
    at = next((i for i in range(start) if view.byline[i]), None)
    if at is None:
        return any(view.byline[start:]) and not any(view.byline[:start])
    once = (
        i
        for i in range(at)
        if not (view.head[i] or view.lines[i].doubled or view.lines[i].vertical or view.lines[i].spaced)
    )
    return not any(view.short[i] >= -3 * WIDE_EM for i in once)
