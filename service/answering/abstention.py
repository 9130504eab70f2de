"""A question, its best fact and its matches in, what is missing out. Empty when the fact is worth giving."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.answering.agreement import years_agree
from service.answering.contrast import contrast
from service.answering.evidence import Match, WeightedWord, match, named
from service.answering.facts import Fact
from service.answering.names import tagged
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import Kind

COVERAGE_FLOOR = 0.42
"""Least weighted share of the question's words that a fact's sentence and its surroundings must speak of."""

NAMED_FLOOR, DEED_SHARE, WELL_FOUND = 0.45, 0.3, 0.7
"""The same share where verbs count only that much, for sentences of passages with at least this retrieval score."""

AGREEMENT_FLOOR = 0.5
"""Least agreement in years and places."""

REASON_FLOOR = 0.6
"""Least fit of a sentence as a reason: it must say that something is the cause of something."""

NEAR_FLOOR = 0.07
"""Least nearness of the question's words to a figure."""

SURE_ENOUGH = 0.5
"""Probability with which the span model speaks for a fact whose sentence has few words of the question."""

UNIT_FIT, SURE_FLOOR = 0.7, 0.01
"""Fit below which a figure's unit is not the one asked for, and the least probability of such a figure."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps a question from an answer, as a clause for people."""

    text: str


def why_not(
    question: Question,
    slot: Slot,
    words: Sequence[WeightedWord],
    matches: Sequence[Match],
    best: Fact | None,
) -> Missing | None:
    """Why the best fact for a slot must not be given as its answer; None when it may."""
    if best is None:
        return _absent_place(question, matches) or Missing(f"没有找到所问的{_ASKED.get(slot.kind, '内容')}")
    found = best.match
    if names := named(question, found.sentence):
        return Missing(f"没有提到“{names[0]}”")
    if found.agreement < AGREEMENT_FLOOR:
        return _disagreement(question, words, found)
    if found.coverage < COVERAGE_FLOOR and not (_likely(best) or _in_other_words(question, words, found)):
        rarest = sorted((word for word in words if word.text in found.missing), key=lambda word: -word.weight)
        about = "、".join(f"“{word.text}”" for word in rarest[:2])
        return Missing(f"没有找到关于{about}的内容" if about else "没有找到足够相关的内容")
    if slot.kind is Kind.REASON and best.fit < REASON_FLOOR:
        return Missing("没有找到所问的原因")
    if slot.kind is Kind.FIGURE and (_far(best) or (slot.units and _unlikely(best))):
        return Missing(f"没有找到所问的{_ASKED[slot.kind]}")
    gone = contrast(question, slot, words, best)
    return Missing(gone) if gone else None


def _in_other_words(question: Question, words: Sequence[WeightedWord], found: Match) -> bool:
    """Whether a well-found sentence says enough of what the question names, though it may tell other deeds of it: people
    put verbs in their own words (发给 for 兑现) more often than nouns.
    """
    if found.sentence.score < WELL_FOUND:
        return False
    deeds = {start for start, _, tag in tagged(question.text) if tag in _DEEDS}
    lighter = [replace(word, weight=word.weight * DEED_SHARE) if word.start in deeds else word for word in words]
    return match(question, lighter, [found.sentence])[0].coverage >= NAMED_FLOOR


_DEEDS = frozenset("v vn ad a t".split())


def _likely(fact: Fact) -> bool:
    return fact.sure is not None and fact.sure >= SURE_ENOUGH


def _far(fact: Fact) -> bool:
    return fact.near < NEAR_FLOOR and not _likely(fact)


def _unlikely(fact: Fact) -> bool:
    """Whether a figure has another unit than asked for and the span model gives it no chance."""
    return fact.fit < UNIT_FIT and fact.sure is not None and fact.sure < SURE_FLOOR


def nearest(matches: Sequence[Match]) -> str | None:
    """The article that comes nearest, for a hint; None when nothing has much in common with the question."""
    best = next((match for match in matches if match.coverage >= COVERAGE_FLOOR / 2), None)
    return f"《{best.sentence.article.title}》" if best else None


_ASKED = {Kind.FIGURE: "数字", Kind.DATE: "时间", Kind.PERSON: "人物", Kind.ORGANISATION: "机构", Kind.PLACE: "地点",
          Kind.DOCUMENT: "文件", Kind.DEFINITION: "定义", Kind.LIST: "内容", Kind.MEASURE: "做法"}  # fmt: skip


def _absent_place(question: Question, matches: Sequence[Match]) -> Missing | None:
    articles = " ".join(match.sentence.heading + match.sentence.passage for match in matches)
    gone = [place for place in question.places if place not in articles]
    return Missing(f"没有提到“{gone[0]}”的相关内容") if gone else None


def _disagreement(question: Question, words: Sequence[WeightedWord], found: Match) -> Missing:
    sentence = found.sentence
    if years_agree(question, sentence) < AGREEMENT_FLOOR:
        return Missing(f"没有{'、'.join(f'{year}年' for year in question.years)}的相关内容")
    for word in words:
        if word.subject and word.text in found.missing:
            return Missing(f"没有提到“{word.text}”的相关内容")
    for place in question.places:
        if place not in sentence.folded and place not in sentence.heading:
            return Missing(f"没有“{place}”的相关内容")
    return Missing("没有足够相关的内容")
