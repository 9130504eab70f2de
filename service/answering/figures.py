"""Text in, figures out: numbers as Chinese policy prose writes them, with value, unit and hedge.

Arabic and Chinese numerals, magnitudes (万, 亿, 万亿), percentages (百分之…, ％), fractions (…分之…), ranges, and hedges
before (近 约 超) or after (余 多 以上) the number. Dates are not figures: `service.answering.periods` finds those.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from service.answering.numerals import ABOUT, DIGITS, MAGNITUDES, NUMBER, parse_number
from service.answering.periods import find_periods, half_width

HEDGES_BEFORE = "不少于|不低于|不超过|不高于|将近|接近|超过|大约|高于|低于|至少|最多|突破|近|约|超|逾"
HEDGES_AFTER = "以上|以下|左右|上下|以内"

MONEY = "元|美元|港元|欧元|英镑|日元|人民币"
_PERCENT = "个百分点|百分点|%|％"
MEASURE_WORDS = (
    "平方公里|平方千米|平方米|立方米|公里|千米|公顷|公斤|千克|千瓦时|兆瓦|千瓦|毫米|厘米|英里|海里|标准箱|标箱|"
    "个工作日|工作日|个小时|小时|分钟|个月|周年|周岁|人次|户次|家次|例次|万次|航次|班次|车次|批次|件次|"
    "吨|斤|克|米|亩|里|度|升|年|月|日|天|周|秒|岁|倍|成|折|代|辈|辆|列|架|艘|台|套|间|栋|幢|座|处|所|"
    "家|户|个|件|项|条|人|名|位|次|场|根|杆|棵|株|头|只|匹|尾|枚|颗|粒|张|本|部|篇|册|份|幅|首|集|期|届|轮|批|组|"
    "章|对|双|支|门|种|类|款|类型|级|层|道|步|点|站|宗|笔|单|例|起|案|科|课|节|句|字|页|版|集|卷|副|桩|票|股|席|"
    "村|镇|乡|县|市|区|省|国"
)
_UNIT = f"(?:{MONEY}|{_PERCENT}|{MEASURE_WORDS})"
_MAGNITUDE = "万亿|千万|百万|亿|万|千(?![瓦克米])|百(?!分)"
_JOINT = r"\s{0,4}(?:—|–|-|－|~|～|至|到)\s{0,4}"
_FRACTION = rf"(?:一?万|{NUMBER})分之{NUMBER}|(?<![\d./])[1-9]\d?/[1-9]\d?(?![\d./])"
_SIGN = r"(?:(?<![\w%)）])|(?<=[为是达到至长降约近超占比率速幅]))[-−－](?=\d)|(?:(?<![\w”’」』])|(?<=[为是达到至约近]))负(?=\d)|零下"
_NO_HEDGE = "签节预特条合契履违附最靠临邻"
"""Characters that make another word with a hedge after them: 签约, 节约, 附近, 最近."""


_BARE = "(?<=[超近约逾过破])(?=[万亿])"
"""No numeral after a hedge: one of what follows (超万家)."""


def _one(prefix: str = "") -> str:
    return rf"(?P<{prefix}number>{NUMBER}|{_BARE})\s{{0,4}}(?P<{prefix}magnitude>{_MAGNITUDE})?"


_FIRST = rf"[\s\d{DIGITS}十百千万\-−－负{''.join(sorted({hedge[0] for hedge in HEDGES_BEFORE.split('|')}))}]"
"""Whatever a figure can begin with, so that the search passes quickly over all else."""


def _pattern(low: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?={_FIRST})(?P<before>(?<![{_NO_HEDGE}])(?:{HEDGES_BEFORE}))?\s{{0,4}}"
        rf"(?:(?P<fraction>{_FRACTION})(?:{_JOINT}(?P<to>{_FRACTION}|(?>{NUMBER})(?!\s{{0,4}}(?:{_MAGNITUDE}|{_UNIT}))))?"
        rf"|(?P<sign>{_SIGN})?{low}{_one()}\s{{0,4}}(?P<inner>余|多|来(?!自)|几)?\s{{0,4}}(?P<outer>万|亿)?"
        rf"\s{{0,4}}(?P<mid>个[半多](?=小时|月|工作日))?(?P<unit>{_UNIT})?(?P<flow>余|多|(?<=[年天倍])半(?![年价数]))?)"
        rf"\s{{0,4}}(?P<after>{HEDGES_AFTER})?"
    )


_RANGE = _pattern(rf"(?:{_one('low_')}\s{{0,4}}(?P<low_unit>{_UNIT})?{_JOINT})?")
_SINGLE = _pattern("(?P<low_number>(?!))?")
_CODE = re.compile(
    r"(?=[“\"「『\dA-Za-z一二三四五六七八九十])(?:[“\"「『]?(?<!\d)\d{1,18}(?:\+[\dA-Za-zN]{1,18})+|[A-Za-z]{1,18}\d{1,18}(?:\.\d{1,18})*[A-Za-z]{0,18}"
    r"|(?<!\d)\d{1,18}(?:\.\d{1,18})?[A-Za-z]+|(?<!\d)\d{1,18}×\d+|(?<!\d)0\d{2,3}-\d{7,8}|(?<!\d)[0-9]0后"
    r"|[一二三四五六七八九十]{1,4}届[一二三四五六七]中)"
)
_UNIT_NAMES = {"个百分点": "百分点"}
_SAME_UNITS = {
    "个小时": ("小时", 1), "个工作日": ("工作日", 1), "周岁": ("岁", 1), "成": ("%", 10), "千米": ("公里", 1),
    "平方千米": ("平方公里", 1), "千克": ("公斤", 1), "标箱": ("标准箱", 1),
}  # fmt: skip
"""Units that count the same thing: the one they are compared in, and how many of it they are."""

_COUNTERS = frozenset("人 个 名 家 户 件 项 条 位 种 辆 台 套 张 座 处 所 份 部 棵 株 根 头 只 本 篇 幅 艘 架".split())

Claim = tuple[Fraction, Fraction | None, str, str]
"""Value, low end of a range, unit, hedge."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text at `[start, end)`.

    `value` is exact; a range has its low end in `low`. `unit` is written in full without its magnitude (12.1亿元 has
    the value 1210000000 and the unit 元); % for percentages however they are written. `hedge` is the approximation
    as written (近, 余, 以上), empty when the number is exact.
    """

    start: int
    end: int
    text: str
    value: Fraction
    unit: str
    hedge: str
    low: Fraction | None = None

    @property
    def number(self) -> float | int | list[float | int]:
        """The value for JSON; a pair for a range."""
        high = plain(self.value)
        return high if self.low is None else [plain(self.low), high]

    def same_claim(self, other: "Figure") -> bool:
        """Whether both say the same: value, unit and hedge, however they are written."""
        return self.claim == other.claim

    def is_said_by(self, other: "Figure") -> bool:
        """Whether another figure proves this one: the same, or this one without the word that counts (33万华侨, 33万人)."""
        counted = replace(other, unit="") if not self.unit and other.unit in _COUNTERS else other
        return self.claim == counted.claim

    @property
    def claim(self) -> Claim:
        """What is said, in one form for every way of writing it: value, low end, unit, hedge (七成 is 70%)."""
        unit, size = _SAME_UNITS.get(self.unit, (self.unit, 1))
        low = None if self.low is None else self.low * size
        return self.value * size, low, unit, fold_hedge(self.hedge)


def plain(value: Fraction) -> float | int:
    """A JSON number: int where it is whole."""
    return int(value) if value.denominator == 1 else float(value)


_HEDGE_KINDS = {"余": "超", "多": "超", "超过": "超", "逾": "超", "突破": "超", "高于": "超", "将近": "近", "接近": "近",
                "大约": "约", "左右": "约", "上下": "约", "不低于": "以上", "不少于": "以上", "至少": "以上",
                "不高于": "以下", "不超过": "以下", "最多": "以下", "以内": "以下", "来": "约", "几": "超"}  # fmt: skip


def fold_hedge(hedge: str) -> str:
    """One word for hedges that mean the same: 余, 多, 逾 and 超 all say more than the number."""
    return _HEDGE_KINDS.get(hedge, hedge)


@lru_cache(maxsize=4096)
def find_figures(text: str) -> tuple[Figure, ...]:
    """Every figure of a text in order. Dates, codes (1+5+16, 5G), ordinals and numerals without unit are left out."""
    taken = [(period.start, period.end) for period in find_periods(text)]
    folded = half_width(text)
    taken += [match.span() for match in _CODE.finditer(folded)]
    figures = []
    position = 0
    while match := _RANGE.search(folded, position):
        if match["low_number"] and (_covered(match, taken) or not _is_range(match)):
            match = _SINGLE.match(folded, match.start()) or match
        if covered := _covered(match, taken):
            position = max(covered, match.start() + 1)
            continue
        if figure := _figure(match, text):
            figures.append(figure)
        position = max(match.end(), match.start() + 1)
    return tuple(figures)


def _covered(match: re.Match[str], taken: Sequence[tuple[int, int]]) -> int:
    """Where the last date or code ends that holds a part of the number; 0 when there is none."""
    core = match.end("number" if match["number"] else "fraction")
    return max((end for start, end in taken if start < core and match.start() < end), default=0)


def _figure(match: re.Match[str], text: str) -> Figure | None:
    before = match.string[max(0, match.start() - 2) : match.start()].rstrip()
    if before.endswith("第") and not (before == "续第" and match["unit"] == "年"):  # 连续第24年 tells how many
        return None
    found = _share(match) if match["fraction"] else _amount(match, before)
    if found is None:
        return None
    value, low, unit = found
    hedge = next((match[name] for name in ("before", "inner", "flow", "after") if match[name] not in (None, "半")), "")
    if match["mid"] == "个多":
        hedge = hedge or "多"
    start = match.end() - len(match.group().lstrip())
    end = match.start() + len(match.group().rstrip())
    if unit and (other := _OR_UNIT.match(text, end)):
        end = other.end()
    return Figure(start, end, text[start:end], value, unit, hedge, low)


_OR_UNIT = re.compile(rf"[（(](?:{MEASURE_WORDS})[）)]")
"""Another measure word after a figure's own (29万套（间）)."""

