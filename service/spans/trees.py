"""Gradient-boosted trees as flat arrays, rows of numbers in, one score for each row out. Knows no training engine.

The trees of a forest walk together: every step moves all rows in all trees one level down, so that numpy alone is quick.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.spans.asked import Floats
from service.spans.ground import Ints

FIELDS = ("feature", "threshold", "child", "value", "root")


@dataclass(frozen=True, slots=True)
class Forest:
    """Nodes of all trees one after another. A row goes to node `child` where its `feature` is at most `threshold`, else
    to the node after it; a leaf is its own child, holds an infinite threshold and its `value`. `root` has one entry a tree.
    """

    feature: Ints
    threshold: NDArray[np.float64]
    child: Ints
    value: NDArray[np.float64]
    root: Ints
    depth: int

    def predict(self, table: Floats) -> NDArray[np.float64]:
        """Shape (rows,): the sum of the leaves that each row of `table` ends in, as a probability (logistic)."""
        return np.asarray(1 / (1 + np.exp(-self.log_odds(table))))

    def log_odds(self, table: Floats) -> NDArray[np.float64]:
        """The same sums as they are."""
        if not len(table):
            return np.zeros(0)
        flat = np.ascontiguousarray(table, dtype=np.float64).ravel()
        offset = (np.arange(len(table)) * table.shape[1])[:, None]
        node = np.repeat(self.root[None, :], len(table), axis=0)
        for _ in range(self.depth):
            right = flat.take(self.feature.take(node) + offset) > self.threshold.take(node)
            node = self.child.take(node) + right
        return np.asarray(self.value.take(node).sum(axis=1))

    def predict_named(self, names: Sequence[str], rows: Sequence[Mapping[str, float]]) -> list[float]:
        """The same of rows by name, for columns of these names; what else a row holds does not count."""
        table = np.array([[row[name] for name in names] for row in rows], dtype=np.float32)
        return [float(chance) for chance in self.predict(table)]

    def with_trees(self, more: Forest, share: float) -> Forest:
        """A forest of the trees of both, whose sum is that of this one and `share` of the other's."""
        at = len(self.child)
        own, new = self.tensors(), more.tensors()
        new |= {"child": new["child"] + at, "root": new["root"] + at, "value": new["value"] * np.float32(share)}
        return Forest.of_tensors({name: np.concatenate((own[name], new[name])) for name in FIELDS})

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The arrays by name, in small types, for a weights file."""
        return {
            "feature": self.feature.astype(np.int16), "threshold": self.threshold, "child": self.child.astype(np.int32),
            "value": self.value.astype(np.float32), "root": self.root.astype(np.int32),
        }  # fmt: skip

    @classmethod
    def of_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Forest:
        """The forest of what `tensors` gave. Raises KeyError where an array is missing."""
        feature, threshold, child, value, root = (tensors[name] for name in FIELDS)
        child, root = child.astype(np.int64), root.astype(np.int64)
        return cls(
            feature.astype(np.int64), threshold.astype(np.float64), child, value.astype(np.float64), root,
            _depth(child, threshold, root),
        )  # fmt: skip


def _depth(child: Ints, threshold: NDArray[Any], root: Ints) -> int:
    level, depth = root, 0
    while len(level := level[np.isfinite(threshold[level])]):
        level = np.concatenate((child[level], child[level] + 1))
        depth += 1
    return depth


def forest_of(trees: list[Mapping[str, Any]]) -> Forest:
    """A forest from trees as LightGBM's `dump_model()["tree_info"]` tells them. All splits must be numerical."""
    feature, threshold, child, value, root = list[int](), list[float](), list[int](), list[float](), list[int]()

    def add() -> int:
        feature.append(0)
        threshold.append(np.inf)
        child.append(len(child))
        value.append(0.0)
        return len(child) - 1

    for tree in trees:
        root.append(add())
        waiting = [(root[-1], tree["tree_structure"])]
        while waiting:
            at, told = waiting.pop()
            if "leaf_value" in told:
                value[at] = float(told["leaf_value"])
                continue
            feature[at], threshold[at] = int(told["split_feature"]), float(told["threshold"])
            child[at] = add()
            waiting += [(child[at], told["left_child"]), (add(), told["right_child"])]
    arrays = (
        np.array(feature),
        np.array(threshold),
        np.array(child),
        np.array(value, dtype=np.float32),
        np.array(root),
    )
    return Forest.of_tensors(dict(zip(FIELDS, arrays, strict=True)))
