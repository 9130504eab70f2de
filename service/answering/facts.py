"""Matched sentences in, facts out: for each slot of the question, the stretches of text that could fill it, ranked.

A figure or name fills a slot better the nearer the question's own words stand to it: in Chinese the words around the
question word are the words around its answer.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.answering.evidence import Match, WeightedWord, share
from service.answering.figures import Figure, find_figures
from service.answering.names import NameKind, find_names
from service.answering.periods import Period, find_periods
from service.answering.question import UNIT_FAMILIES, Kind, Question, Slot

REACH_CHARS = 14.0
"""Distance at which a question word counts for a fact only a third (1/e)."""

_NAME_KINDS: dict[Kind, tuple[NameKind, ...]] = {
    Kind.PERSON: ("person",),
    Kind.ORGANISATION: ("organisation",),
    Kind.PLACE: ("place",),
    Kind.DOCUMENT: ("document",),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A stretch `[start, end)` of a sentence that fills a slot. `score` ranks facts of one slot; `fit` in 0..1 is how
    well its kind and unit suit, `near` in 0..1 how close the words of the question stand to it.
    """

    match: Match
    start: int
    end: int
    text: str
    fit: float
    near: float

    @property
    def score(self) -> float:
        return self.match.score * (0.5 + 0.5 * self.fit) + 0.6 * self.near * self.match.agreement * self.fit


def facts(question: Question, slot: Slot, words: Sequence[WeightedWord], matches: Sequence[Match]) -> list[Fact]:
    """Every fact for a slot, best first. Kinds that a whole sentence answers yield whole sentences."""
    focus = _focus_words(slot, words)
    found = [fact for match in matches if match.agreement for fact in _in_sentence(question, slot, focus, match)]
    return sorted(found, key=lambda fact: -fact.score)


def _in_sentence(question: Question, slot: Slot, focus: Sequence[WeightedWord], match: Match) -> Iterator[Fact]:
    text = match.sentence.text
    if slot.kind is Kind.FIGURE:
        figures = find_figures(text)
        for figure in figures:
            fit = unit_fit(figure.unit, slot.units)
            if fit and not _repeats(question, figure.text):
                near = _nearness(focus, figure.start, figure.end, match.sentence.folded, figures)
                yield Fact(match, figure.start, figure.end, figure.text, fit, near)
    elif slot.kind is Kind.DATE:
        periods = find_periods(text)
        for period in periods:
            if not _repeats(question, period.text):
                near = _nearness(focus, period.start, period.end, match.sentence.folded, periods)
                yield Fact(match, period.start, period.end, period.text, 1.0 if period.has_year else 0.7, near)
    elif slot.kind in _NAME_KINDS:
        for kind in _NAME_KINDS[slot.kind]:
            for name in find_names(text, kind):
                if not _repeats(question, name.text):
                    near = _nearness(focus, name.start, name.end, match.sentence.folded, ())
                    yield Fact(match, name.start, name.end, name.text, 1.0, near)
    else:
        yield Fact(match, 0, len(text), text, _sentence_fit(question, slot, match), 0.0)


def unit_fit(unit: str, wanted: frozenset[str]) -> float:
    """1 for a unit asked for, 0.75 for one of the same family, 0.6 where the question leaves it open, else 0."""
    if not wanted:
        return 0.6 if unit else 0.3
    if unit in wanted:
        return 1.0
    if any(unit in family and wanted & family for family in UNIT_FAMILIES):
        return 0.75
    return 0.0


def _repeats(question: Question, text: str) -> bool:
    """Whether the question itself gives this stretch; what is known is not what is asked."""
    plain = re.sub(r"\s", "", text).lower().strip("“”《》")
    return plain in question.text.replace(" ", "")


def _focus_words(slot: Slot, words: Sequence[WeightedWord]) -> list[WeightedWord]:
    """The words of the slot's own stretch, those near its question word weighing more; all words if it has none."""
    own = []
    for word in words:
        position = slot.focus.find(word.text)
        if position >= 0:
            distance = max(0, position - slot.at, slot.at - position - len(word.text))
            own.append(WeightedWord(word.text, position, word.weight * (0.4 + math.exp(-distance / 8))))
    return own or list(words)


def _nearness(
    focus: Sequence[WeightedWord], start: int, end: int, folded: str, rivals: Sequence[Figure | Period]
) -> float:
    """Weighted share of the focus words around `[start, end)`, each fading with its distance and with every rival fact
    that stands between.
    """
    total = sum(word.weight for word in focus) or 1.0
    near = 0.0
    for word in focus:
        near += word.weight * max(
            (_fade(a, b, start, end, folded, rivals) for a, b in _places(word.text, folded)), default=0.0
        )
    return near / total


def _places(word: str, folded: str) -> list[tuple[int, int]]:
    """Where a word stands in the text; for a longer word that does not, where a pair of its characters does."""
    whole = [(found.start(), found.end()) for found in re.finditer(re.escape(word), folded)]
    if whole or share(word, folded) == 0.0:
        return whole
    pairs = {word[i : i + 2] for i in range(len(word) - 1)}
    return [(at, at + 2) for pair in pairs if (at := folded.find(pair)) >= 0]


def _fade(a: int, b: int, start: int, end: int, folded: str, rivals: Sequence[Figure | Period]) -> float:
    left, right = (b, start) if b <= start else (end, a)
    gap = max(0, right - left)
    between = folded[left:right]
    gap += 4 * sum(between.count(mark) for mark in "，；：")
    gap += 8 * sum(1 for rival in rivals if left <= rival.start and rival.end <= right)
    if a >= end:
        gap += 3  # what a figure counts mostly stands before it
    return math.exp(-gap / REACH_CHARS)


_SIGNS: dict[Kind, re.Pattern[str]] = {
    Kind.DEFINITION: re.compile(r"是指|指的是|即|是由|意思是|就是|所谓|是一[种个]|”(?:是|为|，即)|：|分别(?:是|为)"),
    Kind.LIST: re.compile(r"、.+、|包括|分为|分别|涵盖|主要有|等\d+[个项类种]|“.+”“.+”"),
    Kind.MEASURE: re.compile(r"通过|建立|推动|实施|构建|推进|创新|打造|采取|开展|制定|完善|强化|利用|采用|以.+为"),
    Kind.REASON: re.compile(r"因为|由于|因|为(?:了|破解|解决|推动)|针对|导致|原因"),
    Kind.CHANGE: re.compile(r"从.+(?:到|至|降|提|缩|升|增|扩)|由.+(?:到|至|降|提|缩|升|增|变)|同比|下降|增长|提高|减少|缩短"),
}  # fmt: skip


def _sentence_fit(question: Question, slot: Slot, match: Match) -> float:
    text = match.sentence.text
    sign = _SIGNS.get(slot.kind)
    fit = 0.5 if sign is None else 0.8 if sign.search(text) else 0.35
    if (
        slot.kind is Kind.DEFINITION
        and question.quoted
        and re.search(rf"{re.escape(question.quoted[0])}[”》]?[^，。]{{0,8}}(?:是|即|指|，“|：)", match.sentence.folded)
    ):
        fit = 1.0
    if slot.kind is Kind.LIST and slot.count and text.count("、") + 1 >= slot.count:
        fit = 1.0
    return fit
