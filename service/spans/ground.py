"""Passages in, one array of characters out, with the sentence, clause and passage of each. Knows no question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.sentences import clause_spans
from index.terms import fold

Ints = NDArray[np.int64]

BUCKETS = 1 << 16
"""Size of the table of rarities; bigrams and single characters share it by their hash."""

_GAP = "\0\0"
"""What stands between two lines, so that nothing matches across them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as the model sees it; `passage` numbers the passages from 0, lines of one follow each other."""

    text: str
    passage: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """All lines joined. Arrays have one entry per character; `begins[i]` is where line i starts."""

    text: str
    begins: Ints
    ends: Ints
    line: Ints
    clause: Ints
    clauses: Ints
    """(clauses, 2): start and end of each."""
    passages: Ints
    """Passage of each line."""
    clause_lines: Ints
    """Line of each clause."""
    pairs: Ints
    """Hash of the pair that begins at each character."""
    singles: Ints


def lay(lines: Sequence[Line]) -> Ground:
    """Join the lines; folded so that every character keeps its place."""
    folded = [aligned(line.text) for line in lines]
    text = _GAP.join(folded) + _GAP
    lengths = np.array([len(part) for part in folded], dtype=np.int64)
    begins = np.concatenate(([0], np.cumsum(lengths + len(_GAP))[:-1])).astype(np.int64)
    of_line = np.repeat(np.arange(len(lines)), lengths + len(_GAP))
    spans, owners = [], []
    for number, (part, begin) in enumerate(zip(folded, begins.tolist(), strict=True)):
        for start, end in clause_spans(part) or [(0, len(part))]:
            spans.append((begin + start, begin + end))
            owners.append(number)
    clauses = np.array(spans, dtype=np.int64).reshape(-1, 2)
    of_clause = np.searchsorted(clauses[:, 0], np.arange(len(text)), side="right") - 1
    codes = character_codes(text)
    return Ground(
        text, begins, begins + lengths, of_line, np.maximum(of_clause, 0), clauses,
        np.array([line.passage for line in lines], dtype=np.int64), np.array(owners, dtype=np.int64),
        pair_hashes(codes), codes,
    )  # fmt: skip


class _OneToOne(dict[int, str]):
    """Folds single characters; one that would become several, or none, stays as it is."""

    def __missing__(self, code: int) -> str:
        found = fold(chr(code)) if not 0xD800 <= code < 0xE000 else ""
        self[code] = found if len(found) == 1 else chr(code)
        return self[code]


_FOLDED = _OneToOne()


@lru_cache(maxsize=4096)
def aligned(text: str) -> str:
    """The text folded to simplified script, normal width and lower case, each character in its old place."""
    return text.translate(_FOLDED)


def character_codes(text: str) -> Ints:
    """Code points."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)


def pair_hashes(codes: Ints) -> Ints:
    """One number for each pair of neighbours, the last character paired with nothing."""
    return np.asarray(codes << 21 | np.append(codes[1:], 0), dtype=np.int64)


def bucket(hashes: Ints) -> Ints:
    """Where in the table of rarities a pair or a character stands (multiplicative hashing, Knuth 6.4)."""
    mixed = (hashes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(48)
    return mixed.astype(np.int64)
