"""What the client gives: rows as the service sends them, the Answer, the events of a stream, and its one error."""

from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from service.answer import Answer, Citation, FigureCheck, Retrieved, Statement, Status

Filters = dict[str, list[str] | str]
"""As `/v1/ask` takes them: `article_id`, `column`, `author`, `issue` as lists, `date_from`, `date_to`, `as_of` as days."""


class Turn(TypedDict):
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


class Duplicate(TypedDict):
    """A passage of another article that says the same again."""

    passage_id: str
    article_id: str
    title: str


class Hit(TypedDict):
    """A passage that was found; higher scores are better."""

    passage_id: str
    article_id: str
    title: str
    heading: list[str]
    text: str
    start: int
    end: int
    scores: dict[str, float]
    duplicates: list[Duplicate]


class ArticleSummary(TypedDict):
    """An article without its text."""

    id: str
    title: str
    authors: list[str]
    column: str
    issue: str
    date: str | None
    page: str | None
    language: str
    characters: int
    captions: int


class ArticleRow(TypedDict):
    """An article with its text, in which every offset counts code points."""

    id: str
    title: str
    authors: list[str]
    column: str
    issue: str
    date: str | None
    page: str | None
    language: str
    characters: int
    captions: list[str]
    reference: str
    source: str
    metadata: dict[str, str]
    also_in: dict[str, Any]
    text: str


class CitationNow(TypedDict):
    """A citation looked up again: `quote` is None when the source changed."""

    id: str
    status: Literal["unchanged", "moved", "changed"]
    article_id: str
    title: str
    reference: str
    quote: str | None
    start: int | None
    end: int | None
    snapshot: str


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event of a stream, with the field that its kind fills. After the stage `restarting` all text before is void."""

    kind: Literal["status", "citation", "delta", "final", "ping"]
    stage: str = ""
    text: str = ""
    citation: Citation | None = None
    answer: Answer | None = None


class WenceError(Exception):
    """The service refused, with its code and message; `status` is 0 when it could not be reached."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        detail: object = None,
        *,
        request_id: str = "",
        wait_s: float | None = None,
    ) -> None:
        super().__init__(f"{message} [{code}]")
        self.status, self.code, self.message, self.detail = status, code, message, detail
        self.request_id, self.wait_s = request_id, wait_s


def answer_of(row: dict[str, Any]) -> Answer:
    """The Answer that a reply holds; fields that this client does not know are left out."""
    known = {name: value for name, value in row.items() if name in Answer.__dataclass_fields__}
    return Answer(
        **{
            **known,
            "status": Status(row["status"]),
            "short_answers": tuple(row["short_answers"]),
            "statements": tuple(
                Statement(item["text"], tuple(item["citations"]), item["support"]) for item in row["statements"]
            ),
            "citations": tuple(map(citation_of, row["citations"])),
            "figures": tuple(FigureCheck(**_known(FigureCheck, item)) for item in row["figures"]),
            "retrieved": tuple(Retrieved(**_known(Retrieved, item)) for item in row["retrieved"]),
        }
    )


def citation_of(row: dict[str, Any]) -> Citation:
    """The citation that a row holds."""
    return Citation(**{**_known(Citation, row), "authors": tuple(row["authors"])})


def _known(kind: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in kind.__dataclass_fields__}
