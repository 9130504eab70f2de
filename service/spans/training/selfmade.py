"""A sentence in, a question made from it and where its answer stands out. Knows no features and no trees.

In Chinese the question word stands where the answer stood, so a sentence with its figure, date, name or title replaced
by 多少, 什么时候, 谁 or 什么文件 is a grammatical question with a known answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from index.sentences import Span, clause_spans
from service.answering.figures import Figure, find_figures
from service.answering.names import NameKind, find_names, tagged
from service.answering.periods import find_periods
from service.answering.wording import MODIFIERS, SYNONYMS, Kind

_SHARES = {Kind.FIGURE: 4.0, Kind.DATE: 1.5}
"""How much likelier figures and dates are asked for than names."""

_MOST_CHARS, _LEAST_CHARS = 48, 7
_WORDS: dict[NameKind, tuple[Kind, tuple[str, ...]]] = {
    "person": (Kind.PERSON, ("谁", "谁", "哪位", "什么人")),
    "organisation": (Kind.ORGANISATION, ("哪个机构", "哪家单位", "哪个部门", "什么机构", "哪家公司")),
    "place": (Kind.PLACE, ("哪里", "什么地方", "哪个地方", "哪个城市", "何地")),
    "document": (Kind.DOCUMENT, ("什么文件", "哪份文件", "哪部法规", "哪个文件", "什么办法")),
    "term": (Kind.OPEN, ("什么", "哪个")),
}
_WHEN = ("什么时候", "何时", "哪一天", "什么时间")
_ENDINGS = ("是多少", "有多少", "达到多少", "是多少？", "多少", "一共有多少", "达到了多少")


@dataclass(frozen=True, slots=True)
class Made:
    """A question of one kind whose answer is `sentence[start:end]`."""

    question: str
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Target:
    start: int
    end: int
    kind: Kind
    word: str
    unit: str = ""


def ask(sentence: str, rng: Random, subject: str = "") -> Made | None:
    """One question, or None where nothing in the sentence can be asked for. `subject` may be put before it."""
    found = list(_targets(sentence, rng))
    if not found:
        return None
    target = rng.choices(found, [_SHARES.get(target.kind, 1.0) for target in found])[0]
    text = _cut(sentence, target, rng)
    if subject and subject not in text and rng.random() < 0.3:
        text = rng.choice((f"{subject}{text}", f"{subject}的{text}", f"在{subject}，{text}"))
    return Made(text, target.kind, target.start, target.end) if _LEAST_CHARS <= len(text) <= _MOST_CHARS else None


def _targets(sentence: str, rng: Random) -> Iterator[_Target]:
    for figure in find_figures(sentence):
        if figure.unit and (figure.value >= 10 or re.search(r"\d", figure.text)):
            yield _Target(figure.start, figure.end, Kind.FIGURE, *_how_many(figure, rng))
    for period in find_periods(sentence):
        if period.has_year or re.search("[月日]", period.text):
            words = ("哪一年", "哪年", *_WHEN) if period.text.endswith("年") else _WHEN
            yield _Target(period.start, period.end, Kind.DATE, rng.choice(words))
    for kind, (asked, named) in _WORDS.items():
        for name in find_names(sentence, kind)[:2]:
            yield _Target(name.start, name.end, asked, rng.choice(named))


def _how_many(figure: Figure, rng: Random) -> tuple[str, str]:
    if figure.unit == "%":
        return rng.choice(("百分之多少", "多少", "多大比例")), ""
    if figure.unit in ("元", "美元") and rng.random() < 0.6:
        return rng.choice(("多少钱", "多少资金", "多少", "多少元")), ""
    if figure.unit in ("人", "名", "位") and rng.random() < 0.4:
        return rng.choice(("多少人", "多少名", "多少", "几人")), ""
    if not rng.randrange(5):
        return "多少", ""
    unit = figure.unit if figure.value > 20 or rng.random() < 0.5 else figure.unit.removeprefix("个")
    return ("几" if figure.value <= 12 and rng.random() < 0.5 else "多少") + unit, unit


def _cut(sentence: str, target: _Target, rng: Random) -> str:
    """The clause of the answer, with a neighbour now and then, words dropped, the question word in its place."""
    clauses = clause_spans(sentence)
    at = next((i for i, (_, end) in enumerate(clauses) if end > target.start), len(clauses) - 1)
    first = max(0, at - rng.choice((0, 0, 0, 1, 1, 2)))
    last = min(len(clauses) - 1, at + (rng.random() < 0.15))
    left = _loosened(sentence, (clauses[first][0], target.start), rng)
    right = _loosened(sentence, (target.end, max(target.end, clauses[last][1])), rng)
    left, right = left.lstrip("，；：、"), right.rstrip("，；：、。！？")
    style = rng.random()
    if style < 0.15:
        return f"{_keywords(left)} {_keywords(right)} {target.word}".strip()
    if style < 0.4 and target.kind is Kind.FIGURE:
        return _at_end(left, right, target, rng)
    return f"{left}{target.word}{right}" + rng.choice(("", "？"))


def _at_end(left: str, right: str, target: _Target, rng: Random) -> str:
    """The question word moved to the end: 办了 1055场 活动 → 办的活动有多少场."""
    left = re.sub("[了达到为约超近共有]+$", "", left)
    joined = f"{left}的{right}" if right and right[0].isalnum() else f"{left}{right}"
    return joined.rstrip("，；：、。") + rng.choice(_ENDINGS).replace("多少", f"多少{target.unit}")


_DROPPED = 0.16
_SHORTENED = 0.12
_HEDGED = re.compile("[约近超逾共]$")


def _loosened(sentence: str, span: Span, rng: Random) -> str:
    """A stretch of the sentence with some words dropped or said otherwise."""
    kept = []
    for start, word, tag in tagged(sentence):
        end = start + len(word)
        if end <= span[0] or start >= span[1]:
            continue
        part = sentence[max(start, span[0]) : min(end, span[1])]
        drop = _DROPPED * (2.0 if tag[0] in "dup" else 0.7 if tag[0] in "nm" else 1.0)
        if part in MODIFIERS or rng.random() >= drop:
            kept.append(_reworded(part, tag, rng))
    text = "".join(kept)
    return _HEDGED.sub("", text) if rng.random() < 0.6 else text


def _reworded(word: str, tag: str, rng: Random) -> str:
    """A word as it is, as a synonym, or as one of its two characters (供地 → 地), as people say things otherwise."""
    others = SYNONYMS.get(word)
    if others and rng.random() < 0.4:
        return rng.choice(others)
    return rng.choice(word) if len(word) == 2 and tag[0] in "vn" and rng.random() < _SHORTENED else word


def _keywords(text: str) -> str:
    return " ".join(word for _, word, tag in tagged(text) if tag[0] in "nvjtsm" and len(word) > 1)
