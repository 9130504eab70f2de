"""What a training run was given and did in, the model's card out."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def write_card(
    folder: Path,
    sources: Sequence[Path],
    questions: Sequence[Path],
    articles: int,
    asked: Sequence[Mapping[str, Any]],
    recipe: Mapping[str, int],
    scores: Mapping[str, str],
    seconds: float,
) -> None:
    """Write README.md beside the weights: data, settings, machine, time, size, scores of the run."""
    counted = Counter(row["origin"] for row in asked)
    size = sum(path.stat().st_size for path in folder.iterdir() if path.name != "README.md") / 1e6
    command = ["wence train spans", *(path.name for path in sources)]
    if questions:
        command += ["--questions", *(path.name for path in questions)]
    lines = [
        "# wence-spans: the built-in span model",
        "",
        "Four forests of gradient-boosted trees over hand-made features: which candidate answers a question, the same for",
        "figures and dates, how far the answer extends, and whether the passages answer it at all. numpy alone evaluates them.",
        "",
        "## The run",
        "| | |",
        "|---|---|",
        f"| command | `{' '.join(command)} --out {folder.name}` |",
        f"| text | {articles:,} articles drawn from {', '.join(path.name for path in sources) or 'nothing'} |",
        *(f"| asked questions read | {count:,} of {name} |" for name, count in sorted(counted.items())),
        f"| settings | {', '.join(f'{name} {value:,}' for name, value in recipe.items())} |",
        f"| machine | {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; one thread |",
        f"| time | {seconds / 60:.0f} minutes |",
        f"| size on disk | {size:.2f} MB |",
        "",
        "## First candidate right",
        "By a forest trained on the other half of the questions.",
        "",
        "| questions | share |",
        "|---|---|",
        *(f"| {group} | {score} |" for group, score in scores.items()),
        "",
    ]
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")
