"""What every request and reply must keep to: body size and security headers. Plain ASGI, so that streams pass through."""

import asyncio
from contextlib import suppress
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.errors import error_response

_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
_DOCS_POLICY = _POLICY.replace("default-src 'self'", "default-src 'self' 'unsafe-inline'")
"""The API documentation page starts itself with an inline script."""


class _BrokenOffError(Exception):
    """The body went over the limit while it was read, or did not come in time."""


class BodyLimit:
    """Refuses a body over the limit with 413, by its declared length or else while it is read, and a late one with 408."""

    def __init__(self, app: ASGIApp, max_bytes: int, timeout_s: float) -> None:
        self._app = app
        self._max_bytes, self._timeout_s = max_bytes, timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if declared.isdigit() and int(declared) > self._max_bytes:
            await self._refuse(scope, receive, send)
            return
        read = 0
        more, late, started = True, False, False
        deadline = asyncio.get_running_loop().time() + self._timeout_s

        async def counted() -> Message:
            nonlocal read, more, late
            if not more:  # the body is here; what is waited for is the end of the connection
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                late = True
                raise _BrokenOffError from None
            read += len(message.get("body", b""))
            more = message.get("more_body", False)
            if read > self._max_bytes:
                raise _BrokenOffError
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if (late or read > self._max_bytes) and not started:
                return  # what the application makes of a body that broke off
            started = True
            await send(message)

        with suppress(_BrokenOffError):
            await self._app(scope, counted, watched)
        if not started and read > self._max_bytes:
            await self._refuse(scope, receive, send)
        elif not started and late:
            message = f"the body did not come within {self._timeout_s:g} s; send it again"
            headers = {"Connection": "close"}
            reply = error_response(scope["path"], HTTPStatus.REQUEST_TIMEOUT, "body_timeout", message, headers=headers)
            await reply(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = f"the body is larger than {self._max_bytes} bytes; send less, or raise WENCE_BODY_BYTES"
        reply = error_response(scope["path"], HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", message)
        await reply(scope, receive, send)


class SecurityHeaders:
    """Adds the headers that keep the page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Content-Security-Policy"] = _DOCS_POLICY if scope["path"].startswith("/docs") else _POLICY
            await send(message)

        await self._app(scope, receive, with_headers)
