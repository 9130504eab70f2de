"""Matched sentences in, facts out: for each slot of the question, the stretches of text that could fill it, ranked.

A figure or name fills a slot better the nearer the question's own words stand to it: in Chinese the words around the
question word are the words around its answer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.sentences import clauses_around, stretch_around
from index.terms import fold
from service.answering.classed import NAMED_KINDS, Classed, named_things, said_to_be, short_names
from service.answering.evidence import Match, WeightedWord
from service.answering.figures import MEASURE_WORDS, find_figures
from service.answering.names import place_stem
from service.answering.nearness import (
    FAR_REACH_CHARS,
    NAME_REACH_CHARS,
    beside,
    focus_words,
    follows_known,
    nearness,
    respective,
    said,
)
from service.answering.numerals import NUMBER
from service.answering.people import OFFICE_NOUNS, of_ourselves, offices_of, persons_asked_of, role_asked, says
from service.answering.periods import find_dates, half_width
from service.answering.question import Question
from service.answering.referring import refers_to
from service.answering.signs import sentence_fit, turn
from service.answering.slots import Slot
from service.answering.sought import MOTTOES, other_body, sought
from service.answering.suitability import figure_fit, is_told_by, novelty, shortened
from service.answering.sureness import Sureness
from service.answering.told import (
    TITLED,
    granularity,
    in_title,
    reported,
    told_together,
    with_score,
    without_hedge,
    without_this_year,
)
from service.answering.wording import OTHERS, Kind

SENTENCE_SHARE = 0.45
"""Share of its sentence's score that a fact keeps when its kind and unit do not suit at all."""

NEAR_WEIGHT = 0.8
"""What nearness counts for beside the score of the sentence."""

NAMELESS = 0.3
"""Fit of a whole sentence where a name is asked for: the name in it may be one that is not known for one."""

SURE_WEIGHT, SENTENCE_SURE_WEIGHT = 0.5, 0.2
"""What the span model's probability counts for beside both: for figures and dates, and for whole sentences."""

KNOWN_WEIGHT = 1.0
"""What it counts for that a figure follows one that the question itself tells."""

STRETCH_WEIGHT = 0.3
"""The same for dates, of what is said between semicolons."""

CLAUSE_WEIGHT = 0.15
"""What the share of the question counts for that the clause of a figure says, among the figures of a sentence."""

