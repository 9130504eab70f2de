"""A slot of a question and lines in, the lines worth looking at with their candidates out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.answering.wording import Kind
from service.spans.asked import Asked
from service.spans.candidates import Candidate, candidates
from service.spans.features import Field, lay_field
from service.spans.ground import Ground, Ints, Line
from service.spans.overlap import beside, find_terms, weighted

MOST_LINES = {Kind.FIGURE: 24, Kind.DATE: 24}
MOST_NAME_LINES = 10
"""Lines whose candidates are looked at: those that say most of the question. Names are many, and slow to find."""


def look(asked: Asked, lines: Sequence[Line], ground: Ground) -> Field:
    """The field of a question over the best of the lines."""
    found: list[tuple[int, Candidate]] = []
    for number in best_lines(asked, ground).tolist():
        found.extend((number, item) for item in candidates(lines[number].text, asked.slot.kind))
    return lay_field(asked, lines, ground, found)


def best_lines(asked: Asked, ground: Ground) -> Ints:
    """The numbers of the lines that say most of the question, in their order."""
    most = MOST_LINES.get(asked.slot.kind, MOST_NAME_LINES)
    if len(ground.begins) <= most:
        return np.arange(len(ground.begins))
    pairs, singles = (
        find_terms(t, ground, h) for t, h in ((asked.pairs, ground.pairs), (asked.singles, ground.singles))
    )
    says = sum(
        weighted(overlap.terms, overlap.lines) + 0.5 * weighted(overlap.terms, beside(overlap.lines, ground.passages))
        for overlap in (pairs, singles)
    )
    return np.sort(np.argsort(-np.asarray(says), kind="stable")[:most])
