"""A slot with its matched sentences and ranked facts in, the facts with a reader's finds among them out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from service.answering.composer import SENTENCE_KINDS
from service.answering.evidence import Match
from service.answering.facts import Fact
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import Kind
from service.reader.reading import Extract, Reader

_MEASURED = frozenset({Kind.FIGURE, Kind.DATE})


def read_too(
    reader: Reader, question: Question, slot: Slot, matches: Sequence[Match], ranked: Sequence[Fact]
) -> list[Fact]:
    """The facts, best first, after reading the passages. An extract that is likelier an answer than not counts as the
    likeliest fact as near as it is likely: as one of its own, but for figures, dates and whole sentences as the fact
    that it touches. Raises ModelError.
    """
    passages = _passages(matches)
    texts = [found[0].sentence.article.text[start:end] for found, start, end in passages]
    facts = list(ranked)
    for extract in reader.read(_asked(question, slot), texts).extracts:
        found, begin, _ = passages[extract.passage]
        if extract.score > 0:
            facts = _with(facts, slot, _placed(extract, found, begin))
    return sorted(facts, key=lambda fact: -fact.score)


def _asked(question: Question, slot: Slot) -> str:
    """The part of a question that holds the slot, after the question that it leans on."""
    part = question.text[slice(*slot.part)] if len(question.slots) > 1 else question.text
    return f"{question.background} {part}".strip()


def _passages(matches: Sequence[Match]) -> list[tuple[list[Match], int, int]]:
    """The matches of each passage, in their order, with where the passage stands in its article."""
    grouped: dict[tuple[str, str], list[Match]] = {}
    for match in sorted(matches, key=lambda match: match.sentence.start):
        grouped.setdefault((match.sentence.article.id, match.sentence.passage), []).append(match)
    return [(found, found[0].sentence.start, found[-1].sentence.end) for found in grouped.values()]


def _placed(extract: Extract, matches: Sequence[Match], begin: int) -> Fact | None:
    """The extract as a fact of the sentence that it begins in, cut to that sentence."""
    start, end = begin + extract.start, begin + extract.end
    for match in matches:
        sentence = match.sentence
        if sentence.start <= start < sentence.end and match.agreement:
            first, last = start - sentence.start, min(end, sentence.end) - sentence.start
            likely = 1 / (1 + math.exp(-min(extract.score, 50.0)))
            return Fact(match, first, last, sentence.text[first:last], 1.0, likely)
    return None


def _with(facts: list[Fact], slot: Slot, read: Fact | None) -> list[Fact]:
    if read is None:
        return facts
    touched = [
        fact for fact in facts
        if fact.match is read.match and fact.start < read.end and read.start < fact.end
    ]  # fmt: skip
    if slot.kind in _MEASURED or slot.kind in SENTENCE_KINDS:
        return [
            replace(fact, near=max(fact.near, read.near)) if any(fact is other for other in touched) else fact
            for fact in facts
        ]
    same = [fact for fact in touched if (fact.start, fact.end) == (read.start, read.end)]
    return [*(fact for fact in facts if not any(fact is other for other in same)), read]
