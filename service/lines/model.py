"""A slot of a question and the sentences found in, for each of them the probability that it holds the answer out.

The weights are a folder of models/: `model.safetensors` and `config.json`. Knows no training.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from embeddings import BUILT_IN as WORDS
from embeddings import models_folder
from embeddings.static import StaticEncoder
from service.answering.evidence import Match, WeightedWord
from service.answering.question import Question
from service.answering.sentence import Place
from service.answering.slots import Slot
from service.errors import SpanModelError
from service.lines.calibration import Calibration
from service.lines.features import rows, scene
from service.spans.asked import Floats, read_slot
from service.spans.trees import Forest
from service.weights import load_weights, save_weights

BUILT_IN: Final = "wence-lines"
_FORMAT: Final = 3
_CALIBRATION: Final = "calibration"


@dataclass(frozen=True, slots=True)
class Told:
    """Probabilities of sentences by place; 0 for what was not looked at."""

    places: Mapping[Place, tuple[int, float]]
    """By place, where the sentence ends and its probability."""

    def of(self, match: Match) -> float:
        """The probability that a sentence holds the answer."""
        return self.at(*match.sentence.place)

    def at(self, article_id: str, start: int) -> float:
        """The same by place."""
        return self.places.get((article_id, start), (0, 0.0))[1]

    def of_article(self, article_id: str) -> list[tuple[int, int, float]]:
        """Start, end and probability of the sentences of an article."""
        return [(at, end, chance) for (article, at), (end, chance) in self.places.items() if article == article_id]


class LineModel:
    """One forest that tells which sentences answer. Thread-safe once loaded."""

    def __init__(self, forest: Forest, calibration: Calibration) -> None:
        """Reads the built-in table of token vectors too. Raises the errors of `embeddings`."""
        self.forest = forest
        self.calibration = calibration
        self.encoder = StaticEncoder(models_folder() / WORDS)

    @classmethod
    def load(cls, folder: Path | None = None) -> LineModel:
        """The built-in model, or that of a folder. Raises SpanModelError."""
        folder = folder or models_folder() / BUILT_IN
        try:
            tensors = load_weights(folder, _FORMAT)[0]
            return cls(Forest.of_tensors(tensors), Calibration(*tensors[_CALIBRATION].tolist()))
        except Exception as error:  # the library raises its own bare types
            raise SpanModelError(f"line model {folder} cannot be read ({error}): train it again") from error

    def save(self, folder: Path) -> None:
        """Write the weights and their configuration."""
        numbers = np.array(astuple(self.calibration))
        save_weights(folder, self.forest.tensors() | {_CALIBRATION: numbers}, "wence line model", _FORMAT)

    def tell(
        self, question: Question, slot: Slot, words: Sequence[WeightedWord], matches: Sequence[Match], rarity: Floats
    ) -> Told:
        """How likely each sentence answers the slot; `rarity` is the span model's table."""
        if not matches:
            return Told({})
        seen = scene(question, slot, read_slot(question, slot, rarity), words, matches)
        chances = self.calibration.chances(self.forest.log_odds(rows(seen, self.encoder))).tolist()
        return Told({
            one.sentence.place: (one.sentence.end, chance)
            for one, chance in zip(seen.matches, chances, strict=True)
        })  # fmt: skip