BESIDE_WEIGHT, NEARBY_CHARS = 0.7, 6
"""What the words right beside a figure count for, and how many characters on either side of the question word they are
compared with: both say what is counted (551家、店铺2134万家; 多少家店铺).
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """A stretch `[start, end)` of a sentence that fills a slot. `score` ranks facts of one slot; `fit` in 0..1 is how
    well its kind and unit suit, `near` in 0..1 how close the words of the question stand to it, `sure` in 0..1 the span
    model's probability, None where it was not asked.
    """

    match: Match
    start: int
    end: int
    text: str
    fit: float
    near: float
    sure: float | None = None
    parts: tuple[str, ...] = ()
    """What it consists of where it is more than one thing (2021年7月、9月)."""

    @property
    def told(self) -> tuple[str, ...]:
        """The bare things that it tells."""
        return self.parts or (self.text,)

    @property
    def whole(self) -> bool:
        """Whether it is the whole sentence."""
        return self.end - self.start == len(self.match.sentence.text)

    @property
    def score(self) -> float:
        kind = SENTENCE_SHARE + (1 - SENTENCE_SHARE) * self.fit
        near = NEAR_WEIGHT * self.near * (0.4 + 0.6 * self.fit)
        sure = (SENTENCE_SURE_WEIGHT if self.whole else SURE_WEIGHT) * (self.sure or 0.0)
        return self.match.score * kind + self.match.agreement * (near + sure)


def facts(
    question: Question,
    slot: Slot,
    words: Sequence[WeightedWord],
    matches: Sequence[Match],
    sure: Sureness | None = None,
) -> list[Fact]:
    """Every fact for a slot, best first. Kinds that a whole sentence answers yield whole sentences."""
    focus = focus_words(slot, words)
    if slot.kind is Kind.ORGANISATION and matches and not question.remark:
        question = replace(question, remark=of_ourselves(matches[0].sentence.text))
    found = [fact for match in matches if match.agreement for fact in _in_sentence(question, slot, focus, match)]
    found = _referred(question, slot, matches, found)
    if sure:
        found = [
            replace(fact, sure=sure.within(fact.match) if fact.whole else sure.of(fact.match, fact.start))
            for fact in found
        ]
    ranked = sorted(found, key=lambda fact: -fact.score)
    return _by_own_words(slot, words, ranked) if slot.kind in (Kind.FIGURE, Kind.DATE) and ranked else ranked


def is_referred(slot: Slot, matches: Sequence[Match], fact: Fact) -> bool:
    """Whether a fact is the name in the sentence before the best matched one, which refers to it (公司研发的…)."""
    found = matches[0].sentence if matches else None
    return (
        found is not None
        and not fact.whole
        and refers_to(slot.kind, found.folded)
        and fact.match.sentence.folded == found.before
    )


def _referred(question: Question, slot: Slot, matches: Sequence[Match], found: list[Fact]) -> list[Fact]:
    """The facts, with those in the sentence before the best one moved up where that one refers to what is named there."""
    wanted = sought(slot, question.text)
    body = slot.kind is Kind.OPEN and wanted is not None and wanted.called and wanted.body
    kind = Kind.ORGANISATION if body else slot.kind
    if not (matches and refers_to(kind, matches[0].sentence.folded)):
        return found
    before = matches[0].sentence.before
    return [
        replace(fact, near=1.0) if not fact.whole and fact.match.sentence.folded == before else fact for fact in found
    ]


def _by_own_words(slot: Slot, words: Sequence[WeightedWord], ranked: list[Fact]) -> list[Fact]:
    """The facts with that of the best sentence first which its own words suit best: of figures those of its clause and right
    beside it, of dates those between its semicolons.
    """

    def suits(fact: Fact) -> float:
        if slot.kind is Kind.DATE:
            return STRETCH_WEIGHT * said(words, fold(stretch_around(fact.match.sentence.text, fact.start)))
        known = follows_known(fact.match.sentence.text, fact.start, slot.focus)
        beside = BESIDE_WEIGHT * beside_question(slot, fact) + CLAUSE_WEIGHT * said(words, _clause(fact))
        return KNOWN_WEIGHT * known + beside

    own = [fact for fact in ranked if fact.match is ranked[0].match]
    best = max(own, key=lambda fact: fact.score + suits(fact))
    return [best, *(fact for fact in ranked if fact is not best)]


def _clause(fact: Fact) -> str:
    return fold(clauses_around(fact.match.sentence.text, fact.start, fact.end))


def beside_question(slot: Slot, fact: Fact) -> float:
    """How much of what stands right beside the question word stands right beside a figure."""
    text = fact.match.sentence.text
    asked = slot.focus[max(0, slot.at - NEARBY_CHARS) : slot.at + NEARBY_CHARS]
    return beside(text, find_figures(text), fact, asked)


def _in_sentence(question: Question, slot: Slot, focus: Sequence[WeightedWord], match: Match) -> Iterator[Fact]:
    text = match.sentence.text
    if slot.kind is Kind.FIGURE and slot.rank:
        yield from _places_in_order(slot, focus, match)
    elif slot.kind is Kind.FIGURE:
        yield from _figures(question, slot, focus, match)
    elif slot.kind is Kind.DATE:
        yield from _dates(question, slot, focus, match)
    elif slot.kind in NAMED_KINDS:
        yield from _named(question, slot, focus, match)
        yield Fact(match, 0, len(text), text, NAMELESS, 0.0)
    elif turned := turn(question, slot, text):
        yield Fact(match, *turned.span(), turned.group(), 1.0, 0.0, parts=turned.groups())
    else:
        yield Fact(match, 0, len(text), text, sentence_fit(question, slot, text, match.sentence.folded), 0.0)
        wanted = sought(slot, question.text)
        if slot.kind is Kind.OPEN or (slot.kind is Kind.DEFINITION and wanted and wanted.noun in MOTTOES):
            yield from _named(question, slot, focus, match)


def _figures(question: Question, slot: Slot, focus: Sequence[WeightedWord], match: Match) -> Iterator[Fact]:
    """The figures of a sentence, by how well they suit what is counted."""
    text = match.sentence.text
    figures = find_figures(text)
    subjects = respective(text, figures)
    for figure in figures:
        fit = figure_fit(figure, text, question, slot)
        if fit and not (_repeats(question, figure.text) or is_told_by(question, figure)):
            start, end = subjects.get(figure.start, (figure.start, figure.end))
            near = nearness(focus, slot, start, end, match.sentence.folded, figures)
            told = without_hedge(figure, question) or with_score(figure, text, slot)
            yield Fact(match, figure.start, figure.end, figure.text, fit, near, parts=told)


def _dates(question: Question, slot: Slot, focus: Sequence[WeightedWord], match: Match) -> Iterator[Fact]:
    """The dates and periods of a sentence, to the day, month or year asked for."""
    text = match.sentence.text
    periods = find_dates(text)
    for period in periods:
        end, fit = granularity(period, slot.units)
        if not fit or _repeats(question, period.text):
            continue
        near = nearness(focus, slot, period.start, period.end, match.sentence.folded, periods, FAR_REACH_CHARS)
        fit *= TITLED if in_title(text, period.start) or reported(text, period) else 1.0
        parts = told_together(text, end, period, periods)
        last = end + sum(len(part) + 1 for part in parts)
        told = (text[period.start : end], *parts) if parts else without_this_year(period, end, slot)
        yield Fact(match, period.start, last, text[period.start : last], fit, near, None, told)


_ORDINAL = re.compile(rf"第\s?{NUMBER}(?:{MEASURE_WORDS})?|(?<=居)首位?|首位(?!度)|榜首")


def _places_in_order(slot: Slot, focus: Sequence[WeightedWord], match: Match) -> Iterator[Fact]:
    """The places in an order that a sentence tells, those counted as asked for above others (第几期: 第89期)."""
    text = match.sentence.text
    found = list(_ORDINAL.finditer(half_width(text)))
    rivals = [_Stretch(*item.span()) for item in found]
    for rival in rivals:
        own = text[rival.start : rival.end]
        fit = 1.0 if not slot.units or own.endswith(tuple(slot.units)) else 0.6
        yield Fact(
            match,
            rival.start,
            rival.end,
            own,
            fit,
            nearness(focus, slot, rival.start, rival.end, match.sentence.folded, rivals),
        )


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int


def _named(question: Question, slot: Slot, focus: Sequence[WeightedWord], match: Match) -> Iterator[Fact]:
    """The names in a sentence that are of the kind or class asked for."""
    text, wanted = match.sentence.text, sought(slot, question.text)
    things = named_things(text, slot.kind, wanted, "位" not in slot.word)
    role = role_asked(question.text) if slot.kind is Kind.PERSON else None
    outright = said_to_be(text, role) if role else ()
    things = (*things, *outright)
    if (
        slot.kind is Kind.ORGANISATION
        and wanted
        and wanted.forms
        and all(GENERIC.search(text[one.start : one.end]) for one in things)
    ):
        things = short_names(text, match.sentence.article.text, wanted)
    if wanted and wanted.noun in OFFICE_NOUNS:
        things = outright = _offices(question, text)
    for thing in things:
        start, end = thing.start, thing.end
        name = text[start:end]
        known = slot.kind is Kind.PLACE and (place_stem(name) in question.text or _holds_known(question, text[end:]))
        other = wanted is not None and other_body(name, wanted.noun)
        if known or other or GENERIC.search(name) or _repeats(question, name) or shortened(question, name):
            continue
        if fit := thing.fit * novelty(question, name, wanted):
            near = nearness(focus, slot, start, end, match.sentence.folded, things, NAME_REACH_CHARS)
            near = 1.0 if thing in outright or says(match.sentence, (start, end), question.remark) else near
            yield Fact(match, start, end, name, fit, near)


def _holds_known(question: Question, after: str) -> bool:
    """Whether another place than those of a question is asked for, and one of them stands right after a name (绍兴市越城区)."""
    beside = re.sub("^[省市县区]", "", after)[:2]
    return OTHERS.search(question.text) is not None and len(beside) > 1 and beside in question.text


GENERIC = re.compile("(?:企业|[外民国央]企|单位|机构|部门)$")
"""How what is called by its class alone ends (粽生产企业); no name of a firm or body does."""


def _offices(question: Question, text: str) -> tuple[Classed, ...]:
    """What the persons whom a question names are, as a text tells it."""
    persons = persons_asked_of(question.text)
    return tuple(Classed(*span, 1.0) for person in persons for span in offices_of(text, person))


def _repeats(question: Question, text: str) -> bool:
    """Whether the question itself gives this stretch; what is known is not what is asked."""
    plain = re.sub(r"\s", "", text).lower().strip("“”《》")
    return plain in question.text.replace(" ", "")
