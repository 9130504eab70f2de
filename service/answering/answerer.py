"""The main path of an answer: understand, retrieve, match, choose, quote, verify. Works without any language model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations
from time import perf_counter

from index.retrieval import NO_FILTERS, Hit, Retriever
from index.store import Filters
from service.answer import Answer, Retrieved
from service.answerability.model import AnswerabilityModel
from service.answerability.signs import Case
from service.answering.abstention import Missing, nearest, why_not
from service.answering.byline import article_by, office_asked_of, told_by_byline
from service.answering.composer import LONG_KINDS
from service.answering.conflict import beside_figure, told_differently
from service.answering.evidence import Match, WeightedWord, for_slot, match, weigh
from service.answering.facts import Fact, facts, is_referred
from service.answering.figures import find_figures
from service.answering.listing import lists_all
from service.answering.question import Question, translated, understand
from service.answering.reading import read_too
from service.answering.replying import Choice, likely_of, refuse, reply, signed
from service.answering.sentence import sentences
from service.answering.slots import Slot
from service.answering.sureness import sureness
from service.answering.telling import (
    TOLD_KINDS,
    by_told,
    lists_as_many,
    rank,
    says_what_it_means,
    told_next,
    turn_told,
)
from service.lines.model import LineModel, Told
from service.preference.model import PreferenceModel
from service.reader.reading import Reader
from service.spans.model import SpanModel

SAME_SENTENCE_BONUS, SAME_ARTICLE_BONUS = 0.15, 0.05
"""What a fact gains by standing with the fact chosen for the first slot."""

FAR_LIKELIER = 3.0
"""How much likelier than the rest a sentence given already has to be to answer once more."""

LOOKED_AT_AGAIN = 5
"""Passages in which a figure that was found is looked for once more, told otherwise."""

MOST_DEALT = 4
"""Most slots whose facts are dealt out together."""


@dataclass(frozen=True, slots=True)
class Models:
    """What ranks facts: `spans` candidates, `lines` whole sentences, `preference` those that come close to the first; what
    a `reader` finds competes with them, and is not weighed by a preference.
    """

    spans: SpanModel
    lines: LineModel
    preference: PreferenceModel | None = None
    reader: Reader | None = None


# The built-in models are read once for all versions of a snapshot: what they remember of words and sentences stays good.
@cache
def _spans() -> SpanModel:
    return SpanModel.load()


@cache
def _lines() -> LineModel:
    return LineModel.load()


@cache
def _preference() -> PreferenceModel:
    return PreferenceModel.load()


@cache
def _judge() -> AnswerabilityModel:
    return AnswerabilityModel.load()


class Answerer:
    """Answers questions from one snapshot with quotes alone."""

    def __init__(
        self,
        retriever: Retriever,
        model: SpanModel | None = None,
        reader: Reader | None = None,
        judge: AnswerabilityModel | None = None,
        lines: LineModel | None = None,
    ) -> None:
        """`model` ranks candidate answers, `lines` whole sentences, `judge` says whether one is to be given; the built-in
        ones by default. What a `reader` finds competes with them. Raises SpanModelError, PreferenceError and
        AnswerabilityError where one is broken.
        """
        self._retriever = retriever
        self._models = Models(model or _spans(), lines or _lines(), _preference(), reader)
        self._judge = judge or _judge()

    def ask(self, asked: str, history: tuple[str, ...] = (), top_k: int = 10, filters: Filters = NO_FILTERS) -> Answer:
        """The answer to one question; `history` holds the person's earlier questions, oldest first."""
        began = perf_counter()
        question = self.read(asked, history)
        hits = self._retriever.search_as_it_stands(question.searched, top_k, filters)
        retrieved_at = perf_counter()
        answer = self._compose(question, hits)
        ended = perf_counter()
        timings = {
            "retrieve": _ms(retrieved_at - began), "compose": _ms(ended - retrieved_at), "total": _ms(ended - began),
        }  # fmt: skip
        looked_at = tuple(
            Retrieved(hit.passage.id, hit.passage.article_id, hit.passage.title, hit.passage.text, hit.scores)
            for hit in hits
        )
        return replace(answer, retrieved=looked_at, timings_ms=timings, snapshot=self._retriever.snapshot.name)

    def read(self, asked: str, history: tuple[str, ...] = ()) -> Question:
        """The question as the collection writes it, taken apart."""
        return read_question(self._retriever, asked, history)

    def _compose(self, question: Question, hits: Sequence[Hit]) -> Answer:
        snapshot = self._retriever.snapshot
        words = weigh(question, snapshot)
        matches = match(question, words, sentences(hits, snapshot))
        if article := article_by(question, words, matches):
            return signed(question, article)
        if article := office_asked_of(question, matches):
            return refuse(question, words, [Missing(told_by_byline(article))], f"《{article.title}》")
        cases, chosen, missing = _choose(self._models, self._judge, question, words, matches)
        if not chosen:
            return refuse(question, words, missing, nearest(matches))
        told = [
            (fact, other) for slot, fact in chosen if (other := self._told_differently(question, slot, fact, words))
        ]
        return reply(question, words, Choice(chosen, missing, told, likely_of(cases)))

    def _told_differently(
        self, question: Question, slot: Slot, fact: Fact, words: Sequence[WeightedWord]
    ) -> Fact | None:
        """Another sentence of the collection that tells a figure in another way, looked for by the figure's own clause."""
        clause = beside_figure(slot, fact)
        if not clause:
            return None
        hits = self._retriever.search_as_it_stands(clause, LOOKED_AT_AGAIN)
        return told_differently(fact, match(question, words, sentences(hits, self._retriever.snapshot)))


