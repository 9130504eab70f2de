"""Text in, dates and periods out: calendar dates, months, years, ranges of them, and words like 去年 or 今年以来."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_DIGIT = "[0-9〇零一二三四五六七八九]"
_YEAR = rf"(?:(?:19|20|21)\d\d|[一二]{_DIGIT}{{3}})\s{{0,4}}年"
_MONTH = r"(?<![\d.])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s{0,4}月份?"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])\s{0,4}日"
_JOINT = r"\s{0,4}(?:[—–\-－~～]{1,2}|至|到)\s{0,4}"
_TAIL = (
    r"(?:上半年|下半年|前?[一二三四1-4]个?季度|第[一二三四1-4]季度|前(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])个?月|年?[初底末]|中旬|上旬|下旬)?"
    r"(?:以来|以前|之前|之后|以后|起|前|后)?"
)
_RELATIVE = "今年|去年|前年|明年|当年|本世纪初?|上世纪"
_PERIOD = re.compile(
    r"(?=[\s\d〇零一二三四五六七八九十上今去前明当本“])(?:(?:上世纪|(?:19|20|十九|二十)世纪|(?<![\d一二三四五六七八九])(?:19|20)?)(?:[1-9]0|[一二三四五六七八九]十)年代"
    rf"|(?:{_YEAR}|\d{{4}}){_JOINT}{_YEAR}{_TAIL}"
    rf"|(?:{_YEAR}|{_RELATIVE})?\s{{0,4}}(?:(?<![\d.])\d{{1,2}}(?:\s{{0,4}}月)?{_JOINT}{_MONTH}"
    rf"|{_MONTH}(?:\s{{0,4}}{_DAY}(?:{_JOINT}(?:(?:{_YEAR}\s{{0,4}})?{_MONTH}\s{{0,4}})?{_DAY})?)?){_TAIL}"
    rf"|{_YEAR}{_TAIL}"
    rf"|(?:{_RELATIVE}){_TAIL}"
    r"|“?十[二三四五六七]五”?(?:时期|期间)"
    r"|(?<!\d)(?:19|20)\d\d(?P<mark>[./-])(?:1[0-2]|0?[1-9])(?P=mark)(?:3[01]|[12]\d|0?[1-9])(?!\d)"
    r"|(?:19|20)\d\d(?=[—\-–](?:19|20)\d\d年))"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A date or period at `[start, end)`. `years` are the calendar years that it names outright, as digits."""

    start: int
    end: int
    text: str
    years: tuple[int, ...]

    @property
    def has_year(self) -> bool:
        return bool(self.years)


@lru_cache(maxsize=4096)
def find_periods(text: str) -> tuple[Period, ...]:
    """Every date or period of a text, in order, the longest reading first."""
    found = []
    for match in _PERIOD.finditer(half_width(text)):
        words = match.group().strip()
        if (
            re.fullmatch(r"[一二三四五六七八九]\s*月份?", words)
            and match.start()
            and text[match.start() - 1] in "一二三四五六七八九十"
        ):
            continue
        start = match.start() + match.group().index(words)
        end = start + len(words)
        found.append(Period(start, end, text[start:end], years_in(words)))
    return tuple(found)


_HOUR = re.compile(r"\s?(?:[01]?\d|2[0-4])(?:[时点](?:[0-5]?\d分)?|[:：][0-5]\d)")
_BARE = re.compile(
    rf"(?<![\d—–\-－~～至到、])(?:每月的?|当月的?|本月)?{_DAY}(?![内达游间]|以内|工作)(?:[以之]?[前后]|起)?|(?<![\d今去明前当本半整每多几个全年])年[初底末](?:[以之]?前)?"
)


def find_dates(text: str) -> tuple[Period, ...]:
    """Every date or period of a text, also a day without its month, an hour and 年底 without its year, in order."""
    found = [_with_hour(period, text) for period in find_periods(text)]
    for match in _BARE.finditer(half_width(text)):
        if all(match.end() <= period.start or period.end <= match.start() for period in found):
            bare = Period(*match.span(), text[slice(*match.span())], ())
            found.append(_with_hour(bare, text))
    return tuple(sorted(found, key=lambda period: period.start))


def _with_hour(period: Period, text: str) -> Period:
    hour = _HOUR.match(half_width(text), period.end) if period.text.endswith("日") else None
    if hour is None:
        return period
    return replace(period, end=hour.end(), text=text[period.start : hour.end()])


@lru_cache(maxsize=512)  # of the text around the sentences of an article, which is asked for with each of them
def years_in(text: str) -> tuple[int, ...]:
    """The four-digit years named in a text, Chinese digits included, both ends of a range."""
    plain = half_width(text).translate(_CHINESE_DIGITS)
    return tuple(int(match[1]) for match in _YEAR_NAMED.finditer(plain))


def relative_years(text: str) -> tuple[int, ...]:
    """The years that a text names by their distance from its own: 今年 is 0, 去年 -1, 前年 -2, 明年 1."""
    return tuple(_DISTANCES[found[0]] for found in _RELATIVE_YEAR.finditer(text))


def dated(period: Period, year: int | None) -> Period:
    """The period with the year that 今年, 去年… means in a text of this year; others as they are."""
    if period.years or not year:
        return period
    return replace(period, years=tuple(year + distance for distance in relative_years(period.text)))


_DISTANCES = {"今年": 0, "本年": 0, "去年": -1, "上一年": -1, "前年": -2, "明年": 1}
_RELATIVE_YEAR = re.compile(
    f"(?<![\\d一二三四五六七八九十几多]年)(?<![\\d一二三四五六七八九十几多])(?:{'|'.join(_DISTANCES)})"
)


def half_width(text: str) -> str:
    """The same text with half-width digits, points and percent signs, each character in its old place."""
    return text.translate(_HALF_WIDTH) if _WIDE.search(text) else text


_YEAR_NAMED = re.compile(
    r"(?<!\d)((?:19|20|21)\d\d)"
    rf"(?=\s*年|{_JOINT}(?:(?:19|20|21)\d\d(?!\d)|\d{{1,2}}\s*月)|(?P<mark>[./-])\d{{1,2}}(?P=mark)\d)"
)
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_WIDE = re.compile("[０-９．％]")


def covers(period: Period, years: tuple[int, ...], now: int | None = None) -> bool:
    """Whether a period speaks of one of these years: it names one, spans one, or began before it and goes on (以来), up to the
    year `now` that it was told in where that is known.
    """
    if not period.years:
        return False
    first, last = min(period.years), max(period.years)
    goes_on = period.text.endswith(("以来", "起", "以后", "之后"))
    end = now if now and period.text.endswith("以来") else max(years)
    return any(first <= year <= last or (goes_on and first < year <= end) for year in years)
