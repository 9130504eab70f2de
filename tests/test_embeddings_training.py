import json
from pathlib import Path

import numpy as np
import pytest

from embeddings import load_encoder
from embeddings.training.bags import shared, tokenize
from embeddings.training.cooccurrence import token_vectors
from embeddings.training.recipe import main
from embeddings.training.vocabulary import build_tokenizer

FRUIT = ["苹果种植面积扩大", "果园采摘苹果", "苹果丰收果农增收"]
RAIL = ["铁路建设投资增加", "高铁列车运行", "铁路货运列车增加"]


def test_vocabulary_cuts_words_and_falls_back_to_characters() -> None:
    tokenizer = build_tokenizer([*FRUIT * 20, *RAIL * 20], size=200)
    assert tokenizer.encode("铁路建设，苹果！").tokens == ["铁路", "建设", "苹果"]
    assert tokenizer.encode("路铁 GDP５").tokens == ["路", "铁", "g", "d", "p", "5"]
    assert tokenizer.encode("😀。").ids == []
    assert tokenizer.encode("鼯").ids == [0]


def test_vocabulary_keeps_its_size() -> None:
    assert build_tokenizer([*FRUIT * 20, *RAIL * 20], size=70).get_vocab_size() <= 70


def test_bags_are_the_texts_tokens() -> None:
    tokenizer = build_tokenizer([*FRUIT * 20, *RAIL * 20], size=200)
    bags = tokenize(tokenizer, ["苹果", "", "铁路建设"])
    ids = [tokenizer.encode(text).ids for text in ("铁路建设", "", "苹果", "铁路建设")]
    batch = bags.take(np.array([2, 1, 0, 2]))
    assert batch.ids.tolist() == [i for row in ids for i in row]
    assert batch.starts.tolist() == [0, 2, 2, 3]
    assert batch.rows.tolist() == [0, 0, 2, 3, 3]
    fewer = batch.keep(batch.ids != ids[2][0])
    assert fewer.starts.tolist() == [0, 2, 2, 2]
    assert fewer.rows.tolist() == [0, 0, 3, 3]
    others = bags.take(np.array([2, 2, 2, 0]))
    assert shared(batch, others, size=200).tolist() == [True, True, False, False, False]


def test_neighbours_get_alike_starting_vectors() -> None:
    ids = np.array(([1, 2, 3, 2, 1, 3] * 50) + ([4, 5, 6, 5, 4, 6] * 50), dtype=np.int32)
    rows = token_vectors(ids, size=8, dimension=4, window=2, seed=1)
    assert rows.shape == (8, 4)
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    assert unit[1] @ unit[2] > unit[1] @ unit[5] + 0.5
    assert not rows[0].any()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("texts") / "articles.jsonl"
    rng = np.random.default_rng(1)
    rows: list[dict[str, object]] = []
    for topic in (FRUIT, RAIL) * 30:
        sentences = [f"{topic[rng.integers(3)]}{rng.integers(2, 99)}万亩。" + "其他情况" * 20 + "。" for _ in range(4)]
        rows.append({"title": topic[0], "text": "".join(sentences)})
    context = "甲地的苹果最有名。" + "其他情况" * 40 + "。"
    rows += [{"context": context, "title": "", "question": "哪里苹果有名？", "answers": [{"text": "甲地", "start": 0}]}]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_training_writes_a_model_and_repeats_itself(source: Path, tmp_path: Path) -> None:
    small = ["--steps", "12", "--batch-size", "16", "--vocabulary-size", "120", "--dimension", "8"]
    for name in ("one", "two"):
        assert main([str(source), "--out", str(tmp_path / name), *small]) == 0
    one, two = (load_encoder(str(tmp_path / name)) for name in ("one", "two"))
    assert one.info.revision == two.info.revision
    apple, rail, orchard = one.encode_passages(["苹果", "铁路", "果园采摘"])
    assert apple @ orchard > apple @ rail


def test_nothing_to_train_on_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    assert main([str(empty), "--out", str(tmp_path / "model")]) == 2
    assert capsys.readouterr().err == "wence train encoder: 0 documents to train on: give at least 2, better 10,000\n"
    assert main([str(tmp_path / "gone.jsonl"), "--out", str(tmp_path / "model")]) == 2
    assert "gone.jsonl" in capsys.readouterr().err
