"""An answer in which two articles contradict each other, sent to a page by the service's own streaming."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page, Route

from service.answer import Answer, Citation, FigureCheck, Statement, Status
from service.api.streaming import events

_QUOTES = ("2023年，东海港货物吞吐量达到12.6亿吨。", "2023年，东海港货物吞吐量达到13.1亿吨。")


def _citation(n: int, article: str, title: str, date: str) -> Citation:
    quote = _QUOTES[n - 1]
    reference = f"《{title}》，{date}"
    return Citation(n, f"{article}~{n}", article, title, (), "", "", date, None, quote, 0, len(quote), reference)


CONFLICT = Answer(
    question="东海港2023年货物吞吐量是多少？",
    status=Status.CONFLICT,
    answer="".join(f"{quote}[{n}]" for n, quote in enumerate(_QUOTES, 1)),
    short_answers=("12.6亿吨", "13.1亿吨"),
    statements=tuple(Statement(quote, (n,), "supported") for n, quote in enumerate(_QUOTES, 1)),
    citations=(
        _citation(1, "harbour", "东海港的五年", "2024-03-15"),
        _citation(2, "harbour-again", "东海港年报", "2024-04-20"),
    ),
    figures=(
        FigureCheck("12.6亿吨", 12.6e8, "吨", "", "2023年", 1, "exact"),
        FigureCheck("13.1亿吨", 13.1e8, "吨", "", "2023年", 2, "exact"),
    ),
    reason="两篇文章给出的数字不同",
    timings_ms={"total": 5.0},
)


def answering_with(page: Page, answer: Answer) -> None:
    """Have every question of a page answered with this, as the service would send it."""

    async def drained() -> bytes:
        return b"".join([chunk async for chunk in events(lambda: iter([answer]))])

    with ThreadPoolExecutor() as aside:  # the browser's driver has a loop of its own in this thread
        body = aside.submit(asyncio.run, drained()).result()

    def fulfil(route: Route) -> None:
        route.fulfill(body=body, content_type="text/event-stream")

    page.route("**/v1/ask", fulfil)
