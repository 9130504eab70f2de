"""A statement and its quotes in, what the statement ties together otherwise than they do out.

For statements in other words than their quotes, where every figure and name may stand in a quote and still belong to
something else: figures swapped between two subjects, a figure moved to another year, a growth told as a fall, 同比 lost
or made 环比, a deed given to another place. Knows no verdicts.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from service.answering.names import place_stem
from service.answering.things import Thing, ThingKind, atoms, dated, names, says_period
from service.answering.words import Word, places_of, words

_CLAUSE_MARK = re.compile(r"[，；：。！？!?;]|,(?!\d)")
_TAIL_MARK = re.compile(r"[，、；：。！？!?;]|,(?!\d)")

_COMPARATORS = {
    "同比": "同比|[比较]上?[年去]?年?同期|与?上年同期相比",
    "环比": "环比|[比较]上[个一]?(?:月|季度?)",
    "比上年": "[比较](?:上年|去年|前年|上一年)",
    "累计": "累计|累积",
    "年均": "年均|平均每年|每年平均|年平均",
    "人均": "人均|平均每人|每人平均",
    "户均": "户均|平均每户",
    "日均": "日均|平均每天|每[天日]平均",
    "月均": "月均|平均每月",
    "新增": "新增|净增",
    "最高": "最高|最多|至多",
    "最低": "最低|最少|至少",
    "否": "没有|未[能曾达]|并非|不[再是]|尚未|不足",
    "每": "每(?:一|个)?[\u4e00-\u9fff]",
}
"""What a figure is measured against or counted by, and the ways of saying it."""

_COMPARATOR = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _COMPARATORS.items()))
_PLAN = re.compile("力争|争取|预计|预期|有望|计划|拟|目标|将[建实达完成增提形]")
_BEFORE = re.compile("过去|以前|原来|原先|此前|(?:改革|实施|开展|推行|出台|整改)(?:之|以)?前")
_AFTER = re.compile("如今|现在|现已|目前|(?:改革|实施|开展|推行|出台|整改)(?:之|以)?后")
_UP = "增长|增加(?!值)|增至|增收|提高|提升|提至|上升|上涨|上浮|扩大|增多|攀升|升至|增(?!值|加值|设|强|添)|涨|升(?!级)"
_DOWN = "下降|减少|降低|缩短|压缩|压减|缩减|回落|下滑|下跌|下调|降至|减至|缩至|降|减|缩"
_MOVE = re.compile(
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<early>提前|提早)|(?P<late>推迟|延后|延迟|延长))(?P<to>了?[到至为成])?"
)


Mismatch = Literal["comparator", "direction", "plan", "period", "subject"]


def figure_doubt(statement: str, figure: Thing, quotes: Sequence[str]) -> Mismatch | None:
    """Why a figure or date of a statement is tied to something else than in the quotes; None where one of them has it
    so, or none has it at all. All texts as `plain` gives them.
    """
    found = [(quote, other) for quote in quotes for other in atoms(quote) if _same(figure, other)]
    doubts = [_doubt(statement, figure, quote, other) for quote, other in found]
    return min((doubt for doubt in doubts if doubt), default=None) if all(doubts) else None


def _same(one: Thing, other: Thing) -> bool:
    if one.figure and other.figure:
        return one.figure.is_said_by(other.figure)
    return (one.kind, one.key) == (other.kind, other.key)


def _doubt(statement: str, figure: Thing, quote: str, other: Thing) -> Mismatch | None:
    if figure.kind == "period":
        planned = [bool(_PLAN.search(text[slice(*clause_of(text, thing.start))])) for text, thing in
                   ((statement, figure), (quote, other))]  # fmt: skip
        return "plan" if planned == [False, True] else None
    here, there = _place(statement, figure.start), _place(quote, other.start)
    if not any(one == two for one in here.manner for two in there.manner):
        return "comparator"
    if (there.planned and _PLAN.search(there.segment) and not here.planned) or (here.planned and not there.planned):
        return "plan"
    if {here.stage, there.stage} == {"before", "after"}:
        return "period"
    if not any(_move_agrees(one, two) for one in here.moves for two in there.moves):
        return "direction"
    if (period := here.period) and (forms := there.periods) and not says_period(period.key, forms, point=False):
        return "period"
    return None if _subject_agrees(here, there) else "subject"


class _Place:
    """A figure in its text: the stretch that it shares with no other figure, and what is said there.

    `manner` and `moves` hold the comparators before it and the last growth or fall, in its clause and in its whole
    stretch; `period` is named last before it in its sentence.
    """

    def __init__(self, text: str, figure: Thing) -> None:
        self.text, self.figure = text, figure
        self.sentence = max((text.rfind(mark, 0, figure.start) for mark in "。！？!?"), default=-1) + 1
        inside = [thing for thing in atoms(text) if self.sentence <= thing.start]
        before = [thing for thing in inside if thing.kind == "figure" and thing.end <= figure.start]
        after = (thing.start for thing in inside if thing.kind == "figure" and thing.start >= figure.end)
        mark = _TAIL_MARK.search(text, figure.end)
        self.previous = before[-1] if before else None
        self.start = self.previous.end if self.previous else self.sentence
        self.end = min(next(after, len(text)), mark.start() if mark else len(text))
        clause = text[max(clause_of(text, figure.start)[0], self.start) : figure.start]
        segment = text[self.start : figure.start]
        self.words = [word for word in words(text) if self.start <= word.start < figure.start]
        self.tail = [word for word in words(text) if figure.end <= word.start < self.end]
        parts = (clause,) if clause == segment else (clause, segment)
        self.manner = [_manner(part) for part in parts]
        self.moves = [_move(part) for part in parts]
        self.planned = bool(_PLAN.search(text, self.sentence, figure.start))
        self.segment = segment
        self.stage = "before" if _left_behind(text, figure) else _stage(text[self.sentence : figure.start])
        periods = [thing for thing in inside if thing.kind == "period" and thing.start < figure.start]
        self.period = periods[-1] if periods else None

    @property
    def periods(self) -> tuple[str, ...]:
        """Forms of the period named last before the figure anywhere in the text, else of the first after it."""
        found = [thing for thing in atoms(self.text) if thing.kind == "period"]
        if not found:
            return ()
        last = max((n for n, thing in enumerate(found) if thing.start < self.figure.start), default=0)
        return dated([thing.key for thing in found])[last]


@lru_cache(maxsize=1024)
def _place(text: str, start: int) -> _Place:
    return _Place(text, next(thing for thing in atoms(text) if thing.start == start))


def _stage(text: str) -> str:
    """Whether a text speaks of the time before a change or after it."""
    found = [
        (match.end(), name) for name, sign in (("before", _BEFORE), ("after", _AFTER)) for match in sign.finditer(text)
    ]
    return max(found, default=(0, ""))[1]


def _left_behind(text: str, figure: Thing) -> bool:
    """Whether a figure is where a growth or fall began (由90天缩短至20天)."""
    return text[max(0, figure.start - 1) : figure.start] in ("由", "从") and bool(_MOVE.match(text, figure.end))


def _manner(text: str) -> frozenset[str]:
    found = ((match.lastgroup or "", match.group()) for match in _COMPARATOR.finditer(text))
    return frozenset(said[-1] if name == "每" else name for name, said in found)


def _move(text: str) -> tuple[str, bool] | None:
    last = None
    for match in _MOVE.finditer(text):
        way = next(name for name in ("up", "down", "early", "late") if match[name])
        last = (way, bool(match["to"]) or match.group()[-1] in "至到")
    return last


def _move_agrees(said: tuple[str, bool] | None, told: tuple[str, bool] | None) -> bool:
    """Whether the statement's growth or fall is the quote's; one that the quote tells to where may be left out."""
    return said == told or (said is None and told is not None and told[1])


def _subject_agrees(here: _Place, there: _Place) -> bool:
    """Whether what stands before a figure in the statement is not another figure's in the quote.

    A word is another's when the quote says it, but past another figure; that is wrong only if words stand in between
    that the statement passes over: the next one before the figure, or one of the same sort.
    """
    if not here.words and here.previous and not _follows(here.previous, there):
        return False
    near, own = there.text[there.start : there.end], here.text[here.start : here.end]
    if here.previous and not _follows(here.previous, there) and not _told_apart(here, there):
        return False
    heads = [word for word in here.tail if word.sort == "n"]
    if heads and there.tail and not any(places_of(word, near) for word in heads):
        return False
    passed = [word for word in there.words if not places_of(word, own) and not _MOVE.fullmatch(word.text)]
    away = [word for word in here.words if not places_of(word, near) and places_of(word, there.text)]
    next_is_away = bool(away) and away[-1] is here.words[-1]
    if next_is_away and passed:
        return False
    if any(one.sort == two.sort and one.sort[0] == "n" and two.text not in _GENERIC for one in away for two in passed):
        return False
    strangers = (word for word in here.words if word.sort in ("ns", "nr", "nt") and place_stem(word.text) not in near)
    return not any(_has_another(word, there) for word in strangers)


_GENERIC = frozenset("项目 工程 方面 部分 全部 情况 其余".split())
"""Nouns that take up what was named before."""


def _has_another(name: Word, there: _Place) -> bool:
    """Whether a quote says another name of the sort before a figure, and this one not, or only after it."""
    before = there.text[: there.figure.start]
    others = any(word.sort == name.sort and word.start < len(before) for word in words(there.text))
    return others and place_stem(name.text) not in before


def _told_apart(here: _Place, there: _Place) -> bool:
    """Whether a word before the figure tells it from the one named just before, which the quote names only after it."""
    rivals = [thing for thing in atoms(there.text) if here.previous and _same(here.previous, thing)]
    if not rivals:
        return True
    rival = _place(there.text, rivals[0].start)
    near, far = there.text[there.start : there.end], rival.text[rival.start : rival.end]
    return any(places_of(word, near) and not places_of(word, far) for word in here.words)


def _follows(previous: Thing, there: _Place) -> bool:
    """Whether the figure that the statement names just before also goes before in the quote's sentence."""
    return any(
        _same(previous, thing) for thing in atoms(there.text) if there.sentence <= thing.start < there.figure.start
    )


