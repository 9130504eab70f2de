"""A case in, the same with the fact first that boosted trees prefer to those that come close to it out.

The trees learn an order of facts from questions with known answers: LambdaMART (Burges, From RankNet to LambdaRank to
LambdaMART, MSR-TR-2010-82).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from embeddings import models_folder
from service.answerability.likeness import Likeness, shared_likeness
from service.answerability.signs import Case
from service.errors import PreferenceError
from service.lines.model import Told
from service.preference.contenders import contenders, rows
from service.spans.trees import Forest
from service.weights import load_weights, save_weights

BUILT_IN: Final = "wence-preference"
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Preference:
    """The forest, and the names of its columns."""

    forest: Forest
    names: tuple[str, ...]

    def scores(self, found: Sequence[Mapping[str, float]]) -> list[float]:
        """Of rows; the highest is preferred."""
        return self.forest.predict_named(self.names, found)

    def save(self, folder: Path) -> None:
        """Write the weights and their configuration."""
        save_weights(folder, self.forest.tensors(), "wence preference", _FORMAT, rows=self.names)


class PreferenceModel:
    """Thread-safe once loaded."""

    def __init__(self, preference: Preference, likeness: Likeness) -> None:
        self._preference, self._likeness = preference, likeness

    @classmethod
    def load(cls, folder: Path | None = None) -> PreferenceModel:
        """The built-in model, or that of a folder. Raises PreferenceError."""
        folder = folder or models_folder() / BUILT_IN
        try:
            arrays, config = load_weights(folder, _FORMAT)
            read = Preference(Forest.of_tensors(arrays), tuple(map(str, config["rows"])))
        except Exception as error:  # the library raises its own bare types
            raise PreferenceError(f"preference model {folder} cannot be read ({error}): train it again") from error
        return cls(read, shared_likeness())

    def prefer(self, case: Case, tell: Callable[[], Told]) -> Case:
        """The case with the preferred fact first. `tell` says how likely each sentence answers; it is called only where
        more than one fact contends.
        """
        contending = contenders(case.ranked) if case.ranked else []
        if len(contending) < 2:
            return case
        found = rows(case, contending, tell(), self._likeness)
        place = int(np.argmax(self._preference.scores(found)))
        return case.led_by(contending[place], found[place])
