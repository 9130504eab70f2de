"""JSON in, the service's JSON out over one kept connection: as little work as there can be, so that many load a service
from one process without being slow themselves.
"""

import asyncio
import json
from typing import Any, Self
from urllib.parse import urlsplit


class Plain:
    """One connection, one request at a time. Raises OSError or asyncio.IncompleteReadError when it breaks."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._host, self._port = place.hostname or "", place.port or 80
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._ends:
            self._ends[1].close()

    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The status and what the body says. Replies must tell their length."""
        if self._ends is None:
            self._ends = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._ends
        content = json.dumps(body).encode("ascii")
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n".encode("ascii")
            + content
        )
        status, *fields = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        reply = json.loads(await reader.readexactly(int(headers["content-length"])))
        if headers.get("connection") == "close":
            writer.close()
            self._ends = None
        return int(status.split()[1]), reply
