"""The words around a figure in, what it counts and whom or where it is about out. Knows no values and no times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.ledger.tokens import Token, is_body

_LONGEST = 24
"""Characters that a subject may have; a longer phrase is cut at its front."""

_SHORTEST_BODY = 4
"""Characters of the name of a body; 公司 and 市政府 name none."""

_LED = re.compile("^[由在与和向对从以将把据](?=.{3})")
_COMMON_BODY = re.compile(
    "归属于|股东|^(?:有关|相关|各级|当地|上市|控股|全资|子|母|保险|证券|期货|基金|科技|股份|有限|人民|中介|外资|中小企业)+(?:公司|集团|机构|银行|政府|法院)?$"
)
"""Bodies that are any one of their kind."""

_NO_TOPIC = frozenset("新一轮 以下 主要 具体 本轮 首批 一批 多 等 上述 相关 有关".split())
"""What may stand before a number of things and is no topic of theirs."""

_NOT = frozenset("不 未 非 无".split())
_TAIL = re.compile("(?<=[率额量值数比重度积长模])(?:高?达|为|超|至|约|近|到|比)$")
"""What the cutter leaves at the end of a word (回应率达)."""

_CLASSES = frozenset("环节 方面 领域 阶段 步骤 层面 维度".split())
"""Nouns that end what is counted: 8 个环节 的管理 counts 环节."""

_DOING = frozenset(
    "健全 深化 完善 强化 优化 规范 加强 落实 推进 推动 贯彻 聚焦 建立健全 创新 统筹 支持 服务 引进 对接 联合".split()
)
"""Words at the front of a run of nouns that say what is done with the body named after them."""

_COUNTED = frozenset(
    "元 美元 欧元 港元 英镑 日元 人民币 % 百分点 年 天 小时 分钟 秒 个月 月 日 周 周年 工作日 岁 倍".split()
)
"""Units that need 的 before what they count (5年的工作), where others stand right before it (5家企业)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure counts, and the place, body or thing that it is about; `start` is where the words for it begin."""

    text: str
    about: str
    start: int


def subject_of(before: Sequence[Token], after: Sequence[Token], unit: str, alone: bool = True) -> Subject | None:
    """The subject by the words of the clause before the figure and after it; None where they name none. `alone`: no
    other figure stands before it in the clause, so that the words before may name what has what is counted.
    """
    end = len(before)
    while end and (before[end - 1].kind in ("link", "of", "joint", "mark")):
        end -= 1
    if before and before[-1].kind == "joint":  # a list: what stands before belongs to the figure before
        end = 0
    if any(token.text in ("等", "等等") for token in before[end:]):
        end = 0
    left, about, start = _phrase(before[:end])
    if end < len(before) and len(left) == 1 and len(left[0].text) == 1:
        left = []
    right = _counted(after, unit)
    if right:
        verb = left[-1].text if left and left[-1].kind == "verb" else ""
        topic = about or (_text(left) if alone and left and not verb and _has(before[end:]) and _is_topic(left) else "")
        first = (left[-1] if verb else right[0]).start
        return Subject(verb + _text(right), topic, min(first, start if topic else first))
    return Subject(_text(left), about, start) if left else None


def _has(links: Sequence[Token]) -> bool:
    """Whether the words between a topic and a figure say that it has what is counted."""
    return any(link.text[-1] in "有设含括为是达" for link in links)


def _is_topic(words: Sequence[Token]) -> bool:
    return words[-1].text not in _NO_TOPIC and any("\u4e00" <= letter <= "\u9fff" for letter in _text(words))


def _phrase(words: Sequence[Token]) -> tuple[list[Token], str, int]:
    """The phrase that ends the words, the place before it, and where both begin."""
    found: list[Token] = []
    about, at, length = "", len(words) - 1, 0
    while at >= 0 and length < _LONGEST:
        word, earlier = words[at], words[at - 1].kind if at else "mark"
        if word.kind == "place":
            about = _run(words, at)
            if found and is_body(found[0].text):  # 海港 集团 资产总额
                about += found.pop(0).text
            break
        if found and word.text in _NOT and word.end == found[0].start:  # 不规范合同
            found.insert(0, word)
            break
        if word.kind in ("link", "mark"):
            break
        if word.kind in ("of", "joint") and not (found and earlier in ("noun", "quoted", "place", "verb")):
            break
        if word.kind == "joint" and earlier == "verb":
            break
        found.insert(0, word)
        length += len(word.text)
        if word.kind == "verb" and len(found) > 1 and (found[1].kind not in ("of", "joint")):
            break
        at -= 1
    while found and (found[0].kind in ("of", "joint") or found[0].text in ("大类", "大")):  # 8 大类问题
        found.pop(0)
    start = found[0].start if found else words[at].start if words and at >= 0 else 0
    if about:
        start = words[_first(words, at)].start
    elif found and (body := _body_before(words, at)):
        about, start = body
    return found, about, start


def _first(words: Sequence[Token], at: int) -> int:
    """Where the run of places that ends at a word begins."""
    while at and words[at - 1].kind == "place":
        at -= 1
    return at


def _run(words: Sequence[Token], at: int) -> str:
    return _LED.sub("", _text(words[_first(words, at) : at + 1]))


def _body_before(words: Sequence[Token], at: int) -> tuple[str, int] | None:
    """The nearest place or body named before a word of the same clause."""
    while at >= 0:
        if words[at].kind == "place":
            return _run(words, at), words[_first(words, at)].start
        if words[at].kind == "noun" and is_body(words[at].text):
            first = at
            while (
                first
                and words[first - 1].kind in ("noun", "place")
                and words[first - 1].text not in _DOING
                and words[at].end - words[first - 1].start <= _LONGEST
            ):
                first -= 1
            body = _text(words[first : at + 1])
            if len(body) >= _SHORTEST_BODY and not _COMMON_BODY.search(body):
                return _LED.sub("", body), words[first].start
        at -= 1
    return None


def nearest_body(words: Sequence[Token]) -> tuple[str, int] | None:
    """The last place or body that the words of a clause name, and where."""
    return _body_before(words, len(words) - 1)


def first_body(words: Sequence[Token]) -> tuple[str, int] | None:
    """The place or body that a clause begins with, and where."""
    at = 0
    while at < len(words) and words[at].kind in ("link", "mark"):
        at += 1
    end = at
    while end < len(words) and words[end].kind in ("noun", "place") and words[end].end - words[at].start <= _LONGEST:
        end += 1
    return _body_before(words[:end], end - 1) if end > at and words[at].text not in _DOING else None


def _counted(after: Sequence[Token], unit: str) -> list[Token]:
    """The noun phrase right after a figure, which is what it counts."""
    at = 0
    if after and after[0].kind == "of":
        at = 1
    elif unit in _COUNTED and unit not in ("元", "美元", "人民币"):
        return []
    found: list[Token] = []
    length = 0
    for number, word in enumerate(after[at:], at):
        following = after[number + 1].kind if number + 1 < len(after) else "mark"
        noun = word.kind in ("noun", "quoted", "place")
        leading = word.kind == "verb" and not found and following == "noun" and unit not in _COUNTED
        linking = word.kind == "of" and found and following == "noun"
        if found and found[0].text in _CLASSES:
            break
        linking = linking or (word.kind == "joint" and [one.text for one in found] in (["省"], ["市"], ["县"]))
        if not (noun or leading or linking) or length + len(word.text) > _LONGEST:
            break
        found.append(word)
        length += len(word.text)
    return found


def _text(words: Sequence[Token]) -> str:
    return _TAIL.sub("", "".join(word.text for word in words))
