"""Requests in, on to the routes or refused early: who may ask, from which pages, how often, how many at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.errors import STATUS, error_response
from service.api.gate import cors
from service.api.gate.keyring import ANYBODY, Caller, KeyRing
from service.api.gate.rates import WINDOW_S, Rates, Standing
from service.api.gate.room import Room
from service.api.metrics import Metrics
from service.errors import RecordsError
from service.settings import Settings

CALLER: Final = "wence.caller"
"""Where the scope of a request tells who sends it."""

_GUARDED: Final = ("/v1/", "/mcp", "/metrics")
_ASKING: Final = ("/v1/ask", "/v1/search", "/v1/chat/completions", "/mcp")
_WIDGET: Final = ("/v1/ask", "/v1/search", "/v1/citations/", "/v1/articles/", "/v1/feedback")
PER_KEY, PER_ADDRESS = 600, 300
"""Requests a minute where the settings say nothing."""


class RefusedError(Exception):
    """A request that goes no further."""

    def __init__(self, status: HTTPStatus, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(slots=True)
class _Passing:
    """A request on its way, and what its reply is told besides."""

    path: str
    authorization: bytes = b""
    origin: str = ""
    headers: cors.Headers = field(default_factory=list)


class Gate:
    """Plain ASGI, so that streams pass through."""

    def __init__(self, app: ASGIApp, settings: Settings, ring: KeyRing, rates: Rates, metrics: Metrics) -> None:
        self._app, self._ring, self._rates, self._metrics = app, ring, rates, metrics
        self._needed = settings.needs_keys
        self._origins = cors.listed(settings.origins)
        per_key, per_address = (PER_KEY, PER_ADDRESS) if self._needed else (0, 0)
        self._per_key = per_key if settings.rate_per_key is None else settings.rate_per_key
        self._per_address = per_address if settings.rate_per_address is None else settings.rate_per_address
        self._room = Room(settings.concurrency, fixed=bool(settings.generator))
        self._timeout_s = settings.request_timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_GUARDED):
            await self._app(scope, receive, send)
            return
        passing = _Passing(scope["path"])
        for name, value in scope["headers"]:
            if name == b"authorization":
                passing.authorization = value
            elif name == b"origin":
                passing.origin = value.decode("latin-1").lower()

        async def with_headers(message: Message) -> None:
            if passing.headers and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *passing.headers]
            await send(message)

        try:
            if passing.origin and scope["method"] == "OPTIONS":
                await (await self._preflight(passing))(scope, receive, send)
                return
            scope[CALLER] = caller = await self._identified(passing)
            if self._per_address:
                self._measure("address", _network(scope), self._per_address, passing)
            self._check(caller, passing, scope)
            if self._per_key and caller.key_id:
                self._measure("key", caller.key_id, self._per_key, passing)
            await self._count_use(caller, passing)
            await self._let_in(passing, scope, receive, with_headers)
        except RefusedError as error:
            self._metrics.refused.labels(error.code).inc()
            reply = error_response(passing.path, error.status, error.code, str(error), headers=error.headers)
            await reply(scope, receive, with_headers)
        except RecordsError as error:
            status, code = STATUS[RecordsError]
            reply = error_response(passing.path, status, code, str(error), headers={"Retry-After": "5"})
            await reply(scope, receive, with_headers)

    async def _preflight(self, passing: _Passing) -> Response:
        """The reply to what a browser asks before it calls; it never shows a key."""
        allowed = passing.origin in self._origins or passing.origin in await self._ring.origins()
        response = Response(status_code=HTTPStatus.NO_CONTENT if allowed else HTTPStatus.FORBIDDEN)
        response.raw_headers.extend(cors.preflight(passing.origin) if allowed else [cors.VARY])
        return response

    async def _identified(self, passing: _Passing) -> Caller:
        """Who calls, and with that which page may read the reply."""
        caller = await self._ring.caller(passing.authorization) if passing.authorization else ANYBODY
        if passing.origin:
            allowed = passing.origin in (caller.origins or self._origins)
            passing.headers.extend(cors.reply(passing.origin) if allowed else [cors.VARY])
        return caller

    def _check(self, caller: Caller, passing: _Passing, scope: Scope) -> None:
        """Raises RefusedError where that is nobody who may."""
        if caller.scope is None and self._needed:
            raise RefusedError(
                HTTPStatus.UNAUTHORIZED,
                "invalid_key" if passing.authorization else "unauthorized",
                "the key is unknown or revoked" if passing.authorization
                else "a key is needed: send the header `Authorization: Bearer KEY`; `wence keys create` makes one",
                WWW_Authenticate="Bearer",
            )  # fmt: skip
        if caller.origins:
            if passing.origin not in caller.origins:
                raise RefusedError(
                    HTTPStatus.FORBIDDEN, "wrong_origin", "this key is for web pages of other origins alone"
                )
            if not passing.path.startswith(_WIDGET) or scope["method"] == "DELETE":
                raise RefusedError(HTTPStatus.FORBIDDEN, "wrong_scope", "a key for web pages opens questions alone")

    def _measure(self, kind: str, name: str, limit: int, passing: _Passing) -> None:
        """Raises RefusedError when the key or the address has sent too much."""
        standing = self._rates.take(f"{kind} {name}", limit)
        passing.headers = [item for item in passing.headers if not item[0].startswith(b"ratelimit")]
        passing.headers.extend(_rate_fields(kind, standing))
        if standing.wait_s:
            raise RefusedError(
                HTTPStatus.TOO_MANY_REQUESTS, "rate_limited",
                f"this {kind} has {limit} requests a minute; wait {standing.wait_s} s", Retry_After=str(standing.wait_s),
            )  # fmt: skip

    async def _count_use(self, caller: Caller, passing: _Passing) -> None:
        if caller.per_day is None or not passing.path.startswith(_ASKING):
            return
        if await self._ring.count_use(caller) > caller.per_day:
            raise RefusedError(
                HTTPStatus.TOO_MANY_REQUESTS, "daily_limit",
                f"this key has {caller.per_day} questions a day, and they are used up; try again tomorrow",
                Retry_After="3600",
            )  # fmt: skip

    async def _let_in(self, passing: _Passing, scope: Scope, receive: Receive, send: Send) -> None:
        if not passing.path.startswith(_ASKING):
            await self._app(scope, receive, send)
            return
        self._check_room()  # before the body has come, and after, since a slow one must hold no room
        whole = await _read(receive)
        self._check_room()
        self._room.taken += 1
        self._metrics.asking.inc()
        begun, streamed, since = False, False, monotonic()
        try:
            async with asyncio.timeout(self._timeout_s) as timeout:

                async def begins(message: Message) -> None:
                    nonlocal begun, streamed
                    if not begun:
                        begun = True
                        timeout.reschedule(None)
                    streamed = streamed or message.get("more_body", False)
                    if message["type"] == "http.response.body" and not streamed:  # streams last as their readers do
                        self._room.learn(monotonic() - since)
                    await send(message)

                await self._app(scope, whole, begins)
        except TimeoutError:
            if begun:
                raise
            raise RefusedError(
                HTTPStatus.SERVICE_UNAVAILABLE, "timed_out",
                f"no answer within {self._timeout_s:g} s; try again, or raise WENCE_REQUEST_TIMEOUT_S", Retry_After="5",
            ) from None  # fmt: skip
        finally:
            self._room.taken -= 1
            self._metrics.asking.dec()

    def _check_room(self) -> None:
        if self._room.is_full:
            raise RefusedError(
                HTTPStatus.SERVICE_UNAVAILABLE, "overloaded",
                f"{self._room.taken} questions are being answered; try again in a second", Retry_After="1",
            )  # fmt: skip


async def _read(receive: Receive) -> Receive:
    """The same to receive, once all of the body is here."""
    messages = [await receive()]
    while messages[-1].get("more_body", False):
        messages.append(await receive())
    messages.reverse()

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _rate_fields(name: str, standing: Standing) -> Sequence[tuple[bytes, bytes]]:
    """The fields of draft-ietf-httpapi-ratelimit-headers."""
    return (
        (b"ratelimit-policy", f'"{name}";q={standing.limit};w={WINDOW_S:.0f}'.encode()),
        (b"ratelimit", f'"{name}";r={standing.remaining};t={standing.reset_s}'.encode()),
    )


def _network(scope: Scope) -> str:
    """The address of who calls; of IPv6 the /64 that one customer has."""
    host: str = (scope.get("client") or ("",))[0]
    if ":" not in host:
        return host
    address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address) >> 64 << 64, 64)))
