"""The address of a database in, an engine over tables of today's shape out. What is committed through it is on disk."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from service.errors import RecordsError
from service.records.tables import METADATA, VERSION

WAIT_S: Final = 5
"""How long to wait for a connection, or for another writer."""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_VERSIONS: Final = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table, of one row."""

_LOCK_KEY: Final = 0x77656E6365
"""The advisory lock of PostgreSQL under which one process migrates."""


def open_database(address: str) -> Engine:
    """An engine whose tables are there and up to date. Raises RecordsError."""
    try:
        url = make_url(address)
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        engine = create_engine(url, **_options(url.get_backend_name()))
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise RecordsError(
            f"WENCE_DATABASE: {_first_line(error)}; give `sqlite:///file` or, with the extra `postgres`,"
            " `postgresql://user:password@host/name`"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    try:
        _migrate(engine)
    except RecordsError:
        engine.dispose()
        raise
    except (SQLAlchemyError, OSError) as error:
        engine.dispose()
        raise RecordsError(
            f"the database {url.render_as_string()} cannot be used ({_first_line(error)}); see that it is there and may be"
            " written to, or name another in WENCE_DATABASE"
        ) from error
    return engine


def check(engine: Engine) -> None:
    """Raises RecordsError when the database cannot be read now."""
    with as_records_error("reading the database"), engine.connect() as connection:
        connection.execute(text("SELECT 1"))


@contextmanager
def as_records_error(doing: str) -> Iterator[None]:
    """What goes wrong with the database, as a RecordsError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise RecordsError(f"{doing} failed: {_first_line(error)}; try again") from error


def _options(backend: str) -> dict[str, Any]:
    if backend == "sqlite":
        return {"connect_args": {"timeout": WAIT_S}}
    return {
        "pool_size": 4,
        "max_overflow": 4,
        "pool_timeout": WAIT_S,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {"connect_timeout": WAIT_S, "options": f"-c statement_timeout={WAIT_S * 1000}"},
    }


def _set_up_sqlite(connection: Any, _: object) -> None:
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Switch the file to a write-ahead log; where others open it at once SQLite refuses this without waiting."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(engine: Engine) -> None:
    """Take the tables to the last version, in one process at a time."""
    with engine.connect() as connection:
        if _version(connection) == VERSION:
            return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"))
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = _version(connection)
        if found is None:
            _make(connection)
        elif found != VERSION:
            upgrade(connection)


def _make(connection: Connection) -> None:
    """The tables of a new database, as the migrations would leave them, which take a second and 20 MB to load."""
    METADATA.create_all(connection)
    _VERSIONS.create(connection, checkfirst=True)
    connection.execute(insert(_VERSIONS).values(version_num=VERSION))


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing. Raises RecordsError where the tables are those of a later wence."""
    from alembic import command  # noqa: PLC0415 - a second to load, and needed after an upgrade alone
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise RecordsError(
            f"the database is of version {_version(connection)}, which this wence does not know; use a newer one"
        ) from error


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSIONS.name):
        return None
    found: str | None = connection.execute(select(_VERSIONS.c.version_num)).scalar()
    return found


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]
