"""The Answer: one value that every surface renders. Knows nothing of how it was composed or where it is sent."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Status(StrEnum):
    """What came of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    CONFLICT = "conflict"
    UNANSWERABLE = "unanswerable"


Support = Literal["supported", "partly", "unsupported"]
Verdict = Literal["exact", "equal", "not_found"]
Composer = Literal["extractive", "generative"]
Rating = Literal["up", "down"]
"""What somebody thinks of an answer."""

Number = int | float | list[int | float] | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer with the numbers of the citations that prove it."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: `article.text[start:end] == quote`. `n` is its number in the answer, counted from 1."""

    n: int
    id: str
    article_id: str
    title: str
    authors: tuple[str, ...]
    column: str
    issue: str
    date: str | None
    page: str | None
    quote: str
    start: int
    end: int
    reference: str


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """A figure of the answer and what the verifier found of it in the cited quote."""

    text: str
    value: Number
    unit: str
    hedge: str
    period: str | None
    citation: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was looked at."""

    passage_id: str
    article_id: str
    title: str
    text: str
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """A direct reply with its proof, or what is missing. Field by field as the contract describes it."""

    id: str | None = field(default=None, kw_only=True)
    question: str
    status: Status
    answer: str
    short_answers: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    figures: tuple[FigureCheck, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    reason: str | None = None
    composer: Composer = "extractive"
    model: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    snapshot: str = ""
    confidence: float | None = None
    """Probability, 0..1, that the answer is right, as calibrated on development questions; None where it is refused."""

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON knows it."""
        return asdict(self)
