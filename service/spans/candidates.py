"""A line in, its candidate answers out: figures, dates, names, titles, quoted terms, noun phrases and clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from index.sentences import Span, clause_spans
from service.answering.figures import Figure, find_figures
from service.answering.names import NameKind, find_names, tagged
from service.answering.periods import Period, find_periods
from service.answering.wording import Kind

FIGURE: Final = 0
NUMBER: Final = 1
PERIOD: Final = 2
TIME: Final = 3
PERSON: Final = 4
ORGANISATION: Final = 5
PLACE: Final = 6
DOCUMENT: Final = 7
TERM: Final = 8
NOUNS: Final = 9
FOREIGN: Final = 10
CLAUSE: Final = 11
SORTS: Final = 12
"""Sorts of candidates; the numbers are features of the model."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`[start, end)` of a line's text. `core` is where its number ends and its unit begins, else `end`."""

    start: int
    end: int
    sort: int
    core: int
    figure: Figure | None = None
    period: Period | None = None


def candidates(text: str, kind: Kind) -> tuple[Candidate, ...]:
    """The candidates of a line for one kind of question, in order."""
    if kind is Kind.FIGURE:
        return _amounts(text)
    if kind is Kind.DATE:
        return _dates(text)
    return _named(text)


_NUMBER_END = re.compile(r"^.*[\d０-９〇零一二两三四五六七八九十百千万亿半几]")
_NUMERAL = re.compile(
    r"第?(?:[a-z]{0,6}\d[\d,.]{0,15}[a-z]{0,3}|[〇零一二两三四五六七八九十百千]{1,8})(?=(?P<unit>[\u4e00-\u9fff]?))",
    re.I,
)
_DATE = r"(?:公元|西元)?前?(?:\d{1,4}|[〇零一二三四五六七八九十百]{2,4})(?:年代?|世纪)[初末中]?(?:\d{1,2}月)?(?:\d{1,2}[日号])?"
_TIME = re.compile(
    rf"{_DATE}(?:[至到—–~～-]{_DATE})?|前?\d{{2,4}}[至到—–~～-]{_DATE}"
    r"|[\u4e00-\u9fff]{2}(?:元|[一二三四五六七八九十]{1,3})年(?:[（(]\d{3,4}年[)）])?(?:[正一二三四五六七八九十]{1,2}月)?"
    r"|\d{1,2}[:：]\d{2}|[夏商周秦汉晋隋唐宋元明清]朝|[\u4e00-\u9fff](?:时代|时期|年间)"
    r"|(?:\d{1,3}|[一二三四五六七八九十]{1,3})岁时?|[次翌隔]年|(?:星期|周|礼拜)[一二三四五六日]"
)
_MOMENT = re.compile("(?:[时后前]|期间|之[际初]|年间)$")
"""How a clause ends that tells a time without any number (南北战争结束前)."""


def _apart(found: dict[Span, Candidate], spans: Iterable[Span], sort: int) -> None:
    """Add the spans that do not touch any found before."""
    taken = list(found)
    for start, end in spans:
        if all(end <= a or b <= start for a, b in taken):
            found[start, end] = Candidate(start, end, sort, end)


def _ordered(found: dict[Span, Candidate]) -> tuple[Candidate, ...]:
    return tuple(found[key] for key in sorted(found))


@lru_cache(maxsize=2048)
def _amounts(text: str) -> tuple[Candidate, ...]:
    found: dict[Span, Candidate] = {}
    for figure in find_figures(text):
        core = _NUMBER_END.match(figure.text)
        end = figure.start + (core.end() if core else len(figure.text))
        found[figure.start, figure.end] = Candidate(figure.start, figure.end, FIGURE, end, figure)
    dated = [(period.start, period.end) for period in find_periods(text)]
    spans = (match.span() for match in _NUMERAL.finditer(text))
    _apart(found, (s for s in spans if all(s[1] <= a or b <= s[0] for a, b in dated)), NUMBER)
    return _ordered(found)


@lru_cache(maxsize=2048)
def _dates(text: str) -> tuple[Candidate, ...]:
    times = [match.span() for match in _TIME.finditer(text)]
    found = {
        (period.start, period.end): Candidate(period.start, period.end, PERIOD, period.end, None, period)
        for period in find_periods(text)
        if not any(a <= period.start and period.end <= b and b - a > period.end - period.start for a, b in times)
    }
    _apart(found, times, TIME)
    _apart(found, ((start, start + len(word)) for start, word, tag in tagged(text) if tag in ("t", "tg")), TIME)
    _apart(found, (span for span in _bare_clauses(text) if _MOMENT.search(text[slice(*span)])), CLAUSE)
    return _ordered(found)


_NAME_SORTS: tuple[tuple[NameKind, int], ...] = (
    ("person", PERSON), ("organisation", ORGANISATION), ("place", PLACE), ("document", DOCUMENT), ("term", TERM),
)  # fmt: skip
_FOREIGN = re.compile(r"[A-Za-z][A-Za-z0-9 .'&-]{1,40}|[\u4e00-\u9fff]{1,8}(?:[·•-][\u4e00-\u9fff]{1,8}){1,4}")


@lru_cache(maxsize=2048)
def _named(text: str) -> tuple[Candidate, ...]:
    found: dict[Span, Candidate] = {}
    for name, sort in _NAME_SORTS:
        for item in find_names(text, name):
            found.setdefault((item.start, item.end), Candidate(item.start, item.end, sort, item.end))
    for match in _FOREIGN.finditer(text):
        found.setdefault(match.span(), Candidate(*match.span(), FOREIGN, match.end()))
    for start, end in _noun_runs(text):
        found.setdefault((start, end), Candidate(start, end, NOUNS, end))
    for start, end in _bare_clauses(text):
        found.setdefault((start, end), Candidate(start, end, CLAUSE, end))
    return _ordered(found)


def _bare_clauses(text: str) -> Iterator[Span]:
    """The clauses without the mark they end in."""
    for start, end in clause_spans(text):
        stop = end - (not text[end - 1].isalnum())
        if start < stop:
            yield start, stop


def _noun_runs(text: str) -> Iterator[Span]:
    """The longest rows of nouns and what goes before nouns; a row ends in a noun."""
    begin, end = -1, -1
    for start, word, tag in tagged(text):
        noun = tag[0] in "njs" or tag in ("vn", "eng", "an", "i", "l")
        if noun or (tag[0] in "abm" and begin >= 0) or (tag[0] in "ab" and word.isalnum()):
            if begin < 0:
                begin = start
            if noun:
                end = start + len(word)
        else:
            if end > begin >= 0 and end - begin > 1:
                yield begin, end
            begin, end = -1, -1
    if end > begin >= 0 and end - begin > 1:
        yield begin, end
