"""A field of figures or dates in, columns out that tell those of one sentence apart. Knows no names and no clauses."""

from __future__ import annotations

import numpy as np

from service.answering.wording import Kind
from service.spans.asked import Floats
from service.spans.features import Field
from service.spans.ground import Ints
from service.spans.overlap import held
from service.spans.regions import regions

MEASURED = frozenset({Kind.FIGURE, Kind.DATE})
"""Kinds whose candidates lie side by side, each with words of its own."""


def with_rivals(field: Field, table: Floats) -> Floats:
    """`table`, the candidates' rows, with what the words that are each candidate's own say of the question: the weighted
    share of its terms there, of those there and with no other of the sentence, of those with others alone, and how far
    the first lies below the best of the sentence; by pairs and by characters.
    """
    begins, ends = _regions(field)
    firsts = np.flatnonzero(np.diff(field.lines, prepend=-1))
    sentence = np.cumsum(np.diff(field.lines, prepend=-1) > 0) - 1
    columns: list[Floats] = []
    for overlap, width in ((field.pairs, 2), (field.singles, 1)):
        weights = overlap.terms.weights
        own = held(overlap, begins, ends, width)
        alike = np.add.reduceat(own.astype(np.int64), firsts, axis=1)[:, sentence]
        owned = np.asarray(weights @ own, dtype=np.float32)
        best = np.maximum.reduceat(owned, firsts)[sentence]
        columns += [owned, weights @ (own & (alike == 1)), weights @ (~own & (alike > 0)), owned - best]
    return np.column_stack((table, *columns)).astype(np.float32)


def _regions(field: Field) -> tuple[Ints, Ints]:
    """Where each candidate's own words begin and end."""
    spans: list[tuple[int, int]] = []
    cuts = np.flatnonzero(np.diff(field.lines)) + 1
    for part in np.split(np.arange(len(field.found)), cuts):
        begin, end = (int(edge[field.lines[part[0]]]) for edge in (field.ground.begins, field.ground.ends))
        items = tuple((field.found[i].start, field.found[i].end) for i in part.tolist())
        spans.extend((begin + a, begin + b) for a, b in regions(field.ground.text[begin:end], items))
    both = np.array(spans, dtype=np.int64)
    return both[:, 0], both[:, 1]
