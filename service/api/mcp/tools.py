"""The tools and resources of the Model Context Protocol: what agents call, each the same as its HTTP route."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Annotated, Any, Final

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from mcp.types import Resource as ListedResource
from pydantic import Field

from embeddings.errors import EncoderError
from index.errors import UnknownArticleError, WenceIndexError
from service.api.answers import Asked, answered
from service.api.chat.completion import NO_LIMITS, worded
from service.api.state import State
from service.api.wire import ArticleList, ArticleReply, ArticleSummary, FilterFields, SearchReply, Turn, following
from service.errors import ServiceError
from service.ledger.ledger import FigureQuery, ledger_of
from service.ledger.rendering import Renderer
from service.rendering import Row, search_reply, summary, whole

LISTED: Final = 500
"""Most articles that are listed as resources; the others are read by the template, and listed by the tool."""

_INSTRUCTIONS = """Answers questions over a collection of Chinese policy articles. `ask` gives a short answer with a quote for
every statement, or says what is missing; quote it with its markers. `search` gives passages, `read_article` a whole
article, `list_articles` the collection. Ask in Chinese where you can."""
_READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

Question = Annotated[str, Field(description="one question in natural language, best in Chinese")]
TopK = Annotated[int, Field(ge=1, le=100, description="passages to look at")]
Limited = Annotated[FilterFields | None, Field(description="what the search is limited to")]


class _Server(MCPServer):
    def __init__(self, state: State) -> None:
        super().__init__("wence", title="问策 · wence", instructions=_INSTRUCTIONS, version="1")
        self._state = state

    async def list_resources(self) -> list[ListedResource]:
        """The first articles of the collection."""
        with _as(ResourceError):
            articles, _ = self._state.pipeline.snapshot.store.page(LISTED, 0, "", "", "")
        return [
            ListedResource(
                uri=f"wence://articles/{article.id}",
                name=article.id,
                title=article.title,
                description=article.reference,
                mime_type="text/plain",
            )
            for article in articles
        ]


def make_server(state: State) -> MCPServer:
    """The server over what the routes share."""
    server = _Server(state)
    for tool in (_ask(state), _search(state), _read_article(state), _list_articles(state), _figures(state)):
        server.add_tool(tool, annotations=_READ_ONLY)

    @server.resource("wence://articles/{article_id}", mime_type="text/plain", title="An article of the collection")
    def article(article_id: str) -> str:
        """The reference of an article, and its text."""
        with _as(ResourceError):
            found = state.pipeline.article(article_id)
        return f"{found.reference}\n\n{found.text}"

    return server


def _ask(state: State) -> Callable[..., Awaitable[CallToolResult]]:
    async def ask(
        question: Question,
        history: Annotated[list[Turn] | None, Field(max_length=100, description="the conversation before it")] = None,
        top_k: TopK | None = None,
        filters: Limited = None,
    ) -> CallToolResult:
        """Answer a question from the collection: short, direct, with a marker and the verbatim quote for every
        statement, or with what is missing. The structured content holds citations, spans and checked figures.
        """
        with _as(ToolError):
            before = tuple(turn.content for turn in history or () if turn.role == "user")
            asked = Asked(question, before, top_k, (filters or FilterFields()).filters(), surface="mcp")
            answer = await answered(asked, state.pipeline, state)
        row = answer.to_dict()
        del row["retrieved"]
        return _result(worded(answer, NO_LIMITS).text, row)

    return ask


def _search(state: State) -> Callable[..., CallToolResult]:
    def search(question: Question, top_k: TopK = 10, filters: Limited = None) -> Annotated[CallToolResult, SearchReply]:
        """The best passages of the collection for a question, with their scores in every channel."""
        began = perf_counter()
        with _as(ToolError):
            found = state.pipeline.find(question, top_k, (filters or FilterFields()).filters())
        reply = search_reply(found, perf_counter() - began)
        text = "\n\n".join(
            f"[{hit['article_id']}] {' › '.join(hit['heading'])}\n{hit['text']}" for hit in reply["hits"]
        )
        return _result(text or "（没有找到）", reply)

    return search


def _read_article(state: State) -> Callable[..., CallToolResult]:
    def read_article(
        article_id: Annotated[str, Field(description="id as citations, hits and lists give it")],
    ) -> Annotated[CallToolResult, ArticleReply]:
        """One article with its whole text."""
        with _as(ToolError):
            store = state.pipeline.snapshot.store
            row = whole(store.article(article_id), store.also_in(article_id))
        return _result(f"{row['reference']}\n\n{row['text']}", row)

    return read_article


def _list_articles(state: State) -> Callable[..., CallToolResult]:
    def list_articles(
        q: Annotated[str, Field(description="words of the title or the text")] = "",
        column: str = "",
        author: str = "",
        limit: Annotated[int, Field(ge=1, le=1000)] = 100,
        cursor: Annotated[int, Field(ge=0, le=2**31, description="where the page begins, as `next_cursor` has it")] = 0,
    ) -> Annotated[CallToolResult, ArticleList]:
        """The articles of the collection, page by page, without their texts."""
        with _as(ToolError):
            snapshot = state.pipeline.snapshot
            articles, total = snapshot.store.page(limit, cursor, q, column, author)
        after = following(cursor, limit, total)
        page = [ArticleSummary(**summary(article)) for article in articles]
        listed = ArticleList(articles=page, total=total, next_cursor=after, snapshot=snapshot.name)
        text = "\n".join(f"{article.id}  {article.reference}" for article in articles)
        return _result(text or "（没有文章）", listed.model_dump())

    return list_articles


def _figures(state: State) -> Callable[..., CallToolResult]:
    def figures(
        q: Annotated[str, Field(description="words that a figure's row or its article's title must hold")] = "",
        unit: str = "",
        article_id: str = "",
        limit: Annotated[int, Field(ge=1, le=1000)] = 100,
        cursor: Annotated[int, Field(ge=0, le=2**31, description="where the page begins, as `next_cursor` has it")] = 0,
    ) -> CallToolResult:
        """The figures of the collection: what each counts, of whom and when, with the clause that says so."""
        with _as(ToolError):
            snapshot = state.pipeline.snapshot
            ledger = ledger_of(snapshot)
            found, total = ledger.figures(FigureQuery(q, unit, article_id), limit, cursor)
            rows = list(Renderer(ledger, snapshot).figures(found))
        after = following(cursor, limit, total)
        text = "\n".join(f"{row['indicator']}: {row['text']}  “{row['quote']}”  {row['reference']}" for row in rows)
        page = {"figures": rows, "total": total, "next_cursor": after, "snapshot": snapshot.name}
        return _result(text or "（没有数字）", page)

    return figures


def _result(text: str, row: Row) -> CallToolResult:
    content: dict[str, Any] = row
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=content)


@contextmanager
def _as(kind: type[ToolError] | type[ResourceError]) -> Iterator[None]:
    """Tell an error of the domain in the protocol's words; any other is logged and told as a failure without its text."""
    try:
        yield
    except UnknownArticleError as error:
        raise (ResourceNotFoundError if kind is ResourceError else kind)(str(error)) from error
    except (WenceIndexError, EncoderError, ServiceError) as error:
        raise kind(str(error)) from error
