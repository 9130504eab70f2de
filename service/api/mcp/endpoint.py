"""The endpoint of the Model Context Protocol: requests in, replies of its server out. Keeps no session; loads the SDK when
first asked, since most services never are.
"""

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.settings import Settings, is_loopback

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from service.api.state import State


class McpEndpoint:
    """An ASGI application. `close` ends it with the service."""

    def __init__(self, state: "State") -> None:
        self._state = state
        self._lock = asyncio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    @property
    def route(self) -> Route:
        """Every method of `/mcp`; the protocol has its own words for those that it does not know."""
        return Route("/mcp", endpoint=self, include_in_schema=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._lock:
            manager = self._manager or await self._begin()
        await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """Stop what is still answered."""
        self._over.set()
        if self._running:
            await self._running

    async def _begin(self) -> "StreamableHTTPSessionManager":
        manager = await asyncio.to_thread(_manager, self._state)
        ready = asyncio.Event()

        async def run() -> None:
            async with manager.run():
                ready.set()
                await self._over.wait()

        self._running = asyncio.create_task(run())
        await ready.wait()
        self._manager = manager
        return manager


def _manager(state: "State") -> "StreamableHTTPSessionManager":
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415 - a second to load

    from service.api.mcp.tools import make_server  # noqa: PLC0415

    server = make_server(state)
    guarded = is_loopback(state.settings.host)
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=guarded,
        allowed_hosts=_hosts(state.settings),
        allowed_origins=[f"http://{host}" for host in _hosts(state.settings)],
    )
    server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=state.settings.body_bytes,
        transport_security=security,
    )
    return server.session_manager


def _hosts(settings: Settings) -> list[str]:
    """Names by which a service on loopback is called; a page elsewhere that had its own name point here is none."""
    names = ["127.0.0.1", "localhost", "[::1]", f"[{settings.host}]" if ":" in settings.host else settings.host]
    return [name + port for name in names for port in ("", ":*") if urlsplit(f"http://{name}").hostname]
