"""The address of an OpenAI-compatible embeddings endpoint in, an Encoder out. Knows no model's insides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderInfo
from embeddings.errors import EncoderError, EndpointError
from embeddings.wire import Patience, Wire

PASSAGES: Final = Patience(tries=7, longest_pause_s=60)
"""Nobody waits for a single passage: a build sits out a limit of a minute."""

QUESTION: Final = Patience(tries=3, longest_pause_s=2)
"""Somebody waits."""

LARGEST_BYTES: Final = 1 << 20
"""Of what is sent for one text: a vector of 32,768 numbers at full length is 0.7 MB."""

_PROBE: Final = "问策"


class EndpointEncoder:
    """Encodes by `POST url/embeddings`. The first call, made at once, learns how many numbers a vector has."""

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str = "",
        revision: str = "",
        timeout_s: float = 30.0,
        dimension: int | None = None,
        question_prefix: str = "",
        passage_prefix: str = "",
        batch_size: int = 64,
    ) -> None:
        """`dimension` keeps that many first numbers; `revision` is what the user calls the model's version, as no
        endpoint tells it. `timeout_s` counts for one try. Raises EndpointError, EncoderError.
        """
        if batch_size < 1:
            raise EncoderError(f"batch size {batch_size}: choose 1 or more")
        self._wire = Wire(url, key, timeout_s)
        self._model = model
        self._batch_size = batch_size
        self._full = 0
        self._full = full = len(self._ask([_PROBE], QUESTION)[0])
        if dimension is not None and not 1 <= dimension <= full:
            raise EncoderError(f"dimension {dimension} asked of {model}, which has {full}: choose 1 to {full}")
        self.info = EncoderInfo(
            name=model,
            revision=revision,
            dimension=dimension or full,
            question_prefix=question_prefix,
            passage_prefix=passage_prefix,
            precision="",
        )

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n, d), unit rows; a blank text is not sent, as endpoints refuse it, and gives a zero row."""
        rows = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        filled = [i for i, text in enumerate(texts) if text.strip()]
        for at in range(0, len(filled), self._batch_size):
            batch = filled[at : at + self._batch_size]
            found = self._ask([self.info.passage_prefix + texts[i] for i in batch], PASSAGES)
            rows[batch] = _unit(found[:, : self.info.dimension])
        return rows

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """Shape (d,), unit length; zero for a blank text."""
        if not text.strip():
            return np.zeros(self.info.dimension, dtype=np.float32)
        found = self._ask([self.info.question_prefix + text], QUESTION)
        return np.asarray(_unit(found[:, : self.info.dimension])[0])

    def _ask(self, texts: list[str], patience: Patience) -> NDArray[np.float32]:
        """One request. Shape (n, full dimension), rows in the order of the texts, as the endpoint scaled them."""
        reply = self._wire.post({"model": self._model, "input": texts}, patience, LARGEST_BYTES * len(texts))
        try:
            rows = vectors(reply, len(texts))
        except ValueError as error:
            raise EndpointError(
                f"{self._wire.name} sent no usable embeddings ({error}): see that it serves {self._model} "
                "in OpenAI's format"
            ) from error
        if self._full and rows.shape[1] != self._full:
            raise EndpointError(
                f"{self._wire.name} sent vectors of {rows.shape[1]} numbers, and of {self._full} before: "
                f"see that it serves one model as {self._model}"
            )
        return rows


def vectors(reply: bytes, count: int) -> NDArray[np.float32]:
    """The rows of an OpenAI embeddings reply in the order of its `index`, shape (count, d). Raises ValueError."""
    try:
        record = json.loads(reply)
    except RecursionError as error:
        raise ValueError("brackets within brackets without end") from error
    items = record.get("data") if isinstance(record, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("no list of objects under `data`")
    if len(items) != count:
        raise ValueError(f"{len(items)} vectors for {count} texts")
    placed: dict[int, Any] = {item["index"]: item.get("embedding") for item in items if type(item.get("index")) is int}
    if sorted(placed) != list(range(count)):
        raise ValueError(f"the `index` of the vectors does not run from 0 to {count - 1}")
    ordered = [placed[i] for i in range(count)]
    if not all(isinstance(row, list) and row and len(row) == len(ordered[0]) for row in ordered):
        raise ValueError("an `embedding` is no list of numbers, or of another length than its neighbours")
    if not all(type(number) in (float, int) for row in ordered for number in row):
        raise ValueError("an `embedding` holds what is no number")
    try:
        with np.errstate(over="ignore"):
            rows = np.array(ordered, dtype=np.float64).astype(np.float32)
    except OverflowError as error:
        raise ValueError("an `embedding` holds a number beyond all bounds") from error
    if not np.isfinite(rows).all():
        raise ValueError("an `embedding` holds a number that is not finite")
    return rows


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)
