"""A case in, those of its facts that contend for the first place out, each with one row of numbers about it."""

from collections.abc import Sequence
from typing import Final

from service.answerability.likeness import Likeness
from service.answerability.signs import Case, signs
from service.answering.facts import Fact, beside_question
from service.answering.sentence import Place
from service.answering.slots import Slot
from service.answering.telling import TOLD_KINDS
from service.answering.wording import Kind
from service.lines.model import Told

CLOSE: Final = 0.6
"""Share of the first fact's score from which one of another sentence contends with it."""

MOST: Final = 8


def contenders(ranked: Sequence[Fact]) -> list[Fact]:
    """The best fact of each of the sentences that come close to the first, best first."""
    best: dict[Place, Fact] = {}
    for fact in ranked:
        if fact.score >= CLOSE * ranked[0].score:
            best.setdefault(fact.match.sentence.place, fact)
    return list(best.values())[:MOST]


def rows(case: Case, contending: Sequence[Fact], told: Told, likeness: Likeness) -> list[dict[str, float]]:
    """One row for each of them; the names are always the same in the same order."""
    ranked = case.ranked
    score, surest = ranked[0].score, max(_sure(fact) for fact in ranked)
    nearest, fittest = max(fact.near for fact in ranked), max(fact.fit for fact in ranked)
    likeliest = max(told.of(match) for match in case.matches)
    matched = max(match.score for match in case.matches)
    order = {match.sentence.place: number for number, match in enumerate(case.matches)}
    kind = _kind(case.slot)
    found = []
    for fact in contending:
        sentence, place = fact.match.sentence, ranked.index(fact)
        line = told.of(fact.match)
        found.append({
            **signs(case.led_by(fact), likeness),
            "beside": beside_question(case.slot, fact) if case.slot.kind is Kind.FIGURE else 0.0,
            "place": float(place),
            "first": float(place == 0),
            "line": line,
            "line behind": likeliest - line,
            "sentence place": float(order[sentence.place]),
            "start": fact.start / len(sentence.text),
            "length": float(len(fact.text)),
            "whole sentence": float(fact.whole),
            "score behind": score - fact.score,
            "sure behind": surest - _sure(fact),
            "near behind": nearest - fact.near,
            "fit behind": fittest - fact.fit,
            "match behind": matched - fact.match.score,
            **kind,
        })  # fmt: skip
    return found


def _sure(fact: Fact) -> float:
    return fact.sure or 0.0


def _kind(slot: Slot) -> dict[str, float]:
    return {f"kind {kind}": float(slot.kind is kind) for kind in Kind} | {"told": float(slot.kind in TOLD_KINDS)}
