"""Text in, named things out: persons, organisations, places, document titles and quoted terms, with their spans.

Tags come from the word cutter's own dictionary; suffixes and titles of office correct what it does not know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Literal

import rjieba

from service.answering.periods import find_periods

NameKind = Literal["person", "organisation", "place", "document", "term"]

SURNAMES = (  # the common ones of one character, without those that are common words
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔"
    "伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕季裴霍涂苗谷盛曲翁冉骆蓝游辛靳欧管柴"
    "蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边"
    "卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝谈匡鞠惠荆乐冀郁胥南班储栗燕楚鄢劳谌奚皮粟冼蔺楼"
    "盘满闻厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄计索宣晋相初云容敬扈晁芮普阙浦戈伏鹿薄邸雍辜"
    "羊阿乌母裘亓修邰赫杭况宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利揭尉冶束檀衣展阴昝智幸奉植衡富尧"
)
HEADS = "书记|主任|省长|市长|县长|区长|镇长|乡长|院长|局长|厅长|处长|部长|会长|校长|主席|检察长|董事长|总经理"
"""Offices of those who head a body, and have deputies."""

_OFFICES = (
    f"{HEADS}|科长|总理|总干事|理事长|秘书长|经理|总监|"
    "负责人|教授|研究员|专家|法官|经济师|工程师|律师|调解员|专员|传承人|村民|记者|委员|发言人|书记员|总会计师|"
    "创始人|创办人|发明人|合伙人|总裁|董事|行长|厂长|店长|站长|馆长|队长|组长|社长|支书|干事|院士|博士|学者|主编|医生|医师|护士|"
    "老师|技师|工匠|匠人|艺人|大师|作家|诗人|画家|导演|演员|选手|冠军|志愿者|居民|市民|职工|工人|学员|农户"
)
_TITLED = re.compile(rf"(?:{_OFFICES})(?=[{SURNAMES}][\u4e00-\u9fff])")
_GOING_ON = "说在就把被将对向从用给让的和与及等为是告笑曾又还也都正则于以"
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）·]{2,24}?(?:有限责任公司|股份有限公司|有限公司|集团(?:(?:股份)?有限(?:责任)?公司)?|委员会|人民政府|(?<=[省市县区镇乡])政府|人民法院|法院|检察院|研究院|"
    r"实验室|总工会|联合会|联谊会|基金会|协会|合作社|联社|商会|学会|大学|学院|中心|办公室|改革办|厅|局|银行|报社|医院|纪委|监委|组织部|统战部|工商联|联盟|党校)"
    r"(?:(?:(?![是由与和及的在将])[\u4e00-\u9fff]){0,4}?(?:集团有限公司|有限公司|学院|研究院|研究所|实验室))?"
)
_DOCUMENT = re.compile(r"《[^《》]{2,60}》")
_QUOTED = re.compile(r"“([^“”]{1,40})”")
_RANKS = frozenset(["自治区", "自治州", "新区", "街道", "省", "市", "县", "区", "镇", "乡", "村"])
_RANK = re.compile(rf"(?:{'|'.join(sorted(_RANKS, key=len, reverse=True))})$")


_NO_PLACES = frozenset(
    "新区 惠及 东西 维度 全省 全市 全县 全区 全镇 全村 城市 乡镇 乡村 农村 城区 市区 县区 园区 社区 地区 城镇 县市 市县 省市 省市县 市场 "
    "深度 广度 法治化 中华文明 上市 满意度 新春 上门 美丽 爱国 治安 日志 入口 上楼 中断 关联 兴旺 藩篱 云集 英雄 多角度 多维度 归国 回国 治国 治省 依法治省 山水 山区 山海 山林 河湖 海归 海关 "
    "十强县 市区县 各市县 三市 三县 四省 两国 百城 百县 千镇 千县 大省 大国 外省市 扎根 普及 加大力度 延时 扎堆 福利 重卡 开园 上台 上云 宜居 中考 桥头堡 之日起 "
    "美德 台风 新旧 会徽 入市 加密 立马 布建 包联 共联 嘉宾 中台 镇里 长达 爱家乡 特色村 重点村 锦旗 普通高中 高架桥 旅游名县".split()
)
"""Words that the cutter or a rank at their end makes look like places."""

_NO_PERSONS = frozenset(
    "鲜香 鲜美 鲜明 鲜活 高水平 高素质 高精尖 高新区 高效能 智慧 智能 智造 智库 文明 文博 文旅 文创 卫星 卫健 公正 公允 公共安全 荣誉 荣获 蓝图 蓝领 蓝天 牛鼻子 沙龙 许可 康复 康养 田鱼 田野 田埂 "
    "农耕 牵线 牵手 田中 田间 纪检 纪检监察 普惠 惠民 惠企 惠农 惠及 利剑 白名单 白皮书 白鹭 白鹤 陈列 陈设 陈旧 展陈 严格执行 严肃查处 严正 党风廉政 廉政 敬畏 殷实 阳光 古村 古老 司法鉴定 "
    "查明 查清 谢幕 牟利 安全检查 安全性 安民 安保 楼宇 晋升 熊猫 花梨木 梅干菜 罗非鱼 师承 师傅 师从 拜师 丛林 周密 周转 麦田 朴素 于民 施恩 施策 施政 施工图 钱财 明白 明显提高 "
    "明显改善 关怀 夏令营 顾问 林田 林权 张贴 温馨 乔迁 相依 凌驾 凌厉攻势 隆重举行 解释权 范畴 孔径 白痴 祝福 权威 宣传教育 玉米 银山 金点子 屈光度 盛夏 勾勒 齐全 商超 "
    "支付宝 阿里 阿里巴巴 苗木 边界 边远 巩固 柔性 常态 尚未 安置 安排 常务 万户 万元 左右 辛苦 辛勤 米面 花卉 项目 向上 向好 成龙配套 景区 景点 景观 时尚 经典 童装 童年 和谐 和睦 平安 平台".split()
)
_NO_PERSON = re.compile("[性化感厅局委部证册卡区县镇乡于]$")
"""Common words that the cutter's dictionary has as names of persons, and how others end."""


