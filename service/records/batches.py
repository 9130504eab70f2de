"""Rows of answers and of feedback in, the same in the database out, all of them in one transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from service.errors import RecordsError
from service.records.tables import ANSWERS, FEEDBACK

Rows = Sequence[dict[str, Any]]


def write(engine: Engine, answers: Rows, feedback: Rows) -> set[str]:
    """The ids of the feedback that is now on disk: that on an answer which is not there is left out, as are answers
    that are there already. Raises RecordsError where it may succeed later.
    """
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":  # to wait for other writers here, where SQLite lets one wait
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            _add_answers(connection, answers)
            return _add_feedback(connection, feedback)
    except (DatabaseError, InterfaceError) as error:
        if type(error) not in (DatabaseError, InterfaceError, OperationalError):
            raise  # of what was to be written, and so again the next time
        raise RecordsError(
            f"writing to the database failed: {str(error.orig).split(chr(10), maxsplit=1)[0]}; try again"
        ) from error


def _add_answers(connection: Connection, rows: Rows) -> None:
    if rows:
        added = (
            sqlite.insert(ANSWERS).on_conflict_do_nothing()
            if connection.dialect.name == "sqlite"
            else postgresql.insert(ANSWERS).on_conflict_do_nothing()
        )
        connection.execute(added, rows)


def _add_feedback(connection: Connection, rows: Rows) -> set[str]:
    if not rows:
        return set()
    wanted = {row["answer_id"] for row in rows}
    there = set(connection.execute(select(ANSWERS.c.id).where(ANSWERS.c.id.in_(wanted))).scalars())
    kept = [row for row in rows if row["answer_id"] in there]
    if kept:
        connection.execute(insert(FEEDBACK), kept)
    return {row["id"] for row in kept}
