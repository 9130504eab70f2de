"""The routes of the collection: its articles, and citations looked up again. Writing needs the admin key."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query

from index import building
from index.article import Article, article_id
from index.command import Options, Report
from index.errors import SourceError
from index.reading.record import RecordError, article_in
from service.api.errors import documented, once
from service.api.gate.admin import ADMIN_ONLY, admin
from service.api.state import OpenPipeline, SharedState
from service.api.wire import ArticleList, ArticleReply, ArticleSummary, Changed, CitationReply, NewArticles, following
from service.ledger.writing import LEDGER
from service.pipeline import Pipeline
from service.rendering import summary, whole
from service.settings import Settings

router = APIRouter(prefix="/v1", tags=["collection"], dependencies=[Depends(once)])
_READING = documented(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)
_WRITING = _READING | documented(
    HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_ENTITY_TOO_LARGE
)


@router.get("/articles", responses=_READING)
def list_articles(
    pipeline: OpenPipeline,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[int, Query(ge=0, le=2**31)] = 0,
    q: str = "",
    column: str = "",
    author: str = "",
) -> ArticleList:
    """The articles in the order of the collection; `q` looks in titles and texts."""
    snapshot = pipeline.snapshot
    found, total = snapshot.store.page(limit, cursor, q, column, author)
    page = [ArticleSummary(**summary(article)) for article in found]
    after = following(cursor, limit, total)
    return ArticleList(articles=page, total=total, next_cursor=after, snapshot=snapshot.name)


@router.get("/articles/{article_id:path}", responses=_READING)
def read_article(article_id: str, pipeline: OpenPipeline) -> ArticleReply:
    """One article with its text."""
    store = pipeline.snapshot.store
    return ArticleReply(**whole(store.article(article_id), store.also_in(article_id)))


@router.post(
    "/articles",
    responses=_WRITING | documented(HTTPStatus.CONFLICT),
    dependencies=[Depends(admin)],
    openapi_extra=ADMIN_ONLY,
)
def add_articles(request: NewArticles, pipeline: OpenPipeline, state: SharedState) -> Changed:
    """Add articles, replacing those with the same id; the service answers from them at once."""
    articles = [_article(record, f"articles.{number}") for number, record in enumerate(request.articles)]
    first = {article.id: number for number, article in reversed(list(enumerate(articles)))}
    for number, article in enumerate(articles):
        if first[article.id] != number:
            raise HTTPException(
                HTTPStatus.CONFLICT,
                f"articles.{number}: has the id {article.id!r} of articles.{first[article.id]}; change one",
            )
    settings = state.settings
    return _changed(building.add(articles, settings.snapshot, pipeline.encoder, _options(settings)), pipeline)


@router.delete(
    "/articles/{article_id:path}", responses=_WRITING, dependencies=[Depends(admin)], openapi_extra=ADMIN_ONLY
)
def remove_article(article_id: str, pipeline: OpenPipeline, state: SharedState) -> Changed:
    """Remove one article."""
    settings = state.settings
    return _changed(building.remove([article_id], settings.snapshot, pipeline.encoder, _options(settings)), pipeline)


@router.get("/citations/{citation_id:path}", responses=_READING)
def read_citation(citation_id: str, pipeline: OpenPipeline) -> CitationReply:
    """The quote of an earlier answer in its article as it is now, also after re-indexing."""
    found = pipeline.citation(citation_id)
    article, place = found.article, found.place
    return CitationReply(
        id=citation_id,
        status=place.standing,
        article_id=article.id,
        title=article.title,
        reference=article.reference,
        quote=article.text[place.start : place.end] if place.standing != "changed" else None,
        start=place.start,
        end=place.end,
        snapshot=found.snapshot,
    )


def _article(fields: Mapping[str, object], name: str) -> Article:
    """The article that a record describes. Raises SourceError, which names the record and what is wrong with it."""
    try:
        article = article_in(fields, "api")
    except RecordError as error:
        raise SourceError(name, str(error)) from error
    made = article_id(article.title, article.authors, article.issue, article.date)
    return article if article.id else replace(article, id=made)


def _options(settings: Settings) -> Options:
    return Options(settings.versions, (LEDGER,))


def _changed(report: Report, pipeline: Pipeline) -> Changed:
    pipeline.renew()
    return Changed(snapshot=report.snapshot, articles=report.articles, passages=report.passages)
