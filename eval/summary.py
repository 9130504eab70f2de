"""Scored rows in, the numbers of a report out: means with intervals, tables, curves, latency."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from eval.machine import spread
from eval.metrics.abstention import area_under, risk_coverage
from eval.metrics.significance import interval, mean
from eval.runs import Row
from eval.scoring import MEASURES

GROUPED: dict[str, Callable[[Row], str]] = {
    "type": lambda row: "unanswerable" if row.question.unanswerable else row.question.type,
    "style": lambda row: row.question.style,
    "difficulty": lambda row: row.question.difficulty,
}
"""How questions are told apart in tables."""

DEPTHS = (1, 2, 3, 5, 10, 20, 50, 100)
Summary = dict[str, Any]


def summarise(rows: Sequence[Row]) -> Summary:
    """The report of a run as JSON. Shares are 0..1; times in ms; `failures` are ids of questions."""
    return {
        "questions": len(rows),
        "answerable": sum(not row.question.unanswerable for row in rows),
        "unanswered": sum(row.answer is None for row in rows),
        "scores": scores(rows),
        "by": {name: _grouped(rows, key) for name, key in GROUPED.items()},
        "curves": _curves(rows),
        "latency_ms": _latency(rows),
        "length": _length(rows),
        "failures": [row.question.id for row in rows if is_failure(row)],
    }


def is_failure(row: Row) -> bool:
    """Whether a question is one to look at: not dealt with as it should be; its evidence not found, if that is all
    that was asked for.
    """
    if any(row.score(name)[1] for name in ("right", "refused")):
        return not row.right
    found, sought = row.score("evidence@10")
    return found < sought


def scores(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Every measure that applies to a row at all, with its 95 % interval. Answers that were asked for and cite nothing
    are not verbatim.
    """
    asked = any(row.score(name)[1] for row in rows for name in ("right", "refused"))
    found = {}
    for name in MEASURES:
        values = [row.score(name) for row in rows]
        if any(of for _, of in values) or (asked and name in ("verbatim", "support")):
            low, high = interval(values)
            found[name] = {
                "mean": round(mean(values), 4), "low": round(low, 4), "high": round(high, 4),
                "points": round(sum(points for points, _ in values), 3), "of": sum(of for _, of in values),
            }  # fmt: skip
    return found


def _grouped(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if name := key(row):
            groups.setdefault(name, []).append(row)
    return {
        name: {"questions": len(group), "right": sum(row.right for row in group), "scores": scores(group)}
        for name, group in sorted(groups.items(), key=lambda item: -len(item[1]))
    }


def _curves(rows: Sequence[Row]) -> dict[str, Any]:
    """Evidence found by depth; risk by coverage over the questions that were answered with a confidence."""
    sought = [row for row in rows if row.score("mrr")[1]]
    ranks = [round(1 / row.score("mrr")[0]) if row.score("mrr")[0] else None for row in sought]
    looked_at = max((len((row.answer or {}).get("retrieved") or ()) for row in rows), default=0)
    recall = [
        [k, round(sum(bool(r and r <= k) for r in ranks) / len(sought), 4)] for k in DEPTHS if sought and k <= looked_at
    ]
    sure = [(float(row.answer["confidence"]), not row.right) for row in rows if _is_sure(row) and row.answer]
    risk = risk_coverage([confidence for confidence, _ in sure], [wrong for _, wrong in sure])
    return {
        "recall": recall,
        "risk_coverage": [[round(c, 4), round(r, 4)] for c, r in risk],
        "risk_area": round(area_under(risk), 4),
    }


def _is_sure(row: Row) -> bool:
    answer = row.answer or {}
    return answer.get("confidence") is not None and answer.get("status") != "unanswerable"


def _latency(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    times: dict[str, list[float]] = {}
    for row in rows:
        for stage, value in ((row.answer or {}).get("timings_ms") or {}).items():
            times.setdefault(stage, []).append(float(value))
    return {stage: spread(values) for stage, values in times.items()}


def _length(rows: Sequence[Row]) -> dict[str, float]:
    lengths = [
        len(str(row.answer["answer"]))
        for row in rows
        if row.answer and row.answer.get("answer") and row.answer.get("status") != "unanswerable"
    ]
    return {"median": median(lengths), "most": max(lengths)} if lengths else {"median": 0, "most": 0}
