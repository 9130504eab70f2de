"""A ranking of ids and their graded relevance in, recall, reciprocal rank and nDCG out, as trec_eval defines them.

A ranking lists ids best first; an id that comes again (a second passage of the same article) is passed over, so that
`k` counts different ids. `relevant` maps an id to its grade; a grade of 0 or less, or no grade, is not relevant.
All measures lie in 0 to 1. A question without an answer, an empty ranking, and nothing relevant score 0: they stay in
the mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from math import log2


def recall_at(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """The share of all relevant ids that is among the first `k` (trec_eval: recall_k)."""
    wanted = sum(grade > 0 for grade in relevant.values())
    return sum(grade > 0 for grade in _grades(ranking, relevant, k)) / wanted if wanted else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, int], k: int | None = None) -> float:
    """1 / rank of the first relevant id, 0 when none is among the first `k` (trec_eval: recip_rank, without a `k`)."""
    ranks = (rank for rank, grade in enumerate(_grades(ranking, relevant, k), start=1) if grade > 0)
    return 1 / next(ranks, float("inf"))


def ndcg_at(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Discounted cumulative gain of the first `k` as a share of the best possible (trec_eval: ndcg_cut_k).

    The gain is the grade itself, divided by log2(rank + 1) (Järvelin and Kekäläinen, TOIS 2002), not 2^grade - 1:
    so trec_eval, ir_measures' nDCG and the figures published for BEIR and MTEB have it. For grades 0 and 1 both agree.
    """
    best = _discounted(sorted((max(grade, 0) for grade in relevant.values()), reverse=True)[:k])
    return _discounted(_grades(ranking, relevant, k)) / best if best else 0.0


def _grades(ranking: Sequence[str], relevant: Mapping[str, int], k: int | None) -> list[int]:
    return [max(relevant.get(found, 0), 0) for found in islice(dict.fromkeys(ranking), k)]


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))
