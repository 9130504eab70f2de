"""A slot of a question and the facts offered for it in, one row of numbers about the best of them out.

The numbers say how much of the question the fact's clause, sentence, passage and article hold, what the rarest thing is
that they do not, how well the fact suits, and what speaks against it. They name no word and no collection.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.sentences import clause_spans
from index.terms import fold
from service.answerability.likeness import Likeness
from service.answerability.numbers import numbers
from service.answering.agreement import months_agree, places_agree, years_agree
from service.answering.contrast import signs_against
from service.answering.evidence import Match, WeightedWord, share
from service.answering.facts import Fact
from service.answering.names import tagged
from service.answering.question import Question, is_chinese
from service.answering.sentence import Sentence
from service.answering.slots import Slot
from service.answering.sureness import Sureness
from service.answering.wording import KIND_NOUNS, Kind
from service.lines.model import Told

_NAMED = frozenset((Kind.PERSON, Kind.ORGANISATION, Kind.PLACE, Kind.DOCUMENT))
_LONG = frozenset((Kind.DEFINITION, Kind.LIST, Kind.MEASURE, Kind.REASON))
_DEEDS = frozenset("v vn ad a t".split())
_PROPER = frozenset("nr nrt nrfg ns nt nz".split())
_BESIDE = 4
"""Characters from the question word within which a word belongs to it."""

_MOST = 40
"""Words of a sentence that are compared by likeness, at most."""


@dataclass(frozen=True, slots=True)
class Case:
    """One slot with everything that is looked at. `ranked` are the facts, best first, at least one."""

    question: Question
    slot: Slot
    words: Sequence[WeightedWord]
    matches: Sequence[Match]
    ranked: Sequence[Fact]
    sure: Sureness | None
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """Shares of one question word that are found: in clause, sentence, beside it, passage, article; and its likeness."""

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


def signs(case: Case, likeness: Likeness) -> dict[str, float]:
    """The row by name; the names are always the same in the same order."""
    held = _held(case, likeness)
    return {
        **_coverage(held),
        **_gaps(held),
        **_fit(case),
        **_rivals(case, held),
        **_asked(case, held),
        **_against(case),
        **numbers(case.question.text, case.ranked[0].match.sentence),
    }


def _held(case: Case, likeness: Likeness) -> list[_Held]:
    fact = case.ranked[0]
    sentence = fact.match.sentence
    clause = fold(clause_of(fact))
    near = f"{sentence.before}\n{sentence.folded}\n{sentence.heading}"
    texts = (clause, sentence.folded, near, f"{_above(sentence)}\n{near}", sentence.passage, sentence.whole)
    tags = {start: tag for start, _, tag in tagged(case.question.text)}
    others = [word for _, word, tag in tagged(sentence.folded) if len(word) > 1 and tag[0] not in "xupmcrd"][:_MOST]
    alike = likeness.best([word.text for word in case.words], others)
    held = []
    for word, like in zip(case.words, alike, strict=True):
        at = case.slot.focus.find(word.text)
        gap = 99 if at < 0 else max(0, at - case.slot.at, case.slot.at - at - len(word.text))
        tag = tags.get(word.start, "")
        own, said, around, above, passage, whole = (share(word, text) for text in texts)
        held.append(_Held(word, tag, own, said, around, above, passage, whole, like, gap))
    return held


def _above(sentence: Sentence) -> str:
    """The paragraph up to the end of a sentence."""
    upto = sentence.article.text[: sentence.end]
    return fold(upto[upto.rfind("\n", 0, sentence.start) + 1 :])


def clause_of(fact: Fact) -> str:
    """The clauses of its sentence that a fact stands in."""
    text = fact.match.sentence.text
    inside = [(start, end) for start, end in clause_spans(text) if start < fact.end and end > fact.start]
    return text[inside[0][0] : inside[-1][1]] if inside else text


def _mean(held: Sequence[_Held], value: Callable[[_Held], float], empty: float = 1.0) -> float:
    """Weighted mean."""
    total = sum(one.word.weight for one in held)
    return sum(one.word.weight * value(one) for one in held) / total if total else empty


def _coverage(held: Sequence[_Held]) -> dict[str, float]:
    nouns = [one for one in held if one.tag not in _DEEDS and one.word.text not in KIND_NOUNS]
    deeds = [one for one in held if one.tag in _DEEDS]
    own = [one for one in held if one.gap <= _BESIDE]
    proper = [one for one in held if one.tag in _PROPER or len(one.word.text) > 4]
    return {
        "clause": _mean(held, lambda one: one.clause),
        "sentence": _mean(held, lambda one: one.sentence),
        "near": _mean(held, lambda one: one.near),
        "passage": _mean(held, lambda one: one.passage),
        "whole": _mean(held, lambda one: one.whole),
        "soft": _mean(held, lambda one: one.soft),
        "paragraph": _mean(held, lambda one: one.paragraph),
        "nouns paragraph": _mean(nouns, lambda one: one.paragraph),
        "nouns near": _mean(nouns, lambda one: one.near),
        "nouns passage": _mean(nouns, lambda one: one.passage),
        "nouns soft": _mean(nouns, lambda one: one.soft),
        "deeds near": _mean(deeds, lambda one: one.near),
        "deeds soft": _mean(deeds, lambda one: one.soft),
        "own clause": _mean(own, lambda one: one.clause),
        "own sentence": _mean(own, lambda one: one.sentence),
        "own soft": _mean(own, lambda one: one.soft),
        "own passage": _mean(own, lambda one: one.passage),
        "proper near": min((one.near for one in proper), default=1.0),
        "proper passage": min((one.passage for one in proper), default=1.0),
        "proper whole": min((one.whole for one in proper), default=1.0),
    }


def _gaps(held: Sequence[_Held]) -> dict[str, float]:
    """What is missing: the weight of the weightiest word, and how many there are."""
    total = sum(one.word.weight for one in held) or 1.0

    def worst(value: Callable[[_Held], float]) -> float:
        return max((one.word.weight * (1 - value(one)) for one in held), default=0.0)

    return {
        "gap near": worst(lambda one: one.near),
        "gap soft": worst(lambda one: one.soft),
        "gap passage": worst(lambda one: one.passage),
        "gap whole": worst(lambda one: one.whole),
        "gap share": worst(lambda one: one.soft) / total,
        "gaps": float(sum(one.soft < 0.3 for one in held)),
        "unseen names": float(sum(one.tag in _PROPER and not one.word.known for one in held)),
        "unseen": _mean(held, lambda one: float(not one.word.known), 0.0),
        "rare gaps": float(sum(one.near == 0 and one.word.known < 4 for one in held)),
        "words": float(len(held)),
        **_rarest(held),
        **_asked_for(held),
        "other modifier": _other_modifier(held),
    }


def _rarest(held: Sequence[_Held]) -> dict[str, float]:
    """The same shares for the weightiest word that is no deed, which is mostly the subject."""
    nouns = [one for one in held if one.tag not in _DEEDS and one.word.text not in KIND_NOUNS]
    one = max(nouns, key=lambda one: one.word.weight, default=None)
    return {
        "rarest sentence": one.sentence if one else 1.0,
        "rarest near": one.near if one else 1.0,
        "rarest paragraph": one.paragraph if one else 1.0,
        "rarest passage": one.passage if one else 1.0,
    }


def _asked_for(held: Sequence[_Held]) -> dict[str, float]:
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


def _other_modifier(held: Sequence[_Held]) -> float:
    """The most that is missing of a word whose next word stands in the sentence (自然 of 自然遗产 beside 文化遗产)."""
    worst = 0.0
    for one, after in pairwise(held):
        if one.word.start + len(one.word.text) == after.word.start and after.sentence == 1.0:
            worst = max(worst, one.word.weight * (1 - one.soft))
    return worst


def _fit(case: Case) -> dict[str, float]:
    fact = case.ranked[0]
    own = [_bigrams(case.slot.focus), _bigrams(case.question.text)]
    around = fact.match.sentence.heading + fact.match.sentence.before + fact.match.sentence.folded
    return {
        "score": fact.score,
        "match": fact.match.score,
        "coverage": fact.match.coverage,
        "inside": fact.match.inside,
        "fit": fact.fit,
        "near fact": fact.near,
        "sure": -1.0 if fact.sure is None else fact.sure,
        "certain": case.sure.certainty if case.sure else -1.0,
        "found": fact.match.sentence.score,
        "pairs sentence": _told(own[1], fact.match.sentence.folded),
        "pairs focus": _told(own[0], fact.match.sentence.folded),
        "pairs around": _told(own[1], around),
        "run": _longest_shared(case.question.text, fact.match.sentence.folded),
        "chars": float(len(fact.match.sentence.text)),
    }


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1) if re.fullmatch(r"\w\w", text[i : i + 2])}


def _told(parts: set[str], text: str) -> float:
    return sum(part in text for part in parts) / len(parts) if parts else 0.0


def _longest_shared(asked: str, text: str) -> float:
    best = 0
    for start in range(len(asked)):
        while start + best < len(asked) and asked[start : start + best + 1] in text:
            best += 1
    return float(best)


def _rivals(case: Case, held: Sequence[_Held]) -> dict[str, float]:
    """How far the next fact lies behind, and whether other sentences hold more of the question than the fact's."""
    fact = case.ranked[0]
    home = fact.match.sentence
    other = next((one for one in case.ranked if one.match.sentence != home), None)
    apart = [one for one in case.matches if one.sentence.article.id != home.article.id]
    gone = [one for one in held if one.near == 0]
    weight = sum(one.word.weight for one in gone) or 1.0
    elsewhere = max(
        (sum(one.word.weight * share(one.word, match.sentence.folded) for one in gone) for match in apart[:10]),
        default=0.0,
    )
    return {
        "margin": fact.score - other.score if other else 1.0,
        "more covered": max((one.coverage for one in case.matches), default=0.0) - fact.match.coverage,
        "more inside": max((one.inside for one in case.matches), default=0.0) - fact.match.inside,
        "gone elsewhere": elsewhere / weight,
        "better found": max((one.sentence.score for one in case.matches), default=0.0) - home.score,
        "first": float(case.matches[0].sentence.article.id == home.article.id),
    }


