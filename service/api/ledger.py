"""The routes of the ledger: figures, timelines of indicators, reforms and their dossiers. Reads nothing but the ledger."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from service.api.errors import documented, once
from service.api.ledger_wire import (
    DossierReply,
    FigureList,
    FigureReply,
    ReformList,
    ReformSummary,
    TimelineList,
    TimelineReply,
)
from service.api.state import OpenPipeline
from service.api.wire import following
from service.ledger.ledger import FigureQuery, Sort, ledger_of
from service.ledger.rendering import Renderer, found_reform

router = APIRouter(prefix="/v1", tags=["ledger"], dependencies=[Depends(once)])
_READING = documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)
_MOST = 1000

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