def strange_names(statement: str, quotes: Sequence[str]) -> Iterator[Thing]:
    """The names, periods and ranks of a statement whose words, in the quotes, belong to another of their kind."""
    for kind in sorted({thing.kind for thing in _bearers(statement)} - {"figure", "code"}):
        known = [form for quote in quotes for _, forms in _formed(quote, kind) for form in forms]
        bound: dict[Thing, list[bool]] = {}
        for word in words(statement):
            bearer = _bearer(statement, word, kind)
            if bearer and _among(bearer, known):
                sources = [keys for quote in quotes for keys in _keys(quote, word, kind)]
                if sources and all(sources):
                    bound.setdefault(bearer, []).append(any(_among(bearer, keys) for keys in sources))
        yield from (bearer for bearer, found in bound.items() if found.count(False) > found.count(True))


@lru_cache(maxsize=1024)
def _bearers(text: str) -> tuple[Thing, ...]:
    return tuple(sorted((*names(text), *atoms(text)), key=lambda thing: thing.start))


@lru_cache(maxsize=1024)
def _formed(text: str, kind: ThingKind) -> tuple[tuple[Thing, tuple[str, ...]], ...]:
    """The things of a kind in a text with the forms of their keys."""
    things = [thing for thing in _bearers(text) if thing.kind == kind]
    keys = [thing.key for thing in things]
    return tuple(zip(things, dated(keys) if kind == "period" else [(key,) for key in keys], strict=True))


