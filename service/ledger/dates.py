"""Words for a time and the date of their article in, the days they span out. Knows no figures.

`find_periods` finds dates that name a month or a year; added here are quarters and half-years without one (一季度,
前8个月), plan periods and stretches that end with the article (近三年). What is said by its distance from the article
(去年, 一季度, 6月) is resolved by the article's date and says so; without that date it keeps its words and no days.
"""

import re
from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date as day_of
from datetime import timedelta
from functools import lru_cache

from service.answering.numerals import parse_number
from service.answering.periods import Period, find_periods, half_width, relative_years

_COUNT = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_BARE = re.compile(
    rf"(?:前[一二三四1-4]个?季度|第?[一二三四1-4]季度|上半年|下半年|全年(?!龄)|前{_COUNT}个月)(?:以来)?"
    r"|(?:(?<![的从由为到至于了达时期耗])近|过去|最近|未来)(?:[1-9]\d?|[二两三四五六七八九十]{1,2})(?:年|个月|[天日周])(?:来|间|内)?"
    r"|(?:近年来|近几年来?|目前|上年同期|上年末|上年(?!度))|(?<![\u4e00-\u9fff])自?[\u4e00-\u9fff“”]{2,12}以来"
)
_PLAN = re.compile(r"十([一二三四五六七])五")
_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
_DECADE = re.compile(r"(上世纪|(?:19|20|十九|二十)世纪|19|20)?([1-9]0|[一二三四五六七八九]十)年代")
_DAY = re.compile(r"(?P<year>\d{4})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})")
_MONTHS = re.compile(
    rf"(?P<first>{_COUNT})(?:\s*月份?)?(?:\s*(?P<day>3[01]|[12]\d|0?\d|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s*日)?"
    rf"(?:\s*[—–\-－~～至到]\s*(?:(?P<last>{_COUNT})\s*月份?)?(?:\s*(?P<till>3[01]|[12]\d|0?\d|[二三]?十[一二三四五六七八九]?)\s*日)?)?"
)
_QUARTER = re.compile(r"(?P<upto>前)?第?(?P<number>[一二三四1-4])个?季度")
_UP_TO = re.compile(rf"前({_COUNT})个?月")
_STRETCH = re.compile(r"(近|过去|最近|未来)([\d一二两三四五六七八九十]+)(年|个月|[天日周])")
_GOES_ON = re.compile(r"(?:[^，。；、\d]{0,20}?(?:以来|至今)|同期)")
_SINCE, _UNTIL = re.compile(r"(?:以来|至今|起|以后|之后|后)$"), re.compile(r"(?:以前|之前|前)$")
_TWO_DATES = re.compile(r"(\d{4}年\d[^—–\-－~～至到]*)[—–\-－~～至到]+(\d{4}年.+)")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE_YEAR = re.compile(r"[一二][〇零一二三四五六七八九]{3}(?=\s*年)")
_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day, inclusive, YYYY-MM-DD; None where there is none or it is not known. `resolved`: by the
    article's date.
    """

    start: str | None
    end: str | None
    resolved: bool = False


NO_DAYS = Days(None, None)


def find_times(text: str) -> tuple[Period, ...]:
    """Every word for a time in a text, in order."""
    found = list(find_periods(text))
    starts = [period.start for period in found]
    for match in _BARE.finditer(half_width(text)):
        at = bisect_left(starts, match.start())
        near = found[max(0, at - 1) : at + 1]
        if all(match.end() <= period.start or period.end <= match.start() for period in near):
            found.append(Period(match.start(), match.end(), text[match.start() : match.end()], ()))
    return tuple(sorted((_whole(period, text) for period in found), key=lambda period: period.start))


def _whole(period: Period, text: str) -> Period:
    """A time with the words that open it (自2021年上线以来) or make it another (去年同期)."""
    if goes_on := _GOES_ON.match(text, period.end):
        return replace(period, end=goes_on.end(), text=text[period.start : goes_on.end()])
    return period


@lru_cache(maxsize=4096)
def days_of(words: str, date: str | None) -> Days:
    """The days that words for a time span in an article of this date."""
    text = _CHINESE_YEAR.sub(lambda match: match.group().translate(_DIGITS), half_width(words))
    text = re.sub(r"\s+", "", text)
    if plan := _PLAN.search(text):
        first = 2006 + 5 * ("一二三四五六七".index(plan[1]))
        return Days(f"{first}-01-01", f"{first + 4}-12-31")
    if decade := _DECADE.search(text):
        return _decade(decade)
    if day := _DAY.fullmatch(text):
        written = _written(int(day["year"]), int(day["month"]), int(day["day"]))
        return Days(written, written)
    if stretch := _STRETCH.match(text):
        return _stretch(stretch, date)
    if text.endswith(("以来", "至今")) and not re.search("[年月日度]", text):  # 改革实施以来
        return NO_DAYS
    if re.match("近年来|近几年|目前|当年|本世纪|上世纪|.*同期$", text):
        return Days(None, date, resolved=True) if text.startswith("目前") and date else NO_DAYS
    return _bounded(text, _within(text, date), date)


def _within(text: str, date: str | None) -> Days:
    """The days named before 以来, 起 or 前 is looked at."""
    years = [int(year) for year in _YEAR.findall(text)]
    if len(years) > 1 and (ends := _TWO_DATES.fullmatch(text)):
        first, last = (_within(part, date) for part in ends.groups())
        return Days(first.start, last.end)
    if len(years) > 1:
        return Days(_written(years[0], 1, 1), _written(years[-1], _LAST_MONTH))
    rest = _YEAR.sub("", text).removeprefix("年")
    resolved = not years
    if not years:
        if not date:
            return NO_DAYS
        distances = (-1,) if text.startswith("上年") else relative_years(text)
        rest = re.sub("^(?:今年|去年|前年|明年|上年)", "", rest)
        own = int(date[:4])
        if distances:
            years = [own + distances[0]]
        else:
            month = _first_month(rest)
            years = [own - (month > int(date[5:7]))]
    return _part(years[0], rest, resolved=resolved)


def _part(year: int, rest: str, *, resolved: bool) -> Days:
    """A year, or the part of it that the rest names."""
    first, last = 1, _LAST_MONTH
    if quarter := _QUARTER.match(rest):
        number = int(parse_number(quarter["number"]))
        first, last = (1 if quarter["upto"] else 3 * number - 2), 3 * number
    elif up_to := _UP_TO.match(rest):
        last = int(parse_number(up_to[1]))
    elif rest.startswith("上半年"):
        last = 6
    elif rest.startswith("下半年"):
        first = 7
    elif re.match("年?[底末]", rest):
        return Days(_written(year, _LAST_MONTH), _written(year, _LAST_MONTH), resolved)
    elif re.match("年?初", rest):
        return Days(_written(year, 1, 1), _written(year, 1, 1), resolved)
    elif (months := _MONTHS.match(rest)) and "月" in rest:
        return _months(year, months, rest, resolved=resolved)
    return Days(_written(year, first, 1), _written(year, last), resolved)


def _months(year: int, match: re.Match[str], rest: str, *, resolved: bool) -> Days:
    first = int(parse_number(match["first"]))
    last = int(parse_number(match["last"])) if match["last"] else first
    day = int(parse_number(match["day"])) if match["day"] else None
    till = int(parse_number(match["till"])) if match["till"] else None if match["last"] else day
    if re.match("[底末]", rest[match.end() :]):
        return Days(_written(year, last), _written(year, last), resolved)
    return Days(_written(year, first, day or 1), _written(year, last, till), resolved)


def _first_month(rest: str) -> int:
    """The month by which a time without a year must have begun; of one that counts from January the last."""
    if quarter := _QUARTER.match(rest):
        return 3 * int(parse_number(quarter["number"])) - (0 if quarter["upto"] else 2)
    if up_to := _UP_TO.match(rest):
        return int(parse_number(up_to[1]))
    if rest.startswith("下半年"):
        return 7
    months = _MONTHS.match(rest)
    return int(parse_number(months["first"])) if months and "月" in rest else 1


def _bounded(text: str, days: Days, date: str | None) -> Days:
    """The same days where the words mean those; all since then up to the article, or all before."""
    if days is NO_DAYS:
        return days
    if _SINCE.search(text):
        return Days(days.start, date, resolved=days.resolved or bool(date))
    if _UNTIL.search(text):
        return Days(None, days.end, days.resolved)
    return days


def _decade(match: re.Match[str]) -> Days:
    tens = int(match[2]) if match[2].isdigit() else int(parse_number(match[2]))
    century = 2000 if match[1] in ("20",) else 1900
    return Days(f"{century + tens}-01-01", f"{century + tens + 9}-12-31")


def _stretch(match: re.Match[str], date: str | None) -> Days:
    if not date:
        return NO_DAYS
    count, sign = int(parse_number(match[2])), 1 if match[1] == "未来" else -1
    own = day_of.fromisoformat(date)
    if match[3] in "天日周":
        other = (own + sign * timedelta(days=count * (7 if match[3] == "周" else 1))).isoformat()
    else:
        at = own.year * 12 + own.month - 1 + sign * count * (1 if match[3] == "个月" else 12)
        other = f"{at // 12:04d}-{at % 12 + 1:02d}-{min(own.day, monthrange(at // 12, at % 12 + 1)[1]):02d}"
    return Days(date, other, resolved=True) if sign > 0 else Days(other, date, resolved=True)


def _written(year: int, month: int, day: int | None = None) -> str | None:
    """A day; the last of its month where none is given; None where there is no such day."""
    if not 1 <= month <= _LAST_MONTH:
        return None
    last = monthrange(year, month)[1]
    return f"{year:04d}-{month:02d}-{min(day or last, last):02d}" if (day or last) <= last else None
