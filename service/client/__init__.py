"""The service from Python: `Client` and `AsyncClient`. Needs neither models nor a snapshot; loads only an HTTP library.

from service.client import Client

with Client("http://127.0.0.1:8000") as wence:
answer = wence.ask("温州“数据得地”累计给多少家企业供了多少亩地？")
print(answer.answer, [citation.reference for citation in answer.citations])
"""

from service.client.asynchronous import AsyncClient
from service.client.rows import ArticleRow, ArticleSummary, CitationNow, Hit, StreamEvent, WenceError
from service.client.synchronous import Client

__all__ = [
    "ArticleRow", "ArticleSummary", "AsyncClient", "CitationNow", "Client", "Hit", "StreamEvent", "WenceError",
]  # fmt: skip
