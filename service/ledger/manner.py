"""The words before a figure in, what it is measured against and how it moved out: 同比, 累计, 占全省, 增长, 由 … 至."""

import re
from dataclasses import dataclass

_AGAINST = re.compile(
    r"同比|环比|同口径|[比较与](?:上年|去年|前年|上一年|上月|上季度|年初|\d{4}年)(?:同期|末|底|初)?(?:相比)?"
    r"|[比较与](?:上|前)一?个?(?:交易日|工作日|[日周月年]|季度)|[比较与](?:同期|改革前|此前|之前|以往|计划|预期|疫情前)(?:相比)?|年均复合|年均|年平均|平均每年|人均|户均|日均|月均|亩均|平均每[人户天日月亩年]"
    r"|累计|累积|平均|首次|历史新高|每[\u4e00-\u9fff]{1,2}?(?=[增新减投处接产收发供需可最约超近达])|每(?:小时|分钟|年|月|天|日|人|户|亩|次|家|个)"
)
_UP = (
    "增长|增加|增幅|增收|增产|新增|净增|增速|提高|提升|上升|上涨|上浮|扩大|增多|攀升|多增|涨幅|同增|增(?=了?[至到]?$)|涨(?=了?[至到]?$)|升(?=了?[至到]?$)"
    "|超出|高出|领先|扩容|延长"
)
_DOWN = (
    "下降|减少|降低|降幅|缩短|压缩|压减|缩减|回落|下滑|下跌|下调|跌幅|少增|节约|节省|节支|减免|降(?=了?[至到]?$)|减(?=了?[至到]?$)|缩(?=了?[至到]?$)|跌(?=了?[至到]?$)"
    "|提速|精简|收窄|提前"
)
_CHANGE = re.compile(rf"(?P<word>{_UP}|{_DOWN})(?:了|幅度?|超过|将近|近|约|逾|达到?)?(?P<to>[到至为成]了?(?:约|近)?)?")
_OPENS = re.compile(r"(?:^|[^自理缘])(?P<word>[由从])[^由从，；。]{0,6}$")
_SHARE = re.compile(
    r"占(?!地|用|领|有(?!率))(?:比(?:例|重)?(?:已|达到?|为|约)*)?(?P<of>[^，；。、]{0,14}?)(?:的)?(?:比重|比例|比)?(?:已|仅|也|均|都|约|近|为|达|到|至|超过?|将近|的){0,3}$"
)


_BEYOND = re.compile(r"(?:高于|低于|快于|慢于|优于|好于|高出|低出)[^，；。、\d]{1,12}$")


@dataclass(frozen=True, slots=True)
class Manner:
    """`comparator`: what it is measured against, as written; `change`: the word for growth or fall where the figure is
    how much something moved, empty where it says to where; `opens`: it is where a move began (由3天缩短至1天); `ends`: how
    far the words for what it counts go, when some that tell its manner follow (占…的, 由, 增长).
    """

    comparator: str = ""
    change: str = ""
    opens: bool = False
    ends: int | None = None


def manner_of(before: str, after: str) -> Manner:
    """The manner of a figure with these words before it (since the figure or clause mark before) and right after it."""
    comparators = list(dict.fromkeys(match.group() for match in _AGAINST.finditer(before)))
    share = _SHARE.search(before)
    if share:
        comparators.append(f"占{share['of']}" if share["of"] else "占比")
    beyond = _BEYOND.search(before)
    if beyond:
        return Manner(" ".join((*comparators, beyond.group())), ends=beyond.start())
    opens = _OPENS.search(before)
    if opens and re.match(r"[^，。；]{0,4}[缩压降减增提上扩升跃发到至]", after):
        return Manner(" ".join(comparators), "", opens=True, ends=opens.start("word"))
    moves = [match for match in _CHANGE.finditer(before) if match.end() == len(before.rstrip())]
    last = moves[-1] if moves else None
    change = last["word"] if last and not last["to"] else ""
    ends = share.start() if share else last.start() if last else None
    return Manner(" ".join(comparators), change, ends=ends)
