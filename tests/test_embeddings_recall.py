import json
from pathlib import Path

import numpy as np
import pytest

from eval.encoder import bm25_scores, fuse, fuse_all, fuse_ranks, main, recall

DENSE = np.array([[0.9, 0.1, 0.5], [0.2, 0.8, 0.3]], dtype=np.float32)
LEXICAL = np.array([[0.0, 4.0, 2.0], [0.0, 0.0, 0.0]], dtype=np.float32)


def test_recall_counts_questions_with_a_right_passage() -> None:
    gold = [frozenset({0}), frozenset({0, 2})]
    assert recall(DENSE, gold) == {"recall@1": 0.5, "recall@10": 1.0}


def test_weighted_sums_are_the_hand_worked_ones() -> None:
    expected = np.array([[0.225, 0.775, 0.5], [0.05, 0.2, 0.075]])
    np.testing.assert_allclose(fuse(DENSE, LEXICAL, 0.25), expected, atol=1e-6)
    np.testing.assert_allclose(fuse_all(DENSE, LEXICAL, 0.25), expected, atol=1e-6)


def test_reciprocal_ranks_are_the_hand_worked_ones() -> None:
    first = fuse_ranks(DENSE, LEXICAL, 0.5)[0]
    np.testing.assert_allclose(first, [0.5 / 61 + 0.5 / 63, 0.5 / 63 + 0.5 / 61, 0.5 / 62 + 0.5 / 62], atol=1e-6)


def test_bm25_finds_the_passage_with_the_words() -> None:
    scores = bm25_scores(["苹果丰收", "铁路建设", "天气晴朗"], ["铁路在哪里建设", "苹果"])
    assert scores.shape == (2, 3)
    assert scores.argmax(axis=1).tolist() == [1, 0]
    assert scores[1, 2] == 0


def test_report_has_every_channel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions, news = tmp_path / "questions.jsonl", tmp_path / "news.jsonl"
    contexts = ["苹果今年丰收，产量12万吨。", "铁路建设投资300亿元。"]
    rows = [
        {"context": contexts[0], "question": "苹果产量是多少？", "answers": [{"text": "12万吨", "start": 7}]},
        {"context": contexts[1], "question": "铁路投资多少？", "answers": [{"text": "300亿元", "start": 6}]},
        {"context": contexts[1], "question": "无答案？", "answers": []},
    ]
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    news.write_text("".join(json.dumps({"text": f"第{i}条新闻。"}) + "\n" for i in range(60)), encoding="utf-8")
    assert main(["--questions", str(questions), "--news", str(news), "--weights", "0.25"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["questions"], report["encoder"]["name"]) == (2, "wence-static")
    for channel in (report["dense"], report["bm25"], report["fused"]["0.25"]):
        assert channel == {"recall@1": 1.0, "recall@10": 1.0}