@dataclass(frozen=True, slots=True)
class Name:
    """A named thing at `[start, end)` of the text."""

    kind: NameKind
    start: int
    end: int
    text: str


def find_names(text: str, kind: NameKind) -> list[Name]:
    """The names of one kind in a text, in order, none inside another of the same kind."""
    found = sorted(_FINDERS[kind](text), key=lambda name: (name.start, -name.end))
    apart: list[Name] = []
    for name in found:
        if not apart or name.start >= apart[-1].end:
            apart.append(name)
    return apart


def place_stem(place: str) -> str:
    """A place without its rank (深圳市 → 深圳), unless too little would be left."""
    stem = _RANK.sub("", place)
    return stem if len(stem) >= 2 else place


_CUTS = re.compile(
    rf"(?<=多少[家个件项条名种类])(?=数)|(?:(?<=传承人)|(?<=负责人)|(?<=创始人)|(?<=发言人))(?=[{SURNAMES}][\u4e00-\u9fff])"
)
"""Where a word ends that the cutter takes for one with what follows: a measure word (多少家 数商), an office (传承人 缪…)."""


@lru_cache(maxsize=1024)
def tagged(text: str) -> tuple[tuple[int, str, str], ...]:
    """(start, word, tag) of each word of a text."""
    masked = text
    for period in find_periods(text):  # or 2023年云澜市 would be cut 2023 年云澜 市
        masked = masked[: period.start] + "，" * (period.end - period.start) + masked[period.end :]
    words, position = [], 0
    for stretch in _CUTS.split(masked):
        for word, tag in rjieba.tag(stretch):
            words.append((position, intern(word), intern(tag)))  # or each would be kept once for each place
            position += len(word)
    return tuple(words)


def first_word(text: str) -> str:
    """The word that a text begins with, by the dictionary alone: 条 of 条惠企政策, but 条件 of 条件好."""
    return str(next(iter(rjieba.cut(text, False)), ""))


def _tags(text: str, kind: NameKind, *tags: str) -> Iterator[Name]:
    for start, word, tag in tagged(text):
        if tag in tags and len(word) > 1:
            yield Name(kind, start, start + len(word), word)


def _persons(text: str) -> Iterator[Name]:
    for match in _TITLED.finditer(text):
        if end := _name_end(text, match.end()):
            yield Name("person", match.end(), end, text[match.end() : end])
    called = [match.span(1) for match in _CALLED.finditer(text)]
    for name in _tags(text, "person", "nr", "nrt", "nrfg"):
        within = any(start <= name.start and name.end < end for start, end in called)
        if name.text[0] in SURNAMES and 2 <= len(name.text) <= 4 and not (within or is_common(name.text)):
            yield name


