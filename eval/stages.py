"""A snapshot and questions in, where an ask spends its time out: every function of ours that takes a fiftieth or more of it."""

import cProfile
import pstats
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from eval.machine import ROOT
from service.pipeline import Pipeline
from service.settings import Settings

_LEAST: Final = 0.02
_OURS: Final = ("service", "index", "embeddings")


def stages(snapshot: Path, questions: Sequence[str]) -> list[dict[str, Any]]:
    """Milliseconds a question in each function, with what it calls and by itself, most first. The profiler itself makes
    calls dearer, so that shares say more than milliseconds.
    """
    pipeline = Pipeline(snapshot, Settings())
    for question in questions[:20]:
        pipeline.ask(question)
    profile = cProfile.Profile()
    profile.enable()
    for question in questions:
        pipeline.ask(question)
    profile.disable()
    stats = pstats.Stats(profile)
    total: float = stats.total_tt  # type: ignore[attr-defined]
    found = []
    for (path, _, name), (_, calls, own, within, _) in stats.stats.items():  # type: ignore[attr-defined]
        place = Path(path)
        if within < _LEAST * total or not place.is_relative_to(ROOT) or place.relative_to(ROOT).parts[0] not in _OURS:
            continue
        module = ".".join(place.relative_to(ROOT).with_suffix("").parts)
        found.append({
            "function": f"{module}.{name}",
            "calls": round(calls / len(questions), 2),
            "ms": round(1000 * within / len(questions), 3),
            "own_ms": round(1000 * own / len(questions), 3),
            "share": round(within / total, 3),
        })  # fmt: skip
    return sorted(found, key=lambda row: -row["ms"])


def told(rows: Sequence[dict[str, Any]]) -> str:
    """As a Markdown table."""
    head = "| function | share | ms | own ms | calls |\n|---|---|---|---|---|"
    cells = (
        f"| {row['function']} | {row['share']:.0%} | {row['ms']} | {row['own_ms']} | {row['calls']} |" for row in rows
    )
    return "\n".join((head, *cells))
