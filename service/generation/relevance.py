"""A question and the passages found for it in, whether a quote from them speaks of what it asks out.

The verifier proves that a statement is true to its quote; this, that the quote is of the question's year, place and
subject, so that a model led astray answers no other question than the one asked.
"""

from collections.abc import Sequence
from typing import Final

from index.retrieval import Hit
from index.snapshot import Snapshot
from service.answering.abstention import AGREEMENT_FLOOR
from service.answering.composer import Quote
from service.answering.evidence import Match, for_slot, match, named, weigh
from service.answering.question import Question
from service.answering.sentence import sentences

COVERAGE_FLOOR: Final = 0.42
"""Least weighted share of the question's words that a quote's sentence and its surroundings must speak of."""

LENIENCE: Final = 0.5
"""Share of its floors that the extractive composer's abstention keeps here where it had an answer itself."""


class Relevance:
    """Judges the quotes for one question. `strict` asks as much of them as the extractive composer does."""

    def __init__(self, question: Question, hits: Sequence[Hit], snapshot: Snapshot, *, strict: bool) -> None:
        self._strict = strict
        words = weigh(question, snapshot)
        whole = match(question, words, sentences(hits, snapshot))
        self._views: list[tuple[Question, Sequence[Match]]] = []
        for slot in question.slots:
            own, _, matches = for_slot(question, slot, words, whole)
            self._views.append((own, matches))

    def of(self, quote: Quote) -> bool:
        """Whether the quote's sentence suits any of the things asked for."""
        return any(
            self._suits(question, found)
            for question, matches in self._views
            for found in matches
            if found.sentence.article.id == quote.article.id
            and found.sentence.start <= quote.start
            and quote.end <= found.sentence.end
        )

    def _suits(self, question: Question, found: Match) -> bool:
        share = 1.0 if self._strict else LENIENCE
        if found.agreement < share * AGREEMENT_FLOOR or found.coverage < share * COVERAGE_FLOOR:
            return False
        return not self._strict or not named(question, found.sentence)
