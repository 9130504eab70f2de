"""A case in, the probability that its best fact answers the question out: a logistic regression over the case's signs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embeddings import models_folder
from service.answerability.likeness import Likeness
from service.answerability.signs import Case, signs
from service.errors import AnswerabilityError

BUILT_IN: Final = "wence-answerability"
_WEIGHTS, _FORMAT = "weights.json", 1


@dataclass(frozen=True, slots=True)
class Weights:
    """For each sign its mean, its scale and its weight; `bias`; and the probability below which a fact is not given."""

    means: Mapping[str, float]
    scales: Mapping[str, float]
    weights: Mapping[str, float]
    bias: float
    threshold: float

    def probability(self, row: Mapping[str, float]) -> float:
        """Of a row of signs; signs without a weight do not count."""
        total = self.bias
        for name, weight in self.weights.items():
            total += weight * (row[name] - self.means[name]) / self.scales[name]
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))

    def save(self, folder: Path) -> None:
        """Write them, in as many digits as matter."""
        signs = {
            name: [round(values[name], 5) for values in (self.means, self.scales, self.weights)]
            for name in self.weights
        }
        content = {"format": _FORMAT, "bias": round(self.bias, 5), "threshold": self.threshold, "signs": signs}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _WEIGHTS).write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")


class AnswerabilityModel:
    """Thread-safe once loaded."""

    def __init__(self, weights: Weights, likeness: Likeness) -> None:
        self.weights, self._likeness = weights, likeness

    @classmethod
    def load(cls, folder: Path | None = None) -> AnswerabilityModel:
        """The built-in model, or that of a folder. Raises AnswerabilityError."""
        path = (folder or models_folder() / BUILT_IN) / _WEIGHTS
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["format"] != _FORMAT:
                raise ValueError(f"format {content['format']}, not {_FORMAT}")
            means, scales, weights = (
                {name: float(values[at]) for name, values in content["signs"].items()} for at in range(3)
            )
            read = Weights(means, scales, weights, float(content["bias"]), float(content["threshold"]))
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise AnswerabilityError(f"answerability model {path} cannot be read ({error}): train it again") from error
        return cls(read, Likeness())

    def answers(self, case: Case) -> float:
        """The probability that the best fact of a case, which has one, answers its question."""
        return self.weights.probability(signs(case, self._likeness))

    def is_enough(self, case: Case) -> bool:
        """Whether it is likely enough to be given."""
        return self.answers(case) >= self.weights.threshold
