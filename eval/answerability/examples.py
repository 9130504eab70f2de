"""Questions and a collection in, rows for training out: the signs of the facts found, and whether they answer the question.

Rows that answer: the best facts that hold what the answer must. Rows that do not: the best facts that do not hold it, those
of questions known to have no answer, of questions about another collection, and of the same questions with the sentences
that answer them taken out, and with one thing in them changed (`altering`).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from eval.answerability.altering import Pool, alter
from eval.cases import Asker, Seen, keys_of, worded
from eval.metrics.text import includes, normalised
from eval.question import Question as Asked
from index.terms import fold
from service.answerability.likeness import Likeness
from service.answerability.signs import Case, signs
from service.answering.evidence import WeightedWord, match
from service.answering.sentence import Sentence

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

    def __init__(self, asker: Asker, likeness: Likeness) -> None:
        self._asker, self._likeness = asker, likeness

    def rows(self, asked: Asked, pool: Pool, rng: random.Random, altered: int) -> Iterator[Row]:
        """The rows of one question; none of one that leaves open what its answer holds."""
        seen = self._asker.look(asked.text, asked.history)
        cases = self._asker.cases(seen)
        group = asked.article or asked.id
        if asked.unanswerable:
            yield from self._not_answered(cases, seen.words, "unanswerable", group, asked.text)
            return
        keys = asked.must_include or ((asked.alternatives or asked.answers),)
        if not any(keys):
            return
        for number, case in enumerate(cases):
            yield from self._told(case, seen.words, keys_of(number, len(seen.question.slots), keys), group, asked.text)
        yield from self._removed(asked, keys, seen, cases, group)
        for _ in range(altered):
            if found := alter(asked.text, pool, rng):
                yield from self._altered(asked, *found, group=group)

    def strange(self, asked: Asked) -> Iterator[Row]:
        """The rows of a question about another collection."""
        seen = self._asker.look(asked.text, asked.history)
        yield from self._not_answered(self._asker.cases(seen), seen.words, "strange", asked.id, asked.text)

    def _told(
        self, case: Case, words: Sequence[WeightedWord], keys: Sequence[Sequence[str]], group: str, text: str
    ) -> Iterator[Row]:
        for place, one in enumerate(_each(case, DEEP)):
            said = worded([one], words)
            yield Row(signs(one, self._likeness), includes(said, keys), "answered", group, text, said, place)

    def _not_answered(
        self, cases: Sequence[Case], words: Sequence[WeightedWord], origin: str, group: str, text: str
    ) -> Iterator[Row]:
        said = worded(cases, words)
        for case in cases:
            for place, one in enumerate(_each(case, LESS_DEEP)):
                yield Row(signs(one, self._likeness), False, origin, group, text, said, place)

    def _removed(
        self,
        asked: Asked,
        keys: Sequence[Sequence[str]],
        seen: Seen,
        first: Sequence[Case],
        group: str,
    ) -> Iterator[Row]:
        """The question after every sentence that answers it, or holds a key of it, is taken out."""
        proof = [normalised(quote) for quote in asked.evidence]
        gone = [found.sentence for found in seen.matches if _answers(found.sentence.text, proof, keys)]
        gone += [case.ranked[0].match.sentence for case in first]
        for _ in range(_TRIES):
            left = [_without(found.sentence, gone) for found in seen.matches if found.sentence not in gone]
            cases = self._asker.cases(replace(seen, matches=match(seen.question, seen.words, left)))
            said = worded(cases, seen.words)
            if not any(includes(said, [key]) for key in keys):
                yield from self._not_answered(cases, seen.words, "removed", group, asked.text)
                return
            places = {case.ranked[0].match.sentence.place for case in cases}
            gone += [one.sentence for one in seen.matches if one.sentence.place in places]

    def _altered(self, asked: Asked, text: str, put: str, kind: str, *, group: str) -> Iterator[Row]:
        seen = self._asker.look(text, asked.history)
        cases = self._asker.cases(seen)
        for case in cases:
            sentence = case.ranked[0].match.sentence
            if fold(put) in sentence.folded + sentence.heading + sentence.before:
                return  # it may be told there after all
        yield from self._not_answered(cases, seen.words, f"altered: {kind}", group, text)


def _each(case: Case, most: int) -> Iterator[Case]:
    """The case with each of its facts in turn before the others."""
    for fact in case.ranked[:most]:
        yield case.led_by(fact)


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
