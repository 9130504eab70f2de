"""A mention of a reform in its sentence in, what the sentence says of it out, cell by cell. Guesses nothing.

Cells: what it is, its parts, since when, who leads or issues it, where it runs, what it aims at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from index.article import Article
from service.answering.figures import find_figures
from service.answering.names import find_names
from service.answering.places import is_known
from service.ledger.dates import find_times
from service.ledger.mentions import Mention

CellName = Literal["what", "parts", "since", "leads", "where", "targets"]
CELLS: Final[tuple[CellName, ...]] = ("what", "parts", "since", "leads", "where", "targets")

_IS = re.compile(
    r"^(?:改革|工程|行动|机制|计划|模式|体系|制度|平台|清单|应用|系统|服务|试点|政策|场景)?(?:，)?"
    r"(?:（(?P<held>(?!以下|下称|下同|简称|试行|草案|征求|公告|图|左|右|见|[^（）]*(?:〔|令第|版$|版）|号$|号）))[^（）]{6,60})）|(?:就是|是指|指的是|是(?!否|在|从|由|因|为了)|即|，即|旨在|，就是|——|：|，指)(?P<said>[^。；]{6,120}))"
)
_CALLED = re.compile(
    r"(?:首创|创新|推出|打造|探索|建立|构建|形成|实施|推行|开展|创设|创建)(?:了)?(?P<said>[^，。；“”\d]{6,40})的$"
)
_PARTS = re.compile(
    r"(?P<said>(?:包括(?!但不限)|包含|涵盖|(?<!部)分为|(?<!部)分成|由(?=[^，。]{2,40}(?:组成|构成))|其中[，]?“?\d|“?\d+”?(?:是指|是|即|指|为|代表|就是)|共有\d+|明确(?:了)?[\d一二三四五六七八九十]+[个大方项条]|聚焦[\d一二三四五六七八九十]+[个大方项]|提出(?:了)?[\d一二三四五六七八九十]+[个大方项条])[^。]{4,200})"
)
_LAUNCH = re.compile(
    "启动|推出|实施|出台|印发|发布|施行|开展|试点|推行|建立|成立|上线|首创|提出|部署|获批|公布|颁布|制定|落地|推进|打造|通过|揭牌|入选|列入|投用"
)
_LEAD = re.compile(
    "牵头|负责|主导|印发|出台|发布|推出|制定|启动|公布|首创|颁布|会同|联合|组织实施|主办|审议通过|推行|实施|打造|创新|探索"
)
_DOES = re.compile(rf"[^，。；的《》“]{{0,10}}(?:{_LEAD.pattern})[^，。；《》“]{{0,16}}《?“?")
_FIRST_HALF = re.compile(
    "(?:国家|[\u4e00-\u9fff]{2,3}?[省市县区]|[省市县区])?(?:发展|住房|人力资源|文化|工业|农业|卫生|交通|科学|教育|党史|机构编制|地方志)(?:和|与)$"
)
"""What the names of bodies with two objects begin with."""

_NO_BODY = re.compile("[向讯]|案例|流程|记者|批|某")
_CITED = re.compile("根据|依据|按照|违反|依照|对照|列入|纳入|召开|获|入选$")
_TARGET = re.compile(r"(?P<said>(?:到20\d\d年|力争|争取|目标|计划到|确保到)[^。；]{4,120})")
_RUNS = re.compile(
    r"在(?P<said>[\u4e00-\u9fff、]{2,30}?)(?:等地|等)?(?:[\d一二三四五六七八九十]+[个家](?:市|县|区|地)[^，。]{0,6})?(?:率先|先行)?(?:试点|推行|实施|开展|推广|落地)"
)
_CLAUSE = re.compile(r"[，；：。！？]")
_NEAR, _BESIDE, _LED = 40, 12, 60
_NUMBERS = "“”0123456789"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one sentence, `[start, end)` of the article, says for a cell; `text` stands in it word for word."""

    key: str
    cell: CellName
    text: str
    start: int
    end: int


def cells(article: Article, mention: Mention) -> Iterator[Cell]:
    """What the sentence of a mention says of it."""
    sentence = article.text[mention.start : mention.end]
    left, right = mention.name_start - mention.start, mention.name_end - mention.start
    before, after = sentence[:left], sentence[right:]

    def cell(name: CellName, text: str) -> Cell:
        return Cell(mention.key, name, text.strip("，：、 "), mention.start, mention.end)

    said = _IS.match(after)
    if said:
        yield cell("what", said["held"] or said["said"])
    elif called := _CALLED.search(before):
        yield cell("what", called["said"])
    if (parts := _PARTS.search(after)) and parts.start() <= (_NEAR if parts["said"][0] in _NUMBERS else _BESIDE):
        yield cell("parts", parts["said"])
    if (target := _TARGET.search(after)) and find_figures(target["said"]):
        yield cell("targets", target["said"])
    clause = max((match.end() for match in _CLAUSE.finditer(before)), default=0)
    around = before[clause:] + sentence[left:right] + _CLAUSE.split(after)[0]
    if _LAUNCH.search(before, clause) or _LAUNCH.match(after[:_NEAR].lstrip("改革工程行动机制计划正式全面")):
        times = [time for time in find_times(sentence) if time.end <= left and left - time.end <= _NEAR]
        if times and not times[-1].text.startswith(("目前", "近")):
            yield cell("since", times[-1].text)
    if _LEAD.search(around):
        yield from (cell("leads", name) for name in _bodies(before, after))
    yield from (cell("where", name) for name in _places(before, after, clause))


def _bodies(before: str, after: str) -> Iterator[str]:
    """Bodies that do something with it: before a verb of leading, or after 由."""
    led = re.search(r"由(?P<said>[^，。]{2,30}?)(?:牵头|负责|主导|印发|制定|会同|联合|组织)", after)
    if led:
        yield from (name.text for name in find_names(led["said"], "organisation"))
        return
    start = max(0, len(before) - _LED)
    cut = _CLAUSE.search(before, start) if start else None  # no name is cut in two
    near = before[cut.end() if cut else start :]
    for name in find_names(near, "organisation"):
        start = name.start
        if first := _FIRST_HALF.search(near[:start]):  # 人力资源和 社会保障局
            start = first.start()
        body = near[start : name.end]
        if _DOES.fullmatch(near, name.end) and not _CITED.search(near[:start]) and not _NO_BODY.search(body):
            yield body


def _places(before: str, after: str, clause: int) -> Iterator[str]:
    """Places named just before it in its clause, or where it is tried out."""
    names = find_names(before[clause:], "place")
    if names and clause + names[-1].end >= len(before) - 8 and _is_place(names[-1].text):
        yield names[-1].text
    if runs := _RUNS.search(after):
        yield from (name.text for name in find_names(runs["said"], "place") if _is_place(name.text))


def _is_place(name: str) -> bool:
    """Whether what the cutter takes for a place is one: a division of China, or one with its rank."""
    return is_known(name) or bool(re.search(".{2}(?:[省市县区镇乡村]|街道)$", name))
