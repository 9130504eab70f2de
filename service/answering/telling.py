"""Ranked facts and the line model's opinion of their sentences in, the facts by both out."""

from collections.abc import Sequence

from index.sentences import sentence_spans
from service.answering.evidence import NAMELESS
from service.answering.facts import Fact
from service.answering.listing import announced, lists_all
from service.answering.parts import apart, explained
from service.answering.slots import Slot
from service.answering.wording import Kind
from service.lines.model import Told

TOLD_KINDS = frozenset({Kind.DEFINITION, Kind.LIST, Kind.MEASURE, Kind.REASON, Kind.YES_NO, Kind.OPEN})
"""Kinds that the line model is asked about: whole sentences answer them. A change is told by its form instead (从…到…)."""

TOLD_WEIGHT = 1.0
"""What the probability of its sentence counts for beside the score of a fact."""

FORM_WEIGHT, PLAIN_FORM = 0.3, 0.9
"""What it counts for, by how much of the question is said, that a sentence says outright what something is, or lists as many
things as are asked for; and the fit from which it does.
"""

MANY, COUNTED_COVERAGE = 5, 0.5
"""Things from which a sentence hardly lists so many by chance, and the share of the first sentence's coverage that one needs."""

PARTS_WEIGHT, AROUND = 1.0, 0.7
"""What the share of the parts asked of that a sentence explains counts for, and of that those that sentences around it do."""


def by_told(told: Told, slot: Slot, ranked: Sequence[Fact]) -> list[Fact]:
    """The facts of a slot, best first; what a sentence contradicts counts against its probability."""
    return sorted(ranked, key=lambda fact: -rank(fact, slot, told))


def rank(fact: Fact, slot: Slot, told: Told | None) -> float:
    """What a fact is ranked by: its score, and how likely its sentence answers where that is told."""
    if told is None:
        return fact.score
    form = FORM_WEIGHT * fact.match.coverage if fact.whole and fact.fit >= PLAIN_FORM else 0.0
    return fact.score + (TOLD_WEIGHT * told.of(fact.match) + form) * fact.match.agreement + _parts(fact, slot)


def by_count(slot: Slot, ranked: Sequence[Fact]) -> list[Fact]:
    """The facts of a slot that asks for so many things that they are hardly listed by chance: a sentence that lists as many and
    says so goes before one that neither lists them nor says how many they are.
    """
    count, facts = slot.count or 0, list(ranked)
    if slot.kind is not Kind.LIST or count < MANY or not facts:
        return facts
    first = facts[0].match.sentence.text
    if lists_all(first, count) or announced(first, count):
        return facts
    least = COUNTED_COVERAGE * facts[0].match.coverage
    listing = [
        fact for fact in facts
        if fact.whole and fact.match.coverage >= least and fact.match.agreement == facts[0].match.agreement
        and announced(fact.match.sentence.text, count) and lists_all(fact.match.sentence.text, count)
    ]  # fmt: skip
    return [*listing[:1], *(fact for fact in facts if fact not in listing[:1])]


def says_what_it_means(slot: Slot, ranked: Sequence[Fact]) -> bool:
    """Whether the first sentence says in so many words what a definition is asked of: then no other is preferred."""
    return slot.kind is Kind.DEFINITION and bool(ranked) and ranked[0].fit >= PLAIN_FORM


def _parts(fact: Fact, slot: Slot) -> float:
    """What counts for a sentence that explains parts asked of, with those that stand around it."""
    if not slot.names or not fact.whole or fact.match.agreement <= NAMELESS:
        return 0.0
    sentence, count = fact.match.sentence, len(slot.names)
    own = explained(slot.names, sentence.text)
    if not own:
        return 0.0
    text = sentence.article.text
    others = apart(slot.names, text, sentence_spans(text), (sentence.start, sentence.end)) if own < count else []
    return PARTS_WEIGHT * (own + AROUND * len(others)) / count if own >= min(2, count) or others else 0.0
