"""The words of a question and a fact in, how much of each word is found around the fact out, and rows of numbers about it.

Knows neither how well the fact fits nor what speaks against it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from index.sentences import clauses_around
from index.terms import fold
from service.answerability.likeness import Likeness
from service.answering.evidence import WeightedWord, share
from service.answering.facts import Fact
from service.answering.names import tagged
from service.answering.question import Question
from service.answering.sentence import Sentence
from service.answering.slots import Slot
from service.answering.wording import KIND_NOUNS

BESIDE: Final = 4
"""Characters from the question word within which a word belongs to it."""

_DEEDS = frozenset("v vn ad a t".split())
_PROPER = frozenset("nr nrt nrfg ns nt nz".split())
_MOST = 40
"""Words of a sentence that are compared by likeness, at most."""


@dataclass(frozen=True, slots=True)
class Held:
    """Shares of one question word that are found: in clause, sentence, beside it, paragraph, passage, article; its
    likeness to the sentence's words, and how far it stands from the question word.
    """

    word: WeightedWord
    tag: str
    clause: float
    sentence: float
    near: float
    paragraph: float
    passage: float
    whole: float
    alike: float
    gap: int

    @property
    def soft(self) -> float:
        return max(self.near, self.alike)


def held_words(
    question: Question, slot: Slot, words: Sequence[WeightedWord], fact: Fact, likeness: Likeness
) -> list[Held]:
    """Each word of a question with what of it is found around a fact."""
    sentence = fact.match.sentence
    clause = fold(clauses_around(sentence.text, fact.start, fact.end))
    near = f"{sentence.before}\n{sentence.folded}\n{sentence.heading}"
    texts = (clause, sentence.folded, near, f"{_above(sentence)}\n{near}", sentence.passage, sentence.whole)
    tags = {start: tag for start, _, tag in tagged(question.text)}
    others = [word for _, word, tag in tagged(sentence.folded) if len(word) > 1 and tag[0] not in "xupmcrd"][:_MOST]
    alike = likeness.best([word.text for word in words], others)
    held = []
    for word, like in zip(words, alike, strict=True):
        at = slot.focus.find(word.text)
        gap = 99 if at < 0 else max(0, at - slot.at, slot.at - at - len(word.text))
        tag = tags.get(word.start, "")
        own, said, around, above, passage, whole = (share(word, text) for text in texts)
        held.append(Held(word, tag, own, said, around, above, passage, whole, like, gap))
    return held


def _above(sentence: Sentence) -> str:
    """The paragraph up to the end of a sentence."""
    upto = sentence.article.text[: sentence.end]
    return fold(upto[upto.rfind("\n", 0, sentence.start) + 1 :])


def mean(held: Sequence[Held], value: Callable[[Held], float], empty: float = 1.0) -> float:
    """A value of each word, the weightier ones counting for more."""
    total = sum(one.word.weight for one in held)
    return sum(one.word.weight * value(one) for one in held) / total if total else empty


def coverage(held: Sequence[Held]) -> dict[str, float]:
    """How much is found of all words, and of those of some sort."""
    nouns = [one for one in held if one.tag not in _DEEDS and one.word.text not in KIND_NOUNS]
    deeds = [one for one in held if one.tag in _DEEDS]
    own = [one for one in held if one.gap <= BESIDE]
    proper = [one for one in held if one.tag in _PROPER or len(one.word.text) > 4]
    return {
        "clause": mean(held, lambda one: one.clause),
        "sentence": mean(held, lambda one: one.sentence),
        "near": mean(held, lambda one: one.near),
        "passage": mean(held, lambda one: one.passage),
        "whole": mean(held, lambda one: one.whole),
        "soft": mean(held, lambda one: one.soft),
        "paragraph": mean(held, lambda one: one.paragraph),
        "nouns paragraph": mean(nouns, lambda one: one.paragraph),
        "nouns near": mean(nouns, lambda one: one.near),
        "nouns passage": mean(nouns, lambda one: one.passage),
        "nouns soft": mean(nouns, lambda one: one.soft),
        "deeds near": mean(deeds, lambda one: one.near),
        "deeds soft": mean(deeds, lambda one: one.soft),
        "own clause": mean(own, lambda one: one.clause),
        "own sentence": mean(own, lambda one: one.sentence),
        "own soft": mean(own, lambda one: one.soft),
        "own passage": mean(own, lambda one: one.passage),
        "proper near": min((one.near for one in proper), default=1.0),
        "proper passage": min((one.passage for one in proper), default=1.0),
        "proper whole": min((one.whole for one in proper), default=1.0),
    }


def gaps(held: Sequence[Held]) -> dict[str, float]:
    """What is missing: the weight of the weightiest word, and how many there are."""
    total = sum(one.word.weight for one in held) or 1.0

    def worst(value: Callable[[Held], float]) -> float:
        return max((one.word.weight * (1 - value(one)) for one in held), default=0.0)

    return {
        "gap near": worst(lambda one: one.near),
        "gap soft": worst(lambda one: one.soft),
        "gap passage": worst(lambda one: one.passage),
        "gap whole": worst(lambda one: one.whole),
        "gap share": worst(lambda one: one.soft) / total,
        "gaps": float(sum(one.soft < 0.3 for one in held)),
        "unseen names": float(sum(one.tag in _PROPER and not one.word.known for one in held)),
        "unseen": mean(held, lambda one: float(not one.word.known), 0.0),
        "rare gaps": float(sum(one.near == 0 and one.word.known < 4 for one in held)),
        "words": float(len(held)),
        **_rarest(held),
        **_asked_for(held),
        "other modifier": _other_modifier(held),
    }


def _rarest(held: Sequence[Held]) -> dict[str, float]:
    """The same shares for the weightiest word that is no deed, which is mostly the subject."""
    nouns = [one for one in held if one.tag not in _DEEDS and one.word.text not in KIND_NOUNS]
    one = max(nouns, key=lambda one: one.word.weight, default=None)
    return {
        "rarest sentence": one.sentence if one else 1.0,
        "rarest near": one.near if one else 1.0,
        "rarest paragraph": one.paragraph if one else 1.0,
        "rarest passage": one.passage if one else 1.0,
    }


def _asked_for(held: Sequence[Held]) -> dict[str, float]:
    """The same for the word that stands nearest to the question word: what is asked for of the subject (票价 是多少)."""
    one = min(held, key=lambda one: (one.gap, one.tag in _DEEDS), default=None)
    return {
        "asked clause": one.clause if one else 1.0,
        "asked sentence": one.sentence if one else 1.0,
        "asked soft": one.soft if one else 1.0,
        "asked passage": one.passage if one else 1.0,
        "asked whole": one.whole if one else 1.0,
        "asked unseen": float(one is not None and not one.word.known),
        "asked gap": one.word.weight * (1 - one.soft) if one else 0.0,
    }


def _other_modifier(held: Sequence[Held]) -> float:
    """The most that is missing of a word whose next word stands in the sentence (自然 of 自然遗产 beside 文化遗产)."""
    worst = 0.0
    for one, after in pairwise(held):
        if one.word.start + len(one.word.text) == after.word.start and after.sentence == 1.0:
            worst = max(worst, one.word.weight * (1 - one.soft))
    return worst
