"""Training a reader: what it learns from, that it can be killed and goes on, and what it writes."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from service.cli import main
from service.reader.reading import Extract, Reading
from service.reader.training.characters import SPECIAL, build_tokenizer
from service.reader.training.examples import Example, asked_examples, made_examples
from service.reader.training.fitting import Recipe
from service.reader.training.recipe import train_reader
from service.reader.training.scoring import f1, score
from service.reader.training.tables import lay_out
from service.reader.transformer import TransformerReader

TOWNS = ("云澜市", "栖川市", "松坪县", "雾溪镇", "石门县", "南浦区")
THINGS = ("公交线路", "便民点", "古村落", "长者食堂", "民宿", "学校")
SMALL = Recipe(
    layers=1, width=16, heads=2, vocabulary_size=300, longest=48, made=40, pretrain_steps=4, read_steps=4, batch_size=8,
    accumulate=2, pretrain_rate=0.01, read_rate=0.01,
)  # fmt: skip
WORDS = [f"--{name.replace('_', '-')}={getattr(SMALL, name)}" for name in SMALL.__dataclass_fields__]
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, rng = tmp_path_factory.mktemp("texts"), Random(1)
    rows = []
    for number in range(24):
        said = [
            f"2023年，{town}共有{thing}{rng.randrange(12, 99)}个。" for town in TOWNS for thing in rng.sample(THINGS, 2)
        ]
        rows.append({"title": f"第{number}号报告", "text": "\n".join(said)})
    (folder / "a.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    (folder / "b.txt").write_text("石门县的学校有45所，比去年增加3所。", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions") / "asked.jsonl"
    rows = []
    for number, town in enumerate(TOWNS):
        context = f"今年{town}开通公交线路{number + 11}条，新建学校。"
        answers = [{"text": f"{number + 11}条", "start": context.index(f"{number + 11}")}]
        rows.append({"context": context, "question": f"{town}开通多少条公交线路？", "answers": answers})
        rows.append({"context": context, "question": f"{town}的民宿有几家？", "answers": []})
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_token_is_a_character() -> None:
    tokenizer = build_tokenizer(["2023年GDP增长5.2%，省略…"], size=100, longest=64)
    text = "２０23年 gdP增鼯…"
    given = tokenizer("问", text, return_offsets_mapping=True)
    assert given.tokens()[:4] == ["[CLS]", "[UNK]", "[SEP]", "2"]
    assert given.tokens()[3:-1] == ["2", "##0", "##2", "##3", "年", "g", "##d", "##p", "增", "[UNK]", ".", ".", "."]
    assert given["token_type_ids"] == [0, 0, 0, *[1] * 14]
    assert [text[a:b] for a, b in given["offset_mapping"][3:-1]] == [*"２０23年gdP增鼯", "…", "…", "…"]
    assert len(build_tokenizer(["一二三四五六七八九十"], size=9, longest=64)) == 9


def test_made_questions_point_at_their_answers() -> None:
    text = "\n".join(f"2023年，{town}共有{thing}{len(thing) + 40}个。" for town in TOWNS for thing in THINGS)
    found = list(made_examples([("报告", text)] * 20, count=50, characters=80, seed=3))
    assert len(found) == 50
    assert found == list(made_examples([("报告", text)] * 20, count=50, characters=80, seed=3))
    answered = [example for example in found if example.end]
    assert 25 < len(answered) < 50
    for example in answered:
        assert example.context in text
        assert len(example.context) <= 80
        answer = example.context[example.start : example.end]
        assert answer == answer.strip() != ""
        assert answer not in example.question or not answer[0].isdigit()


def test_asked_questions_keep_their_spans() -> None:
    rows: list[dict[str, Any]] = [
        {"context": "甲乙甲乙", "question": "问", "answers": [{"text": "甲乙", "start": 2}]},
        {"context": "甲乙丙", "question": "问", "answers": [{"text": "丙", "start": 0}]},
        {"context": "甲乙丙", "question": "问", "answers": [{"text": "丁", "start": 0}]},
        {"context": "甲乙丙", "question": "问", "answers": []},
    ]
    assert [(item.start, item.end) for item in asked_examples(rows)] == [(2, 4), (2, 3), (0, 0)]


def test_windows_know_the_tokens_of_their_answer() -> None:
    context = "一二三四五六七八九十" * 12 + "答案是12.5%。" + "一二三四五六七八九十" * 3
    start = context.index("12.5")
    examples = [Example("多少？", context, start, start + 5, asked=True), Example("谁？", "一二", 0, 0, asked=False)]
    tokenizer = build_tokenizer([context, "多少谁？"], size=100, longest=48)
    table = lay_out(["一二三", "四五"], examples, tokenizer, longest=48, say=print)
    names = tokenizer.convert_ids_to_tokens
    found = {
        "".join(names(table.ids[begin + first : begin + last + 1].tolist())).replace("##", "")
        for begin, first, last in zip(table.begins, table.first, table.last, strict=False)
        if last
    }
    assert found == {"12.5%"}
    assert [len(pool) > 0 for pool in table.pools()] == [True, True, False, True]
    assert names(table.text.tolist()) == ["一", "二", "三", "[SEP]", "四", "五", "[SEP]"]
    batch = table.drawn(np.random.default_rng(1), table.pools(), 400, asked=0.5, unanswered=0.25)
    assert 0.3 < (batch.last == 0).mean() < 0.7  # no answered question was made: asked ones stand in
    assert (batch.ids[batch.mask == 0] == 0).all()
    assert set(batch.types.ravel().tolist()) <= {0, 1, 2, 3, 4}


def test_masked_tokens_are_the_ones_wanted() -> None:
    tokenizer = build_tokenizer(["一二三四五六七八九十"], size=100, longest=48)
    table = lay_out(["一二三四五六七八九十" * 40] * 3, [], tokenizer, longest=48, say=print)
    batch = table.masked(np.random.default_rng(1), 200, 48, len(tokenizer))
    assert batch.ids.shape == (200, 48)
    assert (batch.ids[:, 0] == SPECIAL.index("[CLS]")).all()
    assert 0.11 < batch.guessed.mean() < 0.17
    shown = batch.ids[batch.guessed]
    assert 0.77 < (shown == SPECIAL.index("[MASK]")).mean() < 0.83
    assert 0.08 < (shown == batch.wanted).mean() < 0.14
    assert set(batch.wanted.tolist()) == set(range(len(SPECIAL), len(tokenizer)))


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ("5.2%", "5.2％", 1.0),
        ("增长5.2%", "5.2", 2 * 2 / 6),
        ("", "甲", 0.0),
        ("甲乙丙", "丙乙甲", 2 / 6),
        ("，", "甲", 0.0),
    ],
)
def test_f1_by_hand(found: str, wanted: str, expected: float) -> None:
    assert f1(found, wanted) == pytest.approx(expected)


class Recall:
    """Finds the first character, surer the longer the question is."""

    def read(self, question: str, passages: Sequence[str], most: int = 5) -> Reading:
        [passage] = passages
        return Reading((Extract(0, 0, 1, passage[:1], 0.0),), len(question) / 10)


def test_scores_by_hand() -> None:
    rows: list[dict[str, Any]] = [
        {"context": "甲乙", "question": "四个字吗", "answers": [{"text": "甲"}, {"text": "乙"}]},
        {"context": "甲乙", "question": "两个", "answers": [{"text": "甲乙"}]},
        {"context": "甲乙", "question": "三个字", "answers": []},
        {"context": "甲乙", "question": "一", "answers": []},
    ]
    found = score(Recall(), rows)
    assert (found.answered, found.exact, found.unanswered) == (2, 0.5, 2)
    assert found.f1 == pytest.approx((1 + 2 / 3) / 2)
    assert found.area == pytest.approx(0.75)
    assert found.refused == 0.5
    assert score(Recall(), rows[:2]).area is None


def interrupting(part: str) -> Callable[[str], None]:
    def tell(line: str) -> None:
        if part in line:
            raise KeyboardInterrupt

    return tell


def test_a_run_that_was_killed_twice_ends_with_the_same_weights(texts: Path, questions: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    train_reader([texts], [questions], tmp_path / "whole", SMALL, device="cpu", tell=lines.append)
    for part in ("masked tokens: step     4", "questions: step     4"):  # told before the step is kept
        with pytest.raises(KeyboardInterrupt):
            train_reader(
                [texts], [questions], tmp_path / "parts", SMALL, save_every=1, device="cpu", tell=interrupting(part)
            )
    rest: list[str] = []
    train_reader([texts], [questions], tmp_path / "parts", SMALL, save_every=1, device="cpu", tell=rest.append)
    assert rest[0] == "questions: going on after step 3"
    assert not any("masked" in line for line in rest)
    whole, parts = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "parts"))
    assert whole == parts
    assert not (tmp_path / "parts.training").exists()
    other = Recipe(**{name: getattr(SMALL, name) for name in SMALL.__dataclass_fields__} | {"seed": 8})
    train_reader([texts], [questions], tmp_path / "other", other, device="cpu", tell=rest.append)
    assert (tmp_path / "other" / "model.safetensors").read_bytes() != whole


def test_the_command_writes_a_reader_with_its_card(
    texts: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from transformers import AutoModelForQuestionAnswering  # noqa: PLC0415

    held = tmp_path / "held.jsonl"
    held.write_text("".join(questions.read_text(encoding="utf-8").splitlines(keepends=True)[:4]), encoding="utf-8")
    words = [str(texts), "--questions", str(questions), "--evaluate", str(held), "--out", str(tmp_path / "model")]
    assert main(["train", "reader", *words, *WORDS, "--device=cpu", "--precision=bfloat16"]) == 0
    said = capsys.readouterr().err
    assert "8 asked questions" in said  # four of the twelve share a context with those measured on
    assert "windows/s" in said
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "| held.jsonl | 2 |" in card
    assert "| pretrain steps | 4 |" in card
    network, found = AutoModelForQuestionAnswering.from_pretrained(tmp_path / "model", output_loading_info=True)
    assert not found["missing_keys"]
    assert network.config.overlap_types is True
    text = "今年云澜市开通公交线路11条。"
    for extract in TransformerReader(str(tmp_path / "model"), device="cpu").read("开通多少条？", [text]).extracts:
        assert text[extract.start : extract.end] == extract.text
    assert not [path.name for path in (tmp_path / "model").iterdir() if path.suffix in (".bin", ".pt", ".pkl")]


def test_it_learns_what_is_asked(questions: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    sizes = {"width": 32, "pretrain_steps": 0, "read_steps": 160, "batch_size": 16, "accumulate": 1, "asked_share": 1.0}
    recipe = Recipe(**{name: getattr(SMALL, name) for name in SMALL.__dataclass_fields__} | sizes)
    train_reader([], [questions], tmp_path / "model", recipe, device="cpu", tell=lines.append)
    losses = [float(line.split("loss ")[1].split()[0]) for line in lines if "loss" in line]
    assert losses[-1] < 0.5 * losses[0]
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    found = score(TransformerReader(str(tmp_path / "model"), device="cpu"), rows)
    assert found.f1 > 0.9
    assert found.area is not None
    assert found.area > 0.9


def test_the_time_given_ends_the_training(texts: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    train_reader([texts], [], tmp_path / "model", SMALL, minutes=1e-6, device="cpu", tell=lines.append)
    assert not any("step" in line for line in lines)
    assert (tmp_path / "model" / "model.safetensors").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "nothing to train on"),
        (["--width=10", "--heads=3"], "width 10 cannot be shared by 3 heads"),
        (["--batch-size=8", "--accumulate=3"], "8 windows cannot be taken in 3 parts"),
        (["gone.jsonl"], "gone.jsonl"),
        (["--questions={tmp}/bad.jsonl"], "bad.jsonl:1 lacks context, question or answers"),
    ],
)
def test_what_cannot_be_trained_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": "甲"}\n', encoding="utf-8")
    given = [word.format(tmp=tmp_path) for word in words]
    assert main(["train", "reader", *given, "--out", str(tmp_path / "model")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("wence train reader: ")
    assert says in said
    assert said.count("\n") == 1