_CALLED = re.compile("“([\u4e00-\u9fff]{2,12})”")
"""What things are called, in which no person is named (“箬叶共富工坊”)."""


def is_common(word: str) -> bool:
    """Whether a word that begins like a name of a person is none."""
    return word in _NO_PERSONS or _NO_PERSON.search(word) is not None


def _name_end(text: str, start: int) -> int:
    """Where the name of two or three characters that begins with a surname at `start` ends; 0 where none does.

    The cutter knows few names: what it leaves as a single character after two belongs to the name unless it is a verb,
    an adverb or another word that goes on (朱军 说, but 易炼 红).
    """
    words = {at: (word, tag) for at, word, tag in tagged(text)}
    if start not in words:
        return 0
    ends = {at + len(word) for at, (word, _) in words.items()}
    following, tag = words.get(start + 2, ("", ""))
    if start + 2 in ends and not (len(following) == 1 and tag[0] in "anqgz" and following not in _GOING_ON):
        return start + 2 if words[start][1][:2] == "nr" or not _common(words, start) else 0
    return start + 3 if start + 3 in ends and re.fullmatch(r"[\u4e00-\u9fff]{3}", text[start : start + 3]) else 0


def _common(words: dict[int, tuple[str, str]], start: int) -> bool:
    """Whether a common word begins there (主任 单位)."""
    word, tag = words[start]
    return len(word) > 1 and tag[:2] != "nr"


def _organisations(text: str) -> Iterator[Name]:
    yield from _tags(text, "organisation", "nt")
    for match in _ORGANISATION.finditer(text):
        start = match.start() + _leading_words(match.group())
        if match.end() - start >= 3 and not _OF_HERE.match(text, start):
            yield Name("organisation", start, match.end(), text[start : match.end()])


_OF_HERE = re.compile(
    "(?:当地|本地|地方|有关|相关|各|该|本|我|某|这家|那家|一家|上市|示范|科技型?|外资|民营|中小|龙头|[一两二三四五六七八九十百千多0-9]+[家个所])(?:政府|银行|法院|企业|公司|集团|医院|大学|学院|学校|研究院|中心|协会|商会|办公室|局|厅)"
)
"""A body that is told of without its name."""


def _leading_words(phrase: str) -> int:
    """How many characters at the front of an organisation's name are verbs, particles or prepositions."""
    skip = 0
    for start, word, tag in tagged(phrase):
        if (tag[0] in "pcdruvty" and tag not in ("vn", "vg") and start < len(phrase) - 4) or word in (
            "的",
            "与",
            "和",
            "由",
            "在",
            "省级",
        ):
            skip = start + len(word)
    return skip


def _places(text: str) -> Iterator[Name]:
    words = tagged(text)
    for number, (start, word, tag) in enumerate(words):
        end = start + len(word)
        before, previous, previous_tag = words[number - 1] if number else (0, "", "")
        joined = word[0] in "和与及" and previous_tag[:1] == "n" and previous_tag != "ns"  # 市本级 和县 区级
        if word in _NO_PLACES or (joined and before + len(previous) == start):
            continue
        ranked = _RANK.search(word) and len(word) > 2 and tag in ("nr", "nrt", "nz", "ns", "i", "zg")
        if ranked or (tag == "ns" and len(word) > 1):
            yield Name("place", start, end, word)
        elif _is_rank_of(word, previous, previous_tag) and before + len(previous) == start:
            yield Name("place", before, end, text[before:end])


def _is_rank_of(rank: str, name: str, tag: str) -> bool:
    """Whether a word is the rank of the place named before it (横坎头 村), not part of a common noun (先导 区)."""
    known = tag in ("ns", "nr", "nrt", "nz")
    return rank in _RANKS and len(name) > 1 and (known or (tag == "n" and rank in ("县", "镇", "乡", "村")))


def _documents(text: str) -> Iterator[Name]:
    for match in _DOCUMENT.finditer(text):
        yield Name("document", *match.span(), match.group())


def _terms(text: str) -> Iterator[Name]:
    for match in _QUOTED.finditer(text):
        yield Name("term", *match.span(1), match[1])


_FINDERS = {
    "person": _persons,
    "organisation": _organisations,
    "place": _places,
    "document": _documents,
    "term": _terms,
}
