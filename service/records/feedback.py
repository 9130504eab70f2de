"""A rating and a comment on an answer in, their place in the database out: what is acknowledged is on disk."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from service.answer import Rating
from service.errors import UnknownAnswerError
from service.records.answer_log import GATHER_S, AnswerLog
from service.records.database import told
from service.records.tables import ANSWERS, FEEDBACK

LATE_S: Final = 5 * GATHER_S
"""How much later than its reader another worker may have written an answer."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thinks of an answer; `question` is there when questions are kept."""

    id: str
    at: datetime
    answer_id: str
    rating: Rating
    comment: str | None
    status: str
    question: str | None


def add_feedback(engine: Engine, log: AnswerLog, answer_id: str, rating: Rating, comment: str | None) -> str:
    """Its id, once it is committed. Raises UnknownAnswerError, RecordsError."""
    log.flush(LATE_S)
    identity = uuid4().hex
    row = {"id": identity, "at": datetime.now(UTC), "answer_id": answer_id, "rating": rating, "comment": comment}
    for last in (False, True):
        try:
            with told("writing the feedback"), engine.begin() as connection:
                _refused(lambda: connection.execute(insert(FEEDBACK), row))
        except _UnknownError:
            if last:
                raise UnknownAnswerError(
                    f"there is no answer {answer_id!r}; give the `id` of an answer of this service"
                ) from None
            time.sleep(LATE_S)
        else:
            break
    return identity


class _UnknownError(Exception):
    """The answer is not in the database, or not yet."""


def _refused(execute: Callable[[], object]) -> None:
    try:
        execute()
    except IntegrityError as error:
        raise _UnknownError from error


def list_feedback(engine: Engine, limit: int, before: str | None = None) -> list[Feedback]:
    """The latest, newest first; those before the one with the id `before`. Raises RecordsError."""
    columns = (
        FEEDBACK.c.id, FEEDBACK.c.at, FEEDBACK.c.answer_id, FEEDBACK.c.rating, FEEDBACK.c.comment, ANSWERS.c.status,
        ANSWERS.c.question,
    )  # fmt: skip
    wanted = select(*columns).join(ANSWERS).order_by(FEEDBACK.c.at.desc(), FEEDBACK.c.id.desc()).limit(limit)
    if before:
        at = select(FEEDBACK.c.at).where(FEEDBACK.c.id == before).scalar_subquery()
        wanted = wanted.where((FEEDBACK.c.at < at) | ((FEEDBACK.c.at == at) & (FEEDBACK.c.id < before)))
    with told("reading the feedback"), engine.connect() as connection:
        return [Feedback(*row) for row in connection.execute(wanted)]
