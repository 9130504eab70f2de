"""The web application, composed in one place: routes, errors, limits, metrics, page. Composes no answer itself."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi_offline import FastAPIOffline
from starlette.middleware.gzip import GZipMiddleware

from index.memory import keep_together
from service.api import asking, collection, errors, feedback, ledger, operations, page
from service.api.chat import routes as chat
from service.api.document import describe
from service.api.gate.gate import Gate
from service.api.gate.keyring import KeyRing
from service.api.gate.rates import Rates
from service.api.limits import BodyLimit, SecurityHeaders
from service.api.mcp.endpoint import McpEndpoint
from service.api.request_log import Measured
from service.api.state import State
from service.logs import set_up
from service.pipeline import Pipeline
from service.settings import Settings

_COMPRESSED_FROM_BYTES, _COMPRESS_LEVEL = 2000, 4


def create_app(
    settings: Settings | None = None, pipeline: Pipeline | None = None, rates: Rates | None = None
) -> FastAPI:
    """The application over the snapshot that the settings name; `rates` are what workers share.

    Without an open pipeline it starts listening at once, opens one in the background, and answers 503 until then.
    """
    if settings is None:  # in a worker that was not forked
        keep_together()
        settings = Settings()
        set_up(settings.log)
    state = State(settings, pipeline)
    mcp = McpEndpoint(state)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if pipeline is None:
            threading.Thread(target=state.open, name="open-snapshot", daemon=True).start()
        yield
        await mcp.close()
        await run_in_threadpool(state.records.close)
        await run_in_threadpool(state.tracing.close)

    app: FastAPI = FastAPIOffline(
        title="问策 · wence",
        summary="Cited, verified answers to questions over collections of Chinese policy articles.",
        version="1",
        redoc_url=None,
        lifespan=lifespan,
        telemetry=state.tracing.of_requests,
    )
    app.state.wence = state
    errors.install(app)
    for routes in (asking.router, chat.router, collection.router, feedback.router, ledger.router, operations.router):
        app.include_router(routes)
    app.router.routes.append(mcp.route)
    app.router.routes.extend(page.routes())
    app.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM_BYTES, compresslevel=_COMPRESS_LEVEL)
    ring = KeyRing(settings, state.records)
    app.add_middleware(Gate, settings=settings, ring=ring, rates=rates or Rates(), metrics=state.metrics)
    app.add_middleware(BodyLimit, max_bytes=settings.body_bytes, timeout_s=settings.body_timeout_s)
    app.add_middleware(Measured, metrics=state.metrics, tracing=state.tracing)
    app.add_middleware(SecurityHeaders)
    describe(app)
    return app
