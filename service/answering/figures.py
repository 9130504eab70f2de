"""Text in, figures out: numbers as Chinese policy prose writes them, with value, unit and hedge.

Arabic and Chinese numerals, magnitudes (万, 亿, 万亿), percentages (百分之…, ％), fractions (…分之…), ranges, and hedges
before (近 约 超) or after (余 多 以上) the number. Dates are not figures: `service.answering.periods` finds those.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from service.answering.periods import find_periods

HEDGES_BEFORE = "不少于|不低于|不超过|不高于|将近|接近|超过|大约|高于|低于|至少|最多|突破|近|约|超|逾"
HEDGES_AFTER = "以上|以下|左右|上下|以内"
MAGNITUDES = {"万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "百": 10**2}

MONEY = "元|美元|港元|欧元|英镑|日元|人民币"
_PERCENT = "个百分点|百分点|%|％"
_MEASURE_WORDS = (
    "平方公里|平方千米|平方米|立方米|公里|千米|公顷|公斤|千克|千瓦时|兆瓦|千瓦|毫米|厘米|英里|海里|标准箱|标箱|"
    "个工作日|工作日|个小时|小时|分钟|个月|人次|户次|家次|例次|万次|航次|班次|车次|批次|件次|"
    "吨|斤|克|米|亩|里|度|升|年|月|日|天|周|秒|岁|倍|成|折|代|辈|辆|列|架|艘|台|套|间|栋|幢|座|处|所|"
    "家|户|个|件|项|条|人|名|位|次|场|根|棵|株|头|只|匹|尾|枚|颗|粒|张|本|部|篇|册|份|幅|首|集|期|届|轮|批|组|"
    "对|双|支|门|种|类|款|类型|级|层|道|步|点|站|宗|笔|单|例|起|案|科|课|节|句|字|页|版|集|卷|副|桩|票|股|席|"
    "村|镇|乡|县|市|区|省|国"
)
_UNIT = f"(?:{MONEY}|{_PERCENT}|{_MEASURE_WORDS})"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_DIGITS = "零〇一二两三四五六七八九"
_CHINESE = f"[{_DIGITS}十百千]*[十百千][{_DIGITS}十百千]*|[{_DIGITS}]+点[{_DIGITS}]+|[{_DIGITS}]"
_MAGNITUDE = "万亿|千万|百万|亿|万|千|百"
_JOINTS = "—|–|-|－|~|～|至|到"

_NUMBER = rf"(?:{_ARABIC}|{_CHINESE})"


def _one(prefix: str = "") -> str:
    return rf"(?P<{prefix}number>{_NUMBER})\s*(?P<{prefix}magnitude>{_MAGNITUDE})?"


_FIGURE = re.compile(
    rf"(?P<before>{HEDGES_BEFORE})?\s*"
    rf"(?:(?P<fraction>{_NUMBER}分之{_NUMBER}(?:点[{_DIGITS}]+)?|百分之(?:{_NUMBER}|百))"
    rf"|(?:{_one('low_')}\s*(?P<low_unit>{_UNIT})?\s*(?:{_JOINTS})\s*)?{_one()}"
    rf"\s*(?P<inner>余|多|来|几)?\s*(?P<outer>万|亿)?\s*(?P<unit>{_UNIT})?(?P<flow>余|多)?)"
    rf"\s*(?P<after>{HEDGES_AFTER})?"
)
_CODE = re.compile(r"[“\"「『]?\d+(?:\+[\dA-Za-zN]+)+|[A-Za-z]+\d+[A-Za-z]*|\d+[A-Za-z]+")


_UNIT_NAMES = {"％": "%", "个百分点": "百分点"}


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
        mine = (self.value, self.low, self.unit, fold_hedge(self.hedge))
        return mine == (other.value, other.low, other.unit, fold_hedge(other.hedge))


def plain(value: Fraction) -> float | int:
    """A JSON number: int where it is whole."""
    return int(value) if value.denominator == 1 else float(value)


_HEDGE_KINDS = {"余": "超", "多": "超", "超过": "超", "逾": "超", "突破": "超", "高于": "超", "将近": "近", "接近": "近",
                "大约": "约", "左右": "约", "上下": "约", "不低于": "以上", "不少于": "以上", "至少": "以上",
                "不高于": "以下", "不超过": "以下", "最多": "以下", "以内": "以下", "来": "约", "几": "超"}  # fmt: skip


def fold_hedge(hedge: str) -> str:
    """One word for hedges that mean the same: 余, 多, 逾 and 超 all say more than the number."""
    return _HEDGE_KINDS.get(hedge, hedge)


def find_figures(text: str) -> list[Figure]:
    """Every figure of a text in order. Dates, codes (1+5+16, 5G) and single numerals inside words are left out."""
    taken = [(period.start, period.end) for period in find_periods(text)]
    taken += [match.span() for match in _CODE.finditer(text)]
    figures = []
    position = 0
    while match := _FIGURE.search(text, position):
        core = match.end("number" if match["number"] else "fraction")
        covered = max((end for start, end in taken if start < core and match.start() < end), default=0)
        if covered:
            position = max(covered, match.start() + 1)
            continue
        if figure := _figure(match):
            figures.append(figure)
        position = match.end() if match.end() > match.start() else match.start() + 1
    return figures


def _figure(match: re.Match[str]) -> Figure | None:
    hedge = match["before"] or match["inner"] or match["flow"] or match["after"] or ""
    low: Fraction | None = None
    if match["fraction"]:
        below, above = match["fraction"].split("分之", 1)
        value = parse_number(above)
        unit = "%"
        if below != "百":
            value, unit = value / parse_number(below) * 100, "%"
    else:
        number, unit = match["number"], _UNIT_NAMES.get(match["unit"] or "", match["unit"] or "")
        ordinal = match.start() and match.string[match.start() - 1] == "第"
        if ordinal or not (number[0].isdigit() or _stands_alone(match)):
            return None
        scale = MAGNITUDES.get(match["magnitude"] or "", 1) * MAGNITUDES.get(match["outer"] or "", 1)
        value = parse_number(number) * scale
        if match["low_number"]:
            own = MAGNITUDES.get(match["low_magnitude"] or "")
            low = parse_number(match["low_number"]) * (own or (1 if match["low_unit"] else scale))
            if low >= value:
                low = None
    text = match.group().strip()
    start = match.start() + match.group().index(text)
    return Figure(start, start + len(text), text, value, unit, hedge, low)


def _stands_alone(match: re.Match[str]) -> bool:
    """A Chinese numeral counts as a figure when it has a unit, a magnitude or several characters (三个, 六万, 十五)."""
    if match["unit"] in (
        "点",
        "道",
        "步",
        "里",
        "成",
        "代",
        "国",
        "对",
        "双",
        "首",
        "部",
        "集",
        "字",
        "股",
        "级",
        "节",
        "科",
    ):
        return len(match["number"]) > 1
    return bool(match["unit"] or match["magnitude"]) and match["number"] not in ("百", "千")


_VALUES = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def parse_number(text: str) -> Fraction:
    """The exact value of an Arabic or Chinese numeral (3,268 · 12.1 · 一千二百 · 二〇二三 · 十点五)."""
    text = text.strip()
    if text[0].isdigit():
        return Fraction(text.replace(",", ""))
    whole, _, decimals = text.partition("点")
    value = Fraction(_chinese_integer(whole))
    if decimals:
        value += Fraction(int("".join(str(_VALUES[digit]) for digit in decimals)), 10 ** len(decimals))
    return value


def _chinese_integer(text: str) -> int:
    if not re.search("[十百千]", text):
        return int("".join(str(_VALUES[digit]) for digit in text))
    total = digit = 0
    for character in text:
        if character in _VALUES:
            digit = _VALUES[character]
        else:
            total += (digit or (1 if character == "十" or not total else 0)) * {"十": 10, "百": 100, "千": 1000}[
                character
            ]
            digit = 0
    return total + digit
