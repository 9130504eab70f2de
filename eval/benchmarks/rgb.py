"""JSON Lines as RGB has them in, questions and articles out: every question is asked of a few documents, some of them noise.

Four tests, told by the fields and the share of noise: noise (`positive` and `negative` documents), integration (`positive`
in groups, an answer lies in several documents), counterfactual (`positive_wrong`: documents with a planted wrong answer),
rejection (noise alone: nothing to answer from). Source: Chen et al., Benchmarking Large Language Models in
Retrieval-Augmented Generation (AAAI 2024), whose counts of documents these are.
"""

from dataclasses import dataclass
from itertools import zip_longest
from math import ceil
from pathlib import Path
from random import Random

from eval.benchmarks.content import BenchmarkError, Content, article_of, digest
from eval.benchmarks.files import Record, list_of, text_of
from eval.question import UNANSWERABLE, Question
from index.article import Article


@dataclass(frozen=True, slots=True)
class Mixture:
    """What share of a question's documents is noise, how many it gets, and the seed that draws and orders them."""

    noise: float = 0.0
    passages: int = 5
    seed: int = 7

    def __post_init__(self) -> None:
        if not 0 <= self.noise <= 1:
            raise BenchmarkError(f"noise must be a share from 0 to 1, not {self.noise}")
        if self.passages < 1:
            raise BenchmarkError(f"a question needs at least 1 passage, not {self.passages}")

    @property
    def noisy(self) -> int:
        """The number of noise documents asked for, rounded up."""
        return ceil(round(self.passages * self.noise, 6))


def read_rgb(records: list[Record], path: Path, mixture: Mixture) -> Content:
    """The content of these records; the same mixture gives the same documents. Raises BenchmarkError."""
    articles: dict[str, Article] = {}
    questions: list[Question] = []
    for number, record in enumerate(records, start=1):
        place = f"{path}, record {number}"
        test = _test(record, mixture)
        given: list[str] = []
        for text in _documents(record, test, mixture, place):
            article = article_of(digest(text), "", text, path.name)
            articles[article.id] = article
            given.append(article.id)
        questions.append(_question(record, test, tuple(dict.fromkeys(given)), place))
    return Content(tuple(articles.values()), questions)


def _test(record: Record, mixture: Mixture) -> str:
    if mixture.noisy == mixture.passages:
        return "rejection"
    if "positive_wrong" in record:
        return "counterfactual"
    positive = record.get("positive")
    return "integration" if isinstance(positive, list) and any(isinstance(part, list) for part in positive) else "noise"


def _documents(record: Record, test: str, mixture: Mixture, place: str) -> list[str]:
    """The documents of one question in the order drawn.

    Where there is too little noise the others fill up, and the other way round; not in the counterfactual test, where
    every further document could hold the right answer. Integration has one document of every group at least.
    """
    random = Random(f"{mixture.seed} {record.get('id')}")
    count, noisy = mixture.passages, mixture.noisy
    noise = _texts(record, "negative", place)
    if test == "rejection":
        chosen = noise[:count]
    elif test == "counterfactual":
        wrong = _texts(record, "positive_wrong", place)
        chosen = random.sample(wrong, min(count - noisy, len(wrong))) + noise[:noisy]
    elif test == "integration":
        groups = _groups(record, "positive", place)
        in_turn = zip_longest(*(random.sample(group, len(group)) for group in groups))
        right = [text for turn in in_turn for text in turn if text is not None]
        chosen = right[: max(count - noisy, len(groups))]
        chosen += noise[: max(count - len(chosen), 0)]
    else:
        right = _texts(record, "positive", place)
        noisy = min(max(noisy, count - len(right)), len(noise))
        chosen = right[: count - noisy] + noise[:noisy]
    if not chosen:
        raise BenchmarkError(f"{place}: has no document for the {test} test")
    random.shuffle(chosen)
    return chosen


def _question(record: Record, test: str, given: tuple[str, ...], place: str) -> Question:
    rejected = test == "rejection"
    fake = _groups(record, "fakeanswer", place) if test == "counterfactual" else ()
    return Question(
        id=text_of(record, "id", place),
        text=text_of(record, "query", place),
        must_include=() if rejected else _groups(record, "answer", place),
        type=UNANSWERABLE if rejected else "",
        style=test,
        unanswerable=rejected,
        given=given,
        fake=tuple(key for group in fake for key in group),
    )


def _groups(record: Record, name: str, place: str) -> tuple[tuple[str, ...], ...]:
    """A text is one group; in a list every item is one, and an item that is a list holds its alternatives."""
    value = record.get(name)
    items = [item if isinstance(item, list) else [item] for item in (value if isinstance(value, list) else [value])]
    groups = tuple(tuple(_texts({name: item}, name, place)) for item in items)
    if not (groups and all(groups)):
        raise BenchmarkError(f'{place}: "{name}" is empty')
    return groups


def _texts(record: Record, name: str, place: str) -> list[str]:
    """The texts of a list without blank ones."""
    texts = list_of(record, name, place)
    if not all(isinstance(text, str) for text in texts):
        raise BenchmarkError(f'{place}: "{name}" is missing, or neither text nor texts nor groups of texts')
    return [text for text in texts if text.strip()]
