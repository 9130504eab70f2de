"""The rows of two runs in, what changed and whether that means anything out."""

from collections.abc import Sequence
from typing import Any

from eval.metrics.significance import mean, paired_p
from eval.runs import Row
from eval.scoring import MEASURES

SIGNIFICANT = 0.05


def compare(before: Sequence[Row], after: Sequence[Row]) -> dict[str, Any]:
    """Every measure over the questions that both runs have, and the questions won and lost.

    `p` is two-sided and per measure; with some twenty measures one below 0.05 is to be expected by chance.
    """
    old = {row.question.id: row for row in before}
    pairs = [(old[row.question.id], row) for row in after if row.question.id in old]
    measures = {}
    for name in MEASURES:
        first, second = [a.score(name) for a, _ in pairs], [b.score(name) for _, b in pairs]
        if any(of for _, of in (*first, *second)):
            measures[name] = {
                "before": round(mean(first), 4), "after": round(mean(second), 4), "p": round(paired_p(first, second), 4),
            }  # fmt: skip
    return {
        "questions": len(pairs),
        "left_out": len(before) + len(after) - 2 * len(pairs),
        "scores": measures,
        "won": [b.question.id for a, b in pairs if b.right and not a.right],
        "lost": [b.question.id for a, b in pairs if a.right and not b.right],
    }
