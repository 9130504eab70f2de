"""The facts of a training run in, its model card (README.md) out."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from service.reader.training.fitting import Fitted, Recipe
from service.reader.training.scoring import Scores

_HEAD = """---
language: zh
library_name: transformers
pipeline_tag: question-answering
---
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run was given and what came of it. `scores` are by file of questions that training did not see."""

    sources: Sequence[Path]
    questions: Sequence[Path]
    texts: int
    asked: int
    windows: int
    recipe: Recipe
    fitted: Fitted
    device: str
    minutes: float
    scores: Sequence[tuple[Path, Scores]]


def write_card(folder: Path, facts: Facts) -> None:
    """Writes the card beside the model: what it is, data, settings, machine, scores."""
    size_mb = sum(path.stat().st_size for path in folder.iterdir() if path.name != "README.md") / 1e6
    sources, questions = (" ".join(path.name for path in paths) for paths in (facts.sources, facts.questions))
    asked = f" --questions {questions}" if questions else ""
    lines = [
        f"{_HEAD}# {folder.name}: an extractive reader for Chinese, with answerability",
        "",
        "A BERT of single characters, trained from random weights: masked characters first, then questions. It finds the",
        "stretch of a passage that answers a question; the score of its first token [CLS] stands for no answer, as in",
        "SQuAD 2.0. Name the folder in `WENCE_READER`, or load it with `AutoModelForQuestionAnswering`. Its token types tell",
        "which tokens of the passage stand in the question too, alone (2), as a pair (3), or three in a row (4); it also",
        "reads with 0 for the question and 1 for the passage.",
        "",
        "| | |",
        "|---|---|",
        f"| weights | {sum(weights.numel() for weights in facts.fitted.network.parameters()) / 1e6:.1f} million, float16 |",
        f"| size on disk | {size_mb:.1f} MB |",
        f"| trained by | `wence train reader {sources}{asked} --out {folder.name}` with the settings below |",
        f"| data | {facts.texts:,} texts, {facts.asked:,} questions that people asked; {facts.windows:,} windows |",
        f"| steps done | {facts.fitted.guessed:,} on masked characters, {facts.fitted.read:,} on questions |",
        *(f"| {name.replace('_', ' ')} | {value} |" for name, value in asdict(facts.recipe).items()),
        f"| machine | {facts.device}, {platform.system()} {platform.machine()}, Python {platform.python_version()} |",
        f"| time | {facts.minutes:.1f} minutes |",
    ]
    if facts.scores:
        lines += [
            "",
            "On questions that training did not see (EM and F1 by longest common run of characters, the question's own",
            "context given; refused: share of the unanswerable ones refused at 5 % false refusals):",
            "",
            "| | answerable | EM | F1 | unanswerable | area under ROC | refused |",
            "|---|---|---|---|---|---|---|",
            *(_row(path.name, scores) for path, scores in facts.scores),
        ]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(name: str, scores: Scores) -> str:
    apart = [f"{value:.3f}" if value is not None else "" for value in (scores.area, scores.refused)]
    cells = (
        name, f"{scores.answered:,}", f"{scores.exact:.1%}", f"{scores.f1:.1%}", f"{scores.unanswered:,}", *apart
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"
