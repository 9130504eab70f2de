"""What a reader is: a question and passages in, answering stretches and how sure it is out. Knows no model format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Extract:
    """`passages[passage][start:end] == text`, in code points. `score` is the log-odds of this answer against none."""

    passage: int
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Extracts of all passages, best first, none overlapping another; `answerability` in 0..1 that there is an answer."""

    extracts: tuple[Extract, ...]
    answerability: float


class Reader(Protocol):
    """Reads passages for an answer."""

    def read(self, question: str, passages: Sequence[str], most: int = 5) -> Reading:
        """At most `most` extracts. Thread-safe. Raises ModelError where the engine fails."""
