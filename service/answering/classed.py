"""A sentence and a class of things in, the named things of that class in it out, each with how surely it is one.

A name belongs to a class when it ends in the class's noun (梅竹路幼儿园), stands beside it (系统“浙江公平在线”,
“智管家”应用, 律师段美玲) or is said to be it (主题是“…”).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from service.answering.names import NameKind, find_names, tagged
from service.answering.places import cities, is_known, is_province, stem
from service.answering.sought import Sought
from service.answering.wording import Kind

NAMED_KINDS: dict[Kind, NameKind] = {
    Kind.PERSON: "person",
    Kind.ORGANISATION: "organisation",
    Kind.PLACE: "place",
    Kind.DOCUMENT: "document",
}
"""Kinds of slots that a name fills, and its kind."""

OTHER, ANY_TITLE, ANY_PLACE = 0.45, 0.85, 0.85
"""Fit of a name of the right kind but another class (a 学院 where a 公司 is asked for), of a title that
does not say what it is of, and of a place without its rank.
"""

BODY_FOR_PERSON = 0.45
"""Fit of an organisation where 谁 asks."""

LOOSE, COMMON, CALLED = 0.9, 0.75, 0.5
"""Fit of a name by an ending close to the noun asked for; share kept by one without a proper name in it; fit of what
stands in quotation marks, with nothing to say what it is.
"""


@dataclass(frozen=True, slots=True)
class Classed:
    """A name at `[start, end)` of the text; `fit` in 0..1."""

    start: int
    end: int
    fit: float


@lru_cache(maxsize=4096)
def named_things(text: str, kind: Kind, wanted: Sought | None, bodies: bool = True) -> tuple[Classed, ...]:
    """The names in a text that may fill a slot of a kind, where a class is `wanted` above all; `bodies` too where a person may be
    one.
    """
    if kind is Kind.PLACE:
        return _places(text, wanted)
    if kind is Kind.DOCUMENT and (titles := _titles(text, wanted)):
        return titles
    found = [_said_to_be(text, _whole(text, item, wanted), wanted) for item in classed(text, wanted)] if wanted else []
    if kind in NAMED_KINDS:
        fit = OTHER if wanted and wanted.noun else 1.0
        for name in find_names(text, NAMED_KINDS[kind]):
            if all(name.end <= other.start or other.end <= name.start for other in found):
                other = Classed(name.start, name.end, fit)
                found.append(_said_to_be(text, other, wanted) if wanted else other)
    if bodies and kind is Kind.PERSON and not wanted:  # 谁 may ask for an organisation too (报给了谁)
        found += [Classed(name.start, name.end, BODY_FOR_PERSON) for name in find_names(text, "organisation")]
    return tuple(sorted(found, key=lambda item: item.start))


def _whole(text: str, item: Classed, wanted: Sought) -> Classed:
    """The name with what the cutter left out of it, where it took none of it for a proper name (…集成电路制造股份有限公司)."""
    if item.fit >= LOOSE or not wanted.body:
        return item
    names = find_names(text, "organisation")
    whole = next((name for name in names if name.end == item.end and name.start < item.start), None)
    return replace(item, start=whole.start) if whole else item


def _said_to_be(text: str, item: Classed, wanted: Sought) -> Classed:
    """The name, with the best fit where the text says that it is one of the class (牵头部门是省商务厅, 获奖单位为…集团)."""
    before = _SAID_TO_BE.sub("", text[: item.start])
    said = len(before) < item.start and before.endswith(wanted.forms)
    return replace(item, fit=1.0) if said else item


def short_names(text: str, article: str, wanted: Sought) -> tuple[Classed, ...]:
    """Bodies of a class that a text calls by the word alone that their name in the article begins with (尼得科 of 尼得科电机有限公司)."""
    words = ((at, word) for at, word, tag in tagged(text) if len(word) == SHORT_NAME and tag in _PROPER and tag != "ns")
    ending = f"(?:(?![的是在和与由])[\u4e00-\u9fffA-Za-z（）]){{1,{REST_CHARS}}}?(?:{'|'.join(map(re.escape, wanted.forms))})"
    return tuple(
        Classed(at, at + SHORT_NAME, LOOSE) for at, word in words if re.search(re.escape(word) + ending, article)
    )


SHORT_NAME, REST_CHARS = 3, 16
"""Characters of a word that is a name of its own rather than one of the language, and the most that follow it in the whole name."""


def said_to_be(text: str, role: str) -> tuple[Classed, ...]:
    """Who a text says outright to be something (各级党委是…的责任主体), whatever kind of name it is."""
    found = re.finditer(rf"(?:^|[，。；：])(?P<who>[^，。；：是]{{2,16}})是[^，。；]*?{re.escape(role)}", text)
    return tuple(Classed(*match.span("who"), 1.0) for match in found)


_SAID_TO_BE = re.compile("(?:是|为|即|：|有|包括)$")


def _titles(text: str, wanted: Sought | None) -> tuple[Classed, ...]:
    """Titles of documents, those that say the class asked for (办法) above others."""
    forms = wanted.forms if wanted else ()
    titles = find_names(text, "document")
    return tuple(Classed(t.start, t.end, 1.0 if any(form in t.text for form in forms) else ANY_TITLE) for t in titles)


def _places(text: str, wanted: Sought | None) -> tuple[Classed, ...]:
    """Places, those of the rank asked for (哪个村) above others, also where the cutter does not know them."""
    names = [(name.start, name.end) for name in find_names(text, "place")]
    if wanted and wanted.noun in _RANKS:
        unknown = re.compile(
            rf"(?:(?<=[省市县区镇乡])|(?<=街道))[\u4e00-\u9fff]{{2,3}}?{_RANKS[wanted.noun]}(?![\u4e00-\u9fff]?[级长委])"
        )
        verbs = {at for at, _, tag in tagged(text) if tag[0] in "vpdcu"}
        names += [match.span() for match in unknown.finditer(text) if match.start() not in verbs]
        names = [span for span in names if not any(_inside(span, other) for other in names)]
    fits = {span: _rank_fit(text[slice(*span)], wanted) if wanted else 1.0 for span in sorted(set(names))}
    return tuple(Classed(*span, fit) for span, fit in fits.items() if fit)


def _inside(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]


_RANKS = {
    "城市": "市",
    "市": "市",
    "地市": "市",
    "县": "县",
    "区": "区",
    "镇": "镇",
    "乡": "乡",
    "村": "村",
    "街道": "街道",
}
"""Nouns that ask for a place of one rank, and how its name ends."""

_SMALL = frozenset("镇 乡 村 街道".split())
"""Ranks that a name hardly goes without."""


def _rank_fit(place: str, wanted: Sought) -> float:
    """How well a place suits a question for a place of one rank: less without a rank or with another, and not at all
    where it is likely far too large (a 县 for a 村, a province for a 市).
    """
    rank = _RANKS.get(wanted.noun, wanted.noun)
    if place.endswith(rank):
        return 1.0
    if rank == "国家":
        return ANY_PLACE if may_be_country(place) else 0.0
    too_large = place.endswith("省") or (is_province(place) and stem(place) not in cities())
    if rank in _RANKS.values() and too_large:
        return 0.0
    ranked = len(place) > 2 and place[-1] in "省市县区镇乡村州盟旗"
    if rank in _SMALL and place[-1] not in "镇乡村":
        return 0.0
    if wanted.noun in _RANKS and not ranked and not is_known(place):
        return OTHER
    return OTHER if wanted.noun in _RANKS and ranked else ANY_PLACE


def may_be_country(place: str) -> bool:
    """Whether a place may be another country: it is none on the map of this one, and no region."""
    return not is_known(place) and _REGION.search(place) is None


_REGION = re.compile("[角洲湾带区岛市县省镇村州]$|^[欧美亚非]{2}$")


@lru_cache(maxsize=4096)
def classed(text: str, sought: Sought) -> tuple[Classed, ...]:
    """The names of a class in a text, in order, the surest of those that touch."""
    found = sorted(_all(text, sought), key=lambda item: (-item.fit, item.start - item.end))
    apart: list[Classed] = []
    for item in found:
        if all(item.end <= other.start or other.end <= item.start for other in apart):
            apart.append(item)
    return tuple(sorted(apart, key=lambda item: item.start))


def _all(text: str, sought: Sought) -> Iterator[Classed]:
    if sought.person:
        yield from _people(text, sought)
        return
    for form in sought.forms:
        fit = 1.0 if sought.noun.endswith(form) else LOOSE
        for match in re.finditer(re.escape(form), text):
            if not sought.body or form == sought.noun:
                yield from _beside(text, *match.span(), fit)
            yield from _ending(text, *match.span(), fit, body=sought.body)
    if sought.called:
        for match in _MARKED.finditer(text):
            if match["quoted"] and re.search("[、，的]", match["quoted"]):
                continue
            yield Classed(*match.span("quoted" if match["quoted"] else "title"), CALLED)


_MARKED = re.compile(r"“(?P<quoted>[^“”]{2,30})”|(?P<title>《[^《》]{2,40}》)")
_AFTER = re.compile(
    r"(?:，?(?:名叫|名为|叫做|称为|定为|叫|是|为|即|：))?(?:“(?P<quoted>[^“”]{2,40})”|(?P<title>《[^《》]{2,40}》)|（(?P<held>[^（）]{2,20})）)"
    r"|(?:——|：)(?P<dashed>[\u4e00-\u9fffA-Za-z0-9·]{2,20})(?=[，。；）]|$)"
)
_BEFORE = re.compile(r"(?:以|把)?(?:“(?P<quoted>[^“”]{2,40})”|(?P<title>《[^《》]{2,40}》))(?:为|作为|这一|这个|的)?$")


def _beside(text: str, start: int, end: int, fit: float) -> Iterator[Classed]:
    """Names in marks right before or after a noun of the class."""
    for match in (_AFTER.match(text, end), _BEFORE.search(text[:start])):
        if match and match.lastgroup:
            yield Classed(*match.span(match.lastgroup), fit)


def _ending(text: str, start: int, end: int, fit: float, *, body: bool) -> Iterator[Classed]:
    """The name that ends in the class noun at `[start, end)`: the row of nouns up to it, over quotation marks."""
    opening = text.rfind("“", 0, start)
    if text[end : end + 1] == "”" and opening >= 0 and "”" not in text[opening:end]:
        yield Classed(opening + 1, end, fit)
        return
    words = tagged(text)
    if not any(at + len(word) == end for at, word, _ in words):
        return
    if not body and any(at == end and tag[0] in "nj" for at, _, tag in words):  # 主题 of 主题歌曲
        return
    number = next(i for i, (at, word, _) in enumerate(words) if at + len(word) > start)
    begin, proper = words[number][0], words[number][2] in _PROPER
    while number:
        at, word, tag = words[number - 1]
        if word == "”" and (opening := text.rfind("“", 0, at)) >= 0:
            if not body:
                yield Classed(opening + 1, at, fit)
                return
            begin, proper = opening, True
            number = next(i for i, (a, _, _) in enumerate(words) if a == opening)
            continue
        if (
            word == "）" and (opening := _bracket(words, number - 1)) and _joins(words, opening - 1)
        ):  # 中日（平湖）产业园
            begin, proper, number = words[opening - 1][0], True, opening - 1
            continue
        if not _joins(words, number - 1):
            break
        begin, proper, number = at, proper or tag in _PROPER, number - 1
    if text[begin] in "每各这那该某其":
        return
    if body and (led := _TOGETHER_WITH.match(text, begin)):
        begin = led.end()
    told = not proper and _AFTER.match(text, end)  # the name follows: 调解组织——杭州律谐调解中心
    if not told and text[begin:start] not in _DETERMINERS:
        yield Classed(begin, end, fit * (1.0 if proper else COMMON))


def _bracket(words: tuple[tuple[int, str, str], ...], closing: int) -> int:
    """The number of the word that opens the brackets closed there, with no more than two words in them; 0 where none does."""
    opening = (number for number in range(closing - 2, closing - 4, -1) if number > 0 and words[number][1] == "（")
    return next(opening, 0)


_TOGETHER_WITH = re.compile("(?:联合|携手|会同)(?=[\u4e00-\u9fff]{4})(?![国会])")
"""What stands before the name of a body that another works with (联合浙江工业大学)."""

_PROPER = frozenset("nr nrt nrfg ns nt nz ng zg".split())
_DETERMINERS = frozenset(
    [
        "",
        *"本 该 各 全 新 大 小 省 市 县 全省 全市 国家 地方 有关 相关 主管 当地 龙头 优质 民营 中小 上市 示范 领军 科技 外资 外商 合资 规上 骨干 重点 头部 链主 生产 加工 施工 用人".split(),
    ]
)
_DOINGS = frozenset(
    "投诉 创新 监督 调解 服务 投资 管理 控股 制造 发展 运营 交易 评估 检测 指导 孵化 培训 救助 联合 合作 招商 仲裁 鉴定 开发 设计 咨询 治理 保护 研发 印刷 出版 保障".split()
)
"""Verbs that stand in the names of organisations and things (投诉监督中心)."""

_TAILS = ("化", "性", "型", "式", "类", "级")


def _joins(words: tuple[tuple[int, str, str], ...], number: int) -> bool:
    """Whether a word is part of the name that goes on after it."""
    _, word, tag = words[number]
    following, next_tag = words[number + 1][1:]
    before_tag = words[number - 1][2] if number else "x"
    if word in ("和", "与", "及"):
        if word == "与" and before_tag == next_tag == "n":
            return True
        return before_tag == next_tag == "vn" or (len(following) == 1 and next_tag[0] == "n")
    if word == "·":
        return True
    if tag[0] in "nj" or tag in ("vn", "b", "an", "l", "eng") or tag.endswith("g"):  # 浣/vg 江/nr 实验室
        return word.isalnum()
    return tag in ("v", "a") and (following in _TAILS or word in _DOINGS)


def _people(text: str, sought: Sought) -> Iterator[Classed]:
    """People by the title asked for right before or after their names (律师段美玲); others with a lower fit."""
    for name in find_names(text, "person"):
        before, after = _TITLES.split(text[: name.start])[-1], text[name.end :]
        titled = any(form in before or after.startswith(form) for form in sought.forms)
        titled = titled and ("副" in sought.noun or not any(f"副{form}" in before for form in sought.forms))
        yield Classed(name.start, name.end, 1.0 if titled else COMMON)


_TITLES = re.compile(r"[，。；：]|[^、\u4e00-\u9fff]")
"""What ends the row of titles before a name."""
