"""Text in, everything of it that a quote must prove out: figures, dates, ranks, codes, titles, quoted and named things.

Each has a key that is the same for every way of writing it (二〇二三年 and 2023年, 首位 and 第1位). Knows no quotes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from service.answering.figures import Figure, find_figures
from service.answering.names import find_names
from service.answering.numerals import NUMBER, parse_number
from service.answering.periods import find_periods, half_width

ThingKind = Literal["figure", "period", "rank", "code", "term", "document", "person", "place", "organisation"]

_RANK = re.compile(
    rf"第\s?(?P<first>{NUMBER})(?:\s?(?:至|到|—|-|－|~)\s?(?P<last>{NUMBER}))?(?:位|名)?|(?P<top>首位(?!度)|榜首|(?<=居)首(?!位)|头名)"
)
_CODE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.+×/%-]*[0-9A-Za-z+%])?")
_TERM = re.compile(r"[“「『]([^“”「」『』]{1,60})[”」』]|(?<![\w\"])\"([^\"]{1,60})\"|‘([^‘’]{1,60})’")
_SEAT = re.compile(r"[\u4e00-\u9fff]{2,3}?[省市县区](?=[\u4e00-\u9fff]{2})")
_DOCUMENT = re.compile(r"《([^《》]{1,80})》")


@dataclass(frozen=True, slots=True)
class Thing:
    """A checkable thing at `[start, end)`; `key` is one form for all its ways of writing."""

    kind: ThingKind
    start: int
    end: int
    text: str
    key: str
    figure: Figure | None = None


@lru_cache(maxsize=4096)
def atoms(text: str) -> tuple[Thing, ...]:
    """The figures, periods, ranks and codes of a text in order, none inside another."""
    found: list[Thing] = []
    for thing in (*_periods(text), *_figures(text), *_ranks(text), *_codes(text)):
        if all(thing.end <= other.start or other.end <= thing.start for other in found):
            found.append(thing)
    return tuple(sorted(found, key=lambda thing: thing.start))


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[Thing, ...]:
    """Document titles, things in quotation marks, and named persons, places and organisations of a text."""
    found = [Thing("document", *match.span(1), match[1], plain(match[1])) for match in _DOCUMENT.finditer(text)]
    for match in _TERM.finditer(text):
        group = next(number for number in (1, 2, 3) if match[number] is not None)
        found.append(Thing("term", *match.span(group), match[group], plain(match[group])))
    kinds: tuple[Literal["person", "place", "organisation"], ...] = ("person", "place", "organisation")
    for kind in kinds:
        found += [Thing(kind, name.start, name.end, name.text, name.text) for name in find_names(text, kind)]
    seats = [
        (thing.start, seat) for thing in found if thing.kind == "organisation" and (seat := _SEAT.match(thing.text))
    ]
    found += [Thing("place", start, start + seat.end(), seat.group(), seat.group()) for start, seat in seats]
    return tuple(found)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text without white space, full-width letters and digits made half-width: how things are compared."""
    return re.sub(r"\s+", "", half_width(text).translate(_HALF_WIDTH_LETTERS))


_HALF_WIDTH_LETTERS = {full: full - 0xFEE0 for full in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0B, 0xFF0D)}


def _figures(text: str) -> Iterator[Thing]:
    for figure in find_figures(text):
        value, low, unit, hedge = figure.claim
        yield Thing("figure", figure.start, figure.end, figure.text, f"{low or ''}~{value}|{unit}|{hedge}", figure)


def _periods(text: str) -> Iterator[Thing]:
    for period in find_periods(text):
        yield Thing("period", period.start, period.end, period.text, period_key(period.text))


def _ranks(text: str) -> Iterator[Thing]:
    for match in _RANK.finditer(half_width(text)):
        ends = [match["first"], match["last"]] if match["first"] else []
        key = "-".join(str(parse_number(end)) for end in ends if end) or "1"
        yield Thing("rank", *match.span(), text[slice(*match.span())], key)


def _codes(text: str) -> Iterator[Thing]:
    for match in _CODE.finditer(plain(text) if len(plain(text)) == len(text) else text):
        yield Thing("code", *match.span(), match.group(), match.group().lower())


_REWRITINGS = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"^[“\"「]|[”\"」]", ""),
        (r"(\d{4})([./-])0?(\d{1,2})\2(?:0?(\d{1,2}))$", r"\1年\3月\4日"),
        (r"(?:—|–|-|－|~|～|至|到)", "-"),
        (r"(?<!\d)0(?=\d[月日])", ""),
        (r"月份", "月"),
        (r"(\d{4})年?-(?=\d{4}年)", r"\1-"),
        (r"(\d{1,2})月-(?=\d{1,2}月)", r"\1-"),
        (r"年年?[底末]$", "年底"),
        (r"末$", "底"),
        (r"第?(\d)个?季度", r"\1季度"),
        (r"(?<=\d)个月", "月"),
        (r"(?:以来|以后|之后|起|后)$", "起"),
        (r"(?:以前|之前|前)$", "前"),
        (r"时期$", "期间"),
    )
)
_NUMERALS = re.compile("[〇零一二三四五六七八九十]+")


@lru_cache(maxsize=4096)
def period_key(text: str) -> str:
    """One form for all ways of writing a date or period: 二〇二三年五月份, 2023 年 05 月 and 2023年5月 are the same."""
    key = plain(text)
    if not re.search("十[二三四五六七]五", key):
        key = _NUMERALS.sub(lambda match: str(parse_number(match.group())), key)
    for pattern, new in _REWRITINGS:
        key = pattern.sub(new, key)
    return key


def dated(keys: Sequence[str]) -> list[tuple[str, ...]]:
    """For each period key of a text, in order, the forms that say it: itself, and with the year that was named before."""
    forms: list[tuple[str, ...]] = []
    year = ""
    for key in keys:
        named = re.match(r"\d{4}年", key)
        year = named.group() if named else year
        forms.append((key, year + key) if year and not named and key[:1].isdigit() else (key,))
    return forms


def says_period(stated: str, forms: Sequence[str], point: bool) -> bool:
    """Whether one of the forms of a period says a stated one: the same, the day left out, or the month left out where
    no figure hangs on it (`point`).
    """
    finer = re.compile(r"(?:\d{1,2}月)?\d{1,2}日起?" + (r"|\d{1,2}月|底" if point else "") + "|起")
    dropped = (
        form.removeprefix(stated) for form in forms if form.startswith(stated) and stated.endswith(("年", "月", "日"))
    )
    return stated in forms or any(finer.fullmatch(rest) for rest in dropped)
