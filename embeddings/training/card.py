"""The facts of a training run in, its model card (README.md) out."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.static import StaticEncoder
from embeddings.training.fitting import Recipe
from embeddings.training.trial import Recall

_HEAD = """---
language: zh
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, static-embedding, retrieval]
---
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run was and what came of it: `recalls` among `passages` of the articles that it left out."""

    sources: Sequence[Path]
    documents: int
    asked: int
    pairs: int
    tokens: int
    recipe: Recipe
    hold_out: int
    minutes: float
    passages: int
    recalls: Sequence[Recall]


def write_card(folder: Path, run: Run) -> None:
    """Writes the card beside the model: what it is, data, settings, machine, scores."""
    info, recipe = StaticEncoder(folder).info, run.recipe
    size_mb = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    sources = " ".join(path.name for path in run.sources)
    lines = [
        f"{_HEAD}# {folder.name}: a static encoder for Chinese retrieval",
        "",
        "One table of token vectors; a text's vector is the mean of its tokens' rows, scaled to unit length.",
        f"Name the folder in `WENCE_ENCODER`; `WENCE_ENCODER_DIMENSION` may cut it to {_nested(recipe)} dimensions.",
        "",
        "| | |",
        "|---|---|",
        f"| tokens × dimensions | {run.tokens:,} × {info.dimension}, float16 |",
        f"| size on disk | {size_mb:.1f} MB |",
        f"| revision (hash of tokenizer and weights) | `{info.revision}` |",
        f"| trained by | `wence train encoder {sources} --out {folder.name}` |",
        f"| data | {run.documents:,} articles, {run.asked:,} texts with questions that people asked, {run.pairs:,} pairs |",
        f"| steps | {recipe.steps:,} of {recipe.batch_size:,} pairs, seed {recipe.seed} |",
        f"| machine | {platform.system()} {platform.machine()}, Python {platform.python_version()} |",
        f"| time | {run.minutes:.0f} minutes |",
    ]
    if run.recalls:
        lines += [
            "",
            f"Every {run.hold_out}th article was left out of training. Among {run.passages:,} passages of those, the encoder alone:",
            "",
            "| | questions | recall@1 | recall@10 |",
            "|---|---|---|---|",
            *(f"| {r.name} | {r.questions:,} | {r.at_1:.3f} | {r.at_10:.3f} |" for r in run.recalls),
        ]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _nested(recipe: Recipe) -> str:
    return " or ".join(str(n) for n in recipe.nested if n < recipe.dimension) or "fewer"
