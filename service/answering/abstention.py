"""A question, its best fact and its matches in, what is missing out. Empty when the fact is worth giving."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.answerability.model import AnswerabilityModel
from service.answerability.signs import Case
from service.answering.agreement import months_agree, years_agree
from service.answering.contrast import contrast
from service.answering.evidence import Match, WeightedWord, named, share
from service.answering.facts import Fact, is_referred
from service.answering.listing import list_fit
from service.answering.names import place_stem
from service.answering.outright import outright
from service.answering.parts import explained
from service.answering.people import of_ourselves, says
from service.answering.places import is_known
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.telling import follows_up
from service.answering.untold import unreasoned
from service.answering.wording import Kind

AGREEMENT_FLOOR = 0.5
"""Least agreement in years, places and names."""

NEARNESS_FLOOR = 0.2
"""Least coverage of an article that is named as the nearest thing there is."""

SURE_IN_SPITE = 0.75
"""Probability with which a fact is given though a name, place, month or measure speaks against it: of the development
questions where one did, three in ten only put the right answer in other words.
"""

SAME_SUBJECT = 0.45
"""Coverage from which a sentence that does not answer is quoted as what the source does say."""

UNIT_FIT, SURE_FLOOR, OTHER_UNIT = 0.65, 0.01, 0.1
"""Fit below which a figure's unit is not the one asked for, the least probability of such a figure, and the fit below which it
is no answer however likely (一件 for 多大).
"""

SAID_OF_US = 0.6
"""Coverage by what a firm says of itself from which the firm is the one asked for."""

BESIDE = 0.6
"""Share of the least probability that does where the same article has told the same of another thing asked of."""

REASONED = 0.45
"""Probability from which a sentence tells the reason asked for: few texts tell any, and most sentences sound like one."""

HARDLY_TOLD, SURE_OF_TOLD = 0.5, 0.45
"""A sentence that the line model finds less likely to answer than the first needs the second as its probability: of those that
do not have it four in ten do not answer.
"""

MANY = 4
"""Things from which a sentence hardly lists that many, and says so, by chance."""

HARDLY = 0.35
"""A word of the question is missing where a sentence and what stands around it hold less of it, or nothing like it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps a question from an answer, as a clause for people; `instead` is a fact of the same subject that
    the source gives in its place.
    """

    text: str
    instead: Fact | None = None


def why_not(case: Case, model: AnswerabilityModel, beside: bool = False) -> Missing | None:
    """Why the best fact for a slot must not be given as its answer; None when it may: the model finds it unlikely, another
    year, place in an order or unit is asked for, or places, months, names or measures contradict it and the model is not sure
    in spite of that.
    """
    if not case.ranked:
        asked = _ASKED.get(case.slot.kind, "内容")
        return _absent_place(case.question, case.matches) or Missing(f"没有找到所问的{asked}")
    best = case.ranked[0]
    instead = best if best.match.coverage >= SAME_SUBJECT else None
    if other := outright(case.question, case.slot, best):
        return Missing(other, instead)
    if says(best.match.sentence, (best.start, best.end), case.question.remark or _of_ourselves(case)):
        return None
    chance = max(map(model.answers, (case, *_as_referred(case))))
    if against := _against(case, instead):
        surely = _unlikely(case.slot, best) or years_agree(case.question, best.match.sentence) < AGREEMENT_FLOOR
        return against if surely or chance < SURE_IN_SPITE else None
    if unreasoned(case.slot, best):
        return Missing("没有说明原因", instead)
    if _lists_exactly(case.slot, best):
        return None
    told = bool(case.slot.names) and explained(case.slot.names, best.match.sentence.text) == len(case.slot.names)
    return None if told or chance >= _least(case, model, beside) else replace(_missing(case), instead=instead)


def _least(case: Case, model: AnswerabilityModel, beside: bool) -> float:
    """The probability that the best fact needs."""
    if case.slot.kind is Kind.REASON:
        return REASONED
    best = case.ranked[0]
    if case.told is not None and best.whole and case.told.of(best.match) < HARDLY_TOLD:
        return SURE_OF_TOLD
    return model.weights.threshold * (BESIDE if beside else 1.0)


def _as_referred(case: Case) -> list[Case]:
    """The case led by the sentence that holds what is asked where the first fact stands in the one beside it: the best matched
    sentence where that refers to the name before it (公司研发的…), or the one that the fact follows up (该公司联合…).
    """
    best = case.ranked[0]
    whole = [fact for fact in case.ranked if fact.whole]
    if is_referred(case.slot, case.matches, best):
        found = case.matches[0].sentence
        return [case.led_by(fact) for fact in whole if fact.match.sentence is found]
    return [case.led_by(fact) for fact in whole if follows_up(case.slot, best, fact.match.sentence)]


def _of_ourselves(case: Case) -> str:
    """What somebody says of their own firm, where that is what most of the question is about."""
    first = max(case.matches, key=lambda match: match.coverage)
    own = case.slot.kind is Kind.ORGANISATION and first.coverage >= SAID_OF_US
    return of_ourselves(first.sentence.text) if own else ""


def _lists_exactly(slot: Slot, fact: Fact) -> bool:
    """Whether a sentence that much of the question stands around lists as many things as are asked for, and says how many."""
    enough = slot.kind is Kind.LIST and slot.count is not None and slot.count >= MANY
    return enough and fact.match.coverage >= SAME_SUBJECT and list_fit(fact.match.sentence.text, slot.count or 0) == 1.0


def _against(case: Case, instead: Fact | None) -> Missing | None:
    """What contradicts the best fact."""
    question, slot, best = case.question, case.slot, case.ranked[0]
    sentence = best.match.sentence
    if names := named(question, sentence):
        return Missing(f"没有提到“{names[0]}”")
    if unheard := next((word.text for word in case.words if word.unheard and word.text not in sentence.heading), None):
        return Missing(f"没有提到“{unheard}”")
    if best.match.agreement < AGREEMENT_FLOOR:
        return _disagreement(question, case.words, best.match, instead)
    if not months_agree(question, sentence):
        return Missing("没有所问月份的相关内容", instead)
    if contrary := contrast(question, slot, case.words, best):
        return Missing(contrary, instead)
    if _unlikely(slot, best):
        return replace(_missing(case), instead=instead)
    return _missing(case) if _is_of_the_place_alone(case, best.match) else None


def _is_of_the_place_alone(case: Case, found: Match) -> bool:
    """Whether a sentence and its heading have nothing in common with the question but the place."""
    around = f"{found.sentence.before}{found.sentence.folded}{found.sentence.heading}"
    places = case.question.places
    others = [word for word in case.words if not (is_known(word.text) or place_stem(word.text) in places)]
    return bool(others) and not any(share(word, around) for word in others)


def _unlikely(slot: Slot, fact: Fact) -> bool:
    """Whether a fact has another unit than asked for and the span model gives it no chance, or none of its sort."""
    if slot.kind is Kind.FIGURE and not fact.whole and fact.fit < OTHER_UNIT:
        return True
    return bool(slot.units) and fact.fit < UNIT_FIT and fact.sure is not None and fact.sure < SURE_FLOOR


def _missing(case: Case) -> Missing:
    """What most likely keeps a fact from being the answer: the weightiest words of the question that are not there."""
    sentence, kind = case.ranked[0].match.sentence, case.slot.kind
    around = f"{sentence.before}{sentence.folded}{sentence.heading}"
    gone = sorted((word for word in case.words if share(word, around) < HARDLY), key=lambda word: -word.weight)
    if kind is Kind.REASON:
        return Missing("没有说明原因")
    asked = _ASKED.get(kind)
    if about := "、".join(f"“{word.text}”" for word in gone[:2]):
        return Missing(f"没有找到关于{about}的{asked or '内容'}")
    return Missing(f"没有找到所问的{asked or '内容'}")


def nearest(matches: Sequence[Match]) -> str | None:
    """The article that comes nearest, for a hint; None when nothing has much in common with the question."""
    best = next((match for match in matches if match.coverage >= NEARNESS_FLOOR), None)
    return f"《{best.sentence.article.title}》" if best else None


_ASKED = {Kind.FIGURE: "数字", Kind.DATE: "时间", Kind.PERSON: "人物", Kind.ORGANISATION: "机构", Kind.PLACE: "地点",
          Kind.DOCUMENT: "文件", Kind.DEFINITION: "定义", Kind.LIST: "内容", Kind.MEASURE: "做法"}  # fmt: skip


def _absent_place(question: Question, matches: Sequence[Match]) -> Missing | None:
    articles = " ".join(match.sentence.heading + match.sentence.passage for match in matches)
    gone = [place for place in question.places if place not in articles]
    return Missing(f"没有提到“{gone[0]}”的相关内容") if gone else None


def _disagreement(question: Question, words: Sequence[WeightedWord], found: Match, instead: Fact | None) -> Missing:
    sentence = found.sentence
    if years_agree(question, sentence) < AGREEMENT_FLOOR:
        return Missing(f"没有{'、'.join(f'{year}年' for year in question.years)}的相关内容", instead)
    for word in words:
        if word.subject and word.text in found.missing:
            return Missing(f"没有提到“{word.text}”的相关内容")
    for place in question.places:
        if place not in sentence.folded and place not in sentence.heading:
            return Missing(f"没有“{place}”的相关内容")
    return Missing("没有足够相关的内容")
