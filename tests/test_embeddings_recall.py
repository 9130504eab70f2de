import json
import lzma
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.encoder import HOLD_OUT, Wanted, main, ranked, read_collection
from index.passage import Passage


def passage(article_id: str, text: str) -> Passage:
    return Passage(article_id, "", 0, len(text), text, ())


def test_a_hit_is_of_its_article_and_holds_an_answer() -> None:
    wanted = Wanted("产量多少？", "a1", ("12万吨", "十二万吨"))
    assert wanted.is_met_by(passage("a1", "产量 12 万吨。"))
    assert not wanted.is_met_by(passage("a1", "产量很高。"))
    assert not wanted.is_met_by(passage("a2", "产量12万吨。"))
    assert Wanted("标题", "a2").is_met_by(passage("a2", "无论什么"))


def test_measures_are_the_hand_worked_ones() -> None:
    wanted = [Wanted("问", "a")] * 4
    right, wrong = passage("a", "对"), passage("b", "错")
    found = [[right, wrong], [wrong, wrong, right], [wrong] * 6 + [right], [wrong]]
    assert ranked(found, wanted) == {
        "recall@1": 25.0,
        "recall@5": 50.0,
        "recall@10": 75.0,
        "mrr@10": round(100 * (1 + 1 / 3 + 1 / 7) / 4, 2),
    }


def write(path: Path, rows: Sequence[object]) -> None:
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write(folder / "news-2023.jsonl.xz", [{"text": f"第{n}镇今年新建公园{n + 3}座，居民都说好。"} for n in range(30)])
    contexts = ["苹果今年丰收，产量12万吨。", "铁路建设投资300亿元。"]
    asked = [
        {"context": contexts[0], "question": "苹果产量是多少？", "answers": [{"text": "12万吨", "start": 9}]},
        {"context": contexts[1], "question": "铁路投资多少？", "answers": [{"text": "300亿元", "start": 6}]},
        {"context": contexts[1], "question": "无答案？", "answers": []},
    ]
    write(folder / "cmrc2018-dev.jsonl.xz", asked)
    searched = {"question": "足球比分是多少？", "answers": [{"text": "三比二", "start": 4}]}
    write(folder / "dureader-checklist-train.jsonl.xz", [{"context": "足球比分三比二。", **searched}])
    titles = [{"title": f"第{n}次航天飞行", "text": f"宇航员完成第{n}次航天飞行任务。"} for n in range(HOLD_OUT + 1)]
    write(folder / "broadcast-2012-2026.jsonl.xz", [*titles, *[{"title": "快讯", "text": "快讯。"}] * 2])
    return folder


def test_the_collection_holds_what_training_left_out(data: Path) -> None:
    collection = read_collection(data)
    counts = {name: len(wanted) for name, wanted in collection.tasks.items()}
    assert counts == {"CMRC 2018 dev": 2, "DuReader-checklist": 1, "self-made": 3, "title → article": 2}
    texts = {article.id: article.text for article in collection.articles}
    assert len(texts) == len(collection.articles) == 30 + 2 + 1 + 2
    for wanted in collection.tasks["self-made"]:
        assert int(wanted.article_id[1:]) % HOLD_OUT == 0
        assert wanted.answers[0] in texts[wanted.article_id]
    assert {w.question for w in collection.tasks["title → article"]} == {"第0次航天飞行", f"第{HOLD_OUT}次航天飞行"}
    assert [len(wanted) for wanted in read_collection(data, sample=1).tasks.values()] == [1] * 4


def test_report_has_every_task_and_channel(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(data), "--dimension", "64"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["encoder"]["name"], report["encoder"]["dimension"], report["passages"]) == ("wence-static", 64, 35)
    perfect = {"recall@1": 100.0, "recall@5": 100.0, "recall@10": 100.0, "mrr@10": 100.0}
    for task in ("CMRC 2018 dev", "DuReader-checklist"):
        assert all(report["tasks"][task][channel]["recall@10"] == 100 for channel in ("encoder", "both"))
        assert report["tasks"][task]["BM25"] == perfect
    assert report["speed"]["passages_per_core_s"] > 0