_Amount = tuple[Fraction, Fraction | None, str]
"""Value, low end of a range, unit."""


def _share(match: re.Match[str]) -> _Amount | None:
    """A fraction as a percentage, or a range of two; None when it divides by nothing or 24/7 is no fraction."""
    below, _, above = match["fraction"].partition("分之")
    if not above:
        above, _, below = match["fraction"].partition("/")
        if int(above) >= int(below):
            return None
    ends = [(below, above)]
    if match["to"]:
        other, _, last = match["to"].partition("分之")
        ends.append((other, last) if last else (below, other))
    if not all(parse_number(part) for part, _ in ends):
        return None
    values = [parse_number(whole) / parse_number(part) * 100 for part, whole in ends]
    return values[-1], values[0] if match["to"] else None, "%"


def _amount(match: re.Match[str], before: str) -> _Amount | None:
    number, unit = match["number"], match["unit"] or ""
    if not (number[:1].isdigit() or _stands_alone(match, before)):
        return None
    if match["mid"]:
        unit = {"月": "个月"}.get(unit, unit)
    scale = _scale(match)
    value, low = parse_number(number or "一") * scale, None
    if match["low_number"]:
        low, unit = _low(match), unit or match["low_unit"] or ""
    elif about := re.search(ABOUT, number):
        low = parse_number(number[: about.start() + 1] + number[about.end() :]) * scale
        value = parse_number(number[: about.start()] + number[about.end() - 1 :]) * scale
    if match["mid"] == "个半" or match["flow"] == "半":
        value += Fraction(1, 2)
    if match["sign"]:
        value, low = -value, None if low is None else -low
    return value, low, _UNIT_NAMES.get(unit, unit)


