"""Connections in, requests out as uvicorn reads them; a head that is late or too large ends its connection."""

from asyncio import TimerHandle, Transport
from collections.abc import Callable
from typing import Final

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 64 * 1024


def protocol_with(timeout_s: float, lost: Callable[[], None] | None = None) -> type[HttpToolsProtocol]:
    """The protocol for uvicorn's `http`; a request's head must have come after so many seconds. `lost` is called for each
    connection that has ended.
    """

    class Protocol(HttpToolsProtocol):
        _late: TimerHandle | None = None
        _in_head, _head_bytes = True, 0

        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait_for_head()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)
            if lost:
                lost()

        def data_received(self, data: bytes) -> None:
            if self._in_head:
                self._head_bytes += len(data)
                if self._head_bytes > HEAD_BYTES + len(data):  # what came before these was no whole head
                    self._refuse(431, "head_too_large", f"the head of the request is larger than {HEAD_BYTES} bytes")
                    return
            super().data_received(data)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            if self._late is None:
                self._wait_for_head()

        def on_headers_complete(self) -> None:
            self._stop_waiting()
            self._in_head, self._head_bytes = False, 0
            super().on_headers_complete()

        def on_message_complete(self) -> None:
            super().on_message_complete()
            self._in_head = True

        def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - which is not in our words
            self._refuse(400, "malformed_request", "this is no HTTP request that can be read")

        def _wait_for_head(self) -> None:
            self._late = self.loop.call_later(timeout_s, self._give_up)

        def _stop_waiting(self) -> None:
            if self._late:
                self._late.cancel()
                self._late = None

        def _give_up(self) -> None:
            self._late = None
            if self._head_bytes:
                self._refuse(408, "head_timeout", f"the head of the request did not come within {timeout_s:g} s")
            else:
                self.transport.close()

        def _refuse(self, status: int, code: str, message: str) -> None:
            if not self.transport.is_closing():
                self.transport.write(_reply(status, code, message))
                self.transport.close()

    return Protocol


def _reply(status: int, code: str, message: str) -> bytes:
    body = orjson.dumps({"error": {"code": code, "message": message}})
    reason = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}[status]
    head = f"HTTP/1.1 {status} {reason}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return head.encode() + body
