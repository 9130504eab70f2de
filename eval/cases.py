"""A question and a collection in, what the answerer weighs for each thing asked out. For recipes that learn from it.

A set is written `SNAPSHOT=FILE,FILE`, or `SNAPSHOT=FILE,FILE@FOLDER`: the models in FOLDER have not seen its questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.question import Question as Asked
from eval.question import read_questions
from index.retrieval import Retriever
from service.answerability.signs import Case
from service.answering.answerer import Models, offer, read_question
from service.answering.composer import cite, render
from service.answering.evidence import Match, WeightedWord, match, weigh
from service.answering.facts import Fact
from service.answering.question import Question
from service.answering.replying import likely_of, quotes_of
from service.answering.sentence import sentences
from service.answering.slots import Slot
from service.lines.model import BUILT_IN as LINES
from service.lines.model import LineModel, Told
from service.preference.model import BUILT_IN as PREFERENCE
from service.preference.model import PreferenceModel
from service.spans.model import SpanModel

TOP_K = 10


@dataclass(frozen=True, slots=True)
class Set:
    """Question files about one snapshot; `models` is a folder of models that have not seen them."""

    snapshot: Path
    files: tuple[Path, ...]
    models: Path | None = None

    @classmethod
    def of(cls, text: str) -> "Set":
        snapshot, _, rest = text.partition("=")
        files, _, models = rest.partition("@")
        return cls(Path(snapshot), tuple(map(Path, files.split(","))), Path(models) if models else None)

    def questions(self) -> list[Asked]:
        return [question for file in self.files for question in read_questions(file)]

    def line_model(self) -> LineModel:
        return LineModel.load(self.models / LINES if self.models else None)

    def preference(self) -> PreferenceModel:
        return PreferenceModel.load(self.models / PREFERENCE if self.models else None)


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as it is understood, its words and the sentences found for it."""

    question: Question
    words: Sequence[WeightedWord]
    matches: Sequence[Match]


class Asker:
    """Asks one snapshot."""

    def __init__(self, retriever: Retriever, lines: LineModel, preference: PreferenceModel | None) -> None:
        self._retriever = retriever
        self._models = Models(SpanModel.load(), lines, preference)

    def look(self, text: str, history: tuple[str, ...] = ()) -> Seen:
        question = read_question(self._retriever, text, history)
        hits = self._retriever.search_as_it_stands(question.searched, TOP_K)
        words = weigh(question, self._retriever.snapshot)
        return Seen(question, words, match(question, words, sentences(hits, self._retriever.snapshot)))

    def cases(self, seen: Seen) -> list[Case]:
        """Of each slot, those without a fact left out."""
        chosen: list[tuple[Slot, Fact]] = []
        cases = []
        for slot in seen.question.slots:
            case = offer(self._models, seen.question, slot, seen.words, seen.matches, chosen)
            if case.ranked:
                cases.append(case)
                chosen.append((slot, case.ranked[0]))
        return cases

    def told(self, case: Case) -> Told:
        """How likely each sentence answers."""
        models = self._models
        return case.told or models.lines.tell(case.question, case.slot, case.words, case.matches, models.spans.rarity)


def keys_of(number: int, slots: int, keys: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """What the answer to one of several slots must hold: its own group, or any where they are not one a slot."""
    if slots == 1:
        return keys
    return [keys[number]] if slots == len(keys) else [[key for group in keys for key in group]]


def worded(cases: Sequence[Case], words: Sequence[WeightedWord]) -> str:
    """The answer that the first facts of these cases make."""
    if not cases:
        return ""
    quotes = quotes_of([(case.slot, case.ranked[0]) for case in cases], words, likely_of(cases))
    return render(cite(quotes)[0])
