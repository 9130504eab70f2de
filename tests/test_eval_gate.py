"""The gate over the sample collection: green as things are, red for a regression planted in each stage."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings import load_encoder
from eval.gate import Expected, ExpectedError, Verdict, check, read_expected, write_expected
from eval.question import Question, read_questions
from eval.runs import Row, run
from eval.suite import EXPECTED, table
from index.asking.reading import Reading
from index.building import build
from index.reading import read_sources
from index.retrieval import Hit, Retriever
from index.snapshot import Snapshot
from index.store import Filters
from service.answer import Answer, Status
from service.answering.answerer import Answerer
from service.answering.ranking import EvidenceRetriever
from tests.invariants import assert_sound

ROOT = Path(__file__).parent.parent
GATES = [one for one in read_expected(EXPECTED) if one.gate]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("gate") / "snapshot"
    build(read_sources([ROOT / "corpus"]), folder, load_encoder())
    return Snapshot.open(folder)


@pytest.fixture(scope="module")
def expected() -> Expected:
    return next(one for one in GATES if one.collection == "corpus")


@pytest.fixture(scope="module")
def questions(expected: Expected) -> list[Question]:
    return read_questions(ROOT / expected.questions)


@pytest.fixture(scope="module")
def answers(snapshot: Snapshot, questions: Sequence[Question]) -> dict[str, Answer]:
    answerer = Answerer(EvidenceRetriever(snapshot, load_encoder()))
    return {question.id: answerer.ask(question.text, question.history) for question in questions}


Change = Callable[[Question, Answer], Answer | None]


@pytest.fixture
def gate(
    snapshot: Snapshot, expected: Expected, questions: list[Question], answers: dict[str, Answer], tmp_path: Path
) -> Callable[[Change], list[Verdict]]:
    """The verdicts on the answers after a change to each."""

    def judge(change: Change) -> list[Verdict]:
        changed = {question.id: change(question, answers[question.id]) for question in questions}
        given = {key: answer.to_dict() for key, answer in changed.items() if answer}
        text_of = {article.id: article.text for article in snapshot.store.articles()}.get
        return check(expected, list(run(questions, lambda one: given.get(one.id), text_of, tmp_path / "run", {})))

    return judge


def red(verdicts: Sequence[Verdict]) -> set[str]:
    return {verdict.measure for verdict in verdicts if not verdict.holds}


def test_the_gate_is_green(gate: Callable[[Change], list[Verdict]]) -> None:
    verdicts = gate(lambda _, answer: answer)
    assert [verdict for verdict in verdicts if not verdict.holds] == []


def test_every_answer_over_the_sample_collection_is_sound(snapshot: Snapshot, answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        assert_sound(answer, snapshot.store.article)


def test_there_is_a_gate_with_questions_enough(expected: Expected, questions: Sequence[Question]) -> None:
    assert len(questions) == expected.count >= 200
    assert expected.least["verbatim"] == 1.0
    assert expected.wrong <= {question.id for question in questions}


class _Shuffled(Retriever):
    """Passages drawn without looking at the question."""

    def find(self, reading: Reading, top_k: int, filters: Filters) -> list[Hit]:
        rows = random.Random(reading.text).sample(range(self.snapshot.store.passage_count), top_k)
        passages = self.snapshot.store.passages(rows)
        return [
            Hit(row, passage, {"lexical": 1.0, "dense": 0.5, "fused": 0.5})
            for row, passage in zip(rows, passages, strict=True)
        ]


def test_wrong_passages_turn_it_red(snapshot: Snapshot, gate: Callable[[Change], list[Verdict]]) -> None:
    answerer = Answerer(_Shuffled(snapshot, load_encoder()))
    assert red(gate(lambda question, _: answerer.ask(question.text))) >= {
        "questions",
        "right",
        "evidence@1",
        "evidence@5",
    }


def _digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "1234567890"))


def _no_citations(_: Question, answer: Answer) -> Answer:
    return replace(answer, citations=(), statements=tuple(replace(one, citations=()) for one in answer.statements))


def _other_digits(_: Question, answer: Answer) -> Answer:
    statements = tuple(replace(one, text=_digits(one.text)) for one in answer.statements)
    return replace(answer, answer=_digits(answer.answer), statements=statements)


def _other_digits_in_quotes_too(question: Question, answer: Answer) -> Answer:
    changed = _other_digits(question, answer)
    return replace(changed, citations=tuple(replace(one, quote=_digits(one.quote)) for one in answer.citations))


def _second_citation_beside_the_point(question: Question, answer: Answer) -> Answer:
    more = [replace(one, n=one.n + 10, start=0, end=4, quote="") for one in answer.citations]
    return replace(answer, citations=(*answer.citations, *more))


def _always_answering(_: Question, answer: Answer) -> Answer:
    return replace(answer, status=Status.ANSWERED)


def _always_refusing(question: Question, _: Answer) -> Answer:
    return Answer(question.text, Status.UNANSWERABLE, "现有文章不能回答这个问题。")


def _nothing(_: Question, __: Answer) -> None:
    return None


def _lost_now_and_then(question: Question, answer: Answer) -> Answer | None:
    return None if int(question.id[-2:]) % 20 == 0 else answer


@pytest.mark.parametrize(
    ("change", "measures"),
    [
        (_no_citations, {"verbatim", "citation_recall", "support"}),
        (_other_digits, {"questions", "right", "support"}),
        (_other_digits_in_quotes_too, {"questions", "right", "verbatim"}),
        (_second_citation_beside_the_point, {"verbatim", "citation_precision"}),
        (_always_answering, {"questions", "refused"}),
        (_always_refusing, {"questions", "right", "false_refusals", "citation_recall"}),
        (_nothing, {"questions", "right", "refused", "verbatim", "support", "evidence@1"}),
        (_lost_now_and_then, {"questions"}),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_planted_regression_turns_it_red(
    gate: Callable[[Change], list[Verdict]], change: Change, measures: set[str]
) -> None:
    assert red(gate(change)) >= measures


def test_a_gain_stays_green(expected: Expected) -> None:
    question = Question("q", "？", must_include=(("甲",),))
    rows = [Row(question, {"status": "answered", "answer": "甲"}, {"right": (1.0, 1.0)})]
    before = replace(expected, count=1, scores={"right": 0.5}, least={}, wrong=frozenset({"q"}))
    assert red(check(before, rows)) == set()


def test_expectations_survive_the_file(tmp_path: Path) -> None:
    sets = read_expected(EXPECTED)
    write_expected(tmp_path / "e.yaml", sets)
    assert read_expected(tmp_path / "e.yaml") == sets


@pytest.mark.parametrize("text", ["", "sets: 3", "sets: [{name: a}]", "sets:\n- {", "[1]"])
def test_a_broken_file_of_expectations_is_told_of(tmp_path: Path, text: str) -> None:
    (tmp_path / "e.yaml").write_text(text)
    with pytest.raises(ExpectedError, match="is no file of expectations"):
        read_expected(tmp_path / "e.yaml")


def test_the_table_in_the_readme_is_what_is_expected() -> None:
    assert f"<!-- eval -->\n{table(read_expected(EXPECTED))}<!-- /eval -->" in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )
