"""What an encoder is: text in, unit vectors out, and the facts that identify it. Knows no model format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderMismatchError, ModelBrokenError


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """The facts a snapshot freezes: vectors may be compared only where all of them are equal.

    `revision` is a hash of the model's files where they are local, else whatever the hub calls its version.
    `normalisation` says what was done to a vector last: "unit" is the cut to `dimension` first, then length 1.
    `precision` is the kind of number the model computes with, "" where an endpoint does not tell. Records of before
    these two were kept are of "unit" and "float32".
    """

    name: str
    revision: str
    dimension: int
    question_prefix: str = ""
    passage_prefix: str = ""
    normalisation: str = "unit"
    precision: str = "float32"

    def to_dict(self) -> dict[str, str | int]:
        """These facts as a flat JSON-ready mapping."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: Mapping[str, object]) -> EncoderInfo:
        """Reads what `to_dict` wrote, ignoring other keys. Raises ModelBrokenError on a missing or ill-typed one."""
        record = {"normalisation": "unit", "precision": "float32", **record}
        kinds = {field.name: int if field.name == "dimension" else str for field in fields(cls)}
        wrong = [name for name, kind in kinds.items() if type(record.get(name)) is not kind]
        if wrong:
            raise ModelBrokenError(f"encoder record lacks a usable {', '.join(wrong)}: build the snapshot again")
        texts = {name: str(record[name]) for name, kind in kinds.items() if kind is str}
        return cls(dimension=int(str(record["dimension"])), **texts)

    def require(self, other: EncoderInfo) -> None:
        """Raises EncoderMismatchError unless `other` makes vectors comparable with these; names each difference."""
        mine, theirs = self.to_dict(), other.to_dict()
        differences = [f"{key} {mine[key]!r} ≠ {theirs[key]!r}" for key in mine if mine[key] != theirs[key]]
        if differences:
            raise EncoderMismatchError(f"the vectors were made with another encoder ({'; '.join(differences)})")


class Encoder(Protocol):
    """Makes vectors whose inner product is their cosine. Both methods may be called from several threads."""

    @property
    def info(self) -> EncoderInfo:
        """The facts to freeze beside the vectors."""

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text, shape (n, d), each of unit length; a text without any known token gives a zero row."""

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """One vector, shape (d,), of unit length; zero where the text holds no known token."""
