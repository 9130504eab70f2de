"""Slots in, the same with both sides of what is compared out: before and after, or two things that the question names first."""

import re
from dataclasses import replace

from service.answering.slots import Slot, listed
from service.answering.wording import Kind

_MARKS = re.compile("[？?；;，,。]")
_BEFORE_AND_AFTER = re.compile("前后(?![两三几])")
_COMPARED = re.compile("哪|谁|相比|比较|[多少大小高低快慢]还是")


def both_sides(slots: tuple[Slot, ...], text: str) -> tuple[Slot, ...]:
    """A figure asked for of each of two things that are named before (整治前后各多少; 甲和乙谁大，各多少) is two slots, and the
    larger of them no slot of its own.
    """
    own = next((slot for slot in slots if slot.kind is Kind.FIGURE), None)
    if own is None or sum(slot.kind is Kind.FIGURE for slot in slots) > 1 or not re.search("各|分别", own.focus):
        return slots
    begin = max((mark.end() for mark in _MARKS.finditer(text, 0, max(0, own.part[0] - 1))), default=0)
    subjects = listed(_COMPARED.split(text[begin : own.part[0]])[0])
    if _BEFORE_AND_AFTER.search(text):
        sides = [own, own]
    elif len(subjects) == 2 and all(len(subject) > 1 for subject in subjects):
        part = begin, own.part[1]
        sides = [replace(own, focus=one + own.focus, at=len(one) + own.at, part=part) for one in subjects]
    else:
        return slots
    slots = tuple(slot for slot in slots if slot is own or sides == [own, own] or slot.part[0] != begin)
    return tuple(side for slot in slots for side in (sides if slot is own else [slot]))