def _asked(case: Case, held: Sequence[_Held]) -> dict[str, float]:
    kind, fit = case.slot.kind, case.ranked[0].fit
    own = _mean([one for one in held if one.gap <= _BESIDE], lambda one: max(one.clause, one.alike))
    return {
        "figure": float(kind is Kind.FIGURE),
        "date": float(kind is Kind.DATE),
        "named": float(kind in _NAMED),
        "long": float(kind in _LONG),
        "open": float(kind is Kind.OPEN),
        "yes no": float(kind is Kind.YES_NO),
        "units": float(bool(case.slot.units)),
        "slots": float(len(case.question.slots)),
        "leaning": float(bool(case.question.background)),
        "quoted": float(bool(case.question.quoted)),
        "foreign": float(not is_chinese(case.question.asked)),
        "weight": sum(one.word.weight for one in held),
        "date apart": float(kind is Kind.DATE) * (1 - own),
        "figure apart": float(kind is Kind.FIGURE) * (1 - own),
        "name unfit": float(kind in _NAMED) * (1 - fit),
        "unit unfit": float(bool(case.slot.units)) * (1 - fit),
        "reason unfit": float(kind is Kind.REASON) * (1 - fit),
        "long apart": float(kind in _LONG) * (1 - _mean(held, lambda one: one.soft)),
        "unlisted": float(kind is Kind.LIST and "、" not in case.ranked[0].match.sentence.text),
    }


def _against(case: Case) -> dict[str, float]:
    fact = case.ranked[0]
    return {
        "months": months_agree(case.question, fact.match.sentence),
        "years": years_agree(case.question, fact.match.sentence),
        "places": places_agree(case.question, fact.match.sentence),
        "agreement": fact.match.agreement,
        **{name: float(bool(told)) for name, told in signs_against(case.question, case.slot, case.words, fact).items()},
    }
