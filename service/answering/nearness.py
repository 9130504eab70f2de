"""How near the words of a question stand to a stretch of a sentence: the nearer, the likelier it is the answer.

In Chinese the words around the question word are the words around its answer.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Protocol

from index.occurrences import occurrences
from service.answering.evidence import WeightedWord, pairs, share
from service.answering.figures import Figure, find_figures
from service.answering.slots import Slot

REACH_CHARS = 14.0
"""Distance at which a question word counts for a figure only a third (1/e)."""

FAR_REACH_CHARS = 40.0
"""The same for dates, which stand further from what they belong to."""

NAME_REACH_CHARS = 20.0
"""The same for names."""

_MARK_CHARS = {**dict.fromkeys("，,：:、", 4), **dict.fromkeys("；;", 16)}
"""How many characters a mark counts for; a semicolon parts what is told of one thing from what is told of the next."""

ELSEWHERE_WEIGHT = 0.3
"""Share of its weight that a question word keeps outside the stretch of the slot."""


class Rival(Protocol):
    """Another stretch `[start, end)` of the sentence that could be the answer."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def focus_words(slot: Slot, words: Sequence[WeightedWord]) -> list[WeightedWord]:
    """The words of the question, those of the slot's own stretch weighing more the nearer to its question word."""
    focus = []
    for word in words:
        position = slot.focus.find(word.text)
        distance = max(0, position - slot.at, slot.at - position - len(word.text))
        weight = word.weight * (0.4 + math.exp(-distance / 8) if position >= 0 else ELSEWHERE_WEIGHT)
        focus.append(WeightedWord(word.text, position, weight, word.others))
    return focus


_BESIDE = re.compile("[，,；;：:、。（）()]")
_HAN = re.compile("[\u4e00-\u9fff]")
BEFORE_CHARS, AFTER_CHARS = 8, 8
"""How much of what stands before and after a figure says what it counts."""


def beside(text: str, rivals: Sequence[Rival], fact: Rival, asked: str) -> float:
    """Share of the characters right beside a figure, up to a mark or another figure, that a question has."""
    begin = max((rival.end for rival in rivals if rival.end <= fact.start), default=0)
    until = min((rival.start for rival in rivals if rival.start >= fact.end), default=len(text))
    before = _BESIDE.split(text[begin : fact.start])[-1][-BEFORE_CHARS:]
    after = re.match(rf"[\u4e00-\u9fff]{{0,{AFTER_CHARS}}}", text[fact.end : until])
    said = _HAN.findall(before + (after.group() if after else ""))
    return sum(character in asked for character in said) / len(said) if said else 0.0


def follows_known(text: str, start: int, asked: str) -> bool:
    """Whether the figure right before `start` is one that the question itself tells, as what it counts (10亿元以上项目11个)."""
    before = [figure for figure in find_figures(text) if figure.end <= start][-1:]
    return any(
        figure.text in asked and re.search(r"\d", figure.text) and not _BESIDE.search(text[figure.end : start])
        for figure in before
    )


def nearness(
    focus: Sequence[WeightedWord],
    slot: Slot,
    start: int,
    end: int,
    folded: str,
    rivals: Sequence[Rival],
    reach: float = REACH_CHARS,
) -> float:
    """Weighted share of the focus words around `[start, end)`, each fading with its distance and with every rival fact
    that stands between. Words count by their character pairs, and a little by single characters.
    """
    total = sum(word.weight for word in focus) or 1.0
    near = 0.0
    marks = _marks(folded)
    before, after = (_Gaps(start, end, folded, marks, rivals, follows) for follows in (False, True))
    for word in focus:
        gaps = after if word.start >= slot.at else before
        near += word.weight * max(_near_form(form, gaps, reach) for form in (word.text, *word.others))
    return near / total


@dataclass(frozen=True, slots=True)
class _Marks:
    """The clause marks of a text: where they stand, and what those before each character count for together."""

    places: tuple[int, ...]
    before: tuple[int, ...]


@lru_cache(maxsize=256)
def _marks(text: str) -> _Marks:
    counts = [_MARK_CHARS.get(character, 0) for character in text]
    return _Marks(tuple(at for at, count in enumerate(counts) if count), tuple(accumulate(counts, initial=0)))


@dataclass(frozen=True, slots=True)
class _Gaps:
    """Distances from a fact at `[start, end)` to words; `after` when the word follows the question word."""

    start: int
    end: int
    folded: str
    marks: _Marks
    rivals: Sequence[Rival]
    after: bool

    def least(self, a: int, b: int) -> int:
        """Characters to a word at `[a, b)`, whatever stands between."""
        return max(0, self.start - b if b <= self.start else a - self.end)

    def to(self, a: int, b: int) -> int:
        """The same, where clause marks, rivals and standing on the other side count for several."""
        left, right = (b, self.start) if b <= self.start else (self.end, a)
        marked = self.marks.before[right] - self.marks.before[left] if left < right else 0
        gap = self.least(a, b) + marked
        gap += 8 * sum(1 for rival in self.rivals if left <= rival.start and rival.end <= right)
        gap += 5 * (marked > 0 and self._is_owned(a, b))
        return gap if (a >= self.end) == self.after else gap + 3

    def _is_owned(self, a: int, b: int) -> bool:
        """Whether a rival stands between the same marks as the word at `[a, b)`, to which it then belongs."""
        places = self.marks.places
        before, after = bisect_left(places, a), bisect_left(places, b)
        start = places[before - 1] + 1 if before else 0
        end = places[after] if after < len(places) else len(self.folded)
        return any(start <= rival.start and rival.end <= end for rival in self.rivals)


def _near_form(form: str, gaps: _Gaps, reach: float) -> float:
    parts = pairs(form)
    found = [_nearest(part, gaps, reach) for part in parts if part in gaps.folded]
    if found or len(form) != 2:
        return sum(found) / len(parts)
    return 0.4 * max(_nearest(character, gaps, reach) if character in gaps.folded else 0.0 for character in form)


def _nearest(part: str, gaps: _Gaps, reach: float) -> float:
    """1 right beside the fact, fading; for a part that occurs."""
    nearest = math.inf
    for at in occurrences(gaps.folded, part):
        if gaps.least(at, at + len(part)) < nearest:
            nearest = min(nearest, gaps.to(at, at + len(part)))
    return math.exp(-nearest / reach)


def said(words: Sequence[WeightedWord], text: str) -> float:
    """How much of the words a text says, the weightier ones counting for more, 0..1."""
    weight = sum(word.weight for word in words) or 1.0
    return sum(word.weight * share(word, text) for word in words) / weight


def respective(text: str, figures: Sequence[Figure]) -> dict[int, tuple[int, int]]:
    """Start of each figure after a 分别 → the span of its own subject before it (甲和乙分别增长20%、30%)."""
    at = text.find("分别")
    after = [figure for figure in figures if figure.start > at]
    if at < 0 or len(after) < 2:
        return {}
    begin = max((text.rfind(mark, 0, at) for mark in "，；：。"), default=-1) + 1
    cuts = [begin, *(begin + found.start() for found in re.finditer("、|和|与|及", text[begin:at])), at]
    spans = list(pairwise(cuts))
    together = [figure for number, figure in enumerate(after) if number < len(spans)]
    return (
        {figure.start: span for figure, span in zip(together, spans, strict=True)}
        if len(spans) == len(together)
        else {}
    )
