"""The shapes of requests and replies that are not the domain's own: validated here, and what /docs shows."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from index.store import Filters
from service.answer import Composer, Rating, Status
from service.citation_id import Standing


class RequestModel(BaseModel):
    """What requests have in common: JSON of the very kind that a field says, and fields that nobody knows are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)


SAID: Final = r"[^\s\u001c-\u001f\u0085]"
"""What a text must hold to say anything."""


def _count(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


AS_JSON_COUNTS: Final = BeforeValidator(_count)
"""For whole numbers: 95 and 95.0 are the same in JSON."""

TopK = Annotated[int, Field(ge=1, le=100), AS_JSON_COUNTS]


def _day(value: object) -> object:
    if value is not None and not (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)):
        raise ValueError("is no day written YYYY-MM-DD")
    return value


def _whole(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds half of a surrogate pair (\\ud800 to \\udfff); write the whole character")
    return text


Whole = Annotated[str, AfterValidator(_whole)]
"""Text that can be written as UTF-8."""


class Turn(RequestModel):
    """One message of the conversation so far."""

    role: Literal["user", "assistant", "system"]
    content: Annotated[str, Field(max_length=100_000)]


Day = Annotated[
    Annotated[date, Field(strict=False)] | None,
    BeforeValidator(_day),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}),
]
Question = Annotated[str, Field(json_schema_extra={"pattern": SAID})]
"""Its length is a setting and the document's to say; what is wrong with it is the pipeline's."""

Names = Annotated[list[str], Field(max_length=1000)]


class FilterFields(RequestModel):
    """What the search is limited to; leave a field out to limit nothing. Dates are inclusive, and an article without a
    date is outside of any. `as_of` leaves what was there on that day.
    """

    article_id: Names = []
    column: Names = []
    author: Names = []
    issue: Names = []
    date_from: Day = None
    date_to: Day = None
    as_of: Day = None

    def filters(self) -> Filters:
        return Filters(
            tuple(self.article_id), tuple(self.column), tuple(self.author), tuple(self.issue),
            _iso(self.date_from), _iso(min(filter(None, (self.date_to, self.as_of)), default=None)),
        )  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


class SearchRequest(RequestModel):
    """A question for passages."""

    question: Question
    top_k: TopK = 10
    filters: FilterFields = FilterFields()


class AskRequest(RequestModel):
    """A question for an answer, with the conversation before it."""

    question: Question
    history: Annotated[list[Turn], Field(max_length=100)] = []
    top_k: TopK | None = None
    filters: FilterFields = FilterFields()
    composer: Composer | None = None
    stream: bool = False


class Duplicate(BaseModel):
    """A passage of another article that says the same again."""

    passage_id: str
    article_id: str
    title: str


class Hit(BaseModel):
    """A retrieved passage: `article text[start:end] == text`. Higher scores are better. `duplicates` are no hits of
    their own.
    """

    passage_id: str
    article_id: str
    title: str
    heading: list[str]
    text: str
    start: int
    end: int
    scores: dict[str, float]
    duplicates: list[Duplicate]


class SearchReply(BaseModel):
    """Hits, best first."""

    hits: list[Hit]
    timings_ms: dict[str, float]
    snapshot: str


class _ArticleFacts(BaseModel):
    id: str
    title: str
    authors: list[str]
    column: str
    issue: str
    date: str | None
    page: str | None
    language: str
    characters: int


class ArticleSummary(_ArticleFacts):
    """An article without its text; `captions` and `characters` are counts."""

    captions: int


def following(cursor: int, limit: int, total: int) -> str | None:
    """The `next_cursor` of a page of so many that begins at `cursor`; None for the last."""
    return str(cursor + limit) if cursor + limit < total else None


class ArticleList(BaseModel):
    """One page of the collection; ask again with `next_cursor` for the next."""

    articles: list[ArticleSummary]
    total: int
    next_cursor: str | None
    snapshot: str


class Alike(BaseModel):
    """A near-duplicate, and the share of the shorter article that stands in both."""

    id: str
    title: str
    share: float


class AlsoIn(BaseModel):
    """Where else an article stands: other sources of the same one, and its near-duplicates."""

    sources: list[str]
    articles: list[Alike]


class ArticleReply(_ArticleFacts):
    """An article with its text, in which every offset counts code points."""

    captions: list[str]
    reference: str
    source: str
    metadata: dict[str, str]
    also_in: AlsoIn
    text: str


class CitationReply(BaseModel):
    """A citation looked up again. `status` says whether its words still stand where they were quoted, stand elsewhere
    in the article, or are gone because the source changed; then there is no quote.
    """

    id: str
    status: Standing
    article_id: str
    title: str
    reference: str
    quote: str | None
    start: int | None
    end: int | None
    snapshot: str


_SEEN: Final = r"[^\s\u0000-\u001f\u007f-\u009f]"
_SCALAR: Final = ["string", "number", "boolean"]
_LINE: Final = {"type": [*_SCALAR, "null"]}
_LINES: Final = {"anyOf": [_LINE, {"type": "array", "items": {"type": _SCALAR}}]}
_ID: Final = {"type": "string", "pattern": r"^[^\s/\\\u0000-\u001f\u007f-\u009f]{1,128}$"}
_ARTICLE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["title", "text"],
    "properties": {
        "title": {"anyOf": [{"type": "string", "pattern": _SEEN}, {"type": ["number", "boolean"]}]},
        "text": {"type": "string", "pattern": _SEEN},
        "id": {"anyOf": [_ID, {"type": ["integer", "null"]}]},
        "authors": _LINES,
        "author": _LINES,
        "column": _LINE,
        "issue": _LINE,
        "date": {"anyOf": [{"type": "string", "format": "date"}, {"const": ""}, {"type": "null"}]},
        "page": _LINE,
        "pages": _LINE,
        "captions": _LINES,
    },
}
"""What the reader of article files takes: numbers and the like are text to it."""


class NewArticles(RequestModel):
    """Articles to add, each as a line of an article file would be."""

    articles: Annotated[list[Annotated[dict[str, Any], WithJsonSchema(_ARTICLE)]], Field(min_length=1, max_length=1000)]


class Changed(BaseModel):
    """What a change left."""

    snapshot: str
    articles: int
    passages: int


class NewFeedback(RequestModel):
    """What somebody thinks of an answer."""

    answer_id: Annotated[Whole, Field(max_length=100)]
    rating: Rating
    comment: Annotated[Whole | None, Field(max_length=5000)] = None


class FeedbackKept(BaseModel):
    """Feedback that is on disk."""

    id: str
    answer_id: str


class FeedbackItem(BaseModel):
    """Feedback, and of its answer the status and, where questions are kept, the question."""

    id: str
    at: datetime
    answer_id: str
    rating: Rating
    comment: str | None
    status: Status
    question: str | None


class FeedbackList(BaseModel):
    """The latest feedback, newest first; ask again with `next_cursor` for what was before."""

    feedback: list[FeedbackItem]
    next_cursor: str | None


class Health(BaseModel):
    """Alive, or ready with this snapshot; `parts` tells of each that was asked."""

    status: Literal["ok"]
    snapshot: str | None = None
    parts: dict[str, Literal["ok", "unavailable"]] | None = None
