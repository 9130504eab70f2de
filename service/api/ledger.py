"""The routes of the ledger: figures, timelines of indicators, reforms and their dossiers. Reads nothing but the ledger."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from service.api.errors import documented, once
from service.api.state import OpenPipeline
from service.api.wire import following
from service.ledger.ledger import FigureQuery, Sort, ledger_of
from service.ledger.rendering import Renderer, found_reform

router = APIRouter(prefix="/v1", tags=["ledger"], dependencies=[Depends(once)])
_READING = documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)
_MOST = 1000


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


Limit = Annotated[int, Query(ge=1, le=_MOST)]
Cursor = Annotated[int, Query(ge=0, le=2**31)]
Words = Annotated[str, Query(max_length=200)]


@router.get("/figures", responses=_READING | {200: {"content": {"text/csv": {}}}}, response_model=FigureList)
def list_figures(
    pipeline: OpenPipeline,
    limit: Limit = 100,
    cursor: Cursor = 0,
    q: Words = "",
    unit: str = "",
    article_id: str = "",
    indicator: str = "",
    sort: Sort = "article",
    format: Literal["json", "csv"] = "json",
) -> FigureList | StreamingResponse:
    """The figures of the collection in the order of its articles. Every word of `q` stands in the row or in
    the title of its article; `format=csv` gives all that match, for spreadsheets, whatever the limit.
    """
    snapshot = pipeline.snapshot
    ledger = ledger_of(snapshot)
    query = FigureQuery(q, unit, article_id, indicator, sort)
    renderer = Renderer(ledger, snapshot)
    if format == "csv":
        ledger.figures(query, 1)  # so that what is wrong is told before the first line
        named = {"Content-Disposition": 'attachment; filename="figures.csv"'}
        return StreamingResponse(renderer.csv(ledger.every(query)), media_type="text/csv; charset=utf-8", headers=named)
    found, total = ledger.figures(query, limit, cursor)
    page = [FigureReply(**figure) for figure in renderer.figures(found)]
    return FigureList(figures=page, total=total, next_cursor=following(cursor, limit, total), snapshot=snapshot.name)


@router.get("/figures/indicators", responses=_READING)
def list_indicators(
    pipeline: OpenPipeline,
    limit: Limit = 20,
    cursor: Cursor = 0,
    q: Words = "",
    unit: str = "",
    article_id: str = "",
    indicator: str = "",
    values: Annotated[int, Query(ge=1, le=1000)] = 2,
) -> TimelineList:
    """Timelines: each indicator with at least so many `values` among the figures that match, with all its values."""
    snapshot = pipeline.snapshot
    ledger = ledger_of(snapshot)
    found, total = ledger.timelines(FigureQuery(q, unit, article_id, indicator), limit, cursor, values)
    renderer = Renderer(ledger, snapshot)
    page = [TimelineReply(**renderer.timeline(timeline)) for timeline in found]
    return TimelineList(
        indicators=page, total=total, next_cursor=following(cursor, limit, total), snapshot=snapshot.name
    )


@router.get("/reforms", responses=_READING)
def list_reforms(pipeline: OpenPipeline, limit: Limit = 100, cursor: Cursor = 0, q: Words = "") -> ReformList:
    """The named reforms and programmes that have a dossier; `q` stands in one of the spellings."""
    snapshot = pipeline.snapshot
    ledger = ledger_of(snapshot)
    found = ledger.called(q)
    renderer = Renderer(ledger, snapshot)
    page = [ReformSummary(**renderer.heading(heading)) for heading in found[cursor : cursor + limit]]
    return ReformList(
        reforms=page, total=len(found), next_cursor=following(cursor, limit, len(found)), snapshot=snapshot.name
    )


@router.get("/reforms/{name:path}", responses=_READING | documented(HTTPStatus.NOT_FOUND))
def read_reform(name: str, pipeline: OpenPipeline) -> DossierReply:
    """The dossier of a reform by any of its spellings, with or without quotation marks."""
    snapshot = pipeline.snapshot
    ledger = ledger_of(snapshot)
    return DossierReply(**Renderer(ledger, snapshot).dossier(found_reform(ledger, name)))
