"""Questions and passages in, windows of tokens that a network can take out, each token with its place in the passage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

OVERLAP_TYPES: Final = 5
"""Token types of a network that is told what question and passage share: question; passage; a token, a pair, three in a
row that stand in the question too. A short training need not first discover copying.
"""

_RUNS: Final = 3


@dataclass(frozen=True, slots=True)
class Window:
    """A question and a stretch of passage number `passage`. Arrays have one entry per token: `offsets` (n, 2) are code
    points of the passage, `readable` marks its tokens; token `null` stands for no answer.
    """

    passage: int
    ids: Ints
    types: Ints
    offsets: Ints
    readable: NDArray[np.bool_]
    null: int


def cut_windows(
    tokenizer: Any, questions: Sequence[str], passages: Sequence[str], *, longest: int, overlap: bool
) -> Iterator[Window]:
    """The windows of question i with passage i, neighbours sharing a third of `longest` tokens.

    A question keeps at most half of them. With `overlap` the types are those of OVERLAP_TYPES, else the tokenizer's.
    """
    asked = _shortened(tokenizer, list(dict.fromkeys(questions)), longest // 2)
    plain = [text.encode(errors="replace").decode() for text in passages]  # half a surrogate pair becomes one character
    given = tokenizer(
        [asked[question] for question in questions], plain, truncation="only_second", max_length=longest,
        stride=longest // 3, return_overflowing_tokens=True, return_offsets_mapping=True, return_token_type_ids=True,
    )  # fmt: skip
    for number, passage in enumerate(given["overflow_to_sample_mapping"]):
        ids = np.array(given["input_ids"][number], dtype=np.int64)
        parts = np.array([-1 if part is None else part for part in given.sequence_ids(number)])
        nulls = np.flatnonzero(ids == tokenizer.cls_token_id) if tokenizer.cls_token_id is not None else ids[:0]
        types = overlap_types(ids, parts) if overlap else np.array(given["token_type_ids"][number], dtype=np.int64)
        offsets = np.array(given["offset_mapping"][number], dtype=np.int64).reshape(-1, 2)
        readable = (parts == 1) & (offsets[:, 0] < offsets[:, 1])
        yield Window(int(passage), ids, types, offsets, readable, int(nulls[0]) if len(nulls) else 0)


def overlap_types(ids: Ints, parts: Ints) -> Ints:
    """Types of OVERLAP_TYPES for a row of tokens; `parts` is 0 for the question's, 1 for the passage's, else -1."""
    types = np.zeros(len(ids), dtype=np.int64)
    asked, told = np.flatnonzero(parts == 0), np.flatnonzero(parts == 1)
    if not len(told):
        return types
    types[told[0] :] = 1
    question, passage = ids[asked], ids[told]
    for length in range(1, _RUNS + 1):
        runs, places = _runs(question, length), _runs(passage, length)
        starts = np.flatnonzero(np.isin(places, runs))
        for step in range(length):
            types[told[starts + step]] = 1 + length
    return types


def _runs(ids: Ints, length: int) -> Ints:
    """One number for each `length` tokens in a row; ids stay under 2²⁰."""
    count = max(0, len(ids) - length + 1)
    found = np.zeros(count, dtype=np.int64)
    for step in range(length):
        found = found << 20 | ids[step : step + count]
    return found


def _shortened(tokenizer: Any, questions: Sequence[str], most: int) -> dict[str, str]:
    """For each question its beginning of at most so many tokens."""
    plain = [question.encode(errors="replace").decode() for question in questions]
    offsets = tokenizer(plain, add_special_tokens=False, return_offsets_mapping=True, verbose=False)["offset_mapping"]
    return {
        question: text if len(found) <= most else text[: found[most - 1][1]]
        for question, text, found in zip(questions, plain, offsets, strict=True)
    }
