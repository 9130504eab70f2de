"""The web application, composed in one place: routes, errors, limits, metrics, page. Composes no answer itself."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from starlette.routing import Match, Mount
from starlette.types import Scope

from service.api import asking, collection, errors, operations
from service.api.limits import BodyLimit, SecurityHeaders
from service.pipeline import Pipeline
from service.settings import Settings

_PAGE = Path(__file__).parent.parent / "web"


class _Page(Mount):
    """The files of the page. A path that is none of them is left to the router, which knows 404 from 405."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/") or "index.html"
        known = {file.name for file in _PAGE.iterdir()}
        return super().matches(scope) if path in known else (Match.NONE, {})


def create_app(settings: Settings | None = None, pipeline: Pipeline | None = None) -> FastAPI:
    """The application over the snapshot that the settings name.

    Without an open pipeline it starts listening at once, opens one in the background, and answers 503 until then.
    """
    settings = settings or Settings()
    state = operations.State(settings, pipeline)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if pipeline is None:
            threading.Thread(target=state.open, name="open-snapshot", daemon=True).start()
        yield

    app: FastAPI = FastAPIOffline(
        title="问策 · wence",
        summary="Cited, verified answers to questions over collections of Chinese policy articles.",
        version="1",
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.wence = state
    errors.install(app)
    for routes in (asking.router, collection.router, operations.router):
        app.include_router(routes)
    app.router.routes.append(_Page("/", StaticFiles(directory=_PAGE, html=True), name="page"))
    app.add_middleware(BodyLimit, max_bytes=settings.body_bytes)
    app.add_middleware(operations.Measured, metrics=state.metrics)
    app.add_middleware(SecurityHeaders)
    return app
