"""Questions and a collection in, for each thing asked its contending facts out: their rows, and which of them answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.cases import Asker, Seen, keys_of, worded
from eval.metrics.text import includes
from eval.question import Question as Asked
from service.answerability.likeness import Likeness
from service.answerability.signs import Case
from service.preference.contenders import contenders, rows

Keys = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Contest:
    """The facts that contend for one slot, in the order of their scores."""

    rows: tuple[dict[str, float], ...]
    answers: tuple[bool, ...]

    @property
    def is_open(self) -> bool:
        """Whether there is something to learn: some answer, and some do not."""
        return len(set(self.answers)) > 1


def contests(asker: Asker, asked: Asked, likeness: Likeness) -> Iterator[Contest]:
    """Those of one question; none of one that has no answer, or leaves open what its answer holds."""
    keys = asked.must_include or ((asked.alternatives or asked.answers),)
    if asked.unanswerable or not any(keys):
        return
    seen = asker.look(asked.text, asked.history)
    for number, case in enumerate(asker.cases(seen)):
        yield _contest(asker, seen, case, keys_of(number, len(seen.question.slots), keys), likeness)


def _contest(asker: Asker, seen: Seen, case: Case, keys: Keys, likeness: Likeness) -> Contest:
    contending = contenders(case.ranked)
    found = rows(case, contending, asker.told(case), likeness)
    said = (worded([case.led_by(fact)], seen.words) for fact in contending)
    return Contest(tuple(found), tuple(includes(text, keys) for text in said))
