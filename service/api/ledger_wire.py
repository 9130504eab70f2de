"""The shapes of the ledger's replies: what /docs shows of figures, timelines, reforms and dossiers."""

from typing import Literal

from pydantic import BaseModel


class PeriodReply(BaseModel):
    """The time that a figure is about, as written, and the days it means. `resolved_against` is the date of the article
    where the days follow from it (去年); null days are not known.
    """

    text: str
    start: str | None
    end: str | None
    resolved_against: str | None


class QuoteReply(BaseModel):
    """Words of an article: `article text[start:end] == quote`; `citation_id` finds them again after re-indexing."""

    article_id: str
    title: str
    date: str | None
    page: str | None
    reference: str
    start: int
    end: int
    quote: str
    citation_id: str


class FigureReply(QuoteReply):
    """A figure: what it counts and of whom, when and against what, with the clause that says so. What the text does not
    say is null or empty. `value` is a pair for a range; `change` is the word for growth or fall where the figure is how
    much something moved, `growth_of` the figure that did; `conflicts` are figures that give its indicator another value
    for the same time. `text[figure_start:figure_end]` of the article is the figure.
    """

    id: str
    indicator: str
    subject: str | None
    about: str | None
    text: str
    value: int | float | list[int | float]
    unit: str
    hedge: str
    period: PeriodReply | None
    comparator: str
    change: str
    growth_of: str | None
    conflicts: list[str]
    figure_start: int
    figure_end: int


class FigureList(BaseModel):
    """One page of the ledger; ask again with `next_cursor` for the next."""

    figures: list[FigureReply]
    total: int
    next_cursor: str | None
    snapshot: str


class TimelineReply(BaseModel):
    """All values of one indicator in the order of their times; `conflict` where some contradict each other."""

    indicator: str
    subject: str
    about: str | None
    comparator: str
    change: str
    unit: str
    articles: int
    conflict: bool
    figures: list[FigureReply]


class TimelineList(BaseModel):
    """One page of indicators, those with most values first."""

    indicators: list[TimelineReply]
    total: int
    next_cursor: str | None
    snapshot: str


Cell = Literal["what", "parts", "since", "leads", "where", "targets"]


class ReformSummary(BaseModel):
    """A named reform: its spellings, how often and in how many articles it is spoken of, and which cells are filled."""

    name: str
    kind: Literal["quoted", "code", "title", "named"]
    names: list[str]
    mentions: int
    articles: int
    filled: list[Cell]


class ReformList(BaseModel):
    """One page of the reforms, those spoken of in most articles first."""

    reforms: list[ReformSummary]
    total: int
    next_cursor: str | None
    snapshot: str


class CellReply(QuoteReply):
    """What one sentence says for a cell."""

    text: str


class SpokenReply(QuoteReply):
    """An article that speaks of a reform: how often, and the sentence where it first does."""

    mentions: int


class DossierReply(BaseModel):
    """Everything the articles say of a reform. A cell that no sentence fills is null: nothing is guessed."""

    name: str
    kind: Literal["quoted", "code", "title", "named"]
    names: list[str]
    mentions: int
    cells: dict[Cell, list[CellReply] | None]
    figures: list[FigureReply] | None
    articles: list[SpokenReply]
    snapshot: str
