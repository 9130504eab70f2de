"""A question in, its answer out as every route gives it: with an id of its own, counted and logged. Composes nothing itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from time import time_ns
from typing import Literal

from anyio.to_thread import run_sync

from index.retrieval import NO_FILTERS
from index.store import Filters
from service.answer import Answer, Composer
from service.api.state import State
from service.generation.composer import Event
from service.pipeline import Pipeline
from service.records.answer_id import new_id


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks; `history` holds the person's earlier questions, oldest first."""

    question: str
    history: tuple[str, ...] = ()
    top_k: int | None = None
    filters: Filters = NO_FILTERS
    composer: Composer | None = None
    surface: Literal["ask", "chat", "mcp"] = "ask"


async def answered(asked: Asked, pipeline: Pipeline, state: State) -> Answer:
    """One answer, composed in a thread when its turn comes."""
    return await run_sync(partial(_last, asked, pipeline, state), limiter=state.turns)


def _last(asked: Asked, pipeline: Pipeline, state: State) -> Answer:
    return next(event for event in composed(asked, pipeline, state) if isinstance(event, Answer))


def composed(asked: Asked, pipeline: Pipeline, state: State) -> Iterator[Event]:
    """The same as it happens, in the thread that iterates."""
    began_ns = time_ns()
    made = pipeline.compose(asked.question, asked.history, asked.top_k, asked.filters, asked.composer)
    for event in made:
        if isinstance(event, Answer):
            answer = replace(event, id=new_id())
            state.metrics.count(answer)
            state.tracing.tell(answer, began_ns, asked.surface)
            state.records.log(answer, asked.surface)
            yield answer
        else:
            yield event
