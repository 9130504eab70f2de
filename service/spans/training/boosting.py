"""A table, labels and weights in, a forest out. The only place that knows the boosting engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from service.errors import SpanModelError
from service.spans.asked import Floats
from service.spans.trees import Forest, forest_of


@dataclass(frozen=True, slots=True)
class Boosting:
    """How a forest is grown: `rate` is the learning rate, `least` the rows of a leaf, `columns` the share tried a tree."""

    rounds: int
    leaves: int
    depth: int
    rate: float
    least: int
    columns: float


def boost(
    table: Floats, labels: Floats, weights: Floats, growth: Boosting, seed: int, known: Forest | None = None
) -> Forest:
    """Trees by gradient boosting on the cross-entropy (Ke et al., LightGBM, NIPS 2017); labels in 0..1. Where a forest is
    `known`, the trees are what it lacks, to be added to its own.
    """
    return _grown(table, labels, growth, seed, {"objective": "cross_entropy"}, known, weight=weights)


def boost_order(
    table: Floats,
    labels: Floats,
    groups: Sequence[int],
    growth: Boosting,
    seed: int,
    weights: Floats | None = None,
    known: Forest | None = None,
) -> Forest:
    """Trees that put rows labelled 1 before those labelled 0 within each group of rows that follow one another; `groups`
    are their lengths (LambdaMART: Burges, MSR-TR-2010-82). `known` as for `boost`.
    """
    objective = {"objective": "lambdarank", "lambdarank_truncation_level": _ORDERED}
    return _grown(table, labels, growth, seed, objective, known, group=list(groups), weight=weights)


_ORDERED = 3
"""How far from the top the order of rows counts."""


def _grown(
    table: Floats,
    labels: Floats,
    growth: Boosting,
    seed: int,
    objective: Mapping[str, Any],
    known: Forest | None,
    **told: Any,
) -> Forest:
    try:
        import lightgbm  # noqa: PLC0415 - for training alone
    except ImportError as error:
        raise SpanModelError("training the span model needs lightgbm: pip install 'wence[train]'") from error

    settings = {
        **objective, "num_leaves": growth.leaves, "max_depth": growth.depth, "learning_rate": growth.rate,
        "min_data_in_leaf": growth.least, "feature_fraction": growth.columns, "bagging_fraction": 0.8, "bagging_freq": 1,
        "max_bin": 127, "use_missing": False, "num_threads": 1, "deterministic": True, "seed": seed, "verbose": -1,
    }  # fmt: skip
    start = known.log_odds(table) if known else None
    data = lightgbm.Dataset(np.asarray(table), label=labels, init_score=start, free_raw_data=True, **told)
    booster = lightgbm.train(settings, data, num_boost_round=growth.rounds)
    return forest_of(booster.dump_model()["tree_info"])
