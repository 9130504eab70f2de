"""A case in, the probability that its best fact answers the question out: gradient-boosted trees over the case's signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embeddings import models_folder
from service.answerability.likeness import Likeness, shared_likeness
from service.answerability.signs import Case, signs
from service.errors import AnswerabilityError
from service.spans.trees import Forest
from service.weights import load_weights, save_weights

BUILT_IN: Final = "wence-answerability"
_FORMAT: Final = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """The forest, the names of its columns, and the probability below which a fact is not given."""

    forest: Forest
    names: tuple[str, ...]
    threshold: float

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Of rows of signs; signs that are no column do not count."""
        return self.forest.predict_named(self.names, rows)

    def save(self, folder: Path) -> None:
        """Write the weights and their configuration."""
        told = {"threshold": self.threshold, "signs": self.names}
        save_weights(folder, self.forest.tensors(), "wence answerability", _FORMAT, **told)


class AnswerabilityModel:
    """Thread-safe once loaded."""

    def __init__(self, weights: Weights, likeness: Likeness) -> None:
        self.weights, self._likeness = weights, likeness

    @classmethod
    def load(cls, folder: Path | None = None) -> AnswerabilityModel:
        """The built-in model, or that of a folder. Raises AnswerabilityError."""
        folder = folder or models_folder() / BUILT_IN
        try:
            arrays, config = load_weights(folder, _FORMAT)
            read = Weights(Forest.of_tensors(arrays), tuple(map(str, config["signs"])), float(config["threshold"]))
        except Exception as error:  # the library raises its own bare types
            raise AnswerabilityError(
                f"answerability model {folder} cannot be read ({error}): train it again"
            ) from error
        return cls(read, shared_likeness())

    def answers(self, case: Case) -> float:
        """The probability that the best fact of a case, which has one, answers its question."""
        return self.weights.probabilities([case.row or signs(case, self._likeness)])[0]
