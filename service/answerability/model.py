"""A case in, the probability that its best fact answers the question out: gradient-boosted trees over the case's signs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from safetensors.numpy import load_file, save

from embeddings import models_folder
from service.answerability.likeness import Likeness
from service.answerability.signs import Case, signs
from service.errors import AnswerabilityError
from service.spans.trees import FIELDS, Forest

BUILT_IN: Final = "wence-answerability"
_WEIGHTS, _CONFIG, _FORMAT = "model.safetensors", "config.json", 2


@dataclass(frozen=True, slots=True)
class Weights:
    """The forest, the names of its columns, and the probability below which a fact is not given."""

    forest: Forest
    names: tuple[str, ...]
    threshold: float

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Of rows of signs; signs that are no column do not count."""
        table = np.array([[row[name] for name in self.names] for row in rows], dtype=np.float32)
        return [float(chance) for chance in self.forest.predict(table)]

    def save(self, folder: Path) -> None:
        """Write the weights and their configuration."""
        folder.mkdir(parents=True, exist_ok=True)
        config = {"model": "wence answerability", "format": _FORMAT, "threshold": self.threshold, "signs": self.names}
        content = json.dumps(config, indent=0) + "\n"
        for name, data in ((_WEIGHTS, save(self.forest.tensors())), (_CONFIG, content.encode())):
            beside = folder / f"{name}.part"
            beside.write_bytes(data)
            beside.chmod(0o644)
            beside.replace(folder / name)


class AnswerabilityModel:
    """Thread-safe once loaded."""

    def __init__(self, weights: Weights, likeness: Likeness) -> None:
        self.weights, self._likeness = weights, likeness

    @classmethod
    def load(cls, folder: Path | None = None) -> AnswerabilityModel:
        """The built-in model, or that of a folder. Raises AnswerabilityError."""
        folder = folder or models_folder() / BUILT_IN
        try:
            config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
            if config["format"] != _FORMAT:
                raise ValueError(f"format {config['format']}, not {_FORMAT}")
            tensors = load_file(folder / _WEIGHTS)
            forest = Forest.of_tensors({name: tensors[name] for name in FIELDS})
            read = Weights(forest, tuple(map(str, config["signs"])), float(config["threshold"]))
        except Exception as error:  # the library raises its own bare types
            raise AnswerabilityError(
                f"answerability model {folder} cannot be read ({error}): train it again"
            ) from error
        return cls(read, Likeness())

    def answers(self, case: Case) -> float:
        """The probability that the best fact of a case, which has one, answers its question."""
        return self.weights.probabilities([signs(case, self._likeness)])[0]
