"""A slot and its matched sentences in, the span model's probability for every candidate in them out."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.answering.evidence import Match
from service.answering.question import Question
from service.answering.sentence import Place
from service.answering.slots import Slot
from service.answering.wording import Kind
from service.spans.ground import Line
from service.spans.model import SpanModel
from service.spans.rivals import MEASURED

UNRANKED = frozenset({Kind.YES_NO, Kind.PERSON, Kind.ORGANISATION, Kind.PLACE, Kind.DOCUMENT})
"""Kinds for which the model is not asked: on the dev questions it did not change what was chosen."""

_Start = tuple[Place, int]
"""A sentence, and where in it a candidate starts."""

_WHOLE = -1
"""Stands for a whole sentence where the start of a candidate is meant otherwise."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """Probabilities of candidates by where they start; 0 for what the model did not consider."""

    starts: dict[_Start, float]
    certainty: float = 0.0
    """How sure the model is that there is an answer at all."""

    def of(self, match: Match, start: int) -> float:
        """The probability of what begins at `start` of a sentence."""
        return self.starts.get((match.sentence.place, start), 0.0)

    def within(self, match: Match) -> float:
        """The probability of the best candidate of a sentence."""
        return self.of(match, _WHOLE)


def sureness(model: SpanModel, question: Question, slot: Slot, matches: Sequence[Match]) -> Sureness | None:
    """What the model thinks of a slot's sentences; None for kinds that it does not rank.

    None also for one of several slots in the same part of a question, but for figures and dates of different things
    (甲和乙各多少): nothing tells them apart.
    """
    alike = (other for other in question.slots if other.part == slot.part and other != slot)
    together = sum(slot.kind not in MEASURED or other.focus == slot.focus for other in alike)
    if slot.kind in UNRANKED or together or not matches:
        return None
    passages: dict[tuple[str, str], int] = {}
    sentences = sorted((found.sentence for found in matches), key=lambda item: (-item.score, item.place))
    numbered = [(passages.setdefault((item.article.id, item.passage), len(passages)), item) for item in sentences]
    numbered.sort(key=lambda pair: (pair[0], pair[1].start))
    lines = [Line(item.text, number, item.heading) for number, item in numbered]
    starts: dict[_Start, float] = {}
    ranking = model.rank(question, slot, lines)
    for span in ranking.spans:
        _, sentence = numbered[span.line]
        for start in ((sentence.place, span.start), (sentence.place, _WHOLE)):
            starts[start] = max(span.probability, starts.get(start, 0.0))
    return Sureness(starts, ranking.certainty)
