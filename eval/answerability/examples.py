"""Questions and a collection in, rows for training out: the signs of the fact found, and whether it answers the question.

Rows that answer: questions answered right. Rows that do not: questions known to have no answer, the same questions with
the sentences that answer them taken out of the collection, and with one thing in them changed (`altering`).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from eval.answerability.altering import Pool, alter
from eval.metrics.text import includes, normalised
from eval.question import Question as Asked
from index.retrieval import NO_FILTERS, Retriever
from index.terms import fold
from service.answerability.likeness import Likeness
from service.answerability.signs import Case, signs
from service.answering.answerer import Models, beside, offer
from service.answering.composer import cite, render
from service.answering.evidence import Match, WeightedWord, match, weigh
from service.answering.facts import Fact
from service.answering.question import Question, translated, understand
from service.answering.replying import likely_of, quotes_of
from service.answering.sentence import Sentence, sentences
from service.answering.slots import Slot
from service.lines.model import LineModel
from service.spans.model import SpanModel

TOP_K = 10
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """The signs of one slot's best fact; `origin` says how the question was made, `group` keeps kin together."""

    signs: dict[str, float]
    answers: bool
    origin: str
    group: str
    question: str
    said: str


class Maker:
    """Makes rows from one snapshot."""

    def __init__(self, retriever: Retriever, model: SpanModel, likeness: Likeness) -> None:
        self._retriever, self._likeness = retriever, likeness
        self._models = Models(model, LineModel.load())

    def rows(self, asked: Asked, pool: Pool, rng: random.Random, altered: int) -> Iterator[Row]:
        """The rows of one question; none where it was answered wrongly or not at all."""
        question, words, matches = self._look(asked.text, asked.history)
        cases = self._cases(question, words, matches)
        said = _worded(cases, words)
        group = asked.article or asked.id
        if asked.unanswerable:
            yield from self._told(cases, False, "unanswerable", group, asked.text, said)
            return
        keys = asked.must_include or ((asked.alternatives or asked.answers),)
        if not cases or not includes(said, keys):
            return
        yield from self._told(cases, True, "answered", group, asked.text, said)
        yield from self._removed(asked, keys, question, words, matches, group)
        for _ in range(altered):
            if found := alter(asked.text, pool, rng):
                yield from self._altered(asked, *found, group=group)

    def _look(self, text: str, history: tuple[str, ...]) -> tuple[Question, list[WeightedWord], list[Match]]:
        reading = self._retriever.read(text)
        question = understand(reading.text, tuple(self._retriever.read(turn).text for turn in history))
        question = translated(replace(question, asked=text, corrections=reading.corrections))
        hits = self._retriever.search(question.searched, TOP_K, NO_FILTERS)
        words = weigh(question, self._retriever.snapshot)
        return question, words, match(question, words, sentences(hits, self._retriever.snapshot))

    def _cases(self, question: Question, words: Sequence[WeightedWord], matches: Sequence[Match]) -> list[Case]:
        chosen: list[tuple[Slot, Fact]] = []
        cases = []
        for slot in question.slots:
            case = beside(chosen, offer(self._models, question, slot, words, matches))
            if case.ranked:
                cases.append(case)
                chosen.append((slot, case.ranked[0]))
        return cases

    def _told(
        self, cases: Sequence[Case], answers: bool, origin: str, group: str, text: str, said: str
    ) -> Iterator[Row]:
        for case in cases:
            yield Row(signs(case, self._likeness), answers, origin, group, text, said)

    def _removed(
        self,
        asked: Asked,
        keys: Sequence[Sequence[str]],
        question: Question,
        words: Sequence[WeightedWord],
        matches: Sequence[Match],
        group: str,
    ) -> Iterator[Row]:
        """The question after every sentence that answers it, or holds a key of it, is taken out."""
        proof = [normalised(quote) for quote in asked.evidence]
        gone = [found.sentence for found in matches if _answers(found.sentence.text, proof, keys)]
        gone += [case.ranked[0].match.sentence for case in self._cases(question, words, matches)]
        for _ in range(_TRIES):
            left = [_without(found.sentence, gone) for found in matches if found.sentence not in gone]
            anew = match(question, words, left)
            cases = self._cases(question, words, anew)
            said = _worded(cases, words)
            if not any(includes(said, [key]) for key in keys):
                yield from self._told(cases, False, "removed", group, asked.text, said)
                return
            starts = {(case.ranked[0].match.sentence.article.id, case.ranked[0].match.sentence.start) for case in cases}
            gone += [one.sentence for one in matches if (one.sentence.article.id, one.sentence.start) in starts]

    def _altered(self, asked: Asked, text: str, put: str, kind: str, *, group: str) -> Iterator[Row]:
        question, words, matches = self._look(text, asked.history)
        cases = self._cases(question, words, matches)
        for case in cases:
            sentence = case.ranked[0].match.sentence
            if fold(put) in sentence.folded + sentence.heading + sentence.before:
                return  # it may be told there after all
        yield from self._told(cases, False, f"altered: {kind}", group, text, _worded(cases, words))


def _worded(cases: Sequence[Case], words: Sequence[WeightedWord]) -> str:
    if not cases:
        return ""
    quotes = quotes_of([(case.slot, case.ranked[0]) for case in cases], words, likely_of(cases))
    return render(cite(quotes)[0])


def _answers(text: str, proof: Sequence[str], keys: Sequence[Sequence[str]]) -> bool:
    plain = normalised(text)
    return any(quote in plain or plain in quote for quote in proof) or includes(text, keys)


def _without(sentence: Sentence, gone: Sequence[Sentence]) -> Sentence:
    """The sentence with what is gone taken out of its surroundings."""
    before, passage, whole = sentence.before, sentence.passage, sentence.whole
    for other in gone:
        if other.article.id == sentence.article.id:
            before = "" if before == other.folded else before
            passage, whole = passage.replace(other.folded, ""), whole.replace(other.folded, "")
    return replace(sentence, before=before, passage=passage, whole=whole)