def read_question(retriever: Retriever, asked: str, history: tuple[str, ...] = ()) -> Question:
    """A question as the collection of a retriever writes it, taken apart."""
    reading = retriever.read(asked)
    question = understand(reading.text, tuple(retriever.read(turn).text for turn in history))
    return translated(replace(question, asked=asked, corrections=reading.corrections))


def _choose(
    models: Models,
    judge: AnswerabilityModel,
    question: Question,
    words: Sequence[WeightedWord],
    matches: Sequence[Match],
) -> tuple[list[Case], list[tuple[Slot, Fact]], list[Missing]]:
    """What was looked at for every slot, the best fact for those that have one worth giving, and why the others have none."""
    cases: list[Case] = []
    chosen: list[tuple[Slot, Fact]] = []
    offered: list[Sequence[Fact]] = []
    missing: list[Missing] = []
    for slot in question.slots:
        case = offer(models, question, slot, words, matches, chosen)
        cases.append(case)
        best = case.ranked[0] if case.ranked else None
        if best and best.whole and chosen and (chosen[-1][0] == slot or _is_told_already(case, best, chosen)):
            continue  # a further name: the first may hold all (甲联合乙); or what was quoted for the slot before tells this too
        reason = why_not(case, judge, beside=_stands_beside(slot, best, chosen))
        if best is None or reason:
            missing.append(reason or Missing("没有找到要问的内容"))
        else:
            chosen.append((slot, best))
            offered.append(case.ranked)
    return cases, _dealt(chosen, offered), missing


def _is_told_already(case: Case, best: Fact, chosen: Sequence[tuple[Slot, Fact]]) -> bool:
    """Whether a whole sentence given for the slot before says at least as much of what this one asks as the best one for it, and
    lists as many things as it asks for.
    """
    _, given = chosen[-1]
    if case.slot.count and not lists_all(given.text, case.slot.count):
        return False
    found = (match for match in case.matches if match.sentence.place == given.match.sentence.place)
    return given.whole and any(match.coverage >= best.match.coverage for match in found)


def _stands_beside(slot: Slot, best: Fact | None, chosen: Sequence[tuple[Slot, Fact]]) -> bool:
    """Whether the same was asked of another thing just before (甲和乙各多少), and told in the same article."""
    if best is None or not chosen:
        return False
    other, fact = chosen[-1]
    same = (other.part, other.word, other.kind) == (slot.part, slot.word, slot.kind)
    return same and fact.match.sentence.article.id == best.match.sentence.article.id


