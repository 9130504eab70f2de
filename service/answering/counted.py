"""A slot that counts something and a figure in, out what is counted where the sentence does not speak of that at all."""

import re

from service.answering.evidence import pairs
from service.answering.facts import Fact
from service.answering.figures import find_figures
from service.answering.names import tagged
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import AREA_UNITS, KIND_NOUNS, MONEY_UNITS, SYNONYMS, TIME_UNITS


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
_LANDS = re.compile("(?:土|用|田)地|地块?|农?田")
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
