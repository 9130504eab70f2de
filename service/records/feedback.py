"""What people think of answers, out of the database; `answer_log` puts it there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from service.answer import Rating
from service.records.database import as_records_error
from service.records.tables import ANSWERS, FEEDBACK


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
    with as_records_error("reading the feedback"), engine.connect() as connection:
        return [Feedback(*row) for row in connection.execute(wanted)]
