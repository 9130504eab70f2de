"""A folder of weights in, a model out that ranks candidate answers and says how sure it is that there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings import models_folder
from service.answering.question import Question
from service.answering.slots import Slot
from service.errors import SpanModelError
from service.spans.asked import Asked, Floats, read_slot
from service.spans.certainty import certainty_row
from service.spans.extents import Anchor, widen
from service.spans.features import Field, rows
from service.spans.field import look
from service.spans.ground import BUCKETS, Line, lay
from service.spans.rivals import MEASURED, with_rivals
from service.spans.trees import FIELDS, Forest
from service.weights import load_weights, save_weights

BUILT_IN: Final = "wence-spans"
WIDENED: Final = 4
"""How many of the best candidates are widened or cut to find the exact span."""

_FORMAT: Final = 3
_FORESTS = ("candidates", "figures", "extents", "certainty")
RARITY_STEP: Final = 1 / 16
"""The table of rarities is kept in bytes of this step."""


class Span(NamedTuple):
    """`[start, end)` of the text of line number `line`, and the probability that it answers the question."""

    line: int
    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, and in 0..1 how sure it is that the lines answer the question at all."""

    spans: tuple[Span, ...]
    certainty: float
    anchors: tuple[Anchor, ...]
    asked: Asked


class SpanModel:
    """Four forests: candidates, those of figures and dates, how far an answer extends, and whether there is one.
    Thread-safe once loaded.
    """

    def __init__(self, rarity: Floats, candidates: Forest, figures: Forest, extents: Forest, certainty: Forest) -> None:
        self.rarity = rarity
        self._candidates, self._figures, self._extents, self._certainty = candidates, figures, extents, certainty

    @classmethod
    def load(cls, folder: Path | None = None) -> SpanModel:
        """The built-in model, or that of a folder. Raises SpanModelError."""
        folder = folder or models_folder() / BUILT_IN
        try:
            tensors, _ = load_weights(folder, _FORMAT)
            forests = [Forest.of_tensors({name: tensors[f"{part}.{name}"] for name in FIELDS}) for part in _FORESTS]
            rarity = tensors["rarity"].astype(np.float32) * RARITY_STEP
        except Exception as error:  # the library raises its own bare types
            raise SpanModelError(f"span model {folder} cannot be read ({error}): train it again") from error
        return cls(rarity, *forests)

    def save(self, folder: Path) -> None:
        """Write the weights and their configuration."""
        forests = dict(zip(_FORESTS, (self._candidates, self._figures, self._extents, self._certainty), strict=True))
        tensors: dict[str, NDArray[np.generic]] = {
            f"{part}.{name}": array for part, forest in forests.items() for name, array in forest.tensors().items()
        }
        tensors["rarity"] = quantized(self.rarity)
        save_weights(folder, tensors, "wence span model", _FORMAT)

    def rank(self, question: Question, slot: Slot, lines: Sequence[Line]) -> Ranking:
        """The candidates of the lines for one slot, best first; lines of one passage must follow each other."""
        asked = read_slot(question, slot, self.rarity)
        if not lines:
            return Ranking((), 0.0, (), asked)
        field = look(asked, lines, lay(lines))
        if not field.found:
            return Ranking((), 0.0, (), asked)
        table = rows(field)
        if slot.kind in MEASURED:
            chances = self._figures.predict(with_rivals(field, table))
        else:
            chances = self._candidates.predict(table)
        certainty = float(self._certainty.predict(certainty_row(field, table, chances)[None])[0])
        anchors = best_anchors(field, chances, len(chances))
        spans = tuple(Span(a.line, a.candidate.start, a.candidate.end, a.probability) for a in anchors)
        return Ranking(spans, certainty, anchors[:WIDENED], asked)

    def exact(self, ranking: Ranking, lines: Sequence[Line]) -> Span | None:
        """The best candidate widened or cut to what answers the question word for word; None without any."""
        best: Span | None = None
        found = [
            (a, *widen(ranking.asked, lines[a.line].text, a, ranking.anchors[0].probability)) for a in ranking.anchors
        ]
        found = [(anchor, spans, table) for anchor, spans, table in found if spans]
        if not found:
            return best
        chances = iter(self._extents.predict(np.concatenate([table for *_, table in found])).tolist())
        for anchor, spans, _ in found:
            for (start, end), chance in zip(spans, chances, strict=False):
                if best is None or chance > best.probability:
                    best = Span(anchor.line, start, end, chance)
        return best


def best_anchors(field: Field, chances: NDArray[np.float64], count: int) -> tuple[Anchor, ...]:
    """The candidates by probability."""
    order = np.argsort(-chances, kind="stable")[:count].tolist()
    return tuple(Anchor(int(field.lines[i]), field.found[i], float(chances[i]), rank) for rank, i in enumerate(order))


def quantized(rarity: Floats) -> NDArray[np.uint8]:
    """The table of rarities in bytes, shape (BUCKETS,)."""
    return np.asarray((rarity[:BUCKETS] / RARITY_STEP).round().clip(0, 255), dtype=np.uint8)
