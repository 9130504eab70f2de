"""API keys: made, listed, revoked, counted. Only the hash of a key is kept; the key itself is told once."""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from typing import Final, Literal
from urllib.parse import urlsplit

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.errors import KeyRefusedError
from service.records.database import as_records_error
from service.records.tables import KEY_DAYS, KEYS

Scope = Literal["ask", "admin"]
_KEY: Final = re.compile(r"wence-([0-9a-f]{8})-[\w-]{43}", re.ASCII)
_NOBODY: Final = sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key. One with `origins` may be seen by everybody: it opens nothing but questions, from pages of
    those origins, `per_day` times a day.
    """

    id: str
    name: str
    hash: str
    scope: Scope
    origins: tuple[str, ...]
    per_day: int | None
    created: datetime
    revoked: datetime | None


def create_key(
    engine: Engine, name: str, scope: Scope, origins: tuple[str, ...] = (), per_day: int | None = None
) -> tuple[Key, str]:
    """A new key and the words to show for it, which are nowhere else. Raises KeyRefusedError, RecordsError."""
    origins = tuple(_origin(origin) for origin in origins)
    if origins and scope != "ask":
        raise KeyRefusedError("a key for web pages is seen by everybody and can only have the scope ask")
    if origins and per_day is None:
        raise KeyRefusedError("a key for web pages is seen by everybody; say how often it may be used: --per-day 1000")
    identity = token_hex(4)
    shown = f"wence-{identity}-{token_urlsafe(32)}"
    key = Key(identity, name, _hash(shown), scope, origins, per_day, datetime.now(UTC), None)
    row = {column.name: getattr(key, column.name) for column in KEYS.columns}
    with as_records_error("writing the key"), engine.begin() as connection:
        connection.execute(insert(KEYS), row)
    return key, shown


def list_keys(engine: Engine) -> list[Key]:
    """Every key in the order of creation, revoked ones too. Raises RecordsError."""
    with as_records_error("reading the keys"), engine.connect() as connection:
        rows = [row._mapping for row in connection.execute(select(KEYS).order_by(KEYS.c.created, KEYS.c.id))]
    return [Key(**{**row, "origins": tuple(row["origins"])}) for row in rows]


def revoke_key(engine: Engine, identity: str) -> Key:
    """Have a key open nothing any more. Raises KeyRefusedError, RecordsError."""
    with as_records_error("revoking the key"), engine.begin() as connection:
        wanted = (KEYS.c.id == identity) & KEYS.c.revoked.is_(None)
        done = connection.execute(update(KEYS).where(wanted).values(revoked=datetime.now(UTC))).rowcount
    if not done:
        raise KeyRefusedError(f"there is no key {identity!r} to revoke; `wence keys list` shows those there are")
    return next(key for key in list_keys(engine) if key.id == identity)


def count_use(engine: Engine, key: Key, day: date) -> int:
    """How often a key has been used on a day, this time included. Raises RecordsError."""
    row = {"key_id": key.id, "day": day, "uses": 1}
    once_more = {"uses": KEY_DAYS.c.uses + 1}
    days = ["key_id", "day"]
    counted = (
        sqlite.insert(KEY_DAYS).values(row).on_conflict_do_update(index_elements=days, set_=once_more)
        if engine.dialect.name == "sqlite"
        else postgresql.insert(KEY_DAYS).values(row).on_conflict_do_update(index_elements=days, set_=once_more)
    )
    with as_records_error("counting the use of a key"), engine.begin() as connection:
        return int(connection.execute(counted.returning(KEY_DAYS.c.uses)).scalar_one())


def matching(shown: str, keys: dict[str, Key]) -> Key | None:
    """The key that these words are of, unless it is revoked. Takes as long for a wrong key as for a right one."""
    named = _KEY.fullmatch(shown)
    key = keys.get(named[1]) if named else None
    same = hmac.compare_digest(_hash(shown), key.hash if key else _NOBODY)
    return key if key and same and key.revoked is None else None


def _hash(shown: str) -> str:
    """Of 256 random bits, so that it needs neither salt nor slowness."""
    return sha256(shown.encode(errors="replace")).hexdigest()


def _origin(text: str) -> str:
    """The origin as browsers write it."""
    found = urlsplit(text.strip().rstrip("/").lower())
    if found.scheme not in ("http", "https") or not found.hostname or found.path or found.query:
        raise KeyRefusedError(f"{text!r} is no web origin; write scheme and host, as https://example.org")
    return f"{found.scheme}://{found.netloc}"
