"""A sentence and a question for so many things in, the sentences after it that tell the things one by one out.

They are known by what they have in common: the noun that the question counts (两类名单: 甲名单…, 乙名单…), or how they
end (在甲上下功夫。在乙上下功夫。). Knows no ranking.
"""

import re
from collections import Counter
from collections.abc import Mapping

from index.sentences import Span, sentence_spans
from service.answering.listing import announced, items, lists_here
from service.answering.slots import Slot

REACH = 16
"""Sentences after the one that leads up to the things in which they are looked for."""

ENDING, SHORT = 4, 40
"""Characters at the end that alike sentences share, and the most characters of one."""

_MEASURES = "张个项类种大条块处份部家套"
_AFTER = re.compile(rf"[{_MEASURES}]?(?!方面)(?:[\u4e00-\u9fff“”]*?)(?P<noun>[\u4e00-\u9fff]{{2}})$")
_BEFORE = re.compile(
    rf"[二两三四五六七八九十\d][{_MEASURES}](?:[\u4e00-\u9fff]*?)(?P<noun>[\u4e00-\u9fff]{{2}})”?(?:分别|各|都)? ?[{_MEASURES}]?$"
)
_SINGLE = re.compile("个?“(?P<noun>[\u4e00-\u9fff])”")
"""A character that the names of all the things end in (哪三个“家”: “温暖家”…)."""

_ANNOUNCED = re.compile(rf"[二两三四五六七八九十\d][{_MEASURES}]")


def counted_noun(slot: Slot) -> str | None:
    """The noun whose things a slot asks for a number of (哪两类名单, “两类名单”是哪两类)."""
    if single := _SINGLE.match(slot.focus[slot.at :]):
        return f"{single['noun']}”"
    found = _AFTER.match(slot.focus[slot.at :]) or _BEFORE.search(slot.focus)
    return found["noun"] if found else None


def leads_to(slot: Slot, own: str) -> bool:
    """Whether a sentence speaks of the things that are told after it."""
    noun = counted_noun(slot)
    return noun is None or noun in own


def rows(slot: Slot, text: str, home: Span) -> list[Span]:
    """The one sentence after `home` that names as many things as are asked for by their noun, else as many sentences that
    each name one, with what leads up to them, else as many that end alike; empty where there is no such number of them, or
    `home` tells them itself.
    """
    if not slot.count:
        return []
    own, noun = text[slice(*home)], counted_noun(slot)
    full = slot.count in items(own)
    after = [span for span in sentence_spans(text) if span[0] > home[0]][:REACH]
    told = {span: text[slice(*span)] for span in after}
    if (
        noun
        and own.count(noun) < slot.count
        and not (lists_here(own, slot.count) or (full and noun in own and not _ANNOUNCED.search(own)))
    ):
        if together := next((span for span in after if told[span].count(noun) >= slot.count), None):
            return [together]
        if len(apart := [span for span in after if noun in told[span]]) == slot.count:
            return apart
        if led := _led(told, noun, slot.count):
            return led
    return [] if full else _alike(told, slot.count)


def _led(told: Mapping[Span, str], noun: str, count: int) -> list[Span]:
    """A sentence that says there are so many of the noun (建立三项机制。), with those right after it if each tells one."""
    spans = list(told)
    for at, span in enumerate(spans):
        row = spans[at + 1 : at + 1 + count]
        leads = announced(told[span], count) and noun in told[span]
        if leads and len(row) == count and all(noun in told[other] for other in row):
            return [span, *row]
    return []


def _alike(told: Mapping[Span, str], count: int) -> list[Span]:
    """The first sentences, as many as asked for, that end alike."""
    endings = {
        span: text[-ENDING - 1 :] for span, text in told.items() if ENDING < len(text) <= SHORT and text[-1] != "？"
    }
    common = Counter(endings.values())
    return next(([span for span in endings if endings[span] == end] for end in common if common[end] == count), [])
