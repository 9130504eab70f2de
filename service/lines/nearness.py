"""What the words of a question mean in, by sentence how near it comes to them in each of several respects out.

Sentences that repeat a question's characters are told by `features` and `context`; here the same is asked of what it means:
of either side of the question word, by the best clause, together with the sentence before, and beside what the heading says.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embeddings.static import StaticEncoder
from service.lines.context import Columns
from service.lines.meaning import Meaning, nearest
from service.spans.asked import Floats
from service.spans.ground import Ints

SAME = 0.7
"""Cosine from which two words are taken to say the same."""


def nearness(meant: Meaning, encoder: StaticEncoder, at: int, passages: Ints, headings: Sequence[str]) -> Columns:
    """One value for each sentence by column; `at` is the character of the question at which its question word stands, -1
    where it has none, `passages` and `headings` are those of the sentences.
    """
    right = (meant.places >= at) & (at >= 0)
    often = np.maximum((meant.near > SAME).sum(axis=1), 1)
    columns: Columns = {
        "near left": _share(meant.near, meant.weights * ~right),
        "near right": _share(meant.near, meant.weights * right),
        "near clause": _best_clause(meant, meant.weights),
        "near right clause": _best_clause(meant, meant.weights * right),
        "near with 1 before": meant.said(_with_before(meant.near, passages)),
        "near alone": _share(meant.near, meant.weights / often),
        "echoed": meant.echoed,
        "new in meaning": meant.new,
    }
    return columns | _beside_heading(meant, encoder, headings)


def _share(near: Floats, weights: Floats) -> Floats:
    return np.asarray(weights @ near / max(float(weights.sum()), 1e-6), dtype=np.float32)


def _best_clause(meant: Meaning, weights: Floats) -> Floats:
    best = np.zeros(meant.near.shape[1], dtype=np.float32)
    np.maximum.at(best, meant.owners, _share(meant.clauses, weights))
    return best


def _with_before(near: Floats, passages: Ints) -> Floats:
    together = near.copy()
    same = passages[1:] == passages[:-1]
    together[:, 1:] = np.maximum(near[:, 1:], np.where(same, near[:, :-1], 0))
    return together


def _beside_heading(meant: Meaning, encoder: StaticEncoder, headings: Sequence[str]) -> Columns:
    """How near headings come, and sentences to what their headings do not say."""
    near = {heading: nearest(encoder, meant.rows, heading) for heading in set(headings)}
    said = np.stack([near[heading] for heading in headings], axis=1)
    left = meant.weights[:, None] * (said <= SAME)
    untitled = (left * meant.near).sum(axis=0) / np.maximum(left.sum(axis=0), 1e-6)
    return {"near heading": meant.said(said), "near untitled": untitled}
