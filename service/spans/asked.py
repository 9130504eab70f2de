"""A question and one of its slots in, the pairs of characters to look for out, each with its side and weight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from service.answering.names import tagged
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import FILLER, KIND_NOUNS
from service.spans.ground import Ints, aligned, bucket, character_codes, pair_hashes

LEFT, RIGHT, ELSEWHERE = 0, 1, 2

Floats = NDArray[np.float32]

_NOTHING = frozenset("x u uj ul uv uz y r p c d q f".split())
_FILLER_SHARE, _KIND_SHARE = 0.15, 0.4


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs (or single characters) of a question, sorted by hash: `weights` sum to 1, `sides` say where each stands
    to the question word, `gaps` how many characters away.
    """

    hashes: Ints
    weights: Floats
    sides: Ints
    gaps: Floats


@dataclass(frozen=True, slots=True)
class Asked:
    """One slot of a question as the model sees it."""

    question: Question
    slot: Slot
    text: str
    left: str
    right: str
    pairs: Terms
    singles: Terms


def read_slot(question: Question, slot: Slot, rarity: Floats) -> Asked:
    """The slot with its terms weighed by `rarity`, the table of inverse document frequencies."""
    left, right = aligned(slot.focus[: slot.at]), aligned(slot.focus[slot.at :])
    rest = [aligned(question.background)] if question.background else []
    own = aligned(question.text)
    start, end = slot.part
    rest += [own[:start], own[end:]] if left + right else [own]
    pieces = [(left, LEFT), (right, RIGHT), *((piece, ELSEWHERE) for piece in rest)]
    return Asked(
        question, slot, own, left, right, _terms(pieces, rarity, paired=True), _terms(pieces, rarity, paired=False)
    )


def _terms(pieces: list[tuple[str, int]], rarity: Floats, *, paired: bool) -> Terms:
    found: dict[int, tuple[float, int, float]] = {}
    for piece, side in pieces:
        if not piece:
            continue
        codes = character_codes(piece)
        hashes = pair_hashes(codes)[:-1] if paired else codes
        shares = content_shares(piece)
        rare = rarity[bucket(hashes)]
        for at, (key, idf) in enumerate(zip(hashes.tolist(), rare.tolist(), strict=True)):
            share = max(shares[at], shares[at + 1]) if paired else shares[at]
            if not share or (paired and not (piece[at].isalnum() and piece[at + 1].isalnum())):
                continue
            gap = len(piece) - at - 1 - paired if side == LEFT else at if side == RIGHT else 30
            weight = float(idf) * share
            if key not in found or found[key][0] < weight:
                found[key] = weight, side, float(gap)
    keys = sorted(found)
    weights = np.array([found[key][0] for key in keys], dtype=np.float32)
    return Terms(
        np.array(keys, dtype=np.int64),
        weights / max(float(weights.sum()), 1e-6),
        np.array([found[key][1] for key in keys], dtype=np.int64),
        np.array([found[key][2] for key in keys], dtype=np.float32),
    )


@lru_cache(maxsize=256)
def content_shares(text: str) -> tuple[float, ...]:
    """For every character how much its word says: 1 for content, little for words that say nothing, 0 for marks."""
    shares = [0.0] * len(text)
    for start, word, tag in tagged(text):
        share = 1.0
        if word in FILLER or tag in _NOTHING:
            share = _FILLER_SHARE
        elif word in KIND_NOUNS:
            share = _KIND_SHARE
        if not _SAYING.search(word):
            share = 0.0
        shares[start : start + len(word)] = [share] * len(word)
    return tuple(shares)


_SAYING = re.compile(r"\w")
