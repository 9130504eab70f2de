"""The routes of the collection: its articles, and citations looked up again. Writing needs the admin key."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from index import building
from index.article import Article, article_id
from index.changing import Report
from index.errors import SourceError
from index.reading.record import RecordError, article_of
from service.api.errors import documented
from service.api.gate.gate import CALLER
from service.api.gate.keyring import Caller
from service.api.operations import OpenPipeline, SharedState
from service.api.wire import ArticleList, ArticleReply, ArticleSummary, Changed, CitationReply, NewArticles
from service.ledger.writing import LEDGER
from service.pipeline import Pipeline
from service.rendering import summary, whole

router = APIRouter(prefix="/v1", tags=["collection"])
_READING = documented(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)
_WRITING = _READING | documented(
    HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_ENTITY_TOO_LARGE
)


ADMIN_ONLY: Final[dict[str, Any]] = {"security": [{"key": []}]}
"""What the document says of a route that needs an admin key."""


async def admin(request: Request, state: SharedState) -> None:
    """Let through who shows an admin key."""
    caller: Caller = request.scope[CALLER]
    if caller.scope == "admin":
        return
    if not state.settings.admin_key and not state.settings.needs_keys:
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "this is for the admin alone; start the service with WENCE_ADMIN_KEY set, or make a key with `wence keys"
            " create NAME --scope admin`",
        )
    if caller.scope is None:
        raise HTTPException(
            HTTPStatus.UNAUTHORIZED,
            "this needs the header `Authorization: Bearer KEY` with an admin key",
            {"WWW-Authenticate": "Bearer"},
        )
    raise HTTPException(HTTPStatus.FORBIDDEN, "this key may ask; this needs a key with the scope admin")


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
    after = str(cursor + limit) if cursor + limit < total else None
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
    return _changed(
        building.add(articles, settings.snapshot, pipeline.encoder, keep=settings.versions, derived=(LEDGER,)), pipeline
    )


@router.delete(
    "/articles/{article_id:path}", responses=_WRITING, dependencies=[Depends(admin)], openapi_extra=ADMIN_ONLY
)
def remove_article(article_id: str, pipeline: OpenPipeline, state: SharedState) -> Changed:
    """Remove one article."""
    settings = state.settings
    return _changed(
        building.remove([article_id], settings.snapshot, pipeline.encoder, settings.versions, (LEDGER,)), pipeline
    )


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
    text = fields.get("text")
    try:
        if not isinstance(text, str):
            raise RecordError('"text" is missing or no text; every article needs a body')
        article = article_of(fields, text, "api")
    except RecordError as error:
        raise SourceError(name, str(error)) from error
    made = article_id(article.title, article.authors, article.issue, article.date)
    return article if article.id else replace(article, id=made)


def _changed(report: Report, pipeline: Pipeline) -> Changed:
    pipeline.renew()
    return Changed(snapshot=report.snapshot, articles=report.articles, passages=report.passages)
