"""A slot of a question, lines and their candidates in, one row of numbers for each candidate out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.answering.suitability import changed, of_its_year, unit_fit
from service.answering.wording import MODIFIERS, Kind
from service.spans.asked import ELSEWHERE, LEFT, RIGHT, Asked, Floats
from service.spans.candidates import SORTS, Candidate
from service.spans.ground import Ground, Ints, Line, character_codes
from service.spans.overlap import FAR, Overlap, beside, distances, find_terms, weighted

REACHES = (3.0, 10.0, 30.0)
KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Field:
    """Everything that is asked of one slot and looked at for it. `lines[i]` is the line of candidate i."""

    asked: Asked
    ground: Ground
    found: Sequence[Candidate]
    lines: Ints
    starts: Ints
    ends: Ints
    pairs: Overlap
    singles: Overlap
    headings: Floats
    """Share of the question that heading and passage say together, by passage."""


def lay_field(asked: Asked, lines: Sequence[Line], ground: Ground, found: Sequence[tuple[int, Candidate]]) -> Field:
    """Look the question up in the ground; `found` are (line, candidate)."""
    of_line = np.array([line for line, _ in found], dtype=np.int64)
    begins = ground.begins[of_line] if found else np.zeros(0, dtype=np.int64)
    starts = begins + np.array([item.start for _, item in found], dtype=np.int64)
    ends = begins + np.array([item.end for _, item in found], dtype=np.int64)
    pairs = find_terms(asked.pairs, ground, ground.pairs)
    singles = find_terms(asked.singles, ground, ground.singles)
    return Field(asked, ground, [item for _, item in found], of_line, starts, ends, pairs, singles,
                 _with_headings(asked, lines, singles))  # fmt: skip


def _with_headings(asked: Asked, lines: Sequence[Line], singles: Overlap) -> Floats:
    both = singles.passages.copy()
    headings = {line.passage: line.heading for line in lines}
    for passage, heading in headings.items():
        if heading:
            both[:, passage] |= (asked.singles.hashes[:, None] == character_codes(heading)).any(axis=1)
    return weighted(asked.singles, both)


Columns = dict[str, NDArray[np.floating] | NDArray[np.int64] | NDArray[np.bool_] | float]


def rows(field: Field) -> Floats:
    """Shape (candidates, columns); the columns are always the same in the same order."""
    columns: Columns = {}
    for part in (_coverage, _nearness, _contact, _own, _expected):
        columns |= part(field)
    columns |= _rank(columns, field)
    table = np.empty((len(field.found), len(columns)), dtype=np.float32)
    for number, values in enumerate(columns.values()):
        table[:, number] = values
    return table


def _coverage(field: Field) -> Columns:
    """How much of the question clause, sentence, neighbours and passage say."""
    ground, lines = field.ground, field.lines
    clause = ground.clause[field.starts]
    columns: Columns = {}
    for name, overlap in (("pair", field.pairs), ("char", field.singles)):
        terms = overlap.terms
        near = beside(overlap.clauses, ground.clause_lines)
        around = beside(overlap.lines, ground.passages)
        columns[f"{name} clause"] = weighted(terms, overlap.clauses)[clause]
        columns[f"{name} near"] = weighted(terms, near)[clause]
        columns[f"{name} sentence"] = weighted(terms, overlap.lines)[lines]
        columns[f"{name} around"] = weighted(terms, around)[lines]
        columns[f"{name} passage"] = weighted(terms, overlap.passages)[ground.passages[lines]]
    columns["left sentence"] = weighted(field.pairs.terms, field.pairs.lines, LEFT)[lines]
    columns["right sentence"] = weighted(field.pairs.terms, field.pairs.lines, RIGHT)[lines]
    columns["else sentence"] = weighted(field.pairs.terms, field.pairs.lines, ELSEWHERE)[lines]
    columns["heading"] = field.headings[ground.passages[lines]]
    columns["missing"] = _heaviest_missing(field.singles)[lines]
    return columns


def _heaviest_missing(overlap: Overlap) -> Floats:
    """The weight of the rarest character of the question that a sentence does not have."""
    if not len(overlap.terms.weights):
        return np.zeros(overlap.lines.shape[1], dtype=np.float32)
    return np.asarray(np.where(overlap.lines, 0, overlap.terms.weights[:, None]).max(axis=0), dtype=np.float32)


def _nearness(field: Field) -> Columns:
    """Weighted share of question terms beside the candidate, fading with distance, by side of the question word."""
    columns: Columns = {}
    for name, overlap, width in (("pair", field.pairs, 2), ("char", field.singles, 1)):
        terms = overlap.terms
        left, right = distances(overlap, field.ground, field.starts, field.ends, width)
        either = np.minimum(left, right)
        close = terms.weights * np.exp(-terms.gaps / 6)
        focus = close / max(float(close.sum()), 1e-6)
        for reach in REACHES:
            columns[f"{name} {reach:.0f}"] = terms.weights @ np.exp(-either / reach)
        columns[f"{name} focus"] = focus @ np.exp(-either / 8)
        own = np.where(terms.sides == LEFT, terms.weights, 0)
        columns[f"{name} left"] = own @ np.exp(-left / 10)
        columns[f"{name} left crossed"] = own @ np.exp(-right / 10)
        own = np.where(terms.sides == RIGHT, terms.weights, 0)
        columns[f"{name} right"] = own @ np.exp(-right / 10)
        columns[f"{name} right crossed"] = own @ np.exp(-left / 10)
        if width == 2:
            columns["rivals"] = terms.weights @ np.exp(-(either + 8 * _between(field, left, right)) / 14)
            columns["nearest"] = either.min(axis=0) if len(either) else np.full(len(field.found), FAR)
    return columns


def _between(field: Field, left: Floats, right: Floats) -> Floats:
    """How many other candidates stand between each term and each candidate."""
    own = np.arange(len(field.starts))
    before = np.searchsorted(field.starts, field.starts - np.where(left < FAR, left, 0) - 1)
    after = np.searchsorted(field.starts, field.ends + np.where(right < FAR, right, 0)) - 1
    return np.asarray(np.maximum(np.where(left <= right, own - before, after - own), 0), dtype=np.float32)


def _contact(field: Field) -> Columns:
    """Characters in a row that left and right of candidate and question word have in common, a few being skipped."""
    text = field.ground.singles
    left, right = character_codes(field.asked.left[-8:]), character_codes(field.asked.right[:8])
    cores = field.ground.begins[field.lines] + np.array([item.core for item in field.found], dtype=np.int64)
    return {
        "contact left": _run(text, field.starts - 1, left[::-1], -1),
        "contact right": np.maximum(_run(text, field.ends, right, 1), _run(text, cores, right, 1)),
    }


_SKIPPED = 3
"""Characters that may stand between, at most."""


def _run(text: Ints, at: Ints, wanted: Ints, step: int) -> Floats:
    best = np.zeros(len(at), dtype=np.float32)
    places = at[:, None] + step * np.arange(len(wanted) + _SKIPPED)
    beside = text[np.minimum(np.maximum(places, 0), len(text) - 1)]
    for skip in range(1 + _SKIPPED):
        alike = beside[:, skip : skip + len(wanted)] == wanted
        length = np.logical_and.accumulate(alike, axis=1).sum(axis=1, dtype=np.float32)
        best = np.maximum(best, length - 0.3 * skip)
    return best


_BEFORE = {name: frozenset(marks) for name, marks in {
    "is": "是为叫即名称做", "at": "在于至到自从往", "by": "由被与和", "has": "有达共约近超计", "of": "的", "mark": "，。；：、（“《",
}.items()}  # fmt: skip
_AFTER = {"of": frozenset("的"), "mark": frozenset("，。；：、）”》\0"), "did": frozenset("在于为是被任创建")}


def _own(field: Field) -> Columns:
    """What the candidate itself and the characters beside it are."""
    text, found = field.ground.text, field.found
    before = [text[start - 1] if start else "\0" for start in field.starts.tolist()]
    after = [text[end] for end in field.ends.tolist()]
    own = [text[start:end] for start, end in zip(field.starts.tolist(), field.ends.tolist(), strict=True)]
    sort = np.array([item.sort for item in found])
    alike: dict[str, int] = {}
    for words in own:
        alike[words] = alike.get(words, 0) + 1
    columns: Columns = {f"sort {number}": sort == number for number in range(SORTS)}
    columns |= {f"after {name}": np.array([mark in marks for mark in before]) for name, marks in _BEFORE.items()}
    columns |= {f"before {name}": np.array([mark in marks for mark in after]) for name, marks in _AFTER.items()}
    columns["length"] = field.ends - field.starts
    columns["repeated"] = np.array([_repeated(words, field.asked.text) for words in own])
    columns["often"] = np.array([alike[words] for words in own])
    columns["in line"] = field.starts - field.ground.begins[field.lines]
    columns["line length"] = (field.ground.ends - field.ground.begins)[field.lines]
    columns["line number"] = _number_in_passage(field.ground)[field.lines]
    clause = field.ground.clause[field.starts]
    columns["in clause"] = np.bincount(clause, minlength=len(field.ground.clauses))[clause]
    columns["in sentence"] = np.bincount(field.lines, minlength=len(field.ground.begins))[field.lines]
    columns["candidates"] = float(len(found))
    return columns


def _repeated(words: str, asked: str) -> float:
    if words in asked:
        return 1.0
    pairs = [words[i : i + 2] for i in range(len(words) - 1)]
    return 0.9 * sum(pair in asked for pair in pairs) / len(pairs) if pairs else 0.0


def _number_in_passage(ground: Ground) -> Ints:
    return np.arange(len(ground.passages)) - np.searchsorted(ground.passages, ground.passages)


def _expected(field: Field) -> Columns:
    """The kind of the question, and how well figures and dates suit what it asks for."""
    asked = field.asked
    slot = asked.slot
    columns: Columns = {f"asks {kind}": float(slot.kind is kind) for kind in KINDS}
    columns["asks change"] = float(slot.change)
    columns["asks unit"] = float(bool(slot.units))
    columns["question length"] = float(len(asked.text))
    columns["terms"] = float(len(asked.pairs.hashes))
    suits = np.full((len(field.found), len(_SUITS)), _OPEN, dtype=np.float32)
    if slot.kind in (Kind.FIGURE, Kind.DATE):
        begins, ends = field.ground.begins.tolist(), field.ground.ends.tolist()
        for number, (item, line) in enumerate(zip(field.found, field.lines.tolist(), strict=True)):
            suits[number] = _suits(item, asked, field.ground.text[begins[line] : ends[line]])
    return columns | {name: suits[:, number] for number, name in enumerate(_SUITS)}


_OPEN = -1.0
"""Stands for what does not apply: the trees know no missing values."""

_SUITS = ("unit fit", "of its year", "change fit", "modifier", "hedged", "size", "year", "month", "day", "asked year")


def _suits(item: Candidate, asked: Asked, text: str) -> list[float]:
    """How well a figure or date suits, by the names of `_SUITS`."""
    values = [_OPEN] * len(_SUITS)
    if figure := item.figure:
        values[0] = unit_fit(figure, asked.slot.units)
        values[1] = of_its_year(figure, text, asked.question)
        values[2] = float(changed(text[: item.start]))
        values[3] = _modifier(text[max(0, item.start - 8) : item.start], asked.text)
        values[4] = float(bool(figure.hedge))
        values[5] = float(min(12.0, np.log10(max(1.0, abs(float(figure.value))))))
    if period := item.period:
        values[6], values[7], values[8] = (float(mark in period.text) for mark in "年月日")
        if years := asked.question.years:
            values[9] = float(bool(set(period.years) & set(years)))
    return values


def _modifier(before: str, asked: str) -> float:
    """1 for a modifier that the question has too, -1 for one that it does not have."""
    found = [word in asked for word in MODIFIERS if word in before]
    return (1.0 if all(found) else -1.0) if found else -0.5 * any(word in asked for word in MODIFIERS)


def _rank(columns: Columns, field: Field) -> Columns:
    """The strongest columns again as the distance to the best candidate of the question."""
    found: Columns = {}
    for name in (
        "pair 10",
        "char 10",
        "pair around",
        "char around",
        "pair sentence",
        "rivals",
        "pair focus",
        "heading",
    ):
        values = np.asarray(columns[name], dtype=np.float32)
        found[f"{name} below"] = values - (values.max() if len(values) else 0.0)
    found["line below"] = np.asarray(columns["char sentence"]) - (
        weighted(field.singles.terms, field.singles.lines).max() if len(field.ground.begins) else 0.0
    )
    return found
