"""A sentence in, its words out for finding what a figure counts: figures and times masked, each word with its kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import rjieba

Kind = Literal["noun", "place", "verb", "link", "of", "joint", "mark", "quoted"]

_LINKS = frozenset(
    "达 达到 达成 高达 多达 为 是 有 共 共有 约 近 超 超过 已 已经 共计 累计 累积 总计 合计 计 仅 均 都 就 也 分别 各 各有 只 只有 突破 至 到 在 由 从 增至 降至 增加到 "
    "提高到 增长到 升至 增长 下降 提高 提升 上升 上涨 上浮 下跌 下滑 回落 减少 降低 缩短 压缩 压减 缩减 增加 扩大 增幅 降幅 涨幅 跌幅 增速 同比 环比 比 较 上年 去年 今年 "
    "同期 相比 平均 年均 人均 户均 日均 月均 首次 以 每 即 将 可 可达 能 拥有 占 占比 占到 比重 比例 分布 左右 以上 以下 位居 位列 居 排名 其中 实现 完成 包括 包含 "
    "创 获 报 收于 报收 净增 大约 超出 接近 逾 余 了 着 过 并 且 又 再 还 从原来 原来 原 最多 最少 最高 最低 至少 不到 不足 不少于 不低于 不超过 不高于 具有 含 称 说 显示 总共 一共 "
    "预计 力争 一举 持续 连续 稳步 仍 尚 只需 仅需 需 需要 时间 来 内 间".split()
)
"""Words that tie a figure to what it counts and are no part of it."""

_LINK_TAGS = frozenset("d p c u uj ul uz ug uv ud r y e o k h f q m mq".split())
_JOINTS = frozenset("和 与 及 以及 、 及其".split())
_PLACES = frozenset(
    "全省 全市 全县 全区 全镇 全村 全国 我国 我省 我市 我县 全球 国内 该省 该市 该县 该区 该公司 该镇 该村 该院 该局 该行 全州 全院 全系统 世界".split()
)
_BODY = re.compile(
    "(?:公司|集团|银行|法院|检察院|委员会|大学|学院|医院|协会|商会|联合会|研究院|中心|局|厅|委|部|政府|证券|保险|科技|股份|自贸区|开发区|高新区|园区)$"
)
_NO_PLACE = frozenset("惠及 维度 东西 上市 超市 城市 门市 都市 股市 楼市 夜市 集市".split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `[start, end)` of the sentence."""

    start: int
    end: int
    text: str
    kind: Kind


def tokens(sentence: str, masked: Iterable[tuple[int, int]]) -> list[Token]:
    """The words of a sentence in order, without those of the stretches masked, which count as marks."""
    text = sentence
    for start, end in masked:
        text = f"{text[:start]}{'，' * (end - start)}{text[end:]}"
    found: list[Token] = []
    at, quote = 0, -1
    for word, tag in rjieba.tag(text):
        end = at + len(word)
        if word == "“" and "”" in text[end : end + 30]:
            quote = at
        elif quote >= 0:
            if word == "”":
                found.append(Token(quote, end, sentence[quote:end], "quoted"))
                quote = -1
        else:
            found.append(Token(at, end, word, _kind(word, tag)))
        at = end
    return found


def _kind(word: str, tag: str) -> Kind:
    if word in _JOINTS:
        return "joint"
    if not any(character.isalnum() for character in word):
        return "mark"
    if word == "的":
        return "of"
    if word in _PLACES or (tag in ("ns", "nt") and len(word) > 1 and word not in _NO_PLACE):
        return "place"
    if word in _LINKS or tag in _LINK_TAGS:
        return "link"
    return "verb" if tag[0] == "v" and tag != "vn" else "noun"


def is_body(word: str) -> bool:
    """Whether a noun ends as the names of bodies do (公司, 法院, 委员会)."""
    return bool(_BODY.search(word))
