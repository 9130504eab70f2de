"""Training the span model: self-made questions, examples with and without answers, labels, and a whole small run."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from eval.spans import area, calibration_error, refused, spans
from service.answering.question import understand
from service.answering.wording import Kind
from service.cli import main as wence
from service.errors import SpanModelError
from service.spans.asked import read_slot
from service.spans.field import look
from service.spans.ground import BUCKETS, Line, lay
from service.spans.model import SpanModel
from service.spans.training.examples import Example, Gold, given, made_examples, read_articles, read_asked
from service.spans.training.labels import candidate_labels, extent_label
from service.spans.training.recipe import Recipe, train_spans
from service.spans.training.selfmade import ask
from tests.test_service_spans import EVEN

CITIES = "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌".split()
DOINGS = ("建成书房{}家", "发放贷款{}亿元", "培训农民{}人次", "新增企业{}户", "修建道路{}公里", "受理诉求{}件")


def articles(count: int = 40) -> list[dict[str, str]]:
    rng = Random(1)
    rows = []
    for number in range(count):
        city = CITIES[number % len(CITIES)]
        said = "".join(
            f"2023年{rng.randint(1, 12)}月，{city}{rng.choice(DOINGS).format(rng.randint(20, 9000))}，群众满意率{rng.randint(80, 99)}%。"
            for _ in range(6)
        )
        rows.append({"title": f"{city}的做法", "text": said})
    return rows


def asked(count: int = 60) -> list[dict[str, object]]:
    rng = Random(2)
    rows: list[dict[str, object]] = []
    for number in range(count):
        city, figure = CITIES[number % len(CITIES)], f"{rng.randint(20, 900)}家"
        context = f"{city}是一座城市。{city}建成书房{figure}，读者很多。"
        answers = [{"text": figure, "start": context.index(figure)}] if number % 3 else []
        question = f"{city}建成了多少家书房？" if number % 3 else f"{city}种了多少棵松树？"
        rows.append({"context": context, "question": question, "answers": answers, "origin": "asked"})
    return rows


def test_self_made_questions_hold_no_answer() -> None:
    sentence = "2023年5月，温州已累计供地5780亩，惠及优质企业193家。"
    rng = Random(4)
    made = [question for _ in range(200) if (question := ask(sentence, rng))]
    assert len(made) > 50
    assert {sentence[item.start : item.end] for item in made} >= {"5780亩", "193家", "2023年5月"}
    for item in made:
        assert sentence[item.start : item.end] not in item.question
        assert item.kind is not Kind.FIGURE or "多少" in item.question or "几" in item.question


def test_nothing_to_ask() -> None:
    assert ask("天气很好。", Random(1)) is None
    assert ask("", Random(1)) is None


def test_given_example_finds_its_answer() -> None:
    context = "第一句。第二句有193家企业。"
    row = {"context": context, "question": "有多少家企业？", "answers": [{"text": "193家", "start": 8}], "origin": "x"}
    example = given(row)
    assert example.gold == (Gold(1, 4, 8),)
    assert example.lines[1].text[4:8] == "193家"


def test_made_examples_are_answered_where_they_say_so() -> None:
    examples = list(made_examples(articles(), asked(), each=3, seed=5))
    answered = [example for example in examples if example.gold]
    assert len(answered) > 40
    assert len(examples) - len(answered) > 10
    for example in answered:
        gold = example.gold[0]
        assert example.lines[gold.line].text[gold.start : gold.end] == example.answers[0]
        assert [line.passage for line in example.lines] == sorted(line.passage for line in example.lines)


def test_labels() -> None:
    question = understand("建成了多少家书房？")
    lines = (Line("建成书房18家，读者20人。", 0), Line("另有18家。", 1))
    example = Example(question.asked, lines, (Gold(0, 4, 7),), ("18家",), "x")
    field = look(read_slot(question, question.slots[0], EVEN), lines, lay(lines))
    right, weights = candidate_labels(field, example)
    assert right.tolist() == [1, 0, 0]
    assert weights.tolist() == [1, 1, 0]  # the same words elsewhere are neither right nor wrong


@pytest.mark.parametrize(
    ("found", "value"), [("约60厘米", 0.5 * (8 / 9) ** 2), ("60厘米", 1.0), ("60厘米。", 1.0), ("高", 0.0)]
)
def test_extent_label(found: str, value: float) -> None:
    assert extent_label(found, ["60厘米"]) == pytest.approx(value)


def test_the_mark_of_a_figure_is_part_of_it() -> None:
    assert extent_label("3.5", ["3.5%"]) < 1 == extent_label("3.5%。", ["3.5%"])
    assert extent_label("1,200", ["1200"]) < 1


def test_a_date_that_holds_the_answer_is_right() -> None:
    question = understand("条约在哪一年签订？")
    lines = (Line("条约于1660年4月23日签订，1670年废止。", 0),)
    example = Example(question.asked, lines, (Gold(0, 3, 8),), ("1660年",), "x")
    field = look(read_slot(question, question.slots[0], EVEN), lines, lay(lines))
    assert candidate_labels(field, example)[0].tolist() == [1, 0]


def test_last_fifth_is_held_back_where_answers_are_missing(tmp_path: Path) -> None:
    for name, rows in (("with", asked()), ("without", [row for row in asked() if row["answers"]])):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    assert len(read_asked([tmp_path / "with.jsonl"], held_back=0.2)) == 48
    assert len(read_asked([tmp_path / "without.jsonl"], held_back=0.2)) == 40


def test_articles_from_folders_and_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("温州供地12亩。", encoding="utf-8")
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in articles(10))
    (tmp_path / "b.jsonl").write_text(lines, encoding="utf-8")
    assert len(read_articles([tmp_path], count=99, hold_out=0, seed=1)) == 11
    assert len(read_articles([tmp_path], count=99, hold_out=11, seed=1)) == 10
    assert len(read_articles([tmp_path], count=4, hold_out=0, seed=1)) == 4


@pytest.mark.filterwarnings("ignore")
def test_command_trains_a_model_that_answers(tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    for name, rows in (("text", articles()), ("questions", asked())):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    words = [str(tmp_path / "text.jsonl"), "--questions", str(tmp_path / "questions.jsonl"), "--seed", "3"]
    assert wence(["train", "spans", *words, "--out", str(tmp_path / "one")]) == 0
    assert wence(["train", "spans", *words, "--out", str(tmp_path / "two")]) == 0
    weights = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two")]
    assert weights[0] == weights[1]
    model = SpanModel.load(tmp_path / "one")
    assert model.rarity.shape == (BUCKETS,)
    card = (tmp_path / "one" / "README.md").read_text(encoding="utf-8")
    assert "text.jsonl" in card
    assert "seed 3" in card
    assert "| made, figures and dates |" in card
    scores = spans(model, [row for row in asked() if row["answers"]])
    assert scores["figure or date"]["f1"] > 80


def test_too_little_to_train_on() -> None:
    with pytest.raises(SpanModelError, match="at least two"):
        train_spans([], [], Recipe())


def test_missing_text_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert wence(["train", "spans", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "m")]) == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_scores_of_certainty() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.2, 0.1])
    right = np.array([True, True, False, True, False, False])
    assert area(scores, right) == pytest.approx(8 / 9)
    assert area(np.ones(4), np.array([True, False, True, False])) == pytest.approx(0.5)
    assert refused(scores, right, 0.0) == pytest.approx(2 / 3)
    assert calibration_error(np.array([0.95, 0.95, 0.05]), np.array([True, False, False])) == pytest.approx(
        0.45 * 2 / 3 + 0.05 / 3
    )
