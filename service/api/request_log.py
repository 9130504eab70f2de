"""Requests in, the same on to the routes: each with an id, counted, timed and logged by its route, never by its raw path."""

import logging
import re
from os import urandom
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.metrics import Metrics
from service.api.tracing import Tracing
from service.logs import REQUEST_ID

_ID: Final = re.compile(rb"[\w.:/+=-]{1,128}", re.ASCII)
logger = logging.getLogger("wence.requests")


class Measured:
    """Plain ASGI. The id is the `X-Request-Id` that came with the request, or a new one, and goes out with the reply."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing) -> None:
        self._app = app
        self._metrics, self._tracing = metrics, tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        began = perf_counter()
        shown = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        identity = shown if _ID.fullmatch(shown) else urandom(16).hex().encode()
        token = REQUEST_ID.set(identity.decode())
        self._tracing.name(identity.decode())

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", identity)]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            seconds = perf_counter() - began
            route = getattr(scope.get("route"), "path", None) or "(page)"
            self._metrics.requests.labels(scope["method"], route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(seconds)
            if logger.isEnabledFor(logging.INFO):
                about = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 2)}
                if caller := getattr(scope.get("wence.caller"), "key_id", ""):
                    about["key"] = caller
                logger.info("request", extra=about)
            REQUEST_ID.reset(token)
