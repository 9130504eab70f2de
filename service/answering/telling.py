"""Ranked facts and the line model's opinion of their sentences in, the facts by both out."""

import re
from collections.abc import Sequence

from index.sentences import sentence_spans
from service.answering.classed import NAMED_KINDS
from service.answering.evidence import NAMELESS, Match
from service.answering.facts import Fact
from service.answering.listing import MANY, announced, cut_short, lists_all
from service.answering.parts import apart, explained
from service.answering.referring import takes_up
from service.answering.sentence import Sentence
from service.answering.signs import deeds
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

COUNTED_COVERAGE = 0.5
"""Share of the first sentence's coverage that one needs which lists as many things as are asked for."""

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


def lists_as_many(slot: Slot, ranked: Sequence[Fact]) -> Fact | None:
    """The first sentence that lists as many things as are asked for and says so, where they are so many that they are hardly
    listed by chance, and the first of all neither lists them nor says how many they are.
    """
    count = slot.count or 0
    if slot.kind is not Kind.LIST or count < MANY or not ranked:
        return None
    first = ranked[0].match
    text = first.sentence.text
    if lists_all(text, count) or (announced(text, count) and not _OF_FORMULA.match(text)):
        return None
    return next((fact for fact in ranked if fact.whole and _lists(fact.match, count, first)), None)


_OF_FORMULA = re.compile("“[0-9A-Za-z]+”(?:就?是|即|指|为)")
"""How a sentence begins that says what a part of a formula is (“8”是8个重点服务领域统筹推进)."""


def _lists(found: Match, count: int, first: Match) -> bool:
    text = found.sentence.text
    near = found.coverage >= COUNTED_COVERAGE * first.coverage and found.agreement == first.agreement
    return near and announced(text, count) and lists_all(text, count) and not cut_short(text, count)


def turn_told(slot: Slot, ranked: Sequence[Fact]) -> Fact | None:
    """What the article of the first sentence says outright to have turned into what (从“甲”向“乙”转型), where that is asked."""
    if slot.kind is not Kind.CHANGE or not ranked or not ranked[0].whole:
        return None
    first = ranked[0].match
    turns = (fact for fact in ranked if not fact.whole and fact.match.sentence.article.id == first.sentence.article.id)
    return next((fact for fact in turns if fact.match.coverage >= COUNTED_COVERAGE * first.coverage), None)


def told_next(slot: Slot, ranked: Sequence[Fact]) -> Fact | None:
    """What the sentence right after the first one tells of what is asked, where the first only leads up to it: a name of the
    class asked for (该公司联合某大学), or what was done about a plight (有村民担心…。对此，镇党委规定…).
    """
    if not ranked or not ranked[0].whole or (slot.kind is Kind.OPEN and deeds(ranked[0].text)):
        return None
    first = ranked[0].match.sentence
    return next((fact for fact in ranked if follows_up(slot, fact, first)), None)


def follows_up(slot: Slot, fact: Fact, first: Sentence) -> bool:
    """Whether a fact stands in the sentence right after another and takes up what that one tells."""
    own = fact.match.sentence
    if own.before != first.folded:
        return False
    if slot.kind in NAMED_KINDS:
        return not fact.whole and fact.fit >= PLAIN_FORM and takes_up(own.text[: fact.start])
    return slot.kind is Kind.OPEN and fact.whole and _THEN.match(own.text) is not None and bool(deeds(own.text))


_THEN = re.compile("[“‘]?(?:对此|为此|于是|因此|随即|随后|针对)")


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
