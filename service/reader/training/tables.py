"""Texts and examples in, flat arrays of tokens out, from which a batch of either stage is drawn. Knows no network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.reader.training.characters import SPECIAL
from service.reader.training.examples import Example
from service.reader.windows import Ints, Window, cut_windows

MASKED: Final = 0.15
"""Share of the tokens that are to be guessed, in runs of one to three."""

_TYPED: Final = 0.9
"""Share of the windows that keep the types of what question and passage share; the others must do without."""

_AT_ONCE: Final = 500
_PAD, _, _CLS, _SEP, _MASK = range(len(SPECIAL))


@dataclass(frozen=True, slots=True)
class MaskedBatch:
    """Arrays (n, tokens): token ids with some masked, and which are to be guessed; `wanted` are those, in order."""

    ids: Ints
    guessed: NDArray[np.bool_]
    wanted: Ints


@dataclass(frozen=True, slots=True)
class ReadingBatch:
    """Arrays (n, tokens), padded; and (n,): the first and last token of the answer, 0 and 0 for none."""

    ids: Ints
    types: Ints
    mask: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class Table:
    """`text` is all texts' tokens in a row. Window i has the tokens `begins[i]` to `begins[i + 1]` of `ids` and `types`;
    its answer is token `first[i]` to `last[i]` of it.
    """

    text: NDArray[np.uint16]
    ids: NDArray[np.uint16]
    types: NDArray[np.uint8]
    begins: Ints
    first: Ints
    last: Ints
    asked: NDArray[np.bool_]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def pools(self) -> list[Ints]:
        """Rows by sort: asked and answered, asked and not, made and answered, made and not."""
        answered = self.last > 0
        return [
            np.flatnonzero((self.asked == who) & (answered == what)) for who in (True, False) for what in (True, False)
        ]

    def masked(self, rng: np.random.Generator, size: int, longest: int, vocabulary: int) -> MaskedBatch:
        """Stretches of the text with tokens to guess: of ten, eight masked, one exchanged, one left (BERT, in runs as
        SpanBERT, Joshi et al., TACL 2020).
        """
        longest = min(longest - 1, len(self.text))
        starts = rng.integers(0, len(self.text) - longest + 1, size)
        ids = self.text[starts[:, None] + np.arange(longest)].astype(np.int64)
        seeds = rng.random(ids.shape) < MASKED / 2
        runs = rng.integers(1, 4, ids.shape)
        guessed = seeds.copy()
        for step in (1, 2):
            guessed[:, step:] |= (seeds & (runs > step))[:, :-step]
        guessed &= ids >= len(SPECIAL)
        wanted, fate = ids[guessed], rng.random(int(guessed.sum()))
        other = rng.integers(len(SPECIAL), max(vocabulary, len(SPECIAL) + 1), len(wanted))
        ids[guessed] = np.where(fate < 0.8, _MASK, np.where(fate < 0.9, other, wanted))
        heads = np.full((size, 1), _CLS)
        return MaskedBatch(np.hstack((heads, ids)), np.hstack((heads < 0, guessed)), wanted)

    def drawn(
        self, rng: np.random.Generator, pools: Sequence[Ints], size: int, *, asked: float, unanswered: float
    ) -> ReadingBatch:
        """A batch of windows, about these shares of them asked by people and without an answer."""
        shares = np.outer((asked, 1 - asked), (1 - unanswered, unanswered)).ravel()
        shares *= [bool(len(pool)) for pool in pools]
        sorts = rng.choice(len(pools), size, p=shares / shares.sum())
        rows = np.array([rng.choice(pools[sort]) for sort in sorts], dtype=np.int64)
        lengths = self.begins[rows + 1] - self.begins[rows]
        columns = np.arange(lengths.max())
        mask = columns < lengths[:, None]
        at = np.where(mask, self.begins[rows][:, None] + columns, 0)
        ids, types = self.ids[at].astype(np.int64), self.types[at].astype(np.int64)
        plain = rng.random(size) >= _TYPED
        types[plain] = np.minimum(types[plain], 1)
        ids[~mask], types[~mask] = _PAD, 0
        return ReadingBatch(ids, types, mask.astype(np.int64), self.first[rows], self.last[rows])


def lay_out(
    texts: Sequence[str], examples: Iterable[Example], tokenizer: Any, *, longest: int, say: Callable[[str], None]
) -> Table:
    """Everything in tokens. A window that holds a part of the answer only is left out."""
    text = [np.zeros(0, dtype=np.uint16)]
    for at in range(0, len(texts), _AT_ONCE):
        given = tokenizer(texts[at : at + _AT_ONCE], add_special_tokens=False, verbose=False)["input_ids"]
        text.extend(np.array([*ids, _SEP], dtype=np.uint16) for ids in given)
    ids, types = [np.zeros(0, dtype=np.uint16)], [np.zeros(0, dtype=np.uint8)]
    first, last, asked, lengths = list[int](), list[int](), list[bool](), list[int]()
    for example, window in _windows(iter(examples), tokenizer, longest):
        place = _place(example, window)
        if place is None:
            continue
        ids.append(window.ids.astype(np.uint16))
        types.append(window.types.astype(np.uint8))
        lengths.append(len(window.ids))
        first.append(place[0])
        last.append(place[1])
        asked.append(example.asked)
        if len(lengths) % 50_000 == 0:
            say(f"  {len(lengths):,} windows")
    begins = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
    return Table(
        np.concatenate(text), np.concatenate(ids), np.concatenate(types), begins,
        np.array(first, dtype=np.int64), np.array(last, dtype=np.int64), np.array(asked, dtype=np.bool_),
    )  # fmt: skip


def _windows(examples: Iterator[Example], tokenizer: Any, longest: int) -> Iterator[tuple[Example, Window]]:
    while held := list(islice(examples, _AT_ONCE)):
        questions, contexts = [item.question for item in held], [item.context for item in held]
        for window in cut_windows(tokenizer, questions, contexts, longest=longest, overlap=True):
            yield held[window.passage], window


def _place(example: Example, window: Window) -> tuple[int, int] | None:
    """First and last token of the answer; (0, 0) where the window does not answer, None where it holds a part."""
    inside = window.readable & (window.offsets[:, 0] < example.end) & (window.offsets[:, 1] > example.start)
    tokens = np.flatnonzero(inside)
    if not len(tokens):
        return 0, 0
    whole = window.offsets[tokens[0], 0] <= example.start and window.offsets[tokens[-1], 1] >= example.end
    return (int(tokens[0]), int(tokens[-1])) if whole else None
