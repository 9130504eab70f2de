"""A slot of a question and the facts offered for it in, one row of numbers about the best of them out.

The numbers say how much of the question the fact's clause, sentence, passage and article hold, what the rarest thing is
that they do not, how well the fact suits, and what speaks against it. They name no word and no collection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from service.answerability.coverage import BESIDE, Held, coverage, gaps, held_words, mean
from service.answerability.likeness import Likeness
from service.answerability.numbers import numbers
from service.answering.agreement import months_agree, places_agree, years_agree
from service.answering.contrast import signs_against
from service.answering.evidence import Match, WeightedWord, share
from service.answering.facts import Fact
from service.answering.question import Question, is_chinese
from service.answering.slots import Slot
from service.answering.sureness import Sureness
from service.answering.wording import Kind
from service.lines.model import Told

_NAMED = frozenset((Kind.PERSON, Kind.ORGANISATION, Kind.PLACE, Kind.DOCUMENT))
_LONG = frozenset((Kind.DEFINITION, Kind.LIST, Kind.MEASURE, Kind.REASON))


@dataclass(frozen=True, slots=True)
class Case:
    """One slot with everything that is looked at. `ranked` are the facts, best first, at least one; `row` are the signs of
    the first where they are known already.
    """

    question: Question
    slot: Slot
    words: Sequence[WeightedWord]
    matches: Sequence[Match]
    ranked: Sequence[Fact]
    sure: Sureness | None
    told: Told | None = None
    row: Mapping[str, float] | None = None

    def led_by(self, fact: Fact, row: Mapping[str, float] | None = None) -> Case:
        """The case with one of its facts before the others."""
        return replace(self, ranked=[fact, *(other for other in self.ranked if other is not fact)], row=row)


def signs(case: Case, likeness: Likeness) -> dict[str, float]:
    """The row by name; the names are always the same in the same order."""
    held = held_words(case.question, case.slot, case.words, case.ranked[0], likeness)
    return {
        **coverage(held),
        **gaps(held),
        **_fit(case),
        **_rivals(case, held),
        **_asked(case, held),
        **_against(case),
        **numbers(case.question.text, case.ranked[0].match.sentence),
    }


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


@lru_cache(maxsize=256)
def _bigrams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1) if re.fullmatch(r"\w\w", text[i : i + 2]))


def _told(parts: frozenset[str], text: str) -> float:
    return sum(map(text.__contains__, parts)) / len(parts) if parts else 0.0


def _longest_shared(asked: str, text: str) -> float:
    best = 0
    for start in range(len(asked)):
        while start + best < len(asked) and asked[start : start + best + 1] in text:
            best += 1
    return float(best)


def _rivals(case: Case, held: Sequence[Held]) -> dict[str, float]:
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


def _asked(case: Case, held: Sequence[Held]) -> dict[str, float]:
    kind, fit = case.slot.kind, case.ranked[0].fit
    own = mean([one for one in held if one.gap <= BESIDE], lambda one: max(one.clause, one.alike))
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
        "long apart": float(kind in _LONG) * (1 - mean(held, lambda one: one.soft)),
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
