"""Any transformers model for question answering in, a Reader out."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.pretrained import Precision, load, run
from service.reader.reading import Extract, Reading
from service.reader.windows import Window, cut_windows

LONGEST: Final = 384
"""Tokens of a window, question included."""

LONGEST_ANSWER: Final = 64
"""Tokens of an answer."""

Floats = NDArray[np.float64]


class TransformerReader:
    """Reads with a model of start and end scores, as in SQuAD 2.0: each span's score stands against that of no answer.

    No answer scores in a passage what it scores in the window that likes it least, since an answer needs one window.
    Source: Devlin et al., "BERT", NAACL 2019, section 4.3; Rajpurkar et al., "Know What You Don't Know", ACL 2018.
    """

    def __init__(
        self,
        name_or_path: str,
        *,
        device: str | None = None,
        precision: Precision = "auto",
        batch_size: int = 32,
        longest: int = LONGEST,
    ) -> None:
        """A name known to transformers, or a folder. Raises ModelError."""
        self._model = load("QuestionAnswering", name_or_path, device=device, precision=precision, longest=longest)
        config = self._model.network.config
        self._overlap = bool(getattr(config, "overlap_types", False))
        self._typed = self._overlap or "token_type_ids" in self._model.tokenizer.model_input_names
        self._batch_size = batch_size
        self._lock = threading.Lock()

    def read(self, question: str, passages: Sequence[str], most: int = 5) -> Reading:
        """The best extracts of all passages; none of a passage without a token."""
        told = [number for number, passage in enumerate(passages) if passage.strip()]
        texts = [passages[number] for number in told]
        if not texts:
            return Reading((), 0.0)
        with self._lock:  # a tokenizer cannot cut for two threads at once
            windows = list(
                cut_windows(
                    self._model.tokenizer, [question] * len(texts), texts,
                    longest=self._model.longest, overlap=self._overlap,
                )
            )  # fmt: skip
            logits = self._logits(windows)
        null = np.full(len(texts), np.inf)
        for window, (start, end) in zip(windows, logits, strict=True):
            null[window.passage] = min(null[window.passage], start[window.null] + end[window.null])
        found = [
            Extract(told[window.passage], first, last, texts[window.passage][first:last], score - null[window.passage])
            for window, (start, end) in zip(windows, logits, strict=True)
            for first, last, score in _spans(window, texts[window.passage], start, end, 4 * most)
        ]
        extracts = _apart(sorted(found, key=lambda item: -item.score), most)
        return Reading(extracts, float(1 / (1 + np.exp(-extracts[0].score))) if extracts else 0.0)

    def _logits(self, windows: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        """Start and end scores of each window's tokens."""
        scores: dict[int, tuple[Floats, Floats]] = {}
        alike = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))  # of like length: little padding
        for at in range(0, len(alike), self._batch_size):
            batch = alike[at : at + self._batch_size]
            types = [windows[i].types for i in batch] if self._typed else None
            found = run(self._model, [windows[i].ids for i in batch], types)
            start, end = (_array(values) for values in (found.start_logits, found.end_logits))
            for row, number in enumerate(batch):
                count = len(windows[number].ids)
                scores[number] = start[row, :count], end[row, :count]
        return [scores[number] for number in range(len(windows))]


def _array(values: Any) -> Floats:
    found: Floats = values.float().cpu().numpy().astype(np.float64)
    return found


def _spans(window: Window, text: str, start: Floats, end: Floats, most: int) -> Iterator[tuple[int, int, float]]:
    """The best spans of a window as (start, end, score), without white space at their ends."""
    places = np.flatnonzero(window.readable)
    if not len(places):
        return
    scores = start[places][:, None] + end[places][None, :]
    gaps = places[None, :] - places[:, None]
    scores[(gaps < 0) | (gaps >= LONGEST_ANSWER)] = -np.inf
    flat = scores.ravel()
    best = np.argpartition(-flat, min(most, len(flat) - 1))[:most]
    for at in best[np.isfinite(flat[best])].tolist():
        first, last = divmod(at, len(places))
        left, right = int(window.offsets[places[first], 0]), int(window.offsets[places[last], 1])
        right -= len(text[left:right]) - len(text[left:right].rstrip())
        left += len(text[left:right]) - len(text[left:right].lstrip())
        if left < right:
            yield left, right, float(flat[at])


def _apart(found: Sequence[Extract], most: int) -> tuple[Extract, ...]:
    """The first of those that overlap."""
    kept: list[Extract] = []
    for item in found:
        if len(kept) == most:
            break
        if all(item.passage != other.passage or item.end <= other.start or other.end <= item.start for other in kept):
            kept.append(item)
    return tuple(kept)