def _among(thing: Thing, keys: Sequence[str]) -> bool:
    if thing.kind == "period":
        return says_period(thing.key, keys, point=True)
    return any(thing.key in key or key in thing.key for key in keys)


def _bearer(text: str, word: Word, kind: ThingKind) -> Thing | None:
    """The thing of a kind that a word of a clause belongs to: the last before it, else the first after."""
    left, right = clause_of(text, word.start)
    inside = [thing for thing, _ in _formed(text, kind) if left <= thing.start < right]
    if any(thing.start < word.end and word.start < thing.end for thing in inside):
        return None
    before = [thing for thing in inside if thing.end <= word.start]
    return before[-1] if before else inside[0] if inside else None


def _keys(quote: str, word: Word, kind: ThingKind) -> Iterator[tuple[str, ...]]:
    """For each place where a quote says a word, the forms of the things of a kind that it may belong to: those of its
    clause, else the last before it.
    """
    things = _formed(quote, kind)
    for at in places_of(word, quote):
        left, right = clause_of(quote, at)
        inside = [forms for thing, forms in things if left <= thing.start < right]
        earlier = [forms for thing, forms in things if thing.end <= at]
        yield tuple(form for forms in (inside or earlier[-1:]) for form in forms)


@lru_cache(maxsize=1024)
def _cuts(text: str) -> tuple[int, ...]:
    return (*(mark.end() for mark in _CLAUSE_MARK.finditer(text)), len(text))


def clause_of(text: str, at: int) -> tuple[int, int]:
    """Where the clause around a place begins and ends."""
    cuts = _cuts(text)
    number = bisect_right(cuts, at)
    return cuts[number - 1] if number else 0, cuts[min(number, len(cuts) - 1)]
