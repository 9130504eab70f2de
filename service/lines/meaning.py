"""A question and lines in, how near their words are in meaning out, by the built-in table of token vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np

from embeddings.static import StaticEncoder
from index.sentences import clause_spans
from service.spans.asked import Floats, content_shares
from service.spans.ground import Ints


@dataclass(frozen=True, slots=True)
class Meaning:
    """The tokens of a question that say something, and how near lines come to them."""

    rows: Floats
    """(tokens, d): their vectors."""
    weights: Floats
    """(tokens,): how much each says, 1 together."""
    places: Ints
    """(tokens,): the character of the question at which each begins."""
    near: Floats
    """(tokens, lines): the cosine of the nearest token of a line."""
    clauses: Floats
    """(tokens, clauses): the same of a clause."""
    owners: Ints
    """(clauses,): the line of each."""
    whole: Floats
    """(lines,): the cosine of the means of question and line."""
    echoed: Floats
    """(lines,): the mean over the tokens of a line, by how much each says, of the nearest token of the question."""
    new: Floats
    """(lines,): how much the tokens of a line say that those of the question do not."""

    def said(self, near: Floats) -> Floats:
        """The weighted mean over the tokens of what `near` (tokens, n) tells of them."""
        return np.asarray(self.weights @ near, dtype=np.float32)

    @property
    def least(self) -> Floats:
        """(lines,): the weighted distance of the token that is farthest."""
        far = self.weights[:, None] * (1 - self.near)
        return np.asarray(far.max(axis=0, initial=0), dtype=np.float32)


def meaning(encoder: StaticEncoder, asked: str, lines: Sequence[str]) -> Meaning:
    """`asked` and `lines` folded; at least one line."""
    shares = content_shares(asked)
    own = [
        (token, start) for token, (start, end) in encoder.tokens([asked])[0] if max(shares[start:end], default=0) > 0.5
    ]
    rows = encoder.rows([token for token, _ in own])
    tokens = [_tokens(encoder, line) for line in lines]
    lengths = np.array([len(ids) for ids, _ in tokens])
    starts = np.cumsum(lengths) - lengths
    begins = np.concatenate([start + np.array(clauses) for start, (_, clauses) in zip(starts, tokens, strict=True)])
    firsts = np.searchsorted(begins, starts)
    apart, place = np.unique(np.array([*chain.from_iterable(ids for ids, _ in tokens)]), return_inverse=True)
    table = encoder.rows(apart.tolist())
    cosines = _cosines(rows, table)
    clauses = np.maximum.reduceat(cosines[:, place], begins, axis=1)
    sizes = np.linalg.norm(table, axis=1)[place]
    echo = cosines.max(axis=0, initial=0)[place]
    total = np.maximum(np.add.reduceat(sizes, starts), 1e-6)
    weights = np.linalg.norm(rows, axis=1)
    return Meaning(
        rows=rows,
        weights=weights / max(float(weights.sum()), 1e-6),
        places=np.array([start for _, start in own], dtype=np.int64),
        near=np.maximum.reduceat(clauses, firsts, axis=1),
        clauses=clauses,
        owners=np.searchsorted(starts, begins, side="right") - 1,
        whole=_unit(np.add.reduceat(table[place], starts, axis=0)) @ _unit(rows.sum(axis=0, keepdims=True))[0],
        echoed=np.asarray(np.add.reduceat(echo * sizes, starts) / total, dtype=np.float32),
        new=np.add.reduceat((1 - echo) * sizes, starts),
    )


def nearest(encoder: StaticEncoder, rows: Floats, text: str) -> Floats:
    """For each of the vectors the cosine of the nearest token of a text."""
    ids, _ = _tokens(encoder, text)
    return np.asarray(_cosines(rows, encoder.rows(ids)).max(axis=1, initial=0), dtype=np.float32)


@lru_cache(maxsize=8192)
def _tokens(encoder: StaticEncoder, line: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The tokens of a sentence, at least one, and with which of them each clause begins; kept for the questions that come
    back to it.
    """
    found = encoder.tokens([line])[0]
    if not found:
        return (0,), (0,)
    borders = np.array([start for start, _ in clause_spans(line)] or [0])
    clauses = np.searchsorted(borders, np.array([start for _, (start, _) in found]), side="right")
    return tuple(token for token, _ in found), tuple(np.unique(clauses, return_index=True)[1].tolist())


ONE_THREAD = 1 << 18
"""Multiplications up to which OpenBLAS stays in the calling thread; waking others costs more than this work."""


def _cosines(rows: Floats, table: Floats) -> Floats:
    """Shape (rows, table), in pieces small enough for one thread."""
    left, right = _unit(rows), _unit(table)
    step = max(1, ONE_THREAD // max(1, left.size))
    return np.concatenate([left @ right[at : at + step].T for at in range(0, len(right), step)], axis=1)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)
