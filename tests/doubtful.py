"""An answer that its quotes bear out in part only, as a language model may word one, sent to a page by the service's own
streaming.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page, Route

from service.answer import Answer, Citation, FigureCheck, Statement, Status
from service.api.streaming import events

_QUOTE = "2023年，东海港货物吞吐量达到12.6亿吨。"
_CLAIM = "这是2021年的1.5倍。"

DOUBTFUL = Answer(
    question="东海港2023年货物吞吐量是2021年的多少倍？",
    status=Status.ANSWERED,
    answer=f"{_QUOTE}[1]{_CLAIM}[1]",
    short_answers=("1.5倍",),
    statements=(Statement(_QUOTE, (1,), "supported"), Statement(_CLAIM, (1,), "partly")),
    citations=(
        Citation(
            1, "harbour~1", "harbour", "东海港的五年", (), "", "", "2024-03-15", None, _QUOTE, 0, len(_QUOTE),
            "《东海港的五年》，2024-03-15",
        ),
    ),
    figures=(
        FigureCheck("12.6亿吨", 12.6e8, "吨", "", "2023年", 1, "exact"),
        FigureCheck("1.5倍", 1.5, "倍", "", "2021年", 1, "not_found"),
    ),
    composer="generative",
    model="qwen",
    timings_ms={"total": 5.0},
)  # fmt: skip


def answering_with(page: Page, answer: Answer) -> None:
    """Have every question of a page answered with this, as the service would send it."""

    async def drained() -> bytes:
        return b"".join([chunk async for chunk in events(lambda: iter([answer]))])

    with ThreadPoolExecutor() as aside:  # the browser's driver has a loop of its own in this thread
        body = aside.submit(asyncio.run, drained()).result()

    def fulfil(route: Route) -> None:
        route.fulfill(body=body, content_type="text/event-stream")

    page.route("**/v1/ask", fulfil)
