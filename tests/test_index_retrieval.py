from pathlib import Path

import numpy as np
import pytest

from index.article import Article
from index.building import build
from index.errors import SnapshotError
from index.retrieval import DENSE_WEIGHT, Retriever
from index.snapshot import Snapshot
from index.store import Filters
from tests.encoders import HashEncoder

QUESTIONS = ["港口集团的资产是多少？", "长者食堂", "第一笔碳汇收入", "没有标点符号", "編者按", "通关时间缩短"]


@pytest.fixture(scope="module")
def retriever(shared: Snapshot) -> Retriever:
    return Retriever(shared, HashEncoder())


@pytest.mark.parametrize(
    ("question", "article_id"),
    [
        ("港口集团的资产是多少？", "port"),
        ("长者食堂每天供餐多少份", "care"),
        ("長者食堂", "care"),
        ("森林覆盖率", "forest"),
        ("编者按", "note"),
        ("没有标点符号", "plain"),
    ],
)
def test_the_right_article_comes_first(retriever: Retriever, question: str, article_id: str) -> None:
    assert retriever.search(question)[0].passage.article_id == article_id


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_those_of_the_channels(retriever: Retriever, question: str) -> None:
    snapshot, encoder = retriever.snapshot, HashEncoder()
    vectors = snapshot.dense.vectors(0, len(snapshot.dense))
    hits = retriever.search(question, 1000)
    best = max((hit.scores["lexical"] for hit in hits if "lexical" in hit.scores), default=1.0)
    for hit in hits:
        assert hit.passage == snapshot.store.passages([hit.row])[0]
        cosine = float(vectors[hit.row] @ encoder.encode_question(question))
        assert hit.scores["dense"] == pytest.approx(cosine, abs=1e-5)
        fused = (1 - DENSE_WEIGHT) * hit.scores.get("lexical", 0) / best + DENSE_WEIGHT * cosine
        assert hit.scores["fused"] == pytest.approx(fused, abs=1e-5)
    fused_scores = [hit.scores["fused"] for hit in hits]
    assert fused_scores == sorted(fused_scores, reverse=True)
    assert len({hit.row for hit in hits}) == len(hits)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "filters",
    [
        Filters(articles=("care",)),
        Filters(columns=("深度",)),
        Filters(authors=("陈望",), date_from="2024-04-01"),
        Filters(issues=("改革月刊2024年第4期",)),
    ],
)
def test_filters_pushed_down_equal_results_filtered(retriever: Retriever, question: str, filters: Filters) -> None:
    allowed = {article_id for article_id, _, _ in retriever.snapshot.store.matching(filters)}
    expected = {
        hit.row: {name: score for name, score in hit.scores.items() if name != "fused"}
        for hit in retriever.search(question, 1000)
        if hit.passage.article_id in allowed
    }
    found = {
        hit.row: {name: score for name, score in hit.scores.items() if name != "fused"}
        for hit in retriever.search(question, 1000, filters)
    }
    assert found == expected


@pytest.mark.parametrize("top_k", [1, 2, 3, 7, 1000])
def test_top_k_is_the_head_of_all(retriever: Retriever, top_k: int) -> None:
    everything = [hit.row for hit in retriever.search(QUESTIONS[0], 1000)]
    assert [hit.row for hit in retriever.search(QUESTIONS[0], top_k)] == everything[:top_k]


@pytest.mark.parametrize("top_k", [0, -1, -100])
def test_fewer_than_one_is_none(retriever: Retriever, top_k: int) -> None:
    assert retriever.search(QUESTIONS[0], top_k) == []


def test_a_filter_that_nothing_meets(retriever: Retriever) -> None:
    assert retriever.search(QUESTIONS[0], 5, Filters(columns=("没有这个栏目",))) == []


@pytest.mark.parametrize("question", ["", "  ", "\n"])
def test_a_question_without_content_finds_nothing(retriever: Retriever, question: str) -> None:
    assert retriever.search(question) == []


@pytest.mark.parametrize(
    "question", ["？！", "😀", "\0", "\ud800港口", "x" * 50_000, "港口" * 5000, '"港口" AND (', "的"]
)
def test_nasty_questions_raise_nothing(retriever: Retriever, question: str) -> None:
    for hit in retriever.search(question, 3):
        assert "lexical" in hit.scores or hit.scores["dense"] > 0


def test_question_words_do_not_search(retriever: Retriever) -> None:
    with_them, without = (
        {hit.row: hit.scores["lexical"] for hit in retriever.search(question, 100) if "lexical" in hit.scores}
        for question in ("多少 食堂", "食堂")
    )
    assert with_them == without != {}


def test_the_same_question_gives_the_same_hits(retriever: Retriever, shared_folder: Path) -> None:
    again = Retriever(Snapshot.open(shared_folder), HashEncoder())
    for question in QUESTIONS:
        assert again.search(question) == retriever.search(question)


@pytest.mark.parametrize("other", [HashEncoder(32), HashEncoder(revision="2")])
def test_another_encoder_is_refused(shared: Snapshot, other: HashEncoder) -> None:
    with pytest.raises(SnapshotError, match=r"another encoder.*wence upgrade"):
        Retriever(shared, other)


def test_dense_candidates_are_exact_over_many_passages(tmp_path: Path) -> None:
    found = [Article(f"a{n}", f"题{n}", f"第{n}条关于{n * 7}号地块和{n % 13}类项目的规定。") for n in range(300)]
    encoder = HashEncoder()
    build(found, tmp_path / "s", encoder)
    snapshot = Snapshot.open(tmp_path / "s")
    expected = np.stack([encoder.encode_question(f"题{n}\n{article.text}") for n, article in enumerate(found)])
    np.testing.assert_allclose(snapshot.dense.vectors(0, 300), expected)
    question = encoder.encode_question("13类项目")
    got, scores = snapshot.dense.search(question, 20)
    cosines = expected @ question
    np.testing.assert_allclose(scores, np.sort(cosines)[::-1][:20], atol=1e-6)
    np.testing.assert_allclose(cosines[got], scores, atol=1e-6)


def test_every_offered_passage_counts_with_its_cosine(tmp_path: Path) -> None:
    found = [Article(f"a{n}", f"题{n}", "地块" * (n % 40) + f"第{n}号项目的规定，见附件{n % 7}。") for n in range(300)]
    encoder = HashEncoder()
    build(found, tmp_path / "s", encoder)
    snapshot = Snapshot.open(tmp_path / "s")
    vectors, question = snapshot.dense.vectors(0, 300), "附件3规定"
    hits = Retriever(snapshot, encoder).search(question, 50)
    nearest = set(snapshot.dense.search(encoder.encode_question(question), 50)[0].tolist())
    assert any(hit.row not in nearest for hit in hits)  # offered by the lexical channel alone
    for hit in hits:
        assert hit.scores["dense"] == pytest.approx(
            float(vectors[hit.row] @ encoder.encode_question(question)), abs=1e-5
        )
