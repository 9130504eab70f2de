"""Whether what was found answers: what counts for and against, what is said to be missing, what is broken."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article
from index.building import build
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answerability.likeness import Likeness
from service.answerability.model import AnswerabilityModel, Weights
from service.answerability.signs import Case, signs
from service.answering.abstention import HARDLY_TOLD, SURE_FLOOR, SURE_OF_TOLD, UNIT_FIT, Missing, why_not
from service.answering.answerer import Models, offer
from service.answering.evidence import match, weigh
from service.answering.question import understand
from service.answering.sentence import sentences
from service.errors import AnswerabilityError
from service.lines.model import LineModel, Told
from service.spans.model import SpanModel
from service.spans.trees import forest_of
from tests.encoders import HashEncoder


@pytest.fixture(scope="module")
def model() -> AnswerabilityModel:
    return AnswerabilityModel.load()


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness()


def case_of(folder: Path, asked: str) -> Case:
    snapshot = Snapshot.open(folder)
    question = understand(asked)
    words = weigh(question, snapshot)
    hits = Retriever(snapshot, HashEncoder()).search(asked, 10)
    found = match(question, words, sentences(hits, snapshot))
    return offer(Models(SpanModel.load(), LineModel.load()), question, question.slots[0], words, found)


def test_words_of_like_use_are_alike(likeness: Likeness) -> None:
    price, table = likeness.best(["零售价", "桌子"], ["售价", "改革"])
    assert price > 0.6 > 0.2 > table >= 0
    assert likeness.best([], ["售价"]) == []
    assert likeness.best(["售价"], []) == [0.0]


def test_signs_have_a_weight_each(shared_folder: Path, model: AnswerabilityModel, likeness: Likeness) -> None:
    row = signs(case_of(shared_folder, "清河县建成长者食堂多少家？"), likeness)
    assert list(row) == list(model.weights.names)
    assert row["near"] > 0.8
    assert (row["figure"], row["date"], row["years"], row["places"]) == (1, 0, 1, 1)


def test_what_is_there_is_likelier_than_what_is_not(shared_folder: Path, model: AnswerabilityModel) -> None:
    there = case_of(shared_folder, "清河县建成长者食堂多少家？")
    other = case_of(shared_folder, "清河县长者食堂的门票是多少元？")
    assert why_not(there, model) is None
    assert model.answers(other) < model.answers(there)


@pytest.mark.parametrize(
    ("asked", "named"),
    [("义乌市建成长者食堂多少家？", "“义乌”"), ("清河县的“共富星球计划”有多少家？", "“共富星球计划”")],
)
def test_contradictions_are_named(shared_folder: Path, model: AnswerabilityModel, asked: str, named: str) -> None:
    missing = why_not(case_of(shared_folder, asked), model)
    assert missing is not None
    assert named in missing.text


def test_a_case_without_facts_says_what_was_asked_for(shared_folder: Path, model: AnswerabilityModel) -> None:
    case = replace(case_of(shared_folder, "长者食堂多少家？"), ranked=())
    assert why_not(case, model) == Missing("没有找到所问的数字")


def test_weights_are_kept(tmp_path: Path) -> None:
    stump = {
        "split_feature": 1,
        "threshold": 0.5,
        "left_child": {"leaf_value": -2.0},
        "right_child": {"leaf_value": 1.0},
    }
    weights = Weights(forest_of([{"tree_structure": stump}]), ("a", "b"), 0.25)
    weights.save(tmp_path)
    for kept in (weights, AnswerabilityModel.load(tmp_path).weights):
        assert (kept.names, kept.threshold) == (("a", "b"), 0.25)
        assert kept.probabilities([{"b": 0.0, "a": 9.0, "c": 1.0}, {"a": 0.0, "b": 1.0}]) == pytest.approx(
            [1 / (1 + math.exp(2)), 1 / (1 + math.exp(-1))]
        )


@pytest.mark.parametrize(
    "content", ["", "{}", json.dumps({"format": 9}), '{"format": 2, "signs": ["a"], "threshold": 0.1}']
)
def test_broken_weights_say_which(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(AnswerabilityError, match="train it again"):
        AnswerabilityModel.load(tmp_path)


@pytest.mark.parametrize(("asked", "given", "gone"), [
    ("第八届合作周签了多少个项目？", 1, 0), ("第九届合作周签了多少个项目？", 1, 1), ("2024年的合作周签了多少个项目？", 0, 0),
])  # fmt: skip
def test_numbers_of_the_question_are_looked_for(
    tmp_path: Path, likeness: Likeness, asked: str, given: int, gone: int
) -> None:
    told = Article("a", "合作周", "第八届合作周签约项目47个。")
    build([told], tmp_path, HashEncoder())
    row = signs(case_of(tmp_path, asked), likeness)
    assert (row["numbers"], row["numbers gone"], row["numbers gone passage"]) == (given, gone, gone)


def test_a_figure_of_another_unit_needs_a_chance(shared_folder: Path, model: AnswerabilityModel) -> None:
    case = case_of(shared_folder, "清河县建成长者食堂多少家？")
    best = replace(case.ranked[0], fit=UNIT_FIT - 0.05)
    assert why_not(replace(case, ranked=(replace(best, sure=SURE_FLOOR),)), model) is None
    missing = why_not(replace(case, ranked=(replace(best, sure=SURE_FLOOR / 2),)), model)
    assert missing is not None
    assert missing.text == "没有找到所问的数字"
    assert missing.instead is not None
    assert missing.instead.text == "218家"


def test_what_neither_model_finds_likely_is_no_answer(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = AnswerabilityModel.load()
    case = case_of(shared_folder, "清河县怎样办好长者食堂？")
    whole = next(fact for fact in case.ranked if fact.whole)
    place = whole.match.sentence.place
    cases = [
        replace(case, ranked=(whole,), told=Told({place: (whole.match.sentence.end, chance)}))
        for chance in (HARDLY_TOLD - 0.1, HARDLY_TOLD + 0.1)
    ]
    given = {}
    for sure in (SURE_OF_TOLD - 0.05, SURE_OF_TOLD + 0.05):
        monkeypatch.setattr(model, "answers", lambda _, sure=sure: sure)
        given[sure] = [why_not(one, model) is None for one in cases]
    assert list(given.values()) == [[False, True], [True, True]]


def test_another_month_is_no_answer(shared_folder: Path, model: AnswerabilityModel) -> None:
    case = case_of(shared_folder, "清河县建成长者食堂多少家？")
    best = case.ranked[0]
    sentence = replace(best.match.sentence, text=f"5月，{best.match.sentence.text}")
    told = replace(best, match=replace(best.match, sentence=sentence))
    june = replace(case, question=understand("6月清河县建成长者食堂多少家？"), ranked=(told,))
    missing = why_not(june, model)
    assert missing is not None
    assert missing.text == "没有所问月份的相关内容"
    assert why_not(replace(june, question=understand("5月清河县建成长者食堂多少家？")), model) is None


def test_another_honour_is_no_answer(shared_folder: Path, model: AnswerabilityModel) -> None:
    case = case_of(shared_folder, "清河县长者食堂被评为世界美食胜迹的有多少家？")
    missing = why_not(case, model)
    assert missing is not None
    assert missing.text == "没有提到“世界美食胜迹”"
