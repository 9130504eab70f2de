"""A part of a question with its question word in, the units that its answer may have out."""

import re

from service.answering.figures import MEASURE_WORDS, MONEY
from service.answering.names import first_word
from service.answering.wording import (
    AREA_UNITS,
    LENGTH_UNITS,
    MONEY_UNITS,
    NUMERIC_NOUNS,
    PEOPLE_UNITS,
    SCORE_UNITS,
    SHARE_UNITS,
    TIME_UNITS,
    Kind,
)

MEASURED = re.compile(
    rf"(?:万亿|千万|百万|亿|万|千|百)?(?P<unit>{MONEY}|钱|{MEASURE_WORDS}|人|个百分点|百分点|块钱?|回(?!事)|趟|遍|分(?![之钟别为成享析布级]))"
)
_TIMES = ("回", "趟", "遍")
_OR_UNIT = re.compile(rf"(?:\(|/|、|或者?)(?P<unit>{MEASURE_WORDS})(?:\)|(?=[\u4e00-\u9fff]))")
"""Another unit beside the one asked for: 多少条(项)举措."""
_PEOPLE = re.compile(
    "[\u4e00-\u9fff]{0,4}?(?:病人|患者|孩子|学生|学员|老人|老师|教师|工人|职工|员工|农民|村民|居民|干部|人员|人才|专家|医生|司机|代表|委员|青年|妇女|儿童|志愿者)"
)
_LENT = re.compile("[贷借拨捐罚赔欠垫存汇]到?[了过]?$")
"""What 款 after the question word is money after, and no measure word (贷到多少款)."""
CHANGING = re.compile(r"(?:[降升涨增减缩提扩加]|下滑|翻|多|少)[低长加少短高升大减速快]?了?$")
"""What ends before the question word where a change is asked for: 成本降了多少 may be told an amount or a share."""


def units_of(part: str, start: int, end: int, kind: Kind) -> frozenset[str]:
    """The units that fit: the measure word after the question word, else what the noun beside it is counted in."""
    word = part[start:end]
    if kind is Kind.DATE:
        return _date_units(word)
    if kind is not Kind.FIGURE:
        return frozenset()
    after = MEASURED.match(part, end)
    if after and _is_unit(part[after.start("unit") :], after["unit"]):
        lent = after["unit"] == "款" and _LENT.search(part[:start])
        return MONEY_UNITS if lent else _of_measure(after["unit"], part[after.end() :])
    if re.match("百分|几成|多高$", word):
        return SHARE_UNITS
    if word == "多大" and (_OF_LAND.match(part, end) or _LAND_IS.search(part[:start])):
        return AREA_UNITS
    if word == "多少" and _PAID.search(part[:start]) and re.fullmatch("[百千]?[万亿]?", part[end:]):
        return MONEY_UNITS
    if word in LASTING:
        return LASTING[word]
    if CHANGING.search(part[:start]):
        return frozenset()
    if word in ("得分", "分数"):
        return SCORE_UNITS
    if counted := re.fullmatch("([人套户家条件亩宗项])数|(人次)|(场)次", word):
        return frozenset({counted[counted.lastindex or 0]})
    if re.match("数", word):  # a count of whatever stands before it
        return frozenset()
    if re.search("(?:项目|企业|公司|机构|学校|村)数[量目]?(?:目标)?(?:是|为|有)?$", part[:start]):
        return frozenset()
    return counted_in(part[end : end + 8]) or counted_in(part[max(0, start - 8) : start] + word)


_OF_LAND = re.compile("(?:的?一?[块片]|面积的?)(?:地|土地|用地|田)")
_LAND_IS = re.compile("[田地](?:一共|总共|现在|目前)?有?$")
"""What has an area where it is asked how large it is."""

LASTING = {
    **dict.fromkeys(("多久", "多长时间", "how long"), TIME_UNITS),
    **dict.fromkeys(("多长", "多远"), LENGTH_UNITS | TIME_UNITS),
}
"""Question words that tell the units themselves."""

_PAID = re.compile("(?:花费?|掏|支付|赚|挣|罚|赔偿?|捐|垫付?|耗资)[了出]?$")
"""What is done with money alone (掏了多少万)."""


def _of_measure(unit: str, rest: str) -> frozenset[str]:
    """The units that fit where a measure word is asked for, with the `rest` of the part after it."""
    if unit in _TIMES:
        return frozenset({"次"})
    if unit in ("钱", "块", "块钱") or unit in MONEY_UNITS:
        return MONEY_UNITS
    if unit == "个" and _PEOPLE.match(rest):
        return PEOPLE_UNITS
    other = _OR_UNIT.match(rest)
    return frozenset({unit, other["unit"]} if other else {unit})


def _is_unit(rest: str, unit: str) -> bool:
    """Whether a stretch begins with a unit, and not with a word that begins alike (条件); 天才解开 does not begin with 天才."""
    return first_word(rest) in (unit, unit[0]) or re.match("[才就都能会可数]", rest[len(unit) :]) is not None


def _date_units(word: str) -> frozenset[str]:
    """What a date is asked for to: the hour (几点), the day (哪天), the month (几月) or the year (哪年); empty when that is open."""
    if re.search("几[点时]", word):
        return frozenset("时")
    if re.search("[天日号]", word):
        return frozenset("日")
    if "月" in word:
        return frozenset("月")
    return frozenset("年" if ("年" in word or "year" in word) else "")


def counted_in(text: str) -> frozenset[str]:
    """What the noun of a stretch of text is counted in; empty when that is open."""
    return next((units for noun, units in NUMERIC_NOUNS if noun.search(text)), frozenset())
