"""Text in, the words of it that carry meaning out, and whether other texts say them. Function words are left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.occurrences import occurrences
from service.answering.names import tagged
from service.answering.things import atoms

_EMPTY_TAGS = frozenset("x u p c d y r q f e o k h w uj ul uz ug uv ud m mq".split())
_EMPTY = frozenset(
    "没有 据介绍 据悉 据了解 达到 达 共 共有 实现 完成 显示 介绍 其中 此外 同时 目前 包括 分别 进行 有关 相关 指出 表示 认为 提到 提出 说 称 即 指 具有 拥有 为 是 有 "
    "以 使 让 让 令 到 至 在 由 从 向 对 把 被 将 据 等 等等 方面 情况 时 时间 期间 年 月 日 数据 文章 资料 来看 做 做法 内容 主要 一个 一是 二是 三是 "
    "也 都 还 又 就 并 及 和 与 或 而 且 个 名 家 项 增至 升至 降至 数量 总数 超 近 约 余 多".split()
)
"""Words that link or report and may be said without the quote saying them."""

_SAME = (
    "增长 增加 上升 提高 提升 增", "下降 减少 降低 回落 降 减", "建成 建立 建设 建", "开展 实施 推行 施行", "推出 出台 发布",
    "企业 公司", "群众 百姓 老百姓 居民", "缩短 压缩", "需要 需", "超过 超", "成立 设立", "位于 地处", "用于 用来",
    "推动 促进 推进 带动", "破解 解决 化解", "助力 支持 帮助 赋能", "加快 加速", "提升 增强", "参与 参加", "培育 培养", "便利 方便",
    "要求 规定", "中院 中级人民法院", "高院 高级人民法院", "检察院 人民检察院", "发改委 发展和改革委员会 发展改革委",
    "园区 产业园 产业园区", "总量 总数 总额", "时间 时长 用时", "实现 达成", "营收 营业收入", "负责 牵头", "因为 由于", "目标 目的", "收入 营收", "打造 构建", "累计 累积", "覆盖 涵盖",
)  # fmt: skip
_SYNONYMS = {
    word: frozenset(other for row in _SAME for other in row.split() if word in row.split()) - {word}
    for word in " ".join(_SAME).split()
}
_CONTRARY = (
    "提前 推迟 延后 延迟", "增加 减少", "增长 下降", "扩大 缩小", "允许 禁止", "支持 反对 限制", "鼓励 限制 禁止", "成功 失败", "提高 降低",
    "提升 下滑", "缩短 延长", "上升 下降", "公开 保密", "开放 封闭", "加强 削弱", "集中 分散", "合并 拆分", "建立 撤销", "成立 撤销", "盈利 亏损",
    "进口 出口", "收入 支出", "线上 线下", "城市 农村", "国有 民营", "公办 民办", "境内 境外", "首次 再次",
)  # fmt: skip
_CONTRARIES = {word: [row.split() for row in _CONTRARY if word in row.split()] for word in " ".join(_CONTRARY).split()}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning at `[start, end)`, with its part of speech."""

    start: int
    end: int
    text: str
    tag: str

    @property
    def naming(self) -> bool:
        """Whether it names something, so that nothing else may stand for it."""
        return self.tag[0] in "njilst" or self.tag in ("eng", "zg")

    @property
    def sort(self) -> str:
        """Place, person and organisation apart from common nouns; every other part of speech by its first letter."""
        return self.tag[:2] if self.tag[:2] in ("ns", "nr", "nt") else "n" if self.tag[0] in "nj" else self.tag[0]


@lru_cache(maxsize=2048)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text that carry meaning, in order; what figures, dates, ranks and codes hold is not among them."""
    taken = [(thing.start, thing.end) for thing in atoms(text)]
    found = []
    for at, tagged_word, tag in tagged(text):
        end = at + len(tagged_word)
        linked = tag == "ns" and len(tagged_word) > 1 and tagged_word[0] in "和与及"  # 市和县
        start, word = at + linked, tagged_word[linked:]
        empty = tag in _EMPTY_TAGS or word in _EMPTY or not word[0].isalnum()
        if not empty and not any(a < end and start < b for a, b in taken):
            found.append(Word(start, end, word, tag))
    return tuple(found)


def places_of(word: Word, text: str) -> list[int]:
    """Where a text says a word: itself, or else a word of the same meaning."""
    for form in (word.text, *_SYNONYMS.get(word.text, ())):
        if found := list(occurrences(text, form)):
            return found
    return []


def is_same(one: str, other: str) -> bool:
    """Whether two words mean the same."""
    return one == other or other in _SYNONYMS.get(one, ())


def is_contrary(one: str, other: str) -> bool:
    """Whether the first word means the contrary of one that the other text holds."""
    return any(word != one and word in other for row in _CONTRARIES.get(one, ()) for word in row)


def is_empty(text: str) -> bool:
    """Whether a stretch holds nothing but words that link."""
    return all(c in _LINKS for c in text) or text in _EMPTY


_LINKS = frozenset("自从于的了地得着在和与及并而也都还又就以于由从向对把被将为是有等其该这那此之个已所则且到至各均皆全")


def said(word: Word, texts: Sequence[str]) -> bool:
    """Whether one of the texts says a word, as it is, by another, in its parts, or at length (民企 for 民营企业)."""
    if any(places_of(word, text) for text in texts) or _halves_said(word, texts):
        return True
    if len(word.text) > 2 and word.text[-1] in "达为超至有近约":  # 营收达
        return said(Word(word.start, word.end - 1, word.text[:-1], word.tag), texts)
    linked = [part for part in re.split("[和与及由]", word.text) if part]  # 由省, 和结果
    if linked != [word.text] and all(any(part in text for text in texts) for part in linked):
        return True
    if word.sort in ("ns", "nr", "nt") or len(word.text) == 1:
        return False
    if len(word.text) > 2:
        parts = [word.text[i : i + 2] for i in range(len(word.text) - 1)]
        return any(all(part in text for part in parts) for text in texts)
    if word.text[-1] in "委院局厅部会办":  # 市委 is not 市纪委
        return False
    return any(_in_full(word.text).search(text) for text in texts)


def _halves_said(word: Word, texts: Sequence[str]) -> bool:
    """Whether both halves of a long word are said, each in its own way (同比增加 by 同比增长)."""
    cuts = range(2, len(word.text) - 1)
    halves = [[Word(0, 0, half, word.tag) for half in (word.text[:cut], word.text[cut:])] for cut in cuts]
    return any(all(any(places_of(half, text) for text in texts) for half in pair) for pair in halves)


@lru_cache(maxsize=2048)
def _in_full(word: str) -> re.Pattern[str]:
    """A pattern for what a word of two characters may abbreviate: 民企 in 民营企业."""
    return re.compile(f"{re.escape(word[0])}[\\u4e00-\\u9fff]{{1,2}}{re.escape(word[1])}")
