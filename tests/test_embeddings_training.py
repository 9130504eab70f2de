import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from embeddings import load_encoder
from embeddings.training.bags import Bags, shared, tokenize
from embeddings.training.checkpoint import Checkpoint
from embeddings.training.cooccurrence import token_vectors
from embeddings.training.documents import read_documents
from embeddings.training.fitting import Recipe, fit
from embeddings.training.negatives import mine
from embeddings.training.recipe import main, train_encoder
from embeddings.training.sampling import PairTable, Sampler, number_pairs
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


SMALL = ["--steps", "12", "--batch-size", "16", "--vocabulary-size", "120", "--dimension", "8"]


def bags(*texts: list[int]) -> Bags:
    lengths = [len(text) for text in texts]
    return Bags(np.array([i for text in texts for i in text], dtype=np.int32), np.cumsum([0, *lengths]))


def test_negatives_are_what_bm25_finds() -> None:
    passages = bags([1, 2, 3], [1, 2, 4], [1, 5, 6], [7, 8, 9], [3, 1, 2, 2])
    questions = bags([2, 1], [9, 9], [11])
    before = passages.ids.tolist()
    found = mine(questions, passages, np.array([0, 2, 1]), size=12, count=3)
    assert passages.ids.tolist() == before
    assert found.rows.tolist() == [[4, 1, 2], [3, -1, -1], [-1, -1, -1]]  # never the right passage
    # idf of 2 (three of five) and 1 (four of five); k1 = 1.2, b = 0.75, mean length 3.2
    first, second = np.log(1 + 2.5 / 3.5), np.log(1 + 1.5 / 4.5)
    short, long = 1.2 * (0.25 + 0.75 * 3 / 3.2), 1.2 * (0.25 + 0.75 * 4 / 3.2)
    right = (first + second) * 2.2 / (1 + short)
    best = first * 2 * 2.2 / (2 + long) + second * 2.2 / (1 + long)
    assert found.own[0] == pytest.approx(right / best, abs=1e-5)
    assert found.share[0, :2].tolist() == pytest.approx([1, right / best], abs=1e-5)
    assert found.own[1:].tolist() == [0, 0]


@pytest.fixture(scope="module")
def pairs(source: Path) -> PairTable:
    documents = read_documents([source])
    tokenizer = build_tokenizer((p for d in documents for p in d.passages), size=120)
    return number_pairs(documents, tokenizer, Random(1))


def test_a_batch_has_one_pair_of_a_document(pairs: PairTable) -> None:
    sampler = Sampler(pairs, batch_size=32, asked_share=0.25)
    draw = sampler.draw(np.random.default_rng(1))
    documents = np.searchsorted(pairs.first_pair, draw.pairs, side="right")
    assert len(set(documents.tolist())) == len(documents) == 32
    assert pairs.asked[documents - 1].sum() == 1  # there is no other to make up the eight wished for
    assert (np.searchsorted(pairs.first_passage, draw.other, side="right") == documents).all()
    assert ((draw.found_share >= 0) & (draw.found_share <= 1)).all()
    again = sampler.draw(np.random.default_rng(1))
    assert np.array_equal(again.pairs, draw.pairs)


def test_a_table_comes_back_from_its_arrays(pairs: PairTable) -> None:
    again = PairTable.from_arrays(pairs.to_arrays())
    assert again.to_arrays().keys() == pairs.to_arrays().keys()
    assert all(np.array_equal(again.to_arrays()[name], array) for name, array in pairs.to_arrays().items())


