"""Two places in, whether one lies in the other or is elsewhere out. Knows the administrative divisions of China alone."""

import re
from functools import lru_cache

from embeddings import models_folder
from index.occurrences import occurrences
from service.answering.names import find_names, place_stem, tagged

_PEOPLES = (
    "土家 维吾尔 哈萨克 柯尔克孜 蒙古 塔吉克 锡伯 撒拉 保安 东乡 达斡尔 鄂温克 鄂伦春 景颇 傈僳 哈尼 拉祜 布朗 布依 仡佬 毛南 仫佬 纳西 普米 "
    "独龙 朝鲜 回 藏 苗 彝 壮 侗 瑶 白 傣 黎 畲 佤 水 羌 怒 满 裕固 土 各"
)
_RANKED = re.compile(
    rf"(?:(?:{'|'.join(_PEOPLES.split())})族?)*自治[区州县旗]$|(?:(?<!新)[省市县区盟旗]|特别行政区|新区|林区|地区)$"
)
_LEAST_STEM = 2
_RANK_ALONE = re.compile("(?:新区|开发区|[省市县区乡镇村][级里]|本级|[省市县区乡镇村]+)")
_JOINED = re.compile("[和与及各][省市县区乡镇村]")
_RANK_GOES_ON = re.compile("[区市两三各]?级|[区市乡镇（(、和与及]")
_RANKS = "省市县区州盟旗"
_NO_NAME_GOES_ON = frozenset(f"{_RANKS}有是在的地去到与和")
"""What follows the name of a place rather than goes on with a word."""

_NAMELIKE = frozenset("ns nr nrt nz".split())
_ABROAD = frozenset(
    "美国 英国 法国 德国 日本 韩国 朝鲜 印度 泰国 越南 缅甸 老挝 文莱 蒙古 伊朗 约旦 阿曼 埃及 苏丹 刚果 加纳 肯尼亚 南非 希腊 荷兰 瑞士 瑞典 挪威 "
    "丹麦 芬兰 冰岛 捷克 波兰 古巴 秘鲁 智利 巴西 斐济 欧盟 欧洲 亚洲 非洲 美洲 北美 南美 中亚 东亚 南亚 西亚 东欧 西欧 北欧 中东 东盟 东京 首尔 "
    "巴黎 伦敦 纽约 柏林 罗马 河内 曼谷 迪拜 悉尼 汉堡 大阪".split()
)
"""Short names of places abroad that a question may be about."""

_COMMON = frozenset("和平 威信 中正 大安 万年 永和 永安 东方 新华 平安 西瓜".split())
"""Words that are far more often something else than the place of their name."""


def place_stems(text: str) -> tuple[str, ...]:
    """The places that a text names, without their ranks, in order, each once."""
    return tuple(dict.fromkeys(name for name, _ in _named(text)))


def sure_places(text: str) -> tuple[str, ...]:
    """Those of them that are on the map, or that the text writes with a rank."""
    return tuple(dict.fromkeys(name for name, sure in _named(text) if sure))


@lru_cache(maxsize=4096)
def _named(text: str) -> tuple[tuple[str, bool], ...]:
    found = {name.start: (place_stem(name.text), name.end) for name in find_names(text, "place")}
    for start, word, tag in tagged(text):  # the cutter takes 义乌 for a brand and 余姚 for a person
        if tag in _NAMELIKE and len(word) > 1 and stem(word) in _parents():
            found.setdefault(start, (place_stem(word), start + len(word)))
    return tuple(
        (name, stem(name) in _parents() or text[end - 1] in _RANKS)
        for _, (name, end) in sorted(found.items())
        if is_name(name, text[end:])
    )


def is_name(name: str, after: str) -> bool:
    """Whether it may be a name: no rank alone (新区), one like 和县 only where it is no part of 市和县两级, and one like 和田 only
    where the rest is no part of a word (水稻和田鱼).
    """
    if name in _COMMON or _RANK_ALONE.fullmatch(name) or re.fullmatch(".省", name):  # 依法治省
        return False
    if name[0] == "和" and after[:1] not in _NO_NAME_GOES_ON and _begins_word(name[1:], after):  # 水稻和田鱼
        return False
    return not _JOINED.fullmatch(name) or (name in _parents() and not _RANK_GOES_ON.match(after))


