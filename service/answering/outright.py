"""A slot and its best fact in, out what its sentence says outright to be something else than what is asked for, or unnamed.

One sign is enough, however likely the fact is: another place in the same order (第89期 for 第100期), or a 某 where a name is
asked for.
"""

import re
from fractions import Fraction

from service.answering.classed import NAMED_KINDS
from service.answering.facts import Fact
from service.answering.numerals import NUMBER, parse_number
from service.answering.question import Question, is_chinese
from service.answering.slots import Slot
from service.answering.sought import sought


def outright(question: Question, slot: Slot, fact: Fact) -> str | None:
    """What is missing, as a clause for people, where the sentence says outright that it tells of something else, or leaves
    unnamed (某公司) what is asked for by name.
    """
    if not is_chinese(question.asked):
        return None
    if place := _other_in_order(question, fact):
        return f"没有提到“{place}”"
    wanted = sought(slot, question.text)
    by_name = slot.kind in NAMED_KINDS or (wanted is not None and wanted.called)
    if fact.whole and by_name and _NAMELESS.search(fact.text):
        return f"没有说明“{wanted.noun}”的名称" if wanted and wanted.noun else "没有说明名称"
    return None


_NAMELESS = re.compile("某(?![些种个])")
_PLACE_IN_ORDER = re.compile(rf"(?:第(?P<number>{NUMBER})|首)(?P<unit>[个届期批轮季号次])(?P<of>.{{0,2}})")

_LOOSE = "次"
"""Counted things of every sort (第六次会议, 第一次): only two of the same speak against each other."""


def _other_in_order(question: Question, fact: Fact) -> str | None:
    """A place in an order that the question names (第100期), where the sentence tells of another, or what stands around it
    of another of the same thing, and the article does not speak of that one.
    """
    asked = _in_order(question.text)
    if not asked:
        return None
    sentence = fact.match.sentence
    known = {place[:2] for place in _in_order(f"{sentence.heading}\n{sentence.whole}")}
    own, around = _in_order(sentence.folded), _in_order(f"{sentence.heading}\n{sentence.passage}")
    for number, unit, of in asked:
        other = any(place[1:] == (unit, of) if unit in _LOOSE else place[1] == unit for place in own)
        other = other or any(place[1:] == (unit, of) for place in around)
        if other and (number, unit) not in known:
            return f"第{number}{unit}"
    return None


def _in_order(text: str) -> list[tuple[Fraction, str, str]]:
    """Places in an order, with what is counted and the two characters after it; 首届 is the first."""
    return [
        (parse_number(match["number"]) if match["number"] else Fraction(1), match["unit"], match["of"])
        for match in _PLACE_IN_ORDER.finditer(text)
    ]
