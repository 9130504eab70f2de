"""A sentence and a slot in, how far its form is that of a definition, list, measure, reason or change out."""

import re

from service.answering.listing import list_fit
from service.answering.names import find_names
from service.answering.question import Question
from service.answering.rows import counted_noun
from service.answering.slots import Slot
from service.answering.wording import Kind

_SIGNS: dict[Kind, re.Pattern[str]] = {
    Kind.DEFINITION: re.compile(r"是指|指的是|即|是由|意思是|就是|所谓|是一[种个]|”(?:是|为|，即)|：|分别(?:是|为)"),
    Kind.LIST: re.compile(r"、.+、|包括|分为|分别|涵盖|主要有|等\d+[个项类种]|“.+”“.+”"),
    Kind.MEASURE: re.compile(r"通过|建立|推动|实施|构建|推进|创新|打造|采取|开展|制定|完善|强化|利用|采用|以.+为"),
    Kind.REASON: re.compile(r"因为|由于|因|为(?:了|破解|解决|推动)|针对|导致|原因"),
    Kind.CHANGE: re.compile(r"从.+(?:到|至|向|降|提|缩|升|增|扩)|由.+(?:到|至|降|提|缩|升|增|变)|同比|下降|增长|提高|减少|缩短"),
}  # fmt: skip


_NO_DEEDS = re.compile("通过这|通过[^，。；]{1,14}?(?:反映|反馈|得知|了解到)")
"""What sounds like a measure and is none: how somebody told of a plight."""

_MORE_DEEDS = re.compile("提出|推出|出台|搭建|设立|协调|组织|派出|联合")
"""Deeds that are no sign of a measure by themselves."""

_BOTH_ENDS = re.compile(r"[从由](?:什么|哪一?[种个类]|何种)(?P<noun>[\u4e00-\u9fff]{0,2}?)[转到向变成升走]")
"""The noun of what something was and has become (从什么型转成什么型), which both are told with."""

_TURNS = re.compile("[从由]“(?P<before>[^”]+)”(?:转?向|到|变为|转变?为|走向|升级为)“(?P<after>[^”]+)”")
"""One thing turning into another, both by name (从“房东经济”向“创业经济”转型)."""

_SET_UP = re.compile("机制|改革")
"""What a measure asked for by its noun may be (什么机制), and a sentence says to be set up."""

_HEART = re.compile("的(?P<noun>核心|关键|本质|实质|目的|目标|宗旨|主线|重点|根本|优势|初衷)就?是什么")
"""What a thing has that sentences tell by its name (核心是…)."""

_CLASSES, _CLASSED = (
    re.compile("(?:分|有).{0,2}哪[几些][种大]?类|哪[几些]种类型"),
    re.compile("分为|[等共]\\d+[种类]|[几种]类型"),
)
"""What asks for the classes of something, and what tells them (主要分为…等6种类型)."""

LEAST_SHORT, MOST_SHORT, MOST_LONG = 4, 6, 24
"""Characters of a name that may be a longer one shortened, and the most of that one."""


def _is_told_in_full(folded: str, name: str) -> bool:
    """Whether a sentence has a longer name in quotation marks in which the characters of one stand in their order, the first one
    first.
    """
    if not LEAST_SHORT <= len(name) <= MOST_SHORT:
        return False
    terms = (term.text for term in find_names(folded, "term"))
    long = (told for told in terms if len(name) + 2 < len(told) <= MOST_LONG and name not in told)
    spelt = re.compile(".{0,6}?".join(map(re.escape, name)))
    return any(spelt.match(told) for told in long)


def turn(question: Question, slot: Slot, text: str) -> re.Match[str] | None:
    """Where a sentence tells by name what something was and what it has become, if both are asked for."""
    return _TURNS.search(text) if slot.kind is Kind.CHANGE and _BOTH_ENDS.search(question.text) else None


def deeds(text: str) -> int:
    """How many deeds a sentence tells."""
    return len(_SIGNS[Kind.MEASURE].findall(_NO_DEEDS.sub("", text))) + len(_MORE_DEEDS.findall(text))


def sentence_fit(question: Question, slot: Slot, text: str, folded: str) -> float:
    """How well a sentence suits as a whole, 0.3..1, by signs alone: 0.5 where nothing speaks for or against it."""
    sign = _SIGNS.get(slot.kind)
    fit = 0.5 if sign is None else 0.7 if sign.search(text) else 0.3
    if slot.kind is Kind.MEASURE and any(_is_told_in_full(folded, name) for name in question.quoted):
        fit = 1.0
    if slot.kind is Kind.DEFINITION:
        fit = max((fit, *(_defines(folded, name) for name in question.quoted or _terms(question))))
        if (asked := _HEART.search(question.text)) and re.search(f"{asked['noun']}(?:就是|是(?!否)|在于)", folded):
            fit = 1.0
    if slot.kind is Kind.CHANGE and (ends := _BOTH_ENDS.search(question.text)):
        fit = 1.0 if (ends["noun"] and folded.count(ends["noun"]) > 1) or turn(question, slot, text) else fit
    if slot.kind is Kind.MEASURE and (asked := _SET_UP.search(slot.word)):
        fit = 1.0 if re.search(f"(?:建立|构建|创新|推出|实施|探索|打造)[^，。；]{{1,20}}{asked[0]}", text) else fit
    if slot.kind is Kind.LIST and slot.count:
        fit = list_fit(text, slot.count, counted_noun(slot) or "")
    elif slot.kind is Kind.LIST and _CLASSES.search(question.text) and _CLASSED.search(text):
        fit = 1.0
    return fit


def _defines(folded: str, name: str) -> float:
    """How far a sentence says what a name means: 1 in so many words, or in the long form of it (“先用后转”: “先免费试用、后付费转化”),
    less where it only says that it is something.
    """
    if _is_told_in_full(folded, name):
        return 1.0
    named = rf"{re.escape(name)}[”》]?[,，]?"
    if re.search(rf"{named}(?:的意思|就是|是指|指的是|即|是一[种个]|体系,“|是(?:由|具有|以))", folded):
        return 1.0
    return 0.85 if re.search(rf"{named}(?:是(?![否不])|为|由|指|旨在|面向)", folded) else 0.0


def subject(slot: Slot) -> str:
    """What a slot asks about: its words up to the question word, or after one that comes first (什么是…)."""
    return _LED.sub("", slot.focus[: slot.at] or slot.focus)


def _terms(question: Question) -> tuple[str, ...]:
    """The subject of a question for a definition that quotes no name."""
    own = subject(question.slots[0])
    return (own,) if len(own) >= 2 else ()


_LED = re.compile("(?:到底|究竟|具体|应[该当]?|的?(?:内涵|含义|概念|定义|本质|实质|界定)+)+$")
"""What leads from the subject to the question word."""
