"""A figure chosen for a slot and other sentences in, out the figure that tells the same differently, if any.

The same figure: the same unit, told of the same things, in the same period and place, and near enough in value to be the
same count. Whether one of two is wrong, later or rounded is not for this to say: both are shown.
"""

import re
from collections.abc import Sequence

from service.answering.evidence import Match
from service.answering.facts import Fact
from service.answering.figures import Figure, find_figures
from service.answering.names import tagged
from service.answering.periods import Period, dated, find_periods
from service.answering.places import is_province, sure_places
from service.answering.sentence import Sentence
from service.answering.slots import Slot
from service.answering.suitability import changed
from service.answering.wording import FILLER, MODIFIERS, Kind

NEAR_VALUES = 0.1
"""Two counts of one thing differ by at most this share of the larger."""

LEAST_VALUE = 10
"""Smaller counts are rarely told in two ways; most that are near are of other things."""

SAME_WORDS, LEAST_WORDS = 0.5, 3
"""Share of the pairs of characters beside the figure that must stand beside the other, and how many at least."""

_MARK = re.compile("[，,；;：:。！？!?]")
_TAGS = frozenset("n nz vn v j l an ns nt nr eng".split())
_OTHER = re.compile("同比|环比|增长|增幅|下降|占|目标|力争|预计|计划|到20\\d\\d年|其中")


def beside_figure(slot: Slot, fact: Fact) -> str:
    """What to search for to find the same figure elsewhere: the clause that it stands in, without it; empty for facts of
    which there is no other telling.
    """
    figure = _figure(fact)
    if slot.kind is not Kind.FIGURE or slot.change or figure is None or figure.low is not None:
        return ""
    return _beside(fact.match.sentence, figure) if figure.value >= LEAST_VALUE else ""


def told_differently(best: Fact, others: Sequence[Match]) -> Fact | None:
    """The first figure in the other sentences that tells the best fact's in another way."""
    own = _figure(best)
    if own is None:
        return None
    for other in others:
        figures = find_figures(other.sentence.text)
        if own.claim in {figure.claim for figure in figures}:
            continue
        for told in figures:
            fact = Fact(other, told.start, told.end, told.text, best.fit, best.near)
            if _same_count(own, told) and _same_thing(best, own, fact, told):
                return fact
    return None


def _figure(fact: Fact) -> Figure | None:
    figures = find_figures(fact.match.sentence.text)
    return next((figure for figure in figures if figure.start == fact.start), None)


def _same_count(own: Figure, told: Figure) -> bool:
    if told.low is not None or own.claim[2] != told.claim[2] or own.value == told.value:
        return False
    if _within_bound(own, told) or _within_bound(told, own):
        return False
    return abs(own.value - told.value) <= NEAR_VALUES * max(own.value, told.value)


_LEAST, _MOST = re.compile("以上|不低于|不少于|至少|高于"), re.compile("以下|以内|不超过|不高于|最多|低于")


def _within_bound(bound: Figure, figure: Figure) -> bool:
    """Whether a figure is a bound that the other keeps to (90%以上, 99%)."""
    if bound.hedge and _LEAST.search(bound.hedge):
        return figure.value >= bound.value
    return bool(bound.hedge) and _MOST.search(bound.hedge) is not None and figure.value <= bound.value


def _same_thing(best: Fact, own: Figure, other: Fact, told: Figure) -> bool:
    left, right = _beside(best.match.sentence, own), _beside(other.match.sentence, told)
    if bool(_OTHER.search(left)) or bool(_OTHER.search(right)):
        return False
    if {word for word in MODIFIERS if word in left} != {word for word in MODIFIERS if word in right}:
        return False
    if changed(best.match.sentence.text[: own.start]) or changed(other.match.sentence.text[: told.start]):
        return False
    mine, theirs = _content(left), _content(right)
    shared = len(mine & theirs)
    if shared < LEAST_WORDS or shared < SAME_WORDS * min(len(mine), len(theirs)):
        return False
    return _same_period(best.match, other.match) and _same_place(best.match.sentence, other.match.sentence)


def _beside(sentence: Sentence, figure: Figure) -> str:
    """The clause of a figure without it."""
    text = sentence.text
    start = max((mark.end() for mark in _MARK.finditer(text, 0, figure.start)), default=0)
    end = _MARK.search(text, figure.end)
    return text[start : figure.start] + text[figure.end : end.start() if end else len(text)]


def _content(clause: str) -> set[str]:
    """The pairs of characters of its content words and between them (协调办理 has 调办 too)."""
    kept = list(" " * len(clause))
    for start, word, tag in tagged(clause):
        if tag in _TAGS and word not in FILLER:
            kept[start : start + len(word)] = word
    said = "".join(kept)
    return {said[at : at + 2] for at in range(len(said) - 1) if " " not in said[at : at + 2]}


def _same_period(best: Match, other: Match) -> bool:
    """Whether neither names a period that the other contradicts; one that names none is of its article's year."""
    mine, theirs = (_periods(match.sentence) for match in (best, other))
    if mine and theirs:
        return bool(mine & theirs)
    years = {match.sentence.article.year for match in (best, other)} - {None}
    return len(years) < 2


def _periods(sentence: Sentence) -> set[tuple[tuple[int, ...], str]]:
    found = (dated(period, sentence.article.year) for period in find_periods(sentence.text))
    return {(period.years, _months(period)) for period in found}


def _months(period: Period) -> str:
    return "".join(re.findall(r"\d+月|上半年|下半年|[一二三四]季度", re.sub(r"\s", "", period.text)))


def _same_place(mine: Sentence, theirs: Sentence) -> bool:
    """Whether both are told of the same places, or one of them names none."""
    own, told = _places(mine), _places(theirs)
    return not own or not told or bool(own & told)


def _places(sentence: Sentence) -> set[str]:
    """The places that a sentence surely names and its scope (全省), else the places of the title above it."""
    named = {_PROVINCE if is_province(place) else place for place in sure_places(sentence.folded)}
    scopes = {_PROVINCE if scope == "全省" else scope for scope in _SCOPE.findall(sentence.folded)}
    return named | scopes or set(sure_places(sentence.article.title))


_SCOPE = re.compile("全[国省市县区镇村]")
_PROVINCE = "省"
"""Stands for whichever province a collection is about."""