def _scale(match: re.Match[str]) -> int:
    return MAGNITUDES.get(match["magnitude"] or "", 1) * MAGNITUDES.get(match["outer"] or "", 1)


def _low(match: re.Match[str]) -> Fraction:
    """The low end of a range; without magnitude and unit of its own it shares those of the high end (5—10万元)."""
    low = parse_number(match["low_number"])
    if match["low_magnitude"]:
        return low * MAGNITUDES[match["low_magnitude"]]
    high = parse_number(match["number"]) * _scale(match)
    shares = not match["low_unit"] and not re.search("[万亿]", match["low_number"]) and low * _scale(match) < high
    return low * _scale(match) if shares else low


def _is_range(match: re.Match[str]) -> bool:
    """Whether two joined numbers are one range: the low end first, both of one unit."""
    units = {match["low_unit"] or match["unit"], match["unit"] or match["low_unit"]}
    return len(units) == 1 and _low(match) < parse_number(match["number"]) * _scale(match)


_WEAK_UNITS = frozenset("点道步里代国对双首部集字股级节科站")
_WORDS_WITH_SHARE = re.compile("[立为果员效功就长熟本都分品交不]")


def _stands_alone(match: re.Match[str], before: str) -> bool:
    """Whether a Chinese numeral is a figure: it has a unit or a magnitude (三个, 六万), and is no part of a word."""
    number, unit = match["number"], match["unit"] or ""
    if number in ("百", "千", "") and match["before"]:
        return bool(unit) and unit not in _WEAK_UNITS and unit != "级"
    if number in ("十", "百", "千", "") and (before.endswith(("几", "数")) or (number != "十" and not match["inner"])):
        return False
    if unit in _WEAK_UNITS or (unit == "成" and _WORDS_WITH_SHARE.match(match.string, match.end("unit"))):
        return len(number) > 1
    return bool(unit or match["magnitude"] or match["outer"] or re.search("[万亿]", number))


def squeezed(text: str) -> str:
    """A stretch of text without white space, as facts and figures are shown and compared."""
    return re.sub(r"\s+", "", text)
