"""A figure or date and what is asked in, how much of it is the bare fact out: to the year or day, with or without a hedge."""

import re
from collections.abc import Sequence

from service.answering.figures import HEDGES_BEFORE, Figure
from service.answering.periods import Period
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import SCORE_UNITS

TITLED = 0.3
"""Share of its fit that a date keeps in the title of a document: it is the document's, not the event's."""


def granularity(period: Period, wanted: frozenset[str]) -> tuple[int, float]:
    """Where the part of a date that was asked for ends, and how well it suits a question for a 年, a 月 or a 日."""
    if "年" in wanted:
        year = re.search("年", period.text)
        return period.start + (year.end() if year else len(period.text)), 1.0 if period.has_year else 0.4
    if "日" in wanted:
        exact = re.search("日", period.text)
        hour = _HOUR.search(period.text)
        return (
            (period.start + hour.start() if hour else _plain_end(period), 1.0)
            if exact
            else (period.end, 0.3 if "月" in period.text else 0.0)
        )
    if "月" in wanted:
        month = re.search("月份?", period.text)
        return (period.start + month.end(), 1.0) if month else (period.end, 0.3)
    if hour := _HOUR.search(period.text):
        return (period.end, 1.0) if "时" in wanted else (period.start + hour.start(), 1.0)
    if "时" in wanted:
        return period.end, 0.3
    return _plain_end(period), 1.0 if period.has_year or period.text.endswith("日") else 0.7


_HOUR = re.compile(r"(?<=日)\s?\d{1,2}[时点:：].*$")
_REPORTED = re.compile(
    r"^\s*(?:\d{1,2}[时点:：]\S{0,3})?\s*(?:[电讯]|消息|从[^，。]{2,30}?(?:获悉|了解到))|^[^，。）)]{0,2}[）)]?\s*[电讯](?![子话力网动])"
)


def reported(text: str, period: Period) -> bool:
    """Whether a date says when something was reported (新华社杭州8月7日电, 记者8月7日从…获悉), not when it was."""
    return bool(_REPORTED.match(text[period.end :]))


def _plain_end(period: Period) -> int:
    """Where a date ends without the word that says how long it lasts (7月1日起)."""
    since = re.search("(?:以来|起|[之以]?后)$", period.text)
    return period.end - (len(since[0]) if since else 0)


def told_together(text: str, end: int, period: Period, periods: Sequence[Period]) -> tuple[str, ...]:
    """The dates enumerated right after one (2021年7月、9月)."""
    parts = []
    for other in periods[periods.index(period) + 1 :]:
        if other.start != end + 1 or text[end] not in "、和":
            break
        parts.append(text[other.start : other.end])
        end = other.end
    return tuple(parts)


def without_this_year(period: Period, end: int, slot: Slot) -> tuple[str, ...]:
    """A day asked for without 今年 and the like, which say nothing away from the text."""
    bare = re.sub("^[今去明前当]年", "", period.text[: end - period.start])
    return (bare,) if "日" in slot.units and bare and not period.text.startswith(bare) else ()


_HEDGED = re.compile(
    "(?:超过?|突破|迈过|跨过|越过|不得?低于|不得?少于|不得?超过|不得?高于|至少|最多)了?(?:多少|几|百分之)|(?:不得?低于|不得?少于|不得?超过|不得?高于|至少|超过)$"
)


def without_hedge(figure: Figure, question: Question) -> tuple[str, ...]:
    """A figure without the hedge that the question has already (超过了多少: 200亿元)."""
    bare = re.sub(f"^(?:{HEDGES_BEFORE})", "", figure.text)
    return (bare,) if bare != figure.text and _HEDGED.search(question.text.rstrip("? ")) else ()


def with_score(figure: Figure, text: str, slot: Slot) -> tuple[str, ...]:
    """A score with its unit, which figures go without (200分)."""
    points = slot.units == SCORE_UNITS and not figure.unit and _POINTS.match(text, figure.end)
    return (f"{figure.text}分",) if points else ()


_POINTS = re.compile("分(?![钟之])")


def in_title(text: str, at: int) -> bool:
    """Whether a place lies within the title of a document (《2022年度…工作报告》)."""
    return text.rfind("《", 0, at) > text.rfind("》", 0, at)