def offer(
    models: Models,
    question: Question,
    slot: Slot,
    words: Sequence[WeightedWord],
    matches: Sequence[Match],
    chosen: Sequence[tuple[Slot, Fact]] = (),
) -> Case:
    """The facts for one slot, best first, without those `chosen` for slots before it, with the question, its words and its
    matches as the slot sees them.
    """
    own_question, own_words, own_matches = for_slot(question, slot, words, matches)
    sure = sureness(models.spans, own_question, slot, own_matches)
    ranked = facts(own_question, slot, own_words, own_matches, sure)

    def tell() -> Told:
        return models.lines.tell(own_question, slot, own_words, own_matches, models.spans.rarity)

    told = tell() if slot.kind in TOLD_KINDS else None
    if told:
        ranked = by_told(told, slot, ranked)
    if models.reader:
        ranked = read_too(models.reader, own_question, slot, own_matches, ranked)
    case = beside(chosen, Case(own_question, slot, own_words, own_matches, ranked, sure, told))
    if models.reader or not models.preference or says_what_it_means(slot, case.ranked):
        return case
    if case.ranked and is_referred(slot, own_matches, case.ranked[0]):
        return case
    case = models.preference.prefer(case, lambda: told or tell())
    signs = (lists_as_many, turn_told, told_next)
    better = next(filter(None, (sign(slot, case.ranked) for sign in signs)), None)
    return case.led_by(better) if better else case


def _dealt(chosen: list[tuple[Slot, Fact]], offered: Sequence[Sequence[Fact]]) -> list[tuple[Slot, Fact]]:
    """The same slots, their facts dealt out anew so that together they score best, where all stand in one sentence."""
    homes = {fact.match.sentence.place for _, fact in chosen}
    if len(homes) != 1 or not 1 < len(chosen) <= MOST_DEALT:
        return chosen
    own = [{fact.start: fact for fact in ranked if fact.match.sentence.place in homes} for ranked in offered]
    starts = sorted(set[int]().union(*own))[: 2 * MOST_DEALT]
    deals = (deal for deal in permutations(starts, len(own)) if all(map(dict.__contains__, own, deal)))
    best = max(deals, key=lambda deal: sum(facts[at].score for facts, at in zip(own, deal, strict=True)), default=None)
    if best is None:
        return chosen
    return [(slot, facts[at]) for (slot, _), facts, at in zip(chosen, own, best, strict=True)]


def _unit(fact: Fact) -> str | None:
    return next((figure.unit for figure in find_figures(fact.text)), None)


def beside(chosen: Sequence[tuple[Slot, Fact]], case: Case) -> Case:
    """The case without facts already taken, those in the first fact's sentence or article moved up."""
    if not chosen:
        return case
    first = chosen[0][1].match.sentence
    taken = {(fact.match.sentence.place, fact.start) for _, fact in chosen}

    def moved(fact: Fact) -> float:
        sentence = fact.match.sentence
        same = sentence.article.id == first.article.id
        return rank(fact, case.slot, case.told) + same * (
            SAME_ARTICLE_BONUS + (sentence.start == first.start) * SAME_SENTENCE_BONUS
        )

    free = [fact for fact in case.ranked if (fact.match.sentence.place, fact.start) not in taken]
    free += _answering_again(chosen, case, free)
    if chosen[-1][0] == case.slot:  # asked for twice, as before and after
        free = [fact for fact in free if _unit(fact) == _unit(chosen[-1][1])] or free
    return replace(case, ranked=sorted(free, key=moved, reverse=True))


def _answering_again(chosen: Sequence[tuple[Slot, Fact]], case: Case, free: Sequence[Fact]) -> list[Fact]:
    """Whole sentences given for a slot before that answer this one too, far likelier than any of those left."""
    if not case.told or case.slot.kind not in LONG_KINDS:
        return []
    places = {fact.match.sentence.place for _, fact in chosen}
    likeliest = max((case.told.of(fact.match) for fact in free), default=0.0)
    return [
        fact for fact in case.ranked
        if fact.whole and fact not in free and fact.match.sentence.place in places
        and case.told.of(fact.match) >= FAR_LIKELIER * likeliest
    ]  # fmt: skip


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
