"""The words of an Authorization header in, who calls out. Holds the keys for a moment, so that a revoked one opens nothing
a moment later.
"""

import asyncio
import hmac
import logging
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from service.errors import RecordsError
from service.records.records import Records
from service.settings import Settings

if TYPE_CHECKING:
    from service.records.keys import Key

RENEW_S: Final = 2.0

logger = logging.getLogger("wence")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request; `scope` is None without a key."""

    key_id: str = ""
    scope: str | None = None
    origins: tuple[str, ...] = ()
    per_day: int | None = None


ANYBODY: Final = Caller()
_OWNER: Final = Caller("admin", "admin")


class KeyRing:
    """The keys of the database and the one of the settings."""

    def __init__(self, settings: Settings, records: Records) -> None:
        self._admin = f"Bearer {settings.admin_key}".encode() if settings.admin_key else None
        self._needed = settings.needs_keys
        self._records = records
        self._keys: dict[str, Key] = {}
        self._renewed = float("-inf")
        self._lock = asyncio.Lock()

    async def caller(self, authorization: bytes) -> Caller:
        """Who shows this header. Raises RecordsError when the keys cannot be read."""
        if self._admin is not None and hmac.compare_digest(authorization, self._admin):
            return _OWNER
        shown = authorization.removeprefix(b"Bearer ").decode("latin-1")
        if not self._needed and not shown.startswith("wence-"):
            return ANYBODY
        from service.records.keys import matching  # noqa: PLC0415 - SQLAlchemy, for who uses keys alone

        key = matching(shown, await self._current())
        return Caller(key.id, key.scope, key.origins, key.per_day) if key else ANYBODY

    async def origins(self) -> set[str]:
        """Every origin that some key is for."""
        return {origin for key in (await self._current()).values() if not key.revoked for origin in key.origins}

    async def count_use(self, caller: Caller) -> int:
        """How often a key has been used today, this time included. Raises RecordsError."""
        return await run_in_threadpool(self._records.count_use, self._keys[caller.key_id])

    async def _current(self) -> "dict[str, Key]":
        if monotonic() - self._renewed > RENEW_S:
            async with self._lock:
                if monotonic() - self._renewed > RENEW_S:
                    await self._renew()
        return self._keys

    async def _renew(self) -> None:
        try:
            self._keys = {key.id: key for key in await run_in_threadpool(self._records.list_keys)}
        except RecordsError as error:
            if not self._keys:
                raise
            logger.error("%s; the keys known before are used", error)
        self._renewed = monotonic()
