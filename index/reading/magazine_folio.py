"""The pages of an issue in, each without its running heads and feet out, with the page number and column they told.

A running head or foot is told by what it does from page to page: its number grows, or its words come again. What an
issue's imprint says (name, number, day) is read from the same lines and from the pages of contents.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from index.reading.magazine_layout import Line, width_em

_NAME = re.compile(r"《([^《》]{2,20})》")
_NUMBER = re.compile(r"(\d{4})\s*年?\s*第\s*(\d{1,3})\s*期|(?<!总)第\s*(\d{1,3})\s*期|总第\s*\d+\s*期")
_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"(?<!\d)\d{4}\s*[年./]\s*\d{1,2}(?:\s*月)?(?!\d)")
_CELL = re.compile(r"[\s|｜丨·•‧—–/／-]+")
_STOPS = re.compile(r"[，。；：？！、,;:?!“”]")
_EDGE_LINES, _FEWEST_PAGES, _WORDS_EM, _NAME_SHARE, _PAGES_A_STEP = 2, 3, 14, 1 / 3, 4
_NEAR_MOST = 0.8


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page that are matter; its number and the column over it, empty where none is printed."""

    lines: list[Line]
    number: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """The issue as a reference names it (`《刊名》2023年第7期`) and its day, YYYY-MM-DD."""

    issue: str = ""
    date: str | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What an edge line tells: the name of a magazine, its number, its day, a page number, and words."""

    name: str
    issue: str
    date: str
    page: int | None
    words: tuple[str, ...]

    @property
    def marked(self) -> bool:
        return bool(self.name or self.issue or self.date)


def told_by(text: str) -> _Told | None:
    """What the line tells when it is made of these parts and a few words; None for a sentence."""
    name, number, day = _NAME.search(text), _NUMBER.search(text), _DAY.search(text)
    rest = text
    for pattern in (_NAME, _NUMBER, _DAY, _MONTH):
        rest = pattern.sub(" ", rest)
    if _STOPS.search(rest) or width_em(rest) > _WORDS_EM:
        return None
    cells = [cell for cell in _CELL.split(rest) if cell]
    pages = [cell for cell in cells if re.fullmatch(r"\d{1,3}", cell)]
    words = tuple(cell for cell in cells if cell not in pages)
    issue = f"{number[1]}年第{int(number[2])}期" if number and number[2] else ""
    date = f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}" if day else ""
    return _Told(name[1] if name else "", issue, date, int(pages[0]) if len(pages) == 1 else None, words)


def pages_told(pages: Sequence[list[Line]], columns: Collection[str]) -> list[Page]:
    """The pages without running heads and feet; `columns` are those that the contents name."""
    told = [
        {i: each for i in _edges(page) if not _is_heading(page[i]) and (each := told_by(page[i].text))}
        for page in pages
    ]
    numbers = _growing(told)
    marked = Counter(_template(each) for page in told for each in page.values() if each.marked)
    names = _names(told, numbers, columns)
    made = []
    for page, own, number in zip(pages, told, numbers, strict=True):
        heads = {
            i: each
            for i, each in own.items()
            if (each.marked and marked[_template(each)] >= _FEWEST_PAGES and _light(each))
            or (number is not None and each.page == number)
            or (number is not None and each.marked and not each.words)
        }
        words = [word for each in heads.values() for word in each.words if word not in names and len(word) > 1]
        column = next((word for word in words if word in columns), words[0] if words else "")
        rest = [line for i, line in enumerate(page) if i not in heads]
        made.append(Page(rest, "" if number is None else str(number), column))
    return made


def imprint_of(pages: Iterable[Sequence[Line]], contents: Iterable[Sequence[Line]]) -> Imprint:
    """Name, number and day from the edges of pages, where they come again, and from the lines of the contents."""
    told = [each for page in pages for i in _edges(page) if (each := told_by(page[i].text))]
    listed = [each for page in contents for line in page if (each := told_by(line.text)) and each.marked]
    issues = Counter(each.issue for each in told if each.issue and not each.words)
    names = Counter(each.name for each in told if each.name and each.issue)
    dates = Counter(each.date for each in told if each.date)
    issue = _often(issues) or next((each.issue for each in listed if each.issue), "")
    name = _often(names) or next((each.name for each in listed if each.name and each.issue), "")
    date = _often(dates) or next((each.date for each in listed if each.date), "")
    return Imprint(f"《{name}》{issue}" if name and issue else "", date or None)


def _edges(page: Sequence[Line]) -> list[int]:
    """The places of the first and last lines; on a page without more lines than these, none twice."""
    return sorted({*range(min(_EDGE_LINES, len(page))), *range(max(0, len(page) - _EDGE_LINES), len(page))})


def _template(told: _Told) -> tuple[str, str, str]:
    return told.name, told.issue, told.date


def _light(told: _Told) -> bool:
    return len(told.words) <= 2


def _often(counts: Counter[str]) -> str:
    return next((text for text, count in counts.most_common(1) if count >= _FEWEST_PAGES), "")


def _growing(told: Sequence[dict[int, _Told]]) -> list[int | None]:
    """The number of each page: the longest run of edge numbers that grows from page to page, when it is long enough."""
    lone = [
        (k, each.page)
        for k, page in enumerate(told)
        for each in page.values()
        if each.page is not None and _light(each)
    ]
    offsets = Counter(number - k for k, number in lone)
    if not offsets or offsets.most_common(1)[0][1] < _FEWEST_PAGES:
        return [None] * len(told)
    near = offsets.most_common(1)[0][0]
    lone = [(k, number) for k, number in lone if abs(number - k - near) <= _PAGES_A_STEP]
    ends: list[tuple[int, int]] = []  # the smallest last number of a run of each length, and where it came from
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for k, number in sorted(lone, key=lambda pair: (pair[0], -pair[1])):
        at = bisect_left([last for _, last in ends], number)
        before[k, number] = ends[at - 1] if at else None
        ends[at : at + 1] = [(k, number)]
    chain, step = dict[int, int](), ends[-1] if ends else None
    while step is not None:
        chain[step[0]] = step[1]
        step = before[step]
    if len(chain) < max(_FEWEST_PAGES, len({k for k, _ in lone}) / 2):
        return [None] * len(told)
    return [chain.get(k) for k in range(len(told))]


def _names(told: Sequence[dict[int, _Told]], numbers: Sequence[int | None], columns: Collection[str]) -> set[str]:
    """Words of running heads that name the magazine and not a column: they stand on many pages."""
    names = {each.name for page in told for each in page.values() if each.name}
    words = Counter(
        word
        for page, number in zip(told, numbers, strict=True)
        for each in page.values()
        if each.marked or (number is not None and each.page == number)
        for word in each.words
    )
    least = max(_FEWEST_PAGES, len(told) * _NAME_SHARE, max(words.values(), default=0) * _NEAR_MOST)
    return names | {word for word, count in words.items() if count >= least and word not in columns}


def _is_heading(line: Line) -> bool:
    """Whether the line is letter-spaced Chinese, a heading and no `— 3 —`."""
    return line.spaced and not re.search(r"[\d|–—·-]", line.text)
