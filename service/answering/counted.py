"""A slot that counts or measures something and a figure in, out what that is where the sentence does not speak of it at all."""

import re

from service.answering.evidence import pairs
from service.answering.facts import Fact
from service.answering.figures import find_figures
from service.answering.names import tagged
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import AREA_UNITS, KIND_NOUNS, MONEY_UNITS, SYNONYMS, TIME_UNITS, Kind


def not_counted(question: Question, slot: Slot, fact: Fact) -> str | None:
    """The noun that the question counts (多少件业务), where the sentence and what stands above it do not say it."""
    noun, is_deed = _counted_noun(slot)
    between = "" if is_deed else ".{0,3}"
    if (
        not noun
        or (noun in KIND_NOUNS and noun not in _COUNTABLE)
        or not re.search(f"(?:多少|几){between}{re.escape(noun)}", question.text)
    ):
        return None
    sentence = fact.match.sentence
    around = sentence.folded + sentence.heading + sentence.before
    figure = next((figure for figure in find_figures(sentence.text) if figure.start == fact.start), None)
    if figure is None or (figure.unit and figure.unit in noun) or _is_said_by_unit(noun, figure.unit):
        return None
    exact = fact.fit >= 0.7
    if exact and figure.unit in TIME_UNITS:  # 几天动工
        return None
    others = next((word.others for word in question.words if word.text == noun), ())
    said = (*(noun if exact else pairs(noun)), *SYNONYMS.get(noun, ()), *others)
    return None if any(part in around for part in said) else noun


_COUNTABLE = frozenset("部门 机构 单位 组织".split())
"""Nouns for kinds of things that are counted all the same."""

_MEASURE_WORD = re.compile(
    r"^[万亿千百]*(?:[^\u4e00-\u9fff]|人次|个|件|家|条|项|种|所|起|宗|份|类|名|位|户|座|处|场|批|[年月天日]|小时|例)?"
)


def _is_said_by_unit(noun: str, unit: str) -> bool:
    """Whether a unit alone says what is counted: money for 经费, people for 居民, an area for 土地."""
    said = ((MONEY_UNITS, _MONIES), (_HEADS, _PEOPLE), (AREA_UNITS, _LANDS))
    return any(unit in units and nouns.fullmatch(noun) for units, nouns in said)


_MONIES = re.compile("经费|资金|费用|款项?")
_PEOPLE = re.compile("老?百姓|[居市村]民|群众|人家|人员|成员")
_LANDS = re.compile("(?:土|用|田)地|地块?|农?田|面积")
_HEADS = frozenset("人 名 位 户 家 人次".split())

_CLAUSE = re.compile("[^，,。；;]{2,10}的[\u4e00-\u9fff]{2,8}[？?]?$")
"""What stands before the noun that is counted (多少用来…的箬叶)."""


def _counted_noun(slot: Slot) -> tuple[str, bool]:
    """The noun after the question word and its measure word, and whether the word cutter takes it for a verb (编制)."""
    noun, tags = "", set[str]()
    rest = _MEASURE_WORD.sub("", slot.focus[slot.at :], count=1)
    for _, word, tag in tagged(rest.rpartition("的")[2] if _CLAUSE.match(rest) else rest):
        if tag[0] not in "nvajlzi" or (tag == "v" and noun):
            break
        noun += word
        tags.add(tag)
    noun = re.sub("[钱来去]+$", "", noun)
    return (noun, tags == {"v"}) if len(noun) > 1 else ("", False)


_ACCOUNTS = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        ("销售额|销售收入|销售总额", "销售|营收|营业|卖|收入|成交|交易额|流水|产值"),
        ("营收|营业收入|营业额", "营收|营业|销售|收入|流水|产值"),
        ("产值", "产值|规模|总值|营收|收入"),
        ("利润|净利|盈利", "利润|盈利|净利|净赚|收益|赚"),
        ("税收|税额|纳税|缴税|上缴税", "税"),
        ("票价|门票", "票"),
        ("工资|月薪|年薪|薪酬", "工资|薪|收入|待遇"),
        ("注册资本", "注册|资本"),
        ("市值", "市值|估值"),
        ("估值", "估值|市值"),
        ("造价", "造价|投资|花|资金|成本|耗资"),
    )
)
"""What is entered in accounts, as a question asks for it, and how a source tells of it."""


def unentered(slot: Slot, fact: Fact) -> str | None:
    """An entry of accounts that a figure is asked for (全年销售额), where neither its sentence nor the one before speaks of it."""
    sentence = fact.match.sentence
    around = sentence.before + sentence.folded
    text = f"{slot.focus[: slot.at]}{slot.word}{slot.focus[slot.at :]}"
    asked = ((entry.search(text), told) for entry, told in _ACCOUNTS if slot.kind is Kind.FIGURE)
    return next((entry.group() for entry, told in asked if entry and not told.search(around)), None)
