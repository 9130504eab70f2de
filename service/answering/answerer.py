"""The main path of an answer: understand, retrieve, match, choose, quote, verify. Works without any language model."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from time import perf_counter

from index.retrieval import NO_FILTERS, Hit, Retriever
from index.store import Filters
from service.answer import Answer, Retrieved, Status
from service.answering.abstention import Missing, nearest, why_not
from service.answering.composer import LONG_KINDS, SENTENCE_KINDS, Quote, cite, quote_facts, quote_passage, render
from service.answering.confidence import confidence
from service.answering.evidence import Match, WeightedWord, for_slot, match, rematch, weigh
from service.answering.facts import Fact, facts
from service.answering.figures import squeezed
from service.answering.question import Question, understand
from service.answering.reading import read_too
from service.answering.sentence import sentences
from service.answering.slots import Slot
from service.answering.sureness import sureness
from service.answering.verifier import check_figures
from service.reader.reading import Reader
from service.spans.model import SpanModel

SAME_SENTENCE_BONUS, SAME_ARTICLE_BONUS = 0.15, 0.05
"""What a fact gains by standing with the fact chosen for the first slot."""

MOST_DEALT = 4
"""Most slots whose facts are dealt out together."""


class Answerer:
    """Answers questions from one snapshot with quotes alone."""

    def __init__(self, retriever: Retriever, model: SpanModel | None = None, reader: Reader | None = None) -> None:
        """`model` ranks candidate answers; the built-in one by default. What a `reader` finds competes with them. Raises
        SpanModelError where the model is broken.
        """
        self._retriever = retriever
        self._model = model or SpanModel.load()
        self._reader = reader

    def ask(self, asked: str, history: tuple[str, ...] = (), top_k: int = 10, filters: Filters = NO_FILTERS) -> Answer:
        """The answer to one question; `history` holds the person's earlier questions, oldest first."""
        began = perf_counter()
        reading = self._retriever.read(asked)
        question = understand(reading.text, tuple(self._retriever.read(turn).text for turn in history))
        question = replace(question, asked=asked, corrections=reading.corrections)
        hits = self._retriever.search(question.searched, top_k, filters)
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

    def _compose(self, question: Question, hits: Sequence[Hit]) -> Answer:
        snapshot = self._retriever.snapshot
        words = weigh(question, snapshot)
        matches = match(question, words, sentences(hits, snapshot))
        chosen, missing = _choose(self._model, self._reader, question, words, matches)
        if not chosen:
            return refuse(question, missing, nearest(matches))
        statements, citations = cite(_quotes(chosen, words, matches))
        bare = [fact for slot, fact in chosen if slot.kind not in SENTENCE_KINDS or not fact.whole]
        short = tuple(squeezed(told) for fact in bare for told in fact.told)
        figures = tuple(
            check for statement in statements
            for check in check_figures(statement.text, [citations[number - 1] for number in statement.citations])
        )  # fmt: skip
        status = Status.PARTIAL if missing else Status.ANSWERED
        reason = "；".join(item.text for item in missing) or None
        return Answer(
            question.asked, status, render(statements), short, statements, citations, figures, reason=reason,
            confidence=confidence([fact for _, fact in chosen]),
        )  # fmt: skip


def refuse(question: Question, missing: Sequence[Missing], near: str | None) -> Answer:
    """An answer that says what is missing, and the nearest thing that is there, but guesses nothing."""
    reason = "；".join(dict.fromkeys(item.text for item in missing)) or "没有找到相关内容"
    hint = f"最接近的是{near}。" if near else ""
    return Answer(question.asked, Status.UNANSWERABLE, f"现有文章不能回答这个问题：{reason}。{hint}", reason=reason)


def _choose(
    model: SpanModel,
    reader: Reader | None,
    question: Question,
    words: Sequence[WeightedWord],
    matches: Sequence[Match],
) -> tuple[list[tuple[Slot, Fact]], list[Missing]]:
    """The best fact for every slot that has one worth giving, and why the others have none."""
    chosen: list[tuple[Slot, Fact]] = []
    offered: list[Sequence[Fact]] = []
    missing: list[Missing] = []
    for slot in question.slots:
        own_question, own_words = for_slot(question, slot, words)
        own_matches = matches if own_words is words else rematch(own_question, own_words, matches)
        sure = sureness(model, own_question, slot, own_matches)
        ranked = facts(own_question, slot, own_words, own_matches, sure)
        if reader:
            ranked = read_too(reader, own_question, slot, own_matches, ranked)
        if chosen:
            ranked = _beside(chosen, ranked)
        best = ranked[0] if ranked else None
        reason = why_not(own_question, slot, own_words, own_matches, best)
        if best is None or reason:
            missing.append(reason or Missing("没有找到要问的内容"))
        else:
            chosen.append((slot, best))
            offered.append(ranked)
    return _dealt(chosen, offered), missing


def _dealt(chosen: list[tuple[Slot, Fact]], offered: Sequence[Sequence[Fact]]) -> list[tuple[Slot, Fact]]:
    """The same slots, their facts dealt out anew so that together they score best, where all stand in one sentence."""
    homes = {_home(fact) for _, fact in chosen}
    if len(homes) != 1 or not 1 < len(chosen) <= MOST_DEALT:
        return chosen
    own = [{fact.start: fact for fact in ranked if _home(fact) in homes} for ranked in offered]
    starts = sorted(set[int]().union(*own))[: 2 * MOST_DEALT]
    deals = (deal for deal in permutations(starts, len(own)) if all(map(dict.__contains__, own, deal)))
    best = max(deals, key=lambda deal: sum(facts[at].score for facts, at in zip(own, deal, strict=True)), default=None)
    if best is None:
        return chosen
    return [(slot, facts[at]) for (slot, _), facts, at in zip(chosen, own, best, strict=True)]


def _home(fact: Fact) -> tuple[str, int]:
    """The sentence that a fact stands in."""
    return fact.match.sentence.article.id, fact.match.sentence.start


def _beside(chosen: Sequence[tuple[Slot, Fact]], ranked: Sequence[Fact]) -> list[Fact]:
    """Facts not taken yet, those in the first fact's sentence or article moved up."""
    first = chosen[0][1].match.sentence
    taken = {(_home(fact), fact.start) for _, fact in chosen}

    def moved(fact: Fact) -> float:
        sentence = fact.match.sentence
        same = sentence.article.id == first.article.id
        return fact.score + same * (SAME_ARTICLE_BONUS + (sentence.start == first.start) * SAME_SENTENCE_BONUS)

    free = (fact for fact in ranked if (_home(fact), fact.start) not in taken)
    return sorted(free, key=moved, reverse=True)


def _quotes(
    chosen: Sequence[tuple[Slot, Fact]], words: Sequence[WeightedWord], matches: Sequence[Match]
) -> list[Quote]:
    short = [fact for slot, fact in chosen if slot.kind not in LONG_KINDS]
    quotes = quote_facts(short, words)
    for slot, fact in chosen:
        if slot.kind in LONG_KINDS and not any(_within(fact, quote) for quote in quotes):
            quotes += quote_passage(matches, fact, slot.count)
    return quotes


def _within(fact: Fact, quote: Quote) -> bool:
    sentence = fact.match.sentence
    return sentence.article.id == quote.article.id and quote.start <= sentence.start and sentence.end <= quote.end


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
