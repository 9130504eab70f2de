"""A cross-encoder of random weights against the same network asked by hand; the order that it brings into hits."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from index.retrieval import Retriever
from index.snapshot import Snapshot
from index.store import Filters
from service.errors import ModelError
from service.pipeline import Pipeline
from service.reranking import Reranker, RerankingRetriever
from service.settings import Settings
from tests.encoders import HashEncoder
from tests.tiny_transformers import write_tiny_transformer

QUESTION = "林场的林地有多少亩？"
PASSAGES = ["县镇公交线路开通。", "", "a", "财政资金增长5.2%，国务院印发意见。" * 9, "2023年\ud800月"]
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_transformer(tmp_path_factory.mktemp("models") / "reranker", "SequenceClassification")


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    return Reranker(str(folder), device="cpu", batch_size=2)


def by_hand(folder: Path, question: str, passage: str) -> list[float]:
    """The logits of one pair."""
    import torch  # noqa: PLC0415
    from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415

    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    plain = passage.encode(errors="replace").decode()
    with torch.inference_mode():
        given = tokenizer([question], [plain], truncation="longest_first", max_length=48, return_tensors="pt")
        logits: list[float] = network(**given).logits[0].tolist()
    return logits


def test_scores_are_the_logits_of_each_pair_alone(folder: Path, reranker: Reranker) -> None:
    scores = reranker.score(QUESTION, PASSAGES)
    wanted = [by_hand(folder, QUESTION, passage)[0] for passage in PASSAGES]
    assert scores == pytest.approx(wanted, abs=1e-4)
    assert len(set(scores.round(3))) > 3
    assert reranker.score(QUESTION, []).shape == (0,)
    assert reranker.score(QUESTION, PASSAGES[::-1]) == pytest.approx(scores[::-1], abs=1e-4)


@pytest.mark.parametrize("kind", ["Bert", "Roberta"])
def test_of_two_labels_the_second_is_yes(tmp_path: Path, kind: str) -> None:
    folder = write_tiny_transformer(tmp_path / "two", "SequenceClassification", kind, labels=2)
    scores = Reranker(str(folder), device="cpu").score(QUESTION, PASSAGES)
    wanted = [yes - no for no, yes in (by_hand(folder, QUESTION, passage) for passage in PASSAGES)]
    assert scores == pytest.approx(wanted, abs=1e-4)


def test_what_cannot_rerank_is_refused_in_words(tmp_path: Path) -> None:
    three = write_tiny_transformer(tmp_path / "three", "SequenceClassification", labels=3)
    with pytest.raises(ModelError, match="three tells 3 classes apart"):
        Reranker(str(three), device="cpu")
    reader = write_tiny_transformer(tmp_path / "reader")
    with pytest.raises(ModelError, match="reader has no trained head for SequenceClassification"):
        Reranker(str(reader), device="cpu")


def test_threads_do_not_disturb_each_other(reranker: Reranker) -> None:
    questions = [QUESTION, "谁", "财政资金增长多少" * 9, "a"] * 6
    wanted = [reranker.score(question, PASSAGES).tolist() for question in questions]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda question: reranker.score(question, PASSAGES).tolist(), questions))
    assert found == wanted


@pytest.mark.parametrize(("depth", "top_k"), [(3, 2), (3, 5), (30, 4), (1, 3), (2, 0)])
def test_hits_come_in_the_order_of_the_reranker(shared: Snapshot, reranker: Reranker, depth: int, top_k: int) -> None:
    plain = Retriever(shared, HashEncoder())
    hits = RerankingRetriever(shared, HashEncoder(), reranker, depth).search(QUESTION, top_k)
    found = plain.search(QUESTION, max(depth, top_k) if top_k else 0)
    scores = reranker.score(QUESTION, [hit.passage.indexed_text for hit in found[:depth]])
    first = sorted(range(len(scores)), key=lambda i: -scores[i])
    assert [hit.row for hit in hits] == [found[i].row for i in [*first, *range(depth, len(found))]][:top_k]
    for hit in hits[:depth]:
        rank = [other.row for other in found].index(hit.row)
        assert hit.scores["rerank"] == pytest.approx(scores[rank], abs=1e-4)
        assert {name: score for name, score in hit.scores.items() if name != "rerank"} == found[rank].scores
    assert all("rerank" not in hit.scores for hit in hits[depth:])


def test_filters_hold(shared: Snapshot, reranker: Reranker) -> None:
    retriever = RerankingRetriever(shared, HashEncoder(), reranker, 20)
    hits = retriever.search(QUESTION, 10, Filters(articles=("care",)))
    assert {hit.passage.article_id for hit in hits} == {"care"}


def test_the_setting_turns_it_on(folder: Path, policies: Path) -> None:
    plain = Pipeline(policies, Settings(snapshot=policies, reranker="none"))
    hits = plain.search("云澜市综合窗口共办理事项多少件？", 3)
    assert ["rerank" in hit.scores for hit in hits] == [False] * 3
    chosen = Settings(snapshot=policies, reranker=str(folder), reranker_depth=4, model_device="cpu", model_batch=2)
    pipeline = Pipeline(policies, chosen)
    scores = [hit.scores["rerank"] for hit in pipeline.search("云澜市综合窗口共办理事项多少件？", 3)]
    assert scores == sorted(scores, reverse=True)
    assert "rerank" in pipeline.ask("云澜市综合窗口共办理事项多少件？").retrieved[0].scores
    with pytest.raises(ModelError, match="no/such-model"):
        Pipeline(policies, Settings(snapshot=policies, reranker="no/such-model"))
