"""Questions and a collection in, rows for training out: the signs of the facts found, and whether they answer the question.

Rows that answer: the best facts that hold what the answer must. Rows that do not: the best facts that do not hold it, those
of questions known to have no answer, of questions about another collection, and of the same questions with the sentences
that answer them taken out, and with one thing in them changed (`altering`).
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
DEEP, LESS_DEEP = 5, 3
"""Facts of a slot that make rows: of questions that are answered, and of the others."""

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """The signs of a fact for one slot, the `place`-th of those found; `origin` says how the question was made, `group`
    keeps kin together.
    """

    signs: dict[str, float]
    answers: bool
    origin: str
    group: str
    question: str
    said: str
    place: int = 0


class Maker:
    """Makes rows from one snapshot."""

    def __init__(self, retriever: Retriever, model: SpanModel, likeness: Likeness) -> None:
        self._retriever, self._likeness = retriever, likeness
        self._models = Models(model, LineModel.load())

    def rows(self, asked: Asked, pool: Pool, rng: random.Random, altered: int) -> Iterator[Row]:
        """The rows of one question; none of one that leaves open what its answer holds."""
        question, words, matches = self._look(asked.text, asked.history)
        cases = self._cases(question, words, matches)
        group = asked.article or asked.id
        if asked.unanswerable:
            yield from self._not_answered(cases, words, "unanswerable", group, asked.text)
            return
        keys = asked.must_include or ((asked.alternatives or asked.answers),)
        if not any(keys):
            return
        for number, case in enumerate(cases):
            yield from self._told(case, words, _keys_of(number, len(question.slots), keys), group, asked.text)
        yield from self._removed(asked, keys, question, words, matches, group)
        for _ in range(altered):
            if found := alter(asked.text, pool, rng):
                yield from self._altered(asked, *found, group=group)

    def strange(self, asked: Asked) -> Iterator[Row]:
        """The rows of a question about another collection."""
        question, words, matches = self._look(asked.text, asked.history)
        yield from self._not_answered(self._cases(question, words, matches), words, "strange", asked.id, asked.text)

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
        self, case: Case, words: Sequence[WeightedWord], keys: Sequence[Sequence[str]], group: str, text: str
    ) -> Iterator[Row]:
        for place, one in enumerate(_each(case, DEEP)):
            said = _worded([one], words)
            yield Row(signs(one, self._likeness), includes(said, keys), "answered", group, text, said, place)

    def _not_answered(
        self, cases: Sequence[Case], words: Sequence[WeightedWord], origin: str, group: str, text: str
    ) -> Iterator[Row]:
        said = _worded(cases, words)
        for case in cases:
            for place, one in enumerate(_each(case, LESS_DEEP)):
                yield Row(signs(one, self._likeness), False, origin, group, text, said, place)

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
                yield from self._not_answered(cases, words, "removed", group, asked.text)
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
        yield from self._not_answered(cases, words, f"altered: {kind}", group, text)


def _each(case: Case, most: int) -> Iterator[Case]:
    """The case with each of its facts in turn before the others."""
    for fact in case.ranked[:most]:
        yield replace(case, ranked=[fact, *(other for other in case.ranked if other is not fact)])


def _keys_of(number: int, slots: int, keys: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """What the answer to one of several slots must hold: its own group, or any where they are not one a slot."""
    if slots == 1:
        return keys
    return [keys[number]] if slots == len(keys) else [[key for group in keys for key in group]]


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
