"""Questions in, answers of a service over HTTP out; waits for each."""

import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import httpx2

from service.answer import Answer, Composer, Rating
from service.client import calls
from service.client.calls import Call
from service.client.rows import ArticleRow, ArticleSummary, CitationNow, Filters, Hit, StreamEvent, Turn, answer_of


class Client:
    """A connection to one service. Thread-safe. Every method raises WenceError; 429 and 503 are tried again as the service
    asks, `retries` times.
    """

    def __init__(
        self, address: str = "http://127.0.0.1:8000", key: str | None = None, *, timeout_s: float = 60, retries: int = 2
    ) -> None:
        self._address, self._retries = address.rstrip("/"), retries
        self._http = httpx2.Client(base_url=self._address, headers=calls.headers(key), timeout=timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        top_k: int | None = None,
        filters: Filters | None = None,
        composer: Composer | None = None,
    ) -> Answer:
        """One answer, each statement with its quote, or what is missing."""
        return answer_of(self._row(calls.asking("/v1/ask", question, history, top_k, filters, composer)))

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        top_k: int | None = None,
        filters: Filters | None = None,
        composer: Composer | None = None,
    ) -> Iterator[StreamEvent]:
        """The same as it is made; the last event is `final`. Closing the iterator stops the work."""
        call = calls.asking("/v1/ask", question, history, top_k, filters, composer, stream=True)
        try:
            with self._http.stream(call.method, call.path, json=call.json) as reply:
                if reply.is_error:
                    reply.read()
                    raise calls.failure(reply)
                yield from calls.events(reply.iter_lines())
        except httpx2.HTTPError as error:
            raise calls.unreachable(self._address, error) from error

    def search(self, question: str, *, top_k: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The best passages, best first."""
        hits: list[Hit] = self._row(calls.asking("/v1/search", question, (), top_k, filters))["hits"]
        return hits

    def articles(self, q: str = "", *, column: str = "", author: str = "") -> Iterator[ArticleSummary]:
        """The articles of the collection, page after page."""
        yield from self._pages("/v1/articles", "articles", q=q, column=column, author=author)

    def article(self, article_id: str) -> ArticleRow:
        """One article with its text."""
        row: ArticleRow = self._row(calls.one("/v1/articles", article_id))
        return row

    def citation(self, citation_id: str) -> CitationNow:
        """The quote of an earlier answer in its article as it is now."""
        row: CitationNow = self._row(calls.one("/v1/citations", citation_id))
        return row

    def figures(self, q: str = "", *, unit: str = "", article_id: str = "") -> Iterator[dict[str, Any]]:
        """The figures of the ledger, page after page."""
        yield from self._pages("/v1/figures", "figures", q=q, unit=unit, article_id=article_id)

    def feedback(self, answer_id: str, rating: Rating, comment: str | None = None) -> str:
        """The id of the feedback, once it is on the service's disk."""
        return str(self._row(calls.rating(answer_id, rating, comment))["id"])

    def add_articles(self, articles: Sequence[dict[str, Any]]) -> str:
        """Add articles or replace those with the same ids; the name of the snapshot with them. Needs an admin key."""
        return str(self._row(Call("POST", "/v1/articles", {"articles": list(articles)}))["snapshot"])

    def remove_article(self, article_id: str) -> str:
        """Remove one article; the name of the snapshot without it. Needs an admin key."""
        return str(self._row(calls.one("/v1/articles", article_id, "DELETE"))["snapshot"])

    def _pages(self, path: str, rows: str, **params: str) -> Iterator[Any]:
        cursor: str | None = None
        while True:
            page = self._row(calls.listing(path, cursor=cursor, **params))
            yield from page[rows]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _row(self, call: Call) -> Any:
        left = self._retries
        while True:
            try:
                reply = self._http.request(call.method, call.path, json=call.json, params=call.params)
            except httpx2.HTTPError as error:
                raise calls.unreachable(self._address, error) from error
            if not reply.is_error:
                return reply.json()
            failure = calls.failure(reply)
            pause = calls.pause_s(failure, left)
            if pause is None:
                raise failure
            left -= 1
            time.sleep(pause)
