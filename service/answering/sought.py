"""A slot in, the class of thing that its question word asks for out: the noun (哪家幼儿园, 平台叫什么) and the endings of
the names of such things.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from service.answering.names import tagged
from service.answering.slots import Slot
from service.answering.wording import Kind


@dataclass(frozen=True, slots=True)
class Sought:
    """`noun` is the class as the question puts it; `forms` are endings of the names of such things, likeliest first.

    `body` when names of the class are those of organisations; `person` when they are those of people; `called` when
    it is the name itself that is asked for (叫什么).
    """

    noun: str
    forms: tuple[str, ...]
    body: bool = False
    person: bool = False
    called: bool = False


_OFFICIAL = ("委员会", "委", "厅", "局", "部", "办公室", "办", "署", "院", "处", "中心", "法庭")
_SCHOOLS = ("大学", "学院", "学校", "党校", "中学", "小学")
_FIRMS = ("公司", "集团", "企业", "银行")
_PLANTS = ("厂", *_FIRMS)
_CLASSES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("部门", "部委", "机关", "厅局", "委办", "厅", "处室"), _OFFICIAL),
    "局": ("局", "委员会", "委", "办公室", "办", "署"),
    **dict.fromkeys(("机构", "单位", "组织", "团体"), (*_OFFICIAL, "协会", "工商联", "联合会", "研究院", "公司", "集团", "企业", "银行", "大学", "医院")),
    **dict.fromkeys(("公司", "企业", "民企", "车企", "药企", "国企"), _FIRMS),
    **dict.fromkeys(("厂", "工厂", "厂家", "厂商"), _PLANTS),
    **dict.fromkeys(("高校", "大学", "学校", "院校", "学院"), _SCHOOLS),
    **dict.fromkeys(("法院",), ("法院", "法庭")),
    **dict.fromkeys(("案子", "案件"), ("案件", "案")),
    **dict.fromkeys(("银行",), ("银行", "农商行", "信用社")),
    **dict.fromkeys(("园区", "产业园", "工业园", "开发区"), ("园区", "产业园", "工业园", "合作园", "科技园", "开发区", "基地", "园")),
    **dict.fromkeys(("歌", "歌曲", "主题歌"), ("歌曲", "主题歌", "歌")),
    **dict.fromkeys(("题目", "主题", "口号"), ("主题", "题目", "口号")),
    **dict.fromkeys(("系统", "应用", "软件", "程序", "平台"), ("系统", "应用", "平台", "软件", "小程序")),
}  # fmt: skip
"""What names of a class end in where that is more than the noun itself."""

_BODIES = (
    "公司|企业|集团|厂|部门|机构|单位|组织|团体|机关|部委|厅|局|委|法院|法庭|检察院|银行|高校|大学|学院|学校|院校|党校|医院|研究院|研究所|"
    "实验室|协会|商会|学会|联合会|委员会|办公室|中心|幼儿园|工厂|合作社|园区|产业园|工业园|开发区"
)
MOTTOES = frozenset("主题 题目 口号".split())
"""Nouns whose names are words in quotation marks, also where 是什么 asks for them."""

_BODY = re.compile(rf"(?:{_BODIES})$")
_PERSON = re.compile(
    r"(?:员|人|师|师[父傅]|者|长|官|家|授|士|书记|主任|经理|总监|主席|总理|院士|委员|代表|老板|法官|律师|专家|诗人|同志|传承人|负责人)$"
)
_NO_PERSON = re.compile(r"(?:国家|安家|大家|商家|农家|企业家园|一家|动员|委员会)$")
_VAGUE = frozenset(
    "里 儿 里头 东西 程度 位置 忙 性质 情况 问题 样 事 事情 意思 结果 作用 角色 待遇 内容 特点 名字 名称 关系 时候 条件 原因 水平 状态 地位 阶段 方面 地方 人 市县 地点 还有".split()
)
"""Nouns after a question word that are no class of named things."""

_MEASURE = "大?类|个|项|种|条|款|句|所|座|部(?!门|委)|处|份|家|支|场|届|首|本|位|名|次|幅|级|起|件|桩|宗"
_MEASURES = re.compile(rf"^(?:{_MEASURE})(?=[\u4e00-\u9fff])")
_ASKED_WITH_NOUN = re.compile(
    rf"^(?:是|在)?(?:哪|什么|甚么|啥)(?:[些几一二两三四五六七八九十]|\d+)?(?P<measure>{_MEASURE})?(?P<noun>.*)$"
)
_SPOKEN_OF = re.compile(rf"[一那这有](?:{_MEASURE})(?P<noun>[\u4e00-\u9fff]{{1,6}})$")
_CALLED = re.compile(r"叫|名字|名称|名为")
_BY_DEED = re.compile("[\u4e00-\u9fff]{2}人$")
"""Who is called by what they do, which the cutter takes for two words (传承人)."""

_NAMED_BEFORE = re.compile(r"(?:(?:名?叫|称|名字|名称|是|为|的|，|,|、|\s)+)$")


_PLAIN = re.compile(
    "(?P<bank>银行|农商行)|(?P<school>大学|高校|学校|学院)|(?P<hospital>医院)|(?P<court>法院)|(?P<union>协会|商会)|(?P<firm>公司|集团)|(?P<office>[厅局委])"
)


def other_body(name: str, noun: str) -> bool:
    """Whether a name says by its end that it is another sort of body than the one asked for (某某有限公司 for 哪家银行)."""
    asked = _PLAIN.fullmatch(noun)
    told = next((found for found in _PLAIN.finditer(name) if found.end() == len(name)), None)
    return bool(asked and told and asked.lastgroup not in ("firm", told.lastgroup))


@lru_cache(maxsize=2048)
def sought(slot: Slot, text: str) -> Sought | None:
    """The class that a slot of a question `text` asks for; None where it names none."""
    word = slot.word
    called = bool(_CALLED.search(word))
    asked = _ASKED_WITH_NOUN.match(word)
    noun = asked["noun"] if asked else ""
    if not noun and not called:
        noun = _after(slot.focus[slot.at :], measured=not word.startswith("哪") or bool(asked and asked["measure"]))
    noun = noun or _before(slot, text, called)
    if not noun or noun in _VAGUE:
        return Sought("", (), called=True) if called else None
    person = bool(_PERSON.search(noun)) and not _NO_PERSON.search(noun)
    if slot.kind is Kind.PERSON and not person and not called:
        return None
    return Sought(noun, _forms(noun), bool(_BODY.search(noun)), person, called)


def _after(rest: str, *, measured: bool) -> str:
    """The noun that the question word belongs to: the nouns right after it."""
    rest = rest if measured else _MEASURES.sub("", rest)
    taken: list[tuple[int, str, str]] = []
    for start, word, tag in tagged(rest):
        if (
            start != sum(len(other) for _, other, _ in taken)
            or not _nounish(tag, first=not start)
            or not word.isalnum()
        ):
            break
        taken.append((start, word, tag))
    if len(taken) > 1 and taken[-1][2] in ("v", "vn") and _BODY.search(taken[-2][1]):  # 哪所党校 任教
        taken.pop()
    if len(taken) == 1 and taken[0][2] == "v" and rest[len(taken[0][1]) :].strip("？? "):  # 哪三家 合 起来
        return ""
    return "".join(word for _, word, _ in taken)


def _before(slot: Slot, text: str, called: bool) -> str:
    """The noun whose name is asked for: the nouns right before 叫什么 or 是哪个."""
    if slot.focus[slot.at :].strip() and not called:
        return ""
    if not called and not slot.word.startswith(("哪", "谁", "什么", "是")):
        return ""
    at = slot.part[0] + text[slice(*slot.part)].find(slot.word)
    lead = _NAMED_BEFORE.sub("", text[:at] if called else slot.focus[: slot.at])
    words = tagged(lead)
    begin = end = len(lead)
    for start, word, tag in reversed(words):
        if start + len(word) != begin or not _nounish(tag, first=begin == end) or not word.isalnum():
            break
        begin = start
    if lead[begin:] == "人" and (doing := _BY_DEED.search(lead)):
        return doing.group()
    spoken = _SPOKEN_OF.search(lead)
    return lead[begin:] if begin < end else spoken["noun"] if spoken else ""


def _nounish(tag: str, *, first: bool) -> bool:
    return tag[0] in "nj" or tag in ("vn", "b", "an", "l", "zg", "s", "eng") or (first and tag == "v")


def _forms(noun: str) -> tuple[str, ...]:
    words = [word for _, word, _ in tagged(noun)]
    tails = ["".join(words[number:]) for number in range(len(words))]
    last = tails[-1]
    known = next((_CLASSES[tail] for tail in tails if tail in _CLASSES), ())
    own = (tail for tail in tails if len(tail) > 1 or (tail == last and tail != "人"))
    return tuple(dict.fromkeys((*own, *known)))
