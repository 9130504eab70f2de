"""The ranking measures: a table worked by hand, and trec_eval itself on random rankings."""

from math import log2
from random import Random

import pytest
import pytrec_eval

from eval.metrics.ranking import ndcg_at, recall_at, reciprocal_rank

GRADED = {"a": 3, "b": 2, "c": 1, "n": 0}
BEST_3 = 3 + 2 / log2(3) + 1 / 2


@pytest.mark.parametrize(
    ("ranking", "relevant", "k", "recall", "rank", "ndcg"),
    [
        (["a", "b", "c"], GRADED, 3, 1, 1, 1),
        (["c", "b", "a"], GRADED, 3, 1, 1, (1 + 2 / log2(3) + 3 / 2) / BEST_3),
        (["x", "b"], GRADED, 3, 1 / 3, 1 / 2, (2 / log2(3)) / BEST_3),
        (["x", "n", "c"], GRADED, 3, 1 / 3, 1 / 3, (1 / 2) / BEST_3),
        (["x", "n", "c"], GRADED, 2, 0, 0, 0),
        (["a", "x"], GRADED, 1, 1 / 3, 1, 1),
        (["x", "b"], {"b": 1}, 2, 1, 1 / 2, 1 / log2(3)),
        (["x", "x", "b"], {"b": 1}, 2, 1, 1 / 2, 1 / log2(3)),  # a second passage of an article is no rank of its own
        (["b", "b"], {"b": 1, "c": 1}, 2, 1 / 2, 1, 1 / (1 + 1 / log2(3))),
        (["b"], {"b": 1, "spam": -2}, 5, 1, 1, 1),
        (["spam", "b"], {"b": 1, "spam": -2}, 5, 1, 1 / 2, 1 / log2(3)),
        ([], GRADED, 3, 0, 0, 0),
        (["a"], {}, 3, 0, 0, 0),
        (["n"], {"n": 0}, 3, 0, 0, 0),
        (["a"], GRADED, 0, 0, 0, 0),
    ],
)  # fmt: skip
def test_table(
    ranking: list[str], relevant: dict[str, int], k: int, recall: float, rank: float, ndcg: float
) -> None:  # fmt: skip
    assert recall_at(ranking, relevant, k) == pytest.approx(recall)
    assert reciprocal_rank(ranking, relevant, k) == pytest.approx(rank)
    assert ndcg_at(ranking, relevant, k) == pytest.approx(ndcg)


def test_reciprocal_rank_without_a_depth_looks_at_all() -> None:
    assert reciprocal_rank([*map(str, range(999)), "right"], {"right": 1}) == 1 / 1000


@pytest.mark.parametrize("seed", range(200))
def test_trec_eval_agrees(seed: int) -> None:
    """Equal scores are in the ranking in trec_eval's order: falling score, then falling document id."""
    random = Random(seed)
    documents = [f"d{number}" for number in range(random.randint(1, 40))]
    judged = random.sample(documents, random.randint(1, len(documents)))
    relevant = {document: random.choice((-1, 0, 0, 1, 1, 2, 3)) for document in judged}
    relevant["never found"] = 2
    scores = {document: random.choice((0.25, 0.5, 1.0, random.random())) for document in documents}
    ranking = sorted(scores, key=lambda document: (scores[document], document), reverse=True)
    wanted = {"recall.1,5,10", "ndcg_cut.1,5,10", "recip_rank"}
    found = pytrec_eval.RelevanceEvaluator({"q": relevant}, wanted).evaluate({"q": scores})["q"]
    assert found["recip_rank"] == pytest.approx(reciprocal_rank(ranking, relevant), abs=1e-9)
    for k in (1, 5, 10):
        assert found[f"recall_{k}"] == pytest.approx(recall_at(ranking, relevant, k), abs=1e-9)
        assert found[f"ndcg_cut_{k}"] == pytest.approx(ndcg_at(ranking, relevant, k), abs=1e-9)
