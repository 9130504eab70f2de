"""Passages ordered by the evidence in them: what answers comes first, and nothing else about the hits changes."""

from pathlib import Path

import numpy as np
import pytest

from eval.ranking import Offer, cross_validated, fit
from index.retrieval import Retriever
from index.snapshot import Snapshot
from index.store import Filters
from service.answering.question import understand
from service.answering.ranking import BEHIND, DEPTH, SURE_MARGIN, EvidenceRetriever, by_evidence, evidence, is_sure
from service.pipeline import Pipeline
from service.settings import Settings
from tests.encoders import HashEncoder


def test_the_passage_with_the_figure_asked_for_has_the_evidence(shared: Snapshot) -> None:
    question = "清河县每年补贴长者食堂多少万元？"
    hits = Retriever(shared, HashEncoder()).search(question)
    found = dict(
        zip((hit.passage.article_id for hit in hits), evidence(understand(question), hits, shared), strict=False)
    )
    assert found["care"] == max(found.values()) > 2 * max(score for key, score in found.items() if key != "care")


def test_close_passages_come_in_the_order_of_their_score_and_keep_the_others(policies: Path) -> None:
    pipeline = Pipeline(policies, Settings(snapshot=policies, reranker="none"))
    asked = "综合窗口办理多少件？"
    hits = pipeline.search(asked, 12)
    ranked = by_evidence(understand(asked), hits, pipeline.snapshot)
    most = hits[0].scores["fused"]
    near = [hit for hit in hits[:DEPTH] if most - hit.scores["fused"] <= BEHIND]
    assert 1 < len(near) < len(hits)
    scores = [hit.scores["rerank"] for hit in ranked[: len(near)]]
    assert scores == sorted(scores, reverse=True)
    assert {hit.row for hit in ranked[: len(near)]} == {hit.row for hit in near}
    assert ranked[len(near) :] == hits[len(near) :]
    for hit in ranked:
        before = next(other for other in hits if other.row == hit.row)
        assert {name: score for name, score in hit.scores.items() if name != "rerank"} == before.scores


@pytest.mark.parametrize("top_k", [0, 1, 3, 12])
def test_a_search_gives_as_many_as_asked_for_whatever_is_looked_at(shared: Snapshot, top_k: int) -> None:
    plain, ranking = Retriever(shared, HashEncoder()), EvidenceRetriever(shared, HashEncoder())
    for question in ("企业收入多少万元？", "港口集团资产达多少亿元？", "无"):
        wanted = plain.search(question, max(top_k, DEPTH) if top_k else 0)
        found = ranking.search(question, top_k)
        assert len(found) == min(top_k, len(wanted))
        if is_sure(wanted):
            assert found == wanted[:top_k]
        elif top_k:
            assert found == by_evidence(understand(question), wanted, shared)[:top_k]


def test_filters_hold(shared: Snapshot) -> None:
    hits = EvidenceRetriever(shared, HashEncoder()).search("收入多少？", 10, Filters(articles=("care", "forest")))
    assert {hit.passage.article_id for hit in hits} <= {"care", "forest"}


def test_the_setting_turns_it_off(policies: Path) -> None:
    asked = "综合窗口办理多少件？"
    assert not is_sure(Pipeline(policies, Settings(snapshot=policies, reranker="none")).search(asked))
    for name, wanted in (("evidence", True), ("none", False)):
        pipeline = Pipeline(policies, Settings(snapshot=policies, reranker=name))
        assert ["rerank" in hit.scores for hit in pipeline.search(asked, 2)] == [wanted, wanted]


def offer(article: str, columns: list[list[float]], right: int) -> Offer:
    return Offer("dev", article, np.array(columns), np.arange(len(columns)) == right, sure=False)


def test_the_fit_finds_the_column_that_tells_right_from_wrong() -> None:
    """In three columns of which the last alone speaks for the right passage, the last gets the weight."""
    drawn = np.random.default_rng(1).random((60, 4, 2))
    offers = [offer(str(number), [[*row, float(at == number % 4)] for at, row in enumerate(rows)], number % 4)
              for number, rows in enumerate(drawn.tolist())]  # fmt: skip
    weights = fit(offers)
    assert weights.sum() == pytest.approx(1)
    assert weights[2] > 0.8
    assert all(cross_validated(offers))


def test_a_lead_keeps_the_first_passage_where_it_is() -> None:
    rows = [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
    sure = Offer("dev", "a", np.array(rows), np.array([True, False]), sure=True)
    assert sure.is_right(np.ones(3))
    assert not Offer("dev", "a", np.array(rows), np.array([True, False]), sure=False).is_right(np.ones(3))
    assert 0 < SURE_MARGIN < 1
