"""Rows of the answer log in, the same in the database out."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError

from service.errors import RecordsError
from service.records.tables import ANSWERS


def write_answers(engine: Engine, rows: Sequence[dict[str, Any]]) -> None:
    """One transaction; rows that are there already are left. Raises RecordsError where it may succeed later."""
    on_sqlite = engine.dialect.name == "sqlite"
    added = (
        sqlite.insert(ANSWERS).on_conflict_do_nothing()
        if on_sqlite
        else postgresql.insert(ANSWERS).on_conflict_do_nothing()
    )
    try:
        with engine.begin() as connection:
            connection.execute(added, rows)
    except (OperationalError, InterfaceError) as error:
        raise RecordsError(str(error.orig).split("\n", maxsplit=1)[0]) from error