def test_a_stopped_run_goes_on_to_the_same_table(pairs: PairTable, tmp_path: Path) -> None:
    recipe = Recipe(steps=60, batch_size=8, dimension=8, nested=(4,), save_every_s=0)
    start = np.random.default_rng(2).standard_normal((120, 8)).astype(np.float32)
    whole_run, checkpoint = (Checkpoint(tmp_path / name, "key") for name in ("whole", "stopped"))
    whole_run.keep({}, {})
    whole, _ = fit(pairs, start, recipe, whole_run, lambda _: None)

    def stop(line: str) -> None:
        if "step    51" in line:
            raise KeyboardInterrupt

    checkpoint.keep({}, {})
    with pytest.raises(KeyboardInterrupt):
        fit(pairs, start, recipe, checkpoint, stop)
    said: list[str] = []
    table, _ = fit(pairs, start, recipe, checkpoint, said.append)
    assert said[0] == "going on after step 50"
    np.testing.assert_array_equal(table, whole)


def test_what_was_prepared_is_for_one_run_alone(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "state", "one")
    assert checkpoint.prepared() is None
    checkpoint.keep({"a": np.arange(3)}, {"tokenizer": "…"})
    arrays, record = checkpoint.prepared() or ({}, {})
    assert arrays["a"].tolist() == [0, 1, 2]
    assert record["tokenizer"] == "…"
    assert Checkpoint(tmp_path / "state", "other").prepared() is None
    checkpoint.forget()
    assert not (tmp_path / "state").exists()


def test_training_writes_a_model_and_repeats_itself(source: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main([str(source), "--out", str(tmp_path / name), *SMALL]) == 0
    one, two = (load_encoder(str(tmp_path / name)) for name in ("one", "two"))
    assert one.info.revision == two.info.revision
    apple, rail, orchard = one.encode_passages(["苹果", "铁路", "果园采摘"])
    assert apple @ orchard > apple @ rail
    assert load_encoder(str(tmp_path / "one"), dimension=4).encode_question("苹果").shape == (4,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_the_card_tells_the_run(source: Path, tmp_path: Path) -> None:
    train_encoder(
        [source], tmp_path / "mine", Recipe(steps=3, batch_size=8, vocabulary_size=120, dimension=8), hold_out=5
    )
    card = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert load_encoder(str(tmp_path / "mine")).info.revision in card
    assert "| data | 48 articles, 1 texts with questions that people asked, " in card
    assert "| steps | 3 of 8 pairs, seed 7 |" in card
    assert "Every 5th article was left out" in card
    assert "| title → article | 12 | " in card


def test_a_folder_of_text_files_is_trained_on(tmp_path: Path) -> None:
    folder = tmp_path / "texts" / "2024"
    folder.mkdir(parents=True)
    for number, topic in enumerate((FRUIT, RAIL) * 6):
        name = f"{number}.md" if number % 2 else f"{number}.txt"
        (folder / name).write_text(f"# {topic[0]}\n\n" + "。".join(topic) * 20 + "。", encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff")
    documents = read_documents([tmp_path / "texts"])
    assert [document.title for document in documents[:2]] == [FRUIT[0], RAIL[0]]
    assert len(documents) == 12
    assert len(read_documents([tmp_path / "texts"], hold_out=4)) == 9
    assert len(read_documents([tmp_path / "texts"], hold_out=4, left_out=True)) == 3
    assert main([str(tmp_path / "texts"), "--out", str(tmp_path / "model"), *SMALL]) == 0
    assert load_encoder(str(tmp_path / "model")).info.dimension == 8


def test_nothing_to_train_on_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    assert main([str(empty), "--out", str(tmp_path / "model")]) == 2
    assert capsys.readouterr().err == "wence train encoder: 0 documents to train on: give at least 2, better 10,000\n"
    assert main([str(tmp_path / "gone.jsonl"), "--out", str(tmp_path / "model")]) == 2
    assert "gone.jsonl" in capsys.readouterr().err
    (tmp_path / "pictures").mkdir()
    assert main([str(tmp_path / "pictures"), "--out", str(tmp_path / "model")]) == 2
    assert "pictures holds no text to train on" in capsys.readouterr().err
    (tmp_path / "old.txt").write_bytes("旧".encode("gbk"))
    assert main([str(tmp_path / "old.txt"), "--out", str(tmp_path / "model")]) == 2
    assert "old.txt is not UTF-8" in capsys.readouterr().err
