"""A question in, the same with one thing changed out, so that the collection no longer answers it; None where nothing can be.

What is put in comes from other questions of the same set, or from the map of China, so that it fits in kind.
"""

import random
import re
from collections.abc import Callable, Sequence

from service.answering.names import find_names, tagged
from service.answering.periods import years_in
from service.answering.places import place_stems
from service.answering.slots import find_slots
from service.answering.wording import FILLER, KIND_NOUNS

_LEAST, _MOST = 2, 4
"""Characters of a word that is put in another's place."""

_TURNED = {
    "增长": "下降", "增加": "减少", "提高": "降低", "上升": "回落", "扩大": "收缩", "成立": "撤销", "设立": "撤销", "建立": "取消", "创办": "关闭", "最高": "最低", "最多": "最少",
    "最大": "最小", "新增": "减少", "落户": "撤出", "入选": "落选", "获得": "失去", "开工": "停工", "批准": "驳回", "出口": "进口", "国家级": "省级", "省级": "国家级", "市级": "国家级",
    "上半年": "下半年", "城镇": "农村", "男": "女", "首个": "最后一个", "第一": "倒数第一", "缩短": "延长", "压缩": "延长", "启动": "终止", "开始": "结束", "签约": "解约",
    "支持": "反对", "加入": "退出", "通过": "否决", "超过": "不足", "累计": "新增", "线上": "线下", "公办": "民办", "户籍": "常住", "金奖": "银奖", "一等奖": "三等奖", "全国": "全球",
    "中国": "联合国", "世界": "全国", "出生": "去世", "开通": "停运", "发行": "停刊", "毕业": "退学", "胜利": "失败", "结婚": "离婚", "当选": "落选",
}  # fmt: skip
"""Words and what excludes them."""

_OTHER_UNITS = "亿美元 万吨 公顷 名博士 天 页".split()


class Pool:
    """Words, names and places of a set of questions, by their kind."""

    def __init__(self, questions: Sequence[str], places: Sequence[str]) -> None:
        self.places = list(places)
        self.words: dict[str, list[str]] = {}
        self.persons: list[str] = []
        self.quoted: list[str] = []
        for text in questions:
            for _, word, tag in tagged(text):
                if is_content(word, tag):
                    self.words.setdefault(tag, []).append(word)
            self.persons += [name.text for name in find_names(text, "person")]
            self.quoted += [name.text for name in find_names(text, "term")]


def is_content(word: str, tag: str) -> bool:
    fits = _LEAST <= len(word) <= _MOST and re.fullmatch("[\u4e00-\u9fff]+", word)
    return bool(fits) and word not in FILLER | KIND_NOUNS and tag in ("n", "v", "vn", "nz", "b", "a", "ns", "nr", "nrt")


Altering = Callable[[str, Pool, random.Random], tuple[str, str] | None]


def _swap(old: Sequence[str], new: Sequence[str], text: str, rng: random.Random) -> tuple[str, str] | None:
    old = [one for one in old if one in text]
    new = [one for one in new if one not in text]
    if not old or not new:
        return None
    put = rng.choice(new)
    return text.replace(rng.choice(old), put, 1), put


def _year(text: str, _: Pool, rng: random.Random) -> tuple[str, str] | None:
    years = [str(year) for year in years_in(text)]
    return _swap(years, [str(int(years[0]) + by) for by in (-3, -2, -1, 1, 2)], text, rng) if years else None


def _place(text: str, pool: Pool, rng: random.Random) -> tuple[str, str] | None:
    return _swap(place_stems(text), pool.places, text, rng)


def _person(text: str, pool: Pool, rng: random.Random) -> tuple[str, str] | None:
    return _swap([name.text for name in find_names(text, "person")], pool.persons, text, rng)


def _quoted(text: str, pool: Pool, rng: random.Random) -> tuple[str, str] | None:
    return _swap([name.text for name in find_names(text, "term")], pool.quoted, text, rng)


def _turned(text: str, _: Pool, rng: random.Random) -> tuple[str, str] | None:
    found = [word for word in _TURNED if word in text]
    if not found:
        return None
    word = rng.choice(found)
    return text.replace(word, _TURNED[word], 1), _TURNED[word]


def _word(text: str, pool: Pool, rng: random.Random) -> tuple[str, str] | None:
    content = [(word, tag) for _, word, tag in tagged(text) if is_content(word, tag)]
    if not content:
        return None
    word, tag = rng.choice(content)
    return _swap([word], pool.words.get(tag, []), text, rng)


def _unit(text: str, _: Pool, rng: random.Random) -> tuple[str, str] | None:
    if "多少" not in text:
        return None
    put = rng.choice(_OTHER_UNITS)
    return re.sub(r"多少(?:万|亿)?(?:元|个|家|人|项|件|名|次|亩|公里|倍|钱)?", f"多少{put}", text, count=1), put


def _asked(text: str, pool: Pool, rng: random.Random) -> tuple[str, str] | None:
    """Another thing asked of the same subject: the word beside the question word."""
    slot = find_slots(text)[0]
    found = [
        (max(0, at - slot.at, slot.at - at - len(word)), word)
        for at, word, tag in tagged(slot.focus)
        if is_content(word, tag) and tag in ("n", "vn", "v")
    ]
    return _swap([min(found)[1]], pool.words.get("n", []), text, rng) if found else None


def _month(text: str, _: Pool, rng: random.Random) -> tuple[str, str] | None:
    found = re.findall(r"(?<![\d—–-])\d{1,2}月", text)
    return _swap(found, [f"{month}月" for month in range(1, 13)], text, rng) if found else None


KINDS: dict[str, tuple[Altering, float]] = {
    "year": (_year, 1.0), "place": (_place, 3.0), "person": (_person, 1.0), "quoted": (_quoted, 1.0), "turned": (_turned, 3.0),
    "word": (_word, 1.5), "asked": (_asked, 4.0), "month": (_month, 1.0), "unit": (_unit, 0.5),
}  # fmt: skip
"""Each kind with how often it is tried."""


def alter(text: str, pool: Pool, rng: random.Random) -> tuple[str, str, str] | None:
    """(the changed question, what was put in, kind); None where nothing fits."""
    kinds = list(KINDS)
    for _ in range(6):
        kind = rng.choices(kinds, [KINDS[name][1] for name in kinds])[0]
        found = KINDS[kind][0](text, pool, rng)
        if found and found[0] != text:
            return *found, kind
    return None
