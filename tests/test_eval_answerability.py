"""How the model of answerability is trained: questions altered, rows that answer and rows that do not, weights."""

import random
from pathlib import Path

import numpy as np
import pytest

from eval.answerability.altering import KINDS, Pool, alter
from eval.answerability.examples import Maker, Row
from eval.answerability.fitting import fit, held_out, questions_of
from eval.answerability.recipe import FALSE_REFUSALS, train
from eval.cases import Asker
from eval.question import Question
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answerability.likeness import Likeness
from service.answerability.model import AnswerabilityModel
from service.lines.model import LineModel
from tests.encoders import HashEncoder

POOL = Pool(["清河县的图书馆有多少座？", "沈望潮的“星火计划”投入了多少资金？"], ["温州", "宁波"])


@pytest.mark.parametrize(
    ("kind", "asked", "put"),
    [
        ("year", "2023年清河县建成多少家食堂？", {"2020", "2021", "2022", "2024", "2025"}),
        ("place", "杭州建成多少家食堂？", {"温州", "宁波"}),
        ("quoted", "“月光计划”投入了多少？", {"星火计划"}),
        ("turned", "食堂数量增长了多少？", {"下降"}),
        ("month", "5月接待了多少人？", {f"{month}月" for month in range(1, 13)} - {"5月"}),
    ],
)
def test_one_thing_is_changed(kind: str, asked: str, put: set[str]) -> None:
    found = KINDS[kind][0](asked, POOL, random.Random(7))
    assert found is not None
    text, new = found
    assert new in put
    assert new in text
    assert text != asked


@pytest.mark.parametrize("asked", ["", "？", "在吗"])
def test_nothing_to_change(asked: str) -> None:
    assert alter(asked, POOL, random.Random(7)) is None


def test_rows_that_answer_and_rows_that_do_not(shared_folder: Path) -> None:
    retriever = Retriever(Snapshot.open(shared_folder), HashEncoder())
    maker = Maker(Asker(retriever, LineModel.load(), None), Likeness())
    asked = Question("a", "清河县建成长者食堂多少家？", must_include=(("218家",),), article="x")
    rows = list(maker.rows(asked, POOL, random.Random(7), 2))
    told = [row for row in rows if row.origin == "answered"]
    assert [row.place for row in told] == list(range(len(told)))
    assert all(row.answers == ("218家" in row.said) for row in told)
    assert told[0].answers
    rest = rows[len(told) :]
    assert {row.origin.split(":")[0] for row in rest} == {"altered"}
    assert not any(row.answers for row in rest)
    how = Question("d", "长者食堂亏损怎么办？", must_include=(("食堂",),), article="x")
    rows = list(maker.rows(how, POOL, random.Random(7), 0))
    assert {row.origin for row in rows} == {"answered", "removed"}
    assert rows[0].answers
    assert not any("食堂" in row.said for row in rows if row.origin == "removed")
    wrong = Question("b", asked.text, must_include=(("999家",),))
    assert not any(row.answers for row in maker.rows(wrong, POOL, random.Random(7), 2))
    assert list(maker.rows(Question("e", asked.text), POOL, random.Random(7), 2)) == []
    none = Question("c", "清河县的门票多少元？", unanswerable=True)
    assert {row.origin for row in maker.rows(none, POOL, random.Random(7), 2)} <= {"unanswerable"}
    other = list(maker.strange(asked))
    assert {(row.origin, row.answers) for row in other} == {("strange", False)}


def made(number: int) -> list[Row]:
    """Rows whose first sign tells whether they answer, and whose second tells nothing."""
    random_ = np.random.default_rng(number)
    rows = []
    for at in range(400):
        answers = at % 2 == 0
        signs = {"tells": float(random_.normal(2.0 * answers)), "noise": float(random_.normal()), "same": 1.0}
        rows.append(Row(signs, answers, "answered" if answers else "unanswerable", f"g{at % 20}", f"q{at}", ""))
    return rows


def test_weights_find_the_sign_that_tells() -> None:
    rows = made(1)
    weights = fit(rows, [1.0] * len(rows))
    likely, unlikely = weights.probabilities([
        {"tells": 4.0, "noise": 0.0, "same": 1.0}, {"tells": -2.0, "noise": 0.0, "same": 1.0}
    ])  # fmt: skip
    assert likely > 0.8
    assert unlikely < 0.2


def test_the_threshold_refuses_the_share_it_was_asked_to(tmp_path: Path) -> None:
    rows = made(2)
    told = train(rows, [], tmp_path)
    assert told.count("\n") == 6
    model = AnswerabilityModel.load(tmp_path).weights
    chances = held_out(rows, [1.0] * len(rows))
    assert np.mean(questions_of(rows, chances, "answered") < model.threshold) == pytest.approx(
        FALSE_REFUSALS, abs=0.006
    )