def _begins_word(text: str, after: str) -> bool:
    """Whether the cutter takes a text for the beginning of a longer word with what follows it."""
    _, word, _ = tagged(f"{text}{after[:2]}")[0]
    return len(word) > len(text)


def asked_places(text: str) -> tuple[str, ...]:
    """The places that what answers a question has to be about: of 宁波北仑 the narrower one, none that is excepted (除了
    杭州), and none that the cutter alone takes for a place (挺新鲜, 重卡, 利用村集体资产).
    """
    sure = sure_places(text)
    places = [
        place
        for place in place_stems(text)
        if not _is_excepted(place, text)
        and not re.search(rf"哪一?[个座家]{re.escape(place)}", text)
        and (place in sure or place in _ABROAD or re.search(rf"{re.escape(place)}(?:[镇乡]|村(?!集体)|街道)", text))
    ]
    return tuple(place for place in places if not any(contains(place, other) for other in places))


_EXCEPT = re.compile(r"除(?:[了开去]\s?[^，,、和与]{0,6})?$")


def _is_excepted(place: str, text: str) -> bool:
    return any(_EXCEPT.search(text[max(0, at - 9) : at]) for at in occurrences(text, place))


def contains(place: str, other: str) -> bool:
    """Whether the second place lies in the first; names are compared without their ranks."""
    return stem(place) in _parents().get(stem(other), frozenset())


def is_known(place: str) -> bool:
    """Whether it is one of the divisions of China, with or without its rank."""
    return stem(place) in _parents()


def related(place: str, other: str) -> bool:
    """Whether both are the same, or one lies in the other."""
    a, b = stem(place), stem(other)
    return a == b or a.startswith(b) or b.startswith(a) or contains(a, b) or contains(b, a)


def is_wide(place: str) -> bool:
    """Whether other places lie in it: a province, or a city with districts."""
    return stem(place) in _parts()


@lru_cache(maxsize=256)
def holds_part_of(place: str, text: str) -> bool:
    """Whether a text names a place that lies in `place`, with or without its rank."""
    return any(part in text for part in _parts().get(stem(place), ()))


def is_province(place: str) -> bool:
    """Whether it lies in no other place, but others lie in it."""
    return is_wide(place) and not _parents()[stem(place)]


def cities() -> tuple[str, ...]:
    """Every city on the map, without its rank."""
    return tuple(city for _, city, _ in _lines())


@lru_cache(maxsize=4096)
def stem(place: str) -> str:
    """A place without its rank (恩施土家族苗族自治州 → 恩施), unless too little would be left."""
    short = _RANKED.sub("", place)
    return short if len(short) >= _LEAST_STEM else place


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(province, city, its districts and counties) by their stems."""
    text = (models_folder() / "wence-places" / "places.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return tuple((stem(first), stem(second), tuple(map(stem, rest.split()))) for first, second, rest in rows)


@lru_cache(maxsize=1)
def _parents() -> dict[str, frozenset[str]]:
    """Every division with what it lies in; those of one name together."""
    parents: dict[str, set[str]] = {}
    for province, city, districts in _lines():
        parents.setdefault(province, set())
        parents.setdefault(city, set()).update({province} - {city})
        for district in districts:
            parents.setdefault(district, set()).update({province, city} - {district})
    return {name: frozenset(above) for name, above in parents.items()}


@lru_cache(maxsize=1)
def _parts() -> dict[str, tuple[str, ...]]:
    """Every province and city with what lies in it."""
    parts: dict[str, list[str]] = {}
    for name, above in _parents().items():
        for place in above:
            parts.setdefault(place, []).append(name)
    return {place: tuple(names) for place, names in parts.items()}
