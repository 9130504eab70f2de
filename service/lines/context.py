"""Sentences in the order of their articles and a question's terms in, what stands before and after each sentence out.

The sentence that repeats a question is often not the one that answers it: the answer follows, and takes the question up with
a pronoun or not at all. So every sentence is told how much of the question those before it say, and how far back.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from service.answering.sentence import Sentence
from service.spans.asked import LEFT, RIGHT, Floats
from service.spans.ground import Ints
from service.spans.overlap import Overlap, weighted

GAP_CHARS = 8
"""Most characters between two sentences that follow each other in an article."""

WINDOWS = (2, 4)
"""How many sentences before it are read together with a sentence."""

FAR, FAR_CHARS = 9, 1000
"""Distance in sentences, and in characters, beyond which it is all the same."""

Columns = dict[str, NDArray[np.floating] | NDArray[np.int64] | NDArray[np.bool_] | float]


def context(found: Sequence[Sentence], pairs: Overlap, singles: Overlap) -> Columns:
    """One value for each of `found` by column, in their order; the terms are those of the question in `found`."""
    order = np.array(sorted(range(len(found)), key=lambda number: (found[number].article.id, found[number].start)))
    ordered = [found[number] for number in order]
    chains = _chains(ordered)
    columns: Columns = {}
    for name, overlap in (("pair", pairs), ("char", singles)):
        columns |= _gathered(name, overlap, order, chains)
    said = weighted(pairs.terms, pairs.lines[:, order]) + weighted(singles.terms, singles.lines[:, order])
    columns |= _strongest_before(said, chains)
    columns |= _to_strongest(said, ordered)
    back = np.argsort(order)
    return {name: np.asarray(values)[back] for name, values in columns.items()}


def _chains(ordered: Sequence[Sentence]) -> Ints:
    """A number for each unbroken stretch of sentences."""
    breaks = [one.article.id != last.article.id or one.start - last.end > GAP_CHARS for last, one in pairwise(ordered)]
    return np.cumsum([0, *breaks]).astype(np.int64)


def _gathered(name: str, overlap: Overlap, order: Ints, chains: Ints) -> Columns:
    """How much of the question a sentence says together with those before it, and how much of it they do not."""
    said = overlap.lines[:, order]
    together = said.copy()
    columns: Columns = {}
    for step in range(1, max(WINDOWS) + 1):
        same = chains[step:] == chains[:-step]
        together[:, step:] |= said[:, :-step] & same
        if step in WINDOWS:
            columns[f"{name} with {step} before"] = weighted(overlap.terms, together)
            columns[f"{name} left with {step} before"] = weighted(overlap.terms, together, LEFT)
            columns[f"{name} right with {step} before"] = weighted(overlap.terms, together, RIGHT)
    return columns


def _strongest_before(said: Floats, chains: Ints) -> Columns:
    """How much the strongest of the sentences before says, how far back it stands, and how much less that is than its own."""
    best, steps = np.zeros_like(said), np.full(len(said), FAR, dtype=np.float32)
    for step in range(1, max(WINDOWS) + 1):
        values = np.zeros_like(said)
        values[step:] = np.where(chains[step:] == chains[:-step], said[:-step], 0)
        better = values > best
        best, steps = np.where(better, values, best), np.where(better, step, steps)
    return {"before: strongest": best, "before: steps": steps, "before: less": said - best}


def _to_strongest(said: Floats, ordered: Sequence[Sentence]) -> Columns:
    """Where the sentence of the article stands that says most of the question, how much more it says, and whether in the same
    paragraph; and how many sentences of its paragraph stand before each.
    """
    paragraphs = np.array([one.article.text.rfind("\n", 0, one.start + 1) for one in ordered])
    starts = np.array([one.start for one in ordered])
    top, first, begin = np.zeros(len(said), dtype=np.int64), np.zeros(len(said), dtype=np.int64), 0
    for _, group in groupby(ordered, key=lambda one: one.article.id):
        own = slice(begin, begin + len(list(group)))
        top[own] = begin + int(np.argmax(said[own]))
        first[own] = begin + np.searchsorted(paragraphs[own], paragraphs[own])
        begin = own.stop
    places = np.arange(len(said))
    return {
        "strongest: steps": np.minimum(np.maximum(places - top, -FAR), FAR),
        "strongest: chars": np.minimum(np.maximum(starts - starts[top], -FAR_CHARS), FAR_CHARS),
        "strongest: less": said - said[top],
        "strongest: paragraph": paragraphs == paragraphs[top],
        "in paragraph": places - first,
    }
