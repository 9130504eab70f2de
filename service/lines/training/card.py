"""What a training run was given and did in, the model's card out."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_card(
    folder: Path,
    onto: Path | None,
    sources: Sequence[Path],
    questions: Sequence[Path],
    asked: Sequence[Sequence[Path]],
    counted: Mapping[str, int],
    recipe: Mapping[str, int],
    scores: Mapping[str, str],
    seconds: float,
) -> None:
    """Write README.md beside the weights: data, settings, machine, time, size, scores of the run."""
    command = ["wence train lines", *(path.name for path in sources)]
    if questions:
        command += ["--questions", *(path.name for path in questions)]
    for names in asked:
        command += ["--asked", *(path.name for path in names)]
    if onto:
        command += ["--onto", onto.name]
    size = sum(path.stat().st_size for path in folder.iterdir() if path.name != "README.md") / 1e6
    lines = [
        "# wence-lines: the built-in line model",
        "",
        "A forest of gradient-boosted trees over hand-made features: which of the sentences found answers a question that",
        "whole sentences answer (what something is, which things, how, why). numpy alone evaluates it.",
        "",
        "## The run",
        "| | |",
        "|---|---|",
        f"| command | `{' '.join(command)} --out {folder.name}` |",
        *(f"| questions read | {count:,} of {name} |" for name, count in sorted(counted.items())),
        f"| settings | {', '.join(f'{name} {value:,}' for name, value in recipe.items())} |",
        f"| machine | {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; one thread |",
        f"| time | {seconds / 60:.0f} minutes |",
        f"| size on disk | {size:.2f} MB |",
        "",
        "## A sentence with the answer comes first",
        "By a forest trained on the other half of the questions.",
        "",
        "| questions | share |",
        "|---|---|",
        *(f"| {origin} | {score} |" for origin, score in scores.items()),
        "",
    ]
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")
