"""Training the line model: self-made questions, where quotes stand, questions of collections, and a whole small run."""

import json
from pathlib import Path
from random import Random

import pytest

from service.cli import main as wence
from service.lines.model import LineModel
from service.lines.training.selfmade import ask, made_of
from service.lines.training.wanted import of_contexts, of_questions, places

CITIES = "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌".split()
DOINGS = "盖书房 种果树 修水渠 办食堂 开课堂 建诊所".split()


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        ("“帮办站”是指设在园区里的窗口。", {"什么是“帮办站”？", "“帮办站”指的是什么？", "帮办站是做什么的？"}),
        ("服务的内容包括体检、送餐、助浴三样。", {"服务的内容包括哪些？", "服务的内容有哪些？"}),
        ("全县要走三条路径，种药、养蜂、办民宿。", {"三条路径分别是什么？", "路径有哪三条？"}),
        ("东溪区通过设立帮办窗口和热线，解决企业办事难。", {"东溪区如何解决企业办事难？", "解决企业办事难有哪些做法？"}),
        ("为了方便老人就近吃饭，县里在每个村子都办了食堂。", {"怎样方便老人就近吃饭？"}),
    ],
)  # fmt: skip
def test_sentences_that_hold_their_own_question(sentence: str, questions: set[str]) -> None:
    rng = Random(2)
    assert questions <= {ask(sentence, rng) for _ in range(300)}


def test_a_sentence_that_only_tells_asks_nothing() -> None:
    assert ask("昨天下了一场大雨。", Random(1)) is None


def test_a_question_in_the_text_is_answered_by_the_next_sentence() -> None:
    text = "天气很热。老人吃饭怎么解决才好？县里办了食堂。食堂很近。老人很高兴。大家都去。"
    (wanted,) = made_of([{"text": text}], Random(1)).wanted
    assert wanted.question == "老人吃饭怎么解决才好？"
    assert [text[a:b] for a, b in wanted.spans] == ["县里办了食堂。"]
    assert wanted.hidden == text.index("老人吃饭")


def test_places_of_quotes_whatever_their_white_space() -> None:
    text = "共有 ３ 条路子：\n种药、养蜂。"
    assert [text[a:b] for a, b in places(text, ["3条路子", "种药", "没有"])] == ["３ 条路子", "种药"]


def test_questions_of_a_collection(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text(json.dumps({"title": "甲", "text": "县里办了食堂。"}, ensure_ascii=False))
    rows = [
        {"id": "1", "question": "办了什么？", "evidence": ["办了食堂"]},
        {"id": "2", "question": "多少家？", "unanswerable": True, "evidence": ["办了食堂"]},
        {"id": "3", "question": "谁办的？"},
    ]
    (tmp_path / "asked.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    found = of_questions([tmp_path / "asked.jsonl"], tmp_path / "articles.jsonl", 3.0)
    assert [(one.question, one.quotes, one.weight) for one in found.wanted] == [("办了什么？", ("办了食堂",), 3.0)]
    assert [article.title for article in found.articles] == ["甲"]


def test_answers_that_are_not_in_their_context_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"context": "县里办了食堂。", "question": "办了什么？", "answers": [{"text": "食堂", "start": 0}]},
        {"context": "县里办了食堂。", "question": "种了什么？", "answers": [{"text": "果树", "start": 2}]},
        {"context": "县里办了食堂。", "question": "修了什么？", "answers": []},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    found = of_contexts([tmp_path / "rows.jsonl"])
    assert [(one.question, one.spans) for one in found.wanted] == [("办了什么？", ((4, 6),))]


def test_a_small_run_writes_a_model_and_its_card(tmp_path: Path) -> None:
    rng = Random(3)
    rows = []
    for number in range(72):
        city, doing = CITIES[number % 12], DOINGS[number // 12]
        others = [f"{city}有人{other}。" for other in rng.sample([one for one in DOINGS if one != doing], 3)]
        answer = f"通过村民出工，{city}{doing}。"
        context = "".join(rng.sample([answer, *others], 4))
        start = context.index(answer)
        rows.append(
            {"context": context, "question": f"{city}怎样{doing}？", "answers": [{"text": answer, "start": start}]}
        )
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    out = tmp_path / "model"
    assert wence(["train", "lines", "--questions", str(tmp_path / "rows.jsonl"), "--out", str(out)]) == 0
    LineModel.load(out)
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "| rows | 1.000 of 72 |" in card
    assert "--questions rows.jsonl" in card

    further = ["--questions", str(tmp_path / "rows.jsonl"), "--onto", str(out), "--out", str(tmp_path / "further")]
    assert wence(["train", "lines", *further]) == 0
    first, grown = LineModel.load(out).forest, LineModel.load(tmp_path / "further").forest
    assert grown.root[: len(first.root)].tolist() == first.root.tolist()
    assert len(grown.root) > len(first.root)
    assert "--onto model" in (tmp_path / "further" / "README.md").read_text(encoding="utf-8")


def test_nothing_to_train_on_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert wence(["train", "lines", "--out", str(tmp_path / "model")]) == 2
    assert "0 questions" in capsys.readouterr().err
